"""Rows that go to PostgreSQL as lines of text arrive as they are."""

import json

from publishing import change, publish, row

from plaintrack.store.portfolio import load, published, shape
from plaintrack.store.portfolio.database import connected

ODD = [
    "\\N",
    "\\.",
    "\\",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\\\t\t",
    "",
    " ",
    "ä\u2028😀",
    "'; DROP",
    "%s",
    "\x7f\x01",
]


def test_odd_texts_arrive(database, tmp_path):
    changes = [
        change(at, 1_700_000_000 + at, item=text, who=text, field=f"{at} {text}", new=new)
        for at, text in enumerate(ODD)
        for new in [json.dumps(text) if at % 3 else None]
    ]
    times = [row(shape.TIME, item=text, note=text, day=739_000, begin=None) for text in ODD]
    publish(
        tmp_path / "one",
        {"items.parquet": [], "changes/2023.parquet": changes, "time/2024.parquet": times},
    )
    with connected(database, writing=True) as connection:
        load.prepare(connection)
        load.load(connection, published.read(str(tmp_path / "one")), "/one")
        for table, columns, wanted in (
            ("change", shape.CHANGE, changes),
            ("time_entry", shape.TIME, times),
        ):
            shown = ", ".join(f'"{each.name}"' for each in columns)
            found = connection.exec_driver_sql(f"SELECT {shown} FROM plaintrack.{table}")
            assert sorted(map(repr, map(tuple, found))) == sorted(map(repr, wanted))
