"""Small indexes of just those items that a change concerns, as they were before it and as they are
after it.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaintrack.model.fields import LINKS, UPWARD, Schema
from plaintrack.model.task import Task, fold
from plaintrack.store.index.rows import DERIVE_SQL, put, rows, unread

_LINKS, _UPWARD = (f"({', '.join(map(repr, each))})" for each in (LINKS, UPWARD))
_LIVE = "category IN ('open', 'active')"
_SOME = "(SELECT value FROM json_each(?))"
_HEIRS = """WITH RECURSIVE reached(number) AS (SELECT value FROM json_each(?) UNION
 SELECT v.item FROM reached r JOIN item i ON i.number = r.number AND i.id <> ''
  JOIN value v ON v.field = 'depends_on' AND v.key = lower(i.id)) SELECT number FROM reached"""
_INDEXES = ("item_id", "value_item", "value_field")  # the others are for large tables
_FIRST = 1 << 40  # numbers of items that stand for changed files


class Reach(NamedTuple):
    """What matters besides the neighbours: all work in progress (``active``), full text
    (``words``), open work that needs something (``needs``), all open work (``open``), what waits
    for an item through others (``heirs``).
    """

    active: bool = False
    words: bool = False
    needs: bool = False
    open: bool = False
    heirs: bool = False


class Parts(NamedTuple):
    """Indexes of the items that a change concerns: before it, after it; and the paths whose
    surroundings are whole in both.
    """

    old: sqlite3.Connection
    new: sqlite3.Connection
    focus: frozenset[str]


def parts(
    whole: sqlite3.Connection,
    old: Sequence[Task],
    new: Sequence[Task],
    paths: Iterable[str],
    schemas: tuple[Schema, Schema],
    reach: Reach,
) -> Parts:
    """Two small indexes with the Tasks ``old`` and ``new`` in place of the files ``paths`` of the
    index ``whole``.

    With them is what they refer to and all that leads on to, what depends on them or lies below
    them, and what lies beside them, and what ``reach`` adds. ``schemas`` are those of before and
    after.
    """
    tasks = (*old, *new)
    replaced = {*paths, *(task.path for task in tasks)}
    gone = {number for path in replaced for number in _file(whole, path)}
    direct, targets = _direct(whole, tasks)
    wanted = _numbers(
        whole,
        f"""WITH RECURSIVE reached(number) AS (SELECT value FROM json_each(?) UNION
        SELECT i.number FROM reached r JOIN value v ON v.item = r.number AND v.field IN {_LINKS}
         JOIN item i ON i.id = v.key COLLATE NOCASE) SELECT number FROM reached""",
        direct,
    )
    wanted |= _numbers(
        whole, f"SELECT item FROM value WHERE field IN {_UPWARD} AND key IN {_SOME}", targets
    )
    if reach.heirs:
        wanted |= _numbers(whole, _HEIRS, direct)
    if reach.active:
        wanted |= {
            row[0] for row in whole.execute("SELECT number FROM item WHERE category = 'active'")
        }
    if reach.needs:
        wanted |= {
            row[0]
            for row in whole.execute(
                f"SELECT v.item FROM value v JOIN item i ON i.number = v.item AND i.{_LIVE}"
                " WHERE v.field = 'needs'"
            )
        }
    if reach.open:
        wanted |= {row[0] for row in whole.execute(f"SELECT number FROM item WHERE {_LIVE}")}
    wanted -= gone
    beside = {
        path
        for _, path in _near(
            whole, "SELECT number, path FROM item WHERE number IN " + _SOME, direct - gone
        )
    }
    old_part = _some(whole, wanted, reach.words)
    new_part = sqlite3.connect(":memory:", isolation_level=None)
    old_part.backup(new_part)
    _complete(old_part, old, schemas[0])
    _complete(new_part, new, schemas[1])
    return Parts(old_part, new_part, frozenset(replaced | beside))


def _targets(tasks: Sequence[Task]) -> set[str]:
    """The folded ids that Tasks refer to."""
    return {fold(each) for task in tasks for name in LINKS for each in task.many(name)}


def _direct(whole: sqlite3.Connection, tasks: Sequence[Task]) -> tuple[set[int], set[str]]:
    """The numbers of what has the id of Tasks, what they refer to, and what refers to them; and the
    folded ids they refer to.
    """
    ids = {task.id.lower() for task in tasks if task.id}
    targets = _targets(tasks)
    found = _numbers(
        whole,
        f"SELECT number FROM item WHERE id <> '' AND id COLLATE NOCASE IN {_SOME}",
        ids | targets,
    )
    return (
        found
        | _numbers(
            whole, f"SELECT item FROM value WHERE field IN {_LINKS} AND key IN {_SOME}", ids
        ),
        targets,
    )


def _some(whole: sqlite3.Connection, numbers: Iterable[int], words: bool) -> sqlite3.Connection:
    """An index in memory with these items of another."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for kind, name, sql in whole.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC"
    ):
        if (kind == "table" and not name.startswith("sqlite_")) or name in _INDEXES:
            connection.execute(sql)
    connection.execute("BEGIN")
    for table, key in (
        ("item", "number"),
        ("value", "item"),
        *([("words", "item")] if words else []),
    ):
        found = whole.execute(
            f"SELECT * FROM {table} WHERE {key} IN {_SOME}", (_json(numbers),)
        ).fetchall()
        if found:
            connection.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found
            )
    connection.executemany(
        "INSERT INTO absent VALUES (?, ?)", whole.execute("SELECT id, open FROM absent").fetchall()
    )
    connection.execute("COMMIT")
    return connection


def _complete(connection: sqlite3.Connection, tasks: Iterable[Task], schema: Schema) -> None:
    """Add the Tasks, and derive what depends on other items."""
    connection.execute("BEGIN")
    for number, task in enumerate(tasks, _FIRST):
        folder, _, name = task.path.rpartition("/")
        connection.execute(
            "INSERT INTO file (number, folder, name, racy) VALUES (?, ?, ?, 0)",
            (number, folder, name),
        )
        put(connection, number, rows(task, schema, "") if task.fields else unread(task.problems))
    for statement in DERIVE_SQL:
        connection.execute(statement)
    connection.execute("COMMIT")


def _file(connection: sqlite3.Connection, path: str) -> list[int]:
    """The number of a file, if it is known."""
    folder, _, name = path.rpartition("/")
    return [
        row[0]
        for row in connection.execute(
            "SELECT number FROM file WHERE folder = ? AND name = ?", (folder, name)
        )
    ]


def _near(
    connection: sqlite3.Connection, sql: str, values: Iterable[str | int]
) -> list[tuple[int, str]]:
    return connection.execute(sql, (_json(values),)).fetchall()


def _numbers(connection: sqlite3.Connection, sql: str, values: Iterable[str | int]) -> set[int]:
    return {row[0] for row in connection.execute(sql, (_json(values),))}


def _json(values: Iterable[str | int]) -> str:
    import json

    return json.dumps(list(values))
