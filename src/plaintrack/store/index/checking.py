"""What the checks ask the index, and small indexes of just those items that a change concerns."""

from collections.abc import Iterable, Sequence
from itertools import chain
from sqlite3 import Connection
from typing import Any

from plaintrack.checks.work import Link, Row
from plaintrack.model.problem import Problem
from plaintrack.query.columns import COLUMNS, DERIVED

_LIVE = "category IN ('open', 'active')"
_WHICH = {
    "open": _LIVE,
    "closed": f"NOT {_LIVE}",
    "closed projects": f"NOT {_LIVE} AND type = 'project'",
    "early": "closed_at < created_at",
    "open children": f"NOT {_LIVE} AND children > children_closed",
    "open steps": f"NOT {_LIVE} AND steps > ticked",
}
_ROW = f"SELECT {', '.join(Row._fields)} FROM item"
_SOME = "(SELECT value FROM json_each(?))"


def rows(connection: Connection, which: str) -> list[Row]:
    """The items of a kind, by path."""
    return list(map(Row._make, connection.execute(f"{_ROW} WHERE {_WHICH[which]}")))


def at(connection: Connection, numbers: Iterable[int]) -> dict[int, Row]:
    """Items by number."""
    found = map(Row._make, connection.execute(f"{_ROW} WHERE number IN {_SOME}", (_json(numbers),)))
    return {row.number: row for row in found}


def links(connection: Connection, fields: Sequence[str]) -> list[Link]:
    """The values of fields that are lists, links or declared."""
    sql = f"SELECT item, field, key FROM value WHERE field IN ({', '.join('?' * len(fields))})"
    return connection.execute(sql, fields).fetchall()


def beginning(connection: Connection, sign: str, fields: Sequence[str]) -> list[Link]:
    """Those of these values that begin with a sign, which is ASCII."""
    sql = (
        f"SELECT item, field, key FROM value WHERE field IN ({', '.join('?' * len(fields))})"
        " AND key >= ? AND key < ?"
    )
    return connection.execute(sql, (*fields, sign, chr(ord(sign) + 1))).fetchall()


def having(connection: Connection, field: str) -> frozenset[int]:
    """The numbers of the items in which a field is set."""
    if field in COLUMNS and field not in DERIVED:
        sql = f"SELECT number FROM item WHERE {field} <> ''"  # of COLUMNS, so no text from outside
        return frozenset(row[0] for row in connection.execute(sql))
    return frozenset(
        row[0] for row in connection.execute("SELECT item FROM value WHERE field = ?", (field,))
    )


def ids(connection: Connection) -> dict[int, str]:
    """Number → folded id of every item that has one."""
    return dict(connection.execute("SELECT number, lower(id) FROM item WHERE id <> ''"))


def spellings(connection: Connection) -> list[str]:
    """Every id as it is written."""
    return [row[0] for row in connection.execute("SELECT id FROM item WHERE id <> ''")]


def former(connection: Connection) -> list[tuple[str, str]]:
    """(folded id of before, id) of the items that had another one."""
    sql = (
        "SELECT v.key, i.id FROM value v JOIN item i ON i.number = v.item"
        " WHERE v.field = 'formerly' ORDER BY i.path"
    )
    return connection.execute(sql).fetchall()


def timed(connection: Connection) -> list[tuple[str, str, list[str], list[str]]]:
    """(path, id, lines, assignees) of the items with the old field `time`."""
    from json import loads

    sql = (
        "SELECT path, id, data FROM item WHERE id <> '' AND number IN"
        " (SELECT item FROM value WHERE field = 'time')"
    )
    found = []
    for path, item, data in connection.execute(sql):
        fields = loads(data)
        lists = [fields.get(name, []) for name in ("time", "assignee")]
        lines, people = ([each] if isinstance(each, str) else list(each) for each in lists)
        found.append((path, item, lines, people))
    return found


def closings(connection: Connection) -> list[tuple[str, str, str]]:
    """(id, category, when it was closed) of every item."""
    return connection.execute("SELECT id, category, closed FROM item WHERE id <> ''").fetchall()


def used_up(connection: Connection) -> list[str]:
    """The ids of the open items of which nothing is said to remain."""
    sql = (
        "SELECT id FROM item WHERE id <> '' AND coalesce(remaining, estimate) = 0 AND category NOT"
        " IN ('done', 'cancelled')"
    )
    return [item for (item,) in connection.execute(sql)]


def duplicates(connection: Connection) -> list[Row]:
    """Items whose id others have too: by id, then the oldest first."""
    sql = (
        f"{_ROW} WHERE id COLLATE NOCASE IN (SELECT id FROM item WHERE id <> '' GROUP BY id COLLATE"
        " NOCASE HAVING count(*) > 1) ORDER BY lower(id), created_at IS NULL, created_at, path"
    )
    return list(map(Row._make, connection.execute(sql)))


def twins(connection: Connection) -> list[tuple[Row, str]]:
    """Items whose ``source`` others have too, in any case, with that: by source, then the oldest
    first.
    """
    sql = (
        f"SELECT json_extract(data, '$.source'), found.* FROM ({_ROW}) found"
        " JOIN item USING (number) WHERE number IN (SELECT item FROM value WHERE field = 'source'"
        " AND key IN (SELECT key FROM value WHERE field = 'source' GROUP BY key HAVING count(*) >"
        " 1)) ORDER BY 1, created_at IS NULL, created_at, item.path"
    )
    return [(Row._make(row), str(source)) for source, *row in connection.execute(sql)]


def ranks(connection: Connection, longest: int) -> list[tuple[str, str, str]]:
    """(path, id, rank) of the items with an invalid or overlong rank, except archived ones."""
    sql = (
        "SELECT path, id, rank FROM item WHERE rank <> '' AND archived = 0 AND (length(rank) > ? OR"
        " rank NOT GLOB '[a-z]*' OR rank GLOB '*[^0-9a-z]*') ORDER BY path"
    )
    return connection.execute(sql, (longest,)).fetchall()


def problems(connection: Connection) -> list[tuple[Problem, str]]:
    """What parsing found, each with the id of the item if it has one."""
    sql = (
        'SELECT p.code, p.path, p.message, p.hint, p.line, p."column", p.excerpt, p.severity,'
        " coalesce(i.id, '') FROM problem p LEFT JOIN item i ON i.number = p.file"
    )
    return [(Problem(*row[:-1]), row[-1]) for row in connection.execute(sql)]


def data(connection: Connection, number: int) -> str:
    """The JSON of an item's fields."""
    row = connection.execute("SELECT data FROM item WHERE number = ?", (number,)).fetchone()
    return str(row[0]) if row else "{}"


def paths(connection: Connection) -> list[str]:
    """The paths of all files among the items."""
    sql = "SELECT folder || '/' || name FROM file WHERE name <> ''"
    return list(chain.from_iterable(connection.execute(sql)))


def count(connection: Connection) -> int:
    """How many files with items there are, readable or not."""
    sql = "SELECT count(*) FROM file WHERE name <> ''"
    return int(connection.execute(sql).fetchone()[0])


def _json(values: Iterable[Any]) -> str:
    return "[" + ",".join(map(str, values)) + "]"
