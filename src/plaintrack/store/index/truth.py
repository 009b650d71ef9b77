"""Whether an index says what the files say: it is compared with one that is made afresh."""

from itertools import zip_longest
from sqlite3 import Connection

from plaintrack.store.index.rows import Item

_TRUTH = (
    (
        f"SELECT {', '.join(Item._fields)}, blocked, blocking, children, children_closed FROM item"
        " ORDER BY path"
    ),
    (
        "SELECT i.path, v.field, v.key, v.number FROM value v JOIN item i ON i.number = v.item"
        " ORDER BY 1, 2, 3, 4"
    ),
    "SELECT path, haystack FROM words JOIN item ON item = number ORDER BY path",
    "SELECT path, code, line, message FROM problem ORDER BY 1, 2, 3, 4",
)


def same(one: Connection, other: Connection) -> bool:
    """Whether two indexes say the same."""
    for connection in (one, other):
        connection.execute("PRAGMA temp_store=FILE")  # a large workspace is not sorted in memory
    pairs = (zip_longest(one.execute(sql), other.execute(sql)) for sql in _TRUTH)
    return all(mine == theirs for pair in pairs for mine, theirs in pair)
