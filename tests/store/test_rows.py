"""The rows of an item are what their definitions say, computed field by field and remembered from nowhere."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model.fields import UPWARD, Field, schema
from plaintrack.model.ids import natural
from plaintrack.model.task import Step, Task, fold, nfc
from plaintrack.query.columns import COLUMNS, measure
from plaintrack.store.index import rows as module
from plaintrack.store.index.rows import REMEMBERED, Item, rows
from plaintrack.when.moments import day, key, placed

SCHEMA = schema(
    {"size": Field("size", "number"), "seen": Field("seen", "datetime"), "level": Field("level", "choice", choices=("a", "b"))},
    timezone="Europe/Berlin",
)  # fmt: skip
TEXTS = st.sampled_from([
    "", "todo", "done", "nope", "high", "bug", "2026-12-01", "2026-10-25T02:30:00+01:00", "2026-12-01T24:00:00", "2026-12-01T09:30:00.5+09:00",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "20261201", "2026-W01-1T10:00:00+01:00", "1w2d", "3.5h", "12", "nan", "Cafe\u0301", 'a "b" \\', "next",
    "PT-007", "\u0130", "a, b", "b",
])  # fmt: skip
VALUES = st.one_of(TEXTS, st.lists(TEXTS, max_size=3).map(tuple))
NAMES = st.sampled_from([
    *(name for name in SCHEMA.fields if name != "id"), "colour", "path", "updated", "data", "urgency", "steps", "depends_on.lag", 'x"y',
])  # fmt: skip
FIELDS = st.dictionaries(NAMES, VALUES, max_size=8)
DAYS = st.sampled_from(["", "2026-12-01", "0001-01-01"])
PATHS = st.sampled_from(["tasks/a.md", "archive/tasks/a.md", "a.md", "archived/a.md"])


def number(text, zone):
    found = day(text, zone) if text else None
    return found and found.toordinal()


def defined(task, updated):
    """The row of `item` and those of `value`, straight from what the columns mean."""
    zone, plain = SCHEMA.timezone, {name: nfc(task.text(name)) for name in task.fields}
    row = dict.fromkeys(Item._fields)
    for name in (
        "title",
        "type",
        "status",
        "priority",
        "assignee",
        "tags",
        *UPWARD,
        "start",
        "due",
        "wait",
        "created",
        "closed",
        "rank",
        "repeat",
    ):
        row[name] = plain.get(name, "")
    row |= {
        "path": task.path,
        "folder": "/".join(task.path.split("/")[:-1]),
        "id": task.id,
        "updated": updated,
    }
    row["category"] = SCHEMA.category(task.text("status"))
    for name in ("status", "priority", "type"):
        choices, text = SCHEMA.fields[name].choices, task.text(name)
        row[f"{name}_rank"] = 1000 if not text else choices.index(text) if text in choices else 999
    for name in ("estimate", "remaining"):
        text = task.text(name)
        row[name] = measure(SCHEMA.fields[name], text, SCHEMA) if text else None
    for name in ("start", "due", "wait", "created", "closed"):
        text = plain.get(name, "")
        row[f"{name}_at"] = key(text, zone, name == "due") if text else None
    for name in ("due", "wait", "created"):
        row[f"{name}_day"] = number(plain.get(name, ""), zone)
    row["archived"] = int(task.path.startswith("archive/"))
    if row["archived"]:
        row["category"] = SCHEMA.standing(task.path, task.text("status"))
    row["steps"], row["ticked"] = len(task.steps), len([1 for step in task.steps if step.done])
    row["tag_count"], row["next"] = (
        len([1 for tag in task.many("tags") if tag]),
        int("next" in task.many("tags")),
    )
    row["updated_at"] = key(updated, zone) if updated else None
    row["id_key"] = natural(fold(task.id))
    row["data"] = json.dumps(task.fields, ensure_ascii=False)
    values = [
        (name, fold(each), measure(SCHEMA.fields.get(name, Field("")), nfc(each), SCHEMA))
        for name in task.fields if name in UPWARD or name not in COLUMNS
        for each in task.many(name) if each
    ]  # fmt: skip
    blocked = [("blocker.set", "", None)] if any(task.many("blocker")) else []
    at = next(
        (
            at
            for at, each in enumerate(values, 1)
            if each[0] == "blocker" and not any(other[0] == "blocker" for other in values[at:])
        ),
        0,
    )
    return tuple(row.values()), [*values[:at], *blocked, *values[at:]]


@settings(max_examples=600, deadline=None)
@given(FIELDS, PATHS, DAYS, st.integers(0, 2))
def test_the_rows_are_as_defined(fields, path, updated, ticked):
    steps = tuple(Step("x", number < ticked, number) for number in range(2))
    task = Task(path, "PT-12", {"id": "PT-12", **fields}, "BODY", steps)
    for _ in "new", "remembered":
        item, values, haystack, problems = rows(task, SCHEMA, updated)
        assert (item, values) == defined(task, updated)
        assert (haystack, problems) == (fold(task.text("title") + "\nBODY"), [])


def test_what_is_remembered_is_bounded_and_holds_for_one_schema(monkeypatch):
    monkeypatch.setattr(module, "_last", None)
    for number in range(REMEMBERED + 10):
        rows(Task("a.md", f"PT-{number}", {"id": f"PT-{number}", "size": str(number)}), SCHEMA, "")
    assert 0 < len(module._last.known) <= REMEMBERED
    task = Task("a.md", "PT-1", {"status": "todo"})
    other = SCHEMA._replace(statuses={"todo": "done"})
    at = Item._fields.index("category")
    assert [rows(task, each, "")[0][at] for each in (SCHEMA, other, SCHEMA)] == [
        "open",
        "done",
        "open",
    ]


@pytest.mark.parametrize("zone", ["", "Europe/Berlin", "America/New_York", "Africa/Monrovia"])
def test_a_moment_is_placed_as_its_day_and_its_key(zone):
    for text in (
        "2026-03-29T00:30:00+00:00",
        "2026-12-01",
        "2026-12-01T23:59",
        "1971-12-31T23:59:59+00:44",
        "2026-02-30",
        "x",
        "",
        "2026-12-01Tx",
    ):
        found = day(text, zone)
        assert placed(text, zone) == (found and found.toordinal(), key(text, zone))
        if found and "+" in text:  # an instant: as far from the day's first as on a watch
            first = datetime(found.year, found.month, found.day)
            start = first.astimezone() if not zone else first.replace(tzinfo=ZoneInfo(zone))
            since = datetime.fromisoformat(text).timestamp() - start.timestamp()
            assert key(text, zone) == pytest.approx(found.toordinal() * 100_000 + since)
            assert 0 <= since < 26 * 3600
