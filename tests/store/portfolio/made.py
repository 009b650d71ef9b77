"""What repositories publish, made in memory."""

import json
from hashlib import sha256
from typing import NamedTuple

from plaintrack.model.ids import natural
from plaintrack.store.portfolio import shape

DAY = 86_400
START = 1_700_000_000  # 2023-11-14


class Told(NamedTuple):
    rows: int
    bytes: int
    sha256: str


class Manifest(NamedTuple):
    name: str
    roots: tuple[str, ...]
    tip: str
    tip_time: int
    files: dict[str, Told]
    settings: tuple[()] = ()
    day: str = "2026-11-28"
    plaintrack: str = "1"


def filled(columns, **known):
    """A row: what is not said is empty."""
    assert known.keys() <= {column.name for column in columns}, known
    return tuple(
        known.get(
            column.name, None if column.empty else {"text": "", "values": []}.get(column.kind, 0)
        )
        for column in columns
    )


def item(id_, status="todo", *values, **known):
    """An item with values ``(field, key)``."""
    kinds = {"todo": "open", "doing": "active", "done": "done"}
    listed = [(field, key.lower(), None, natural(key.lower())) for field, key in values]
    about = {
        "id": id_,
        "id_fold": id_.lower(),
        "path": f"tasks/{id_}.md",
        "title": f"The {id_}",
        "status": status,
        "category": kinds[status],
        "blob": id_,
    }
    return filled(shape.ITEM, **{**about, "values": listed, **known})


def change(position, id_, field, new, place=0, day=None):
    reached = START + DAY * (position if day is None else day)
    return filled(
        shape.CHANGE, position=position, commit=f"c{position}", reached=reached, landed=reached, authored=reached,
        who="ana", item=id_.lower(), place=place, field=field, new=json.dumps(new),
    )  # fmt: skip


class Made:
    """A publication in memory."""

    def __init__(
        self, name, items=(), changes=(), plan=(), time=(), roots=("r",), tip="t", names=None
    ):
        from datetime import UTC, datetime

        self.tables = {"items.parquet": list(items), "plan.parquet": list(plan)}
        for row in changes:
            year = datetime.fromtimestamp(row[2], UTC).year
            self.tables.setdefault(f"changes/{year}.parquet", []).append(row)
        if time:
            self.tables["time/2026.parquet"] = list(time)
        self.tables |= names or {}
        told = {
            name: Told(len(rows), 1, sha256(repr(rows).encode("utf-8", "replace")).hexdigest())
            for name, rows in self.tables.items()
        }
        self.seen = 1_795_000_000
        self.manifest = Manifest(name, tuple(roots), tip, 1_795_000_000, told)
        self.told = {
            **self.manifest._asdict(),
            "roots": list(roots),
            "files": {name: each._asdict() for name, each in told.items()},
            "settings": {},
        }

    def files(self, table):
        return [
            name
            for name in sorted(self.tables)
            if name == f"{table}.parquet" or name.startswith(f"{table}/")
        ]

    def _batches(self, names):
        for name in names:
            rows = self.tables[name]
            for at in range(0, len(rows), 3):
                yield rows[at : at + 3]

    def items(self):
        return self._batches(self.files("items"))

    def lines(self, name):
        for batch in self._batches([name]):
            yield ["\t".join(map(copied, row)) for row in batch]


def copied(cell):
    """A cell as PostgreSQL copies it in."""
    if cell is None:
        return "\\N"
    return str(cell).translate({92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r"})


def rows(connection, number=True):
    """All rows of the repositories, by table; without the numbers of items where they do not matter."""
    from sqlalchemy import select

    from plaintrack.store.portfolio import tables

    ids = (
        {}
        if number
        else dict(
            connection.execute(
                select(tables.item.c.number, tables.item.c.address + " " + tables.item.c.path)
            ).all()
        )
    )
    found = {}
    for table in (*tables.ROWS, tables.repository):
        columns = [
            column
            for column in table.c
            if column.name not in ("loaded", "seen") and (number or column.name != "number")
        ]
        listed = [
            tuple(
                ids.get(cell, cell) if column.name == "item" and table is tables.value else cell
                for column, cell in zip(columns, row, strict=True)
            )
            for row in connection.execute(select(*columns))
        ]
        found[table.name] = sorted(listed, key=repr)
    connection.rollback()
    return found
