"""Every item of an index as it is published: the rows of ``portfolio``."""

from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from plaintrack.store.index.sql import register

Values = list[tuple[str, str, float | None, str]]
"""Field, key, number, and the key as ids are ordered: rows of ``value`` without their item."""


def items(
    connection: Connection, columns: Sequence[str], folded: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], str, Values]]:
    """Of each item, by path: these columns and, folded, those; its words; its values."""
    register(connection)
    wanted = [f"i.{name}" for name in columns]
    wanted += [f"fold(coalesce(i.{name}, ''))" for name in folded]
    rows = connection.execute(
        f"SELECT i.number, coalesce(w.haystack, ''), {', '.join(wanted)} FROM item i"
        " LEFT JOIN words w ON w.item = i.number ORDER BY i.path"
    )
    values: dict[int, Values] = {}
    for number, *value in connection.execute(
        "SELECT item, field, key, number, coalesce(idkey(key), '') FROM value ORDER BY item"
    ):
        values.setdefault(number, []).append((value[0], value[1], value[2], value[3]))
    for number, haystack, *row in rows:
        yield tuple(row), haystack, values.get(number, [])


def unread(connection: Connection) -> int:
    """How many files of the item folders are not items."""
    row = connection.execute(
        "SELECT count(*) FROM file f WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.number ="
        " f.number)"
    ).fetchone()
    return int(row[0])
