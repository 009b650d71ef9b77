"""Questions to the index whose rows are values: many items at a glance."""

from collections.abc import Iterable, Iterator
from sqlite3 import Connection
from typing import NamedTuple


class Dated(NamedTuple):
    """An item with what the clock asks of it."""

    id: str
    path: str
    status: str
    due: str


class Linked(NamedTuple):
    """An item that has a place in a series; ``data`` is the JSON of its fields."""

    id: str
    path: str
    data: str
    repeat: str


class Seen(NamedTuple):
    """A file of the item folders; ``id`` and ``data`` are None where it gave no item. ``ctime`` is
    in ns.
    """

    number: int
    path: str
    ctime: int
    digest: bytes
    id: str | None
    data: str | None


class Measured(NamedTuple):
    """An item with its measures: minutes, the day it is due as an ordinal, and its steps; ``data``
    is the JSON of its fields.
    """

    path: str
    id: str
    category: str
    estimate: float | None
    remaining: float | None
    due_day: int | None
    steps: int
    ticked: int
    data: str


def dated(connection: Connection) -> list[Dated]:
    """The items that have an id, with status and due date."""
    return list(
        map(
            Dated._make, connection.execute("SELECT id, path, status, due FROM item WHERE id <> ''")
        )
    )


def measured(connection: Connection, ids: Iterable[str] | None = None) -> list[Measured]:
    """Every item with its measures, or those with these ids; case counts only beyond ASCII."""
    sql = f"SELECT {', '.join(Measured._fields)} FROM item"
    params: tuple[str, ...] = ()
    if ids is not None:
        import json

        sql += " WHERE id COLLATE NOCASE IN (SELECT value FROM json_each(?))"
        params = (json.dumps(sorted(ids)),)
    return list(map(Measured._make, connection.execute(sql, params)))


def linked(connection: Connection) -> list[Linked]:
    """The items of series: that recur, or follow one."""
    sql = (
        "SELECT id, path, data, repeat FROM item WHERE id <> '' AND (repeat <> '' OR data LIKE"
        " '%\"follows\"%')"
    )
    return list(map(Linked._make, connection.execute(sql)))


def seen(connection: Connection, since: int) -> Iterator[Seen]:
    """The files whose stamp is not older than ``since`` (ctime, ns)."""
    sql = (
        "SELECT number, file.folder || '/' || name, ctime, digest, id, data FROM file LEFT JOIN"
        " item USING (number) WHERE ctime >= ?"
    )
    return map(Seen._make, connection.execute(sql, (since,)))
