"""Fills an index with items whose rows were made elsewhere."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.query.columns import MENTIONS
from plaintrack.store.index.rows import DERIVE_SQL, DERIVED, Item, Stored, put_all, rows

_SOME = 1000
"""Items that are written at a time."""
_PLACE = {name: place for place, name in enumerate(Item._fields)}


class Row(NamedTuple):
    """An item without its body, and what was derived from that, or from the place of its file."""

    task: Task
    archived: bool
    category: str
    steps: int
    ticked: int
    updated: str
    haystack: str = ""
    mentions: Sequence[str] = ()
    derived: Sequence[int] | None = None
    """The columns DERIVED; None: they are what the other items make of it."""


def fill(connection: Connection, items: Iterable[Row], schema: Schema) -> None:
    """Store the items in an empty index, in one transaction."""
    connection.execute("BEGIN")
    waiting: list[tuple[int, Stored]] = []
    derived: list[tuple[int, ...]] = []
    for number, item in enumerate(items, 1):
        waiting.append((number, _stored(item, schema)))
        if item.derived is not None:
            derived.append((*item.derived, number))
        if len(waiting) == _SOME:
            put_all(connection, waiting)
            waiting.clear()
    put_all(connection, waiting)
    for statement in DERIVE_SQL:
        connection.execute(statement)
    columns = ", ".join(f"{name} = ?" for name in DERIVED)
    connection.executemany(f"UPDATE item SET {columns} WHERE number = ?", derived)
    connection.execute("COMMIT")


def _stored(item: Row, schema: Schema) -> Stored:
    found, values, _, problems = rows(item.task, schema, item.updated)
    cells = list(found or ())
    cells[_PLACE["archived"]] = int(item.archived)
    if item.archived:
        cells[_PLACE["category"]] = item.category
    cells[_PLACE["steps"]], cells[_PLACE["ticked"]] = item.steps, item.ticked
    mentions = [(MENTIONS, each, None) for each in item.mentions]
    return tuple(cells), [*values, *mentions], item.haystack, problems
