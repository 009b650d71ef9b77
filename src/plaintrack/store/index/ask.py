"""Every question that is put to the index, by name; what queries ask is compiled in ``sql``, what
checks ask is in ``checking``.
"""

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from plaintrack.model.fields import LINKS
from plaintrack.model.problem import Problem
from plaintrack.model.task import fold
from plaintrack.query.columns import COLUMNS

_ID = "id = ? COLLATE NOCASE"
"""The index on ids ignores case, so that this takes no scan."""


_PROGRESS = (
    "CASE WHEN i.steps > 0 THEN i.ticked * 100 / i.steps"
    " WHEN i.children > 0 THEN i.children_closed * 100 / i.children END"
)
CELLS = {
    "id": "i.id", "title": "i.title", "type": "i.type", "status": "i.status",
    "priority": "i.priority", "assignee": "i.assignee",
    "tags": "i.tags", "project": "i.project", "milestone": "i.milestone", "parent": "i.parent",
    "goal": "i.goal", "start": "i.start",
    "due": "i.due", "wait": "i.wait", "created": "i.created", "closed": "i.closed",
    "rank": "i.rank", "repeat": "i.repeat",
    "updated": "i.updated", "path": "i.path", "category": "i.category",
    "folder": "i.folder",
    "progress": f"coalesce(({_PROGRESS}) || '%', '')",
    "blocked": "CASE WHEN i.blocked THEN 'yes' ELSE '' END",
}  # fmt: skip
"""What is shown of a field that has a column of its own; all others are in the JSON of the fields.
"""
_SCORE = "coalesce((SELECT printf('%.2f', s) FROM (SELECT {} AS s) WHERE s IS NOT NULL), '')"
_STATE = (
    "CASE {} WHEN 0 THEN 'cancelled' WHEN 1 THEN 'done' WHEN 2 THEN 'overdue' WHEN 3 THEN 'blocked'"
    " WHEN 4 THEN 'waiting' WHEN 5 THEN 'active' ELSE 'ready' END"
)
FIGURES = {
    "urgency": "printf('%.2f', {})",
    "age": "coalesce(CAST({} AS INTEGER) || 'd', '')",
    "score": _SCORE,
    "kind": "CASE {} WHEN 0 THEN 'project' WHEN 1 THEN 'operations' ELSE '' END",
    "state": _STATE,
}
"""How figures are shown that are computed for each question; `score` where there are models."""
MENTIONED = (
    "coalesce((SELECT group_concat(v.key, ', ') FROM value v"
    " WHERE v.item = i.number AND v.field = 'mentions'), '')"
)
"""Whom the body mentions, in one text; where no declared field is called so."""
TYPED = {
    "id": "i.id", "path": "i.path", "folder": "i.folder", "category": "i.category",
    "updated": "nullif(i.updated, '')", "progress": _PROGRESS, "blocked": "i.blocked",
}  # fmt: skip
"""What programs are told of what no field holds: whole percents, 0 or 1, NULL for nothing."""
TYPED_FIGURES = {
    "urgency": "{}",
    "age": "CAST({} AS INTEGER)",
    "score": "{}",
    "kind": "CASE {} WHEN 0 THEN 'project' WHEN 1 THEN 'operations' END",
    "state": _STATE,
}
"""The same of figures that are computed for each question."""


def around(connection: Connection, item: str) -> list[tuple[str, str, str]]:
    """(path, id, JSON of the fields) of an item, of what links to it, and of what it depends on."""
    marks = ", ".join(f"'{name}'" for name in LINKS)
    sql = f"""SELECT path, id, data FROM item WHERE number IN (
  SELECT number FROM item WHERE id = :id COLLATE NOCASE
  UNION ALL SELECT item FROM value WHERE key = lower(:id) AND field IN ({marks})
  UNION ALL SELECT number FROM item WHERE id COLLATE NOCASE IN (
    SELECT key FROM value WHERE +field = 'depends_on' AND item IN (SELECT number
    FROM item WHERE id = :id COLLATE NOCASE)))"""
    return connection.execute(sql, {"id": item}).fetchall()


def behind(connection: Connection, item: str) -> list[tuple[str, str, str]]:
    """The same of what depends on an item, directly or through others."""
    sql = """WITH RECURSIVE behind(number) AS (
  SELECT item FROM value WHERE field = 'depends_on' AND key = lower(:id)
  UNION SELECT v.item FROM behind b JOIN item p ON p.number = b.number JOIN value v
   ON v.field = 'depends_on' AND v.key = lower(p.id) WHERE p.id <> '')
SELECT path, id, data FROM item WHERE number IN (SELECT number FROM behind)"""
    return connection.execute(sql, {"id": item}).fetchall()


def below(connection: Connection, item: str) -> list[str]:
    """The ids of what is below an item, by parent, project, milestone and goal links."""
    links = "('parent', 'project', 'milestone', 'goal')"
    sql = f"""WITH RECURSIVE below(number) AS (
  SELECT item FROM value WHERE field IN {links} AND key = :id
  UNION SELECT v.item FROM below b JOIN item p ON p.number = b.number JOIN value v
   ON v.field IN {links} AND v.key = lower(p.id) WHERE p.id <> '')
SELECT id FROM item WHERE number IN (SELECT number FROM below) AND id <> ''"""
    found = [row[0] for row in connection.execute(sql, {"id": fold(item)})]
    return [each for each in found if fold(each) != fold(item)]


def any_below(connection: Connection, item: str) -> bool:
    """Whether a link leads up to an item."""
    sql = (
        "SELECT 1 FROM value WHERE field IN ('parent', 'project', 'milestone', 'goal')"
        " AND key = ? LIMIT 1"
    )
    return connection.execute(sql, (fold(item),)).fetchone() is not None


def any_measure(connection: Connection) -> bool:
    """Whether an item says how long it takes, or what remains."""
    sql = "SELECT 1 FROM item WHERE estimate IS NOT NULL OR remaining IS NOT NULL LIMIT 1"
    return connection.execute(sql).fetchone() is not None


def named(connection: Connection) -> list[tuple[str, str]]:
    """(path, id) of every item that has an id."""
    return list(connection.execute("SELECT path, id FROM item WHERE id <> '' ORDER BY path"))


def ids(connection: Connection) -> list[str]:
    """Every id, once for each item that has it."""
    return _column(connection, "SELECT id FROM item WHERE id <> ''")


def spelt(connection: Connection, item: str) -> list[str]:
    """How an id is spelt in the items that have it, in any case; empty if none has."""
    return _column(connection, f"SELECT id FROM item WHERE {_ID} AND id <> ''", item)


def formerly(connection: Connection, item: str) -> list[str]:
    """The ids now of the items that had this whole id before."""
    sql = (
        "SELECT DISTINCT i.id FROM value v JOIN item i ON i.number = v.item"
        " WHERE v.field = 'formerly' AND v.key = ?"
    )
    return _column(connection, sql, fold(item))


def holding(connection: Connection, part: str) -> list[str]:
    """The ids that hold a text, in any case."""
    return _column(
        connection, "SELECT id FROM item WHERE id LIKE ? ESCAPE '\\' AND id <> ''", _like(part)
    )


def offered(connection: Connection, part: str, most: int = 200) -> list[tuple[str, str]]:
    """(id, title) of items whose id holds a text, open ones first."""
    sql = (
        "SELECT id, title FROM item WHERE id LIKE ? ESCAPE '\\' AND id <> '' ORDER BY category IN"
        " ('done', 'cancelled'), id LIMIT ?"
    )
    return connection.execute(sql, (_like(part), most)).fetchall()


def places(connection: Connection) -> list[tuple[str, str]]:
    """(id, path) of every item that has an id."""
    return connection.execute("SELECT id, path FROM item WHERE id <> ''").fetchall()


def path(connection: Connection, item: str, exact: bool = False) -> str | None:
    """The path of an item; ``exact``: of the one whose id is spelt so."""
    row = connection.execute(
        f"SELECT path FROM item WHERE {_ID} AND (id = ? OR NOT ?)", (item, item, exact)
    ).fetchone()
    return str(row[0]) if row else None


def holders(connection: Connection, item: str) -> list[str]:
    """The paths of all items that have this id."""
    return _column(connection, f"SELECT path FROM item WHERE {_ID} ORDER BY path", item)


def title(connection: Connection, item: str) -> str | None:
    """The title of an item; None if no item has that id."""
    row = connection.execute(f"SELECT title FROM item WHERE {_ID}", (item,)).fetchone()
    return str(row[0]) if row else None


def category(connection: Connection, item: str) -> str | None:
    """The category of an item's status; None if no item has that id."""
    found = _column(connection, f"SELECT category FROM item WHERE {_ID} AND id <> ''", item)
    return str(found[0]) if found else None


def kind(connection: Connection, item: str) -> str:
    """The type of an item; empty if it has none, or there is no such item."""
    row = connection.execute(f"SELECT type FROM item WHERE {_ID}", (item,)).fetchone()
    return str(row[0] or "") if row else ""


def entitled(connection: Connection, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
    """(id, title, category) of the items of these types, or of all; those in the archive are
    closed.
    """
    marks = ",".join("?" * len(kinds))
    return connection.execute(
        "SELECT id, title, CASE archived WHEN 1 THEN 'done' ELSE category END FROM item"
        f" WHERE id <> ''{f' AND type IN ({marks})' if kinds else ''} ORDER BY id",
        tuple(kinds),
    ).fetchall()


def titles(connection: Connection) -> dict[str, str]:
    """Folded id → title."""
    return dict(connection.execute("SELECT lower(id), title FROM item"))


def titles_of_paths(connection: Connection) -> dict[str, str]:
    """Path → title."""
    return dict(connection.execute("SELECT path, title FROM item"))


def imported(connection: Connection, start: str) -> list[tuple[str, str, str]]:
    """(id, path, ``source``) of the items whose field ``source`` begins with ``start``."""
    rows = connection.execute(
        "SELECT id, path, json_extract(data, '$.source') FROM item"
        " WHERE id <> '' AND instr(data, '\"source\"')"
        " AND substr(json_extract(data, '$.source'), 1, ?) = ?",
        (len(start), start),
    )
    return [(item, path, source) for item, path, source in rows]


def data(connection: Connection, item: str) -> list[str]:
    """The JSON of the fields of each item with an id."""
    return _column(connection, f"SELECT data FROM item WHERE {_ID}", item)


def known(connection: Connection, folder: str, name: str, digest: bytes) -> tuple[str, str] | None:
    """(id, JSON of the fields) of the item in a file, if the index knows it with these very
    bytes.
    """
    sql = (
        "SELECT id, data FROM item JOIN file USING (number) WHERE file.folder = ? AND name = ? AND"
        " digest = ?"
    )
    row: tuple[str, str] | None = connection.execute(sql, (folder, name, digest)).fetchone()
    return row


def targets(connection: Connection, item: str, field: str) -> list[str]:
    """The ids, as they are spelt, of the items that an item's field links to; those that exist."""
    sql = f"SELECT key FROM value WHERE field = ? AND item IN (SELECT number FROM item WHERE {_ID})"
    return sorted(
        name for key in _column(connection, sql, field, item) for name in spelt(connection, key)
    )


def sources(connection: Connection, key: str, fields: Sequence[str]) -> list[str]:
    """The ids of the items of which one of these fields holds a folded key."""
    marks = ", ".join("?" * len(fields))
    sql = (
        "SELECT DISTINCT i.id FROM value v JOIN item i ON i.number = v.item WHERE v.key = ? AND"
        f" v.field IN ({marks}) AND i.id <> ''"
    )
    return sorted(_column(connection, sql, key, *fields))


def in_use(connection: Connection, field: str, key: str | None = None) -> bool:
    """Whether some item has that folded value (None: any) in a field that is a list, a link or
    declared.
    """
    sql = (
        "SELECT 1 FROM value WHERE field = ?"
        + (" AND key = ?" if key is not None else "")
        + " LIMIT 1"
    )
    return connection.execute(sql, (field,) if key is None else (field, key)).fetchone() is not None


def in_column(connection: Connection, field: str, key: str) -> bool:
    """Whether some item has a value, in any case, in one of COLUMNS."""
    if field not in COLUMNS:  # else a text from outside would become SQL
        raise KeyError(field)
    return (
        connection.execute(
            f"SELECT 1 FROM item WHERE {field} = ? COLLATE NOCASE LIMIT 1", (key,)
        ).fetchone()
        is not None
    )


def values(connection: Connection, field: str, limit: int = -1) -> list[str]:
    """The folded values of a field that is a list, a link or declared."""
    return _column(
        connection,
        "SELECT DISTINCT key FROM value WHERE field = ? ORDER BY key LIMIT ?",
        field,
        limit,
    )


def spellings(connection: Connection, field: str, most: int = 500) -> list[str]:
    """The values of a field as the files spell them; ``values`` are folded."""
    sql = """SELECT DISTINCT each.value FROM item, json_each(item.data) AS field,
        json_each(CASE field.type WHEN 'array' THEN field.value ELSE json_array(field.value) END)
        AS each
        WHERE field.key = ? AND each.value <> '' ORDER BY each.value LIMIT ?"""
    return list(map(str, _column(connection, sql, field, most)))


def uses(connection: Connection, field: str) -> dict[str, int]:
    """Folded value → in how many items a field has it, for a list, a link or a declared field."""
    sql = "SELECT key, count(*) FROM value WHERE field = ? GROUP BY key"
    return dict(connection.execute(sql, (field,)).fetchall())


def choosable(
    connection: Connection, paths: Sequence[str] | None = None
) -> list[tuple[str, str, str, str]]:
    """(path, id, title, category) of every item, or of those at ``paths``; those first that were
    changed last.
    """
    some = "" if paths is None else f"AND path IN ({', '.join('?' * len(paths))})"
    sql = f"""SELECT path, id, title, category FROM item WHERE id <> '' {some}
        ORDER BY updated DESC, id"""
    return connection.execute(sql, paths or ()).fetchall()


def updated(connection: Connection) -> list[tuple[str, str, str]]:
    """(path, day on which its file was saved, id) of every item."""
    return connection.execute("SELECT path, updated, id FROM item").fetchall()


def recurring(connection: Connection) -> list[str]:
    """The paths of the items that recur, but archived ones."""
    return _column(
        connection, "SELECT path FROM item WHERE repeat <> '' AND archived = 0 ORDER BY path"
    )


def ranked(connection: Connection) -> list[tuple[str, str, str]]:
    """(path, id, rank) of the items with a place in the manual order, but archived ones."""
    sql = "SELECT path, id, rank FROM item WHERE rank <> '' AND archived = 0"
    return connection.execute(sql).fetchall()


def with_markers(connection: Connection) -> list[str]:
    """The paths of the items that may hold generated blocks; by the index ``words_blocks``."""
    return _column(
        connection,
        "SELECT path FROM item WHERE number IN (SELECT item FROM words WHERE instr(haystack,"
        " '<!--') AND instr(haystack, 'plaintrack'))",
    )


def with_links(connection: Connection) -> list[str]:
    """The paths of the items that may link to Markdown files; by the index ``words_links``."""
    return _column(
        connection,
        "SELECT path FROM item WHERE number IN (SELECT item FROM words WHERE instr(haystack, ']')"
        " AND instr(haystack, '.md')) ORDER BY path",
    )


def folders(connection: Connection) -> list[str]:
    """The folders with files of items, and those above."""
    return _column(connection, "SELECT path FROM folder ORDER BY path")


def signatures(connection: Connection) -> dict[str, bytes | None]:
    """Folder → what tells that its files are the same; None while that cannot be told."""
    return dict(connection.execute("SELECT path, signature FROM folder"))


def digests(connection: Connection, folder: str) -> list[tuple[str, bytes | None]]:
    """(name, digest) of the files right in a folder."""
    return connection.execute(
        "SELECT name, digest FROM file WHERE folder = ?", (folder,)
    ).fetchall()


def stamped(connection: Connection) -> int:
    """How many files have a stamp."""
    return int(connection.execute("SELECT count(ctime) FROM file").fetchone()[0])


def why(connection: Connection, number: int) -> Problem | None:
    """The first thing that is wrong with a file."""
    row = connection.execute(
        'SELECT code, path, message, hint, line, "column" FROM problem WHERE file = ? LIMIT 1',
        (number,),
    ).fetchone()
    return Problem(*row) if row else None


def problems(connection: Connection) -> list[Problem]:
    """Everything that is known to be wrong, by path and place."""
    sql = (
        'SELECT code, path, message, hint, line, "column", excerpt, severity FROM problem ORDER BY'
        ' path, line, "column"'
    )
    return [Problem(*row) for row in connection.execute(sql)]


def unreadable_since(connection: Connection, now: int, within: float) -> bool:
    """Whether a file that gives no item was saved less than ``within`` ns before or after
    ``now``.
    """
    sql = """SELECT count(*) FROM problem p JOIN file f ON f.number = p.file
        LEFT JOIN item i ON i.number = f.number AND i.id <> ''
        WHERE i.number IS NULL AND abs(max(f.mtime, f.ctime) - ?) < ?"""
    return bool(connection.execute(sql, (now, within)).fetchone()[0])


def elsewhere(connection: Connection) -> dict[str, int]:
    """Folded id → whether it is open, of the items that are tracked and not checked out, as far as
    that was noted.
    """
    return dict(connection.execute("SELECT id, open FROM absent"))


def any_elsewhere(connection: Connection) -> bool:
    """Whether an item was noted that is tracked and not checked out."""
    return connection.execute("SELECT 1 FROM absent LIMIT 1").fetchone() is not None


def _like(part: str) -> str:
    return "%" + part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _column(connection: Connection, sql: str, *params: Any) -> list[Any]:
    return [row[0] for row in connection.execute(sql, params)]
