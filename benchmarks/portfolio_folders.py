"""Published folders of many repositories, made without git: ``portfolio_folders.py DIR [--repositories 100] [--items 10000]
[--changes-per-item 10] [--years 5] [--first 0]``. The same arguments give the same bytes.

Items go through the index and are written by the code of `publish`, so they are what a repository with such files would publish. A
third is closed, a quarter has a parent, four fifths an assignee, half a due date, a tenth waits for another one. Two repositories of ten have statuses
and a field of their own, one another working day and time zone; in one of ten, items wait for items of the next repository.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple

import generate

from plaintrack import __version__
from plaintrack.config.settings import read
from plaintrack.model.task import Task, Value, fold
from plaintrack.query.facts import Facts
from plaintrack.store.index import portfolio, rows
from plaintrack.store.portfolio import published, shape

TODAY = date(2026, 11, 27)
NOON = int(datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp())
DAY = 86_400
PEOPLE = [f"{first}-{last}" for first in generate.PEOPLE for last in "abcdefg"][:50]
SCHEMA = (Path(rows.__file__).parent / "schema.sql").read_text("utf-8")
STATUSES = {
    "todo": "open",
    "in-progress": "active",
    "review": "active",
    "done": "done",
    "cancelled": "cancelled",
}
SETTINGS: dict[str, Any] = {
    "timezone": "UTC",
    "ids": {"prefix": "PT", "scheme": "sequential"},
    "folders": ["tasks", "projects", "goals"],
    "statuses": STATUSES,
    "priorities": generate.PRIORITIES[:4],
}
OTHERS: dict[int, dict[str, Any]] = {
    1: {
        "statuses": {**STATUSES, "blocked": "active", "waiting": "open"},
        "fields": {"severity": {"type": "choice", "choices": ["s1", "s2", "s3"]}},
    },
    4: {"timezone": "America/New_York", "day": "6h"},
}
OTHERS[6] = OTHERS[1]
_PLAIN = [each.name for each in shape.ITEM if not each.name.endswith("_fold")]
_COLUMNS = [name for name in _PLAIN if name not in ("kind", "haystack", "blob", "values")]
LATE = 0.2
"""The part of the items that came to be in the last year, beyond its share."""

Row = tuple[Any, ...]


class Size(NamedTuple):
    """How much each repository has."""

    items: int = 10_000
    changes: int = 10
    years: int = 5


class Step(NamedTuple):
    """What was changed of an item at a time, in Unix seconds."""

    time: int
    item: int
    who: str
    fields: dict[str, Value]


class Repository:
    """One repository; ``edits`` are how many of its items were edited since, in one commit each."""

    def __init__(self, number: int, size: Size, edits: int = 0) -> None:
        self.number, self.size = number, size
        self.name = name_of(number)
        self.rng = random.Random(number)
        self.settings = {**SETTINGS, **OTHERS.get(number % 10, {})}
        self.schema = read(self.settings).schema
        self.fields: list[dict[str, Value]] = []
        self.steps: list[Step] = []
        for item in range(size.items):
            self._add(item)
        self.edited: dict[int, int] = {}
        for edit in range(edits):
            self._edit(edit, edits)
        self.steps.sort(key=lambda step: (step.time, step.item))

    def _add(self, item: int) -> None:
        """An item and what became of it."""
        rng = self.rng
        span = self.size.years * 365 * DAY - 30 * DAY
        begun = NOON - (
            rng.randrange(span) if rng.random() > LATE else rng.randrange(365 * DAY) + DAY
        )
        closed = rng.random() < 1 / 3 and item % 500 != 0
        found = self._fields(item, begun, closed)
        who = str(found.get("assignee", ("",))[0] or rng.choice(PEOPLE))
        born = {name: found[name] for name in ("id", "title", "type", "created")}
        first, *moves = self._moves(closed)
        first_step = {**born, "status": first}
        later: list[dict[str, Value]] = [
            {name: value} for name, value in found.items() if name not in (*born, "status")
        ]
        later += [{"status": status} for status in moves]
        while sum(map(len, later)) + len(first_step) + 1 < self.size.changes:
            later.insert(0, {"priority": rng.choice(generate.PRIORITIES[:4])})
        last = int(datetime.fromisoformat(str(found["closed"])).timestamp()) if closed else NOON
        times = sorted(rng.randrange(begun, max(last, begun + 1)) for _ in later)
        self.steps.append(Step(begun, item, who, first_step))
        self.steps += [Step(time, item, who, each) for time, each in zip(times, later, strict=True)]
        found["status"] = moves[-1] if moves else first
        self.fields.append(found)

    def _moves(self, closed: bool) -> list[str]:
        """The statuses of an item, the oldest first."""
        rng = self.rng
        live = [name for name, category in self.schema.statuses.items() if category == "active"]
        if closed:
            some = ["todo", "in-progress", *rng.sample(live, rng.choice([0, 1, 1]))]
            return [*some, rng.choice(["done"] * 9 + ["cancelled"])]
        return ["todo", "in-progress", *rng.sample(live, 1)][: rng.choice([1, 1, 1, 2, 3])]

    def _fields(self, item: int, begun: int, closed: bool) -> dict[str, Value]:
        rng, chance = self.rng, self.rng.random
        title = f"{rng.choice(generate.VERBS)} the {rng.choice(generate.OBJECTS)}"
        kind = rng.choices(generate.TYPES, generate.TYPE_WEIGHTS)[0]
        goal = item % 500 == 0
        found: dict[str, Value] = {
            "id": f"PT-{item + 1}",
            "title": f"{title}{rng.choice(generate.WHERES)}",
            "type": "goal" if goal else "project" if item % 100 == 1 else kind,
            "created": _stamp(begun),
        }
        if chance() < 0.8:
            found["assignee"] = (rng.choice(PEOPLE),)
        if chance() < 0.75:
            found["priority"] = rng.choices(generate.PRIORITIES[:4], generate.PRIORITY_WEIGHTS[:4])[
                0
            ]
        if chance() < 0.6:
            found["tags"] = tuple(rng.sample(generate.TAGS, rng.choice([1, 2, 3])))
        if chance() < 0.5:
            day = datetime.fromtimestamp(begun, UTC).date()
            found["due"] = (day + timedelta(days=rng.randrange(5, 200))).isoformat()
        if chance() < 0.5:
            found["estimate"] = rng.choice(generate.ESTIMATES)
        if goal:
            return found
        if item % 100 == 1:
            found["goal"] = f"PT-{item // 500 * 500 + 1}"
        elif chance() < 0.25:
            found["parent"] = f"PT-{max(1, item - rng.randrange(1, 40))}"
        elif chance() < 0.5:
            found["project"] = f"PT-{item // 100 * 100 + 2}"
        if chance() < 0.1:
            found["depends_on"] = (f"PT-{max(1, item - rng.randrange(1, 90))}",)
        if self.number % 10 == 3 and chance() < 0.01:
            found["depends_on"] = (f"{name_of(self.number + 1)}/PT-{rng.randrange(9) + 1}",)
        if "severity" in self.schema.fields and chance() < 0.5:
            found["severity"] = rng.choice(["s1", "s2", "s3"])
        if closed:
            found["closed"] = _stamp(min(NOON, begun + rng.randrange(3600, 120 * DAY)))
        return found

    def _edit(self, edit: int, edits: int) -> None:
        """Another priority of an item, after all that was before."""
        item = edit * self.size.items // edits
        value = "low" if self.fields[item].get("priority") != "low" else "high"
        self.fields[item]["priority"] = value
        self.edited[item] = NOON + edit
        self.steps.append(Step(NOON + edit, item, PEOPLE[0], {"priority": value}))

    # What is published

    def tables(self) -> dict[str, Iterator[Row]]:
        """File → its rows."""
        found: dict[str, list[Row]] = {}
        born: set[int] = set()
        places = [0] * self.size.items
        for at, step in enumerate(self.steps):
            position = at // 2  # two items a commit
            begun = self.steps[position * 2].time
            year = datetime.fromtimestamp(begun, UTC).year
            new = [] if step.item in born else [("+", "1")]
            born.add(step.item)
            new += [(name, json.dumps(value)) for name, value in step.fields.items()]
            about = (position, self._hash(position), begun, begun, step.time, step.who)
            key = f"pt-{step.item + 1}"
            found.setdefault(f"changes/{year}.parquet", []).extend(
                (*about, key, places[step.item], name, value) for name, value in sorted(new)
            )
            places[step.item] += 1
        tables = {name: iter(some) for name, some in sorted(found.items())}
        time = {f"time/{year}.parquet": iter(some) for year, some in self._time()}
        items, plan = self._items()
        return {
            "items.parquet": iter(items),
            **tables,
            **time,
            "plan.parquet": iter(plan),
        }

    def _hash(self, position: int) -> str:
        return sha1(f"{self.name} {position}".encode()).hexdigest()

    def _items(self) -> tuple[list[Row], list[Row]]:
        """The rows of items, by way of an index, and those of the plan."""
        rng = random.Random(self.number)
        tasks = [
            Task(
                f"tasks/{item // 100:03}/PT-{item + 1}.md",
                str(fields["id"]),
                fields,
                f"{rng.choice(generate.SENTENCES)} {rng.choice(generate.SENTENCES)}\n",
            )
            for item, fields in enumerate(self.fields)
        ]
        facts = Facts(tasks, self.schema, TODAY)
        connection = sqlite3.connect(":memory:")
        connection.executescript(SCHEMA)
        rows.put_all(
            connection,
            [
                (number, rows.rows(task, self.schema, TODAY.isoformat()))
                for number, task in enumerate(tasks)
            ],
        )
        for statement in rows.FRESH_SQL:
            connection.execute(statement)
        kinds = {task.path: facts.kind(task) for task in tasks}
        names = [each.name for each in shape.ITEM]
        heads = [*_COLUMNS, *(f"{each}_fold" for each in shape.FOLDED)]
        found, plan = [], []
        for row, haystack, values in portfolio.items(connection, _COLUMNS, shape.FOLDED):
            cells = dict(zip(heads, row, strict=True))
            blob = sha1(f"{self.name} {cells['data']} {haystack}".encode()).hexdigest()
            cells |= {"haystack": haystack, "blob": blob, "kind": kinds[cells["path"]]}
            cells["values"] = sorted(values, key=lambda each: each[:2])
            found.append(tuple([cells[name] for name in names]))
            if cells["category"] in ("open", "active"):
                plan.append(_planned(cells, rng))
        connection.close()
        return found, sorted(plan)

    def _time(self) -> list[tuple[int, list[Row]]]:
        """Hours of a tenth of the items, added up by day, by year."""
        rng = random.Random(self.number)
        sums: dict[tuple[int, str], int] = {}
        for item in range(0, self.size.items, 10):
            day = TODAY.toordinal() - rng.randrange(self.size.years * 365 - 40)
            for each in range(rng.randrange(1, 6)):
                sums[day + each, fold(f"PT-{item + 1}")] = rng.randrange(600, 28_000)
        found: dict[int, list[Row]] = {}
        for (day, key), seconds in sorted(sums.items()):
            row = (key, "", day, None, seconds, "", "")
            found.setdefault(date.fromordinal(day).year, []).append(row)
        return sorted(found.items())

    def about(self) -> dict[str, Any]:
        """What the manifest says, beside the files."""
        commits = (len(self.steps) + 1) // 2
        first, last = self.steps[0].time, self.steps[(commits - 1) * 2].time
        return {
            "plaintrack": __version__,
            "schema": shape.VERSION,
            "repository": {"name": self.name, "roots": [self._hash(0)]},
            "tip": self._hash(commits - 1),
            "tip_time": last,
            "day": TODAY.isoformat(),
            "private": False,
            "settings": self.settings,
            "workflows": [[0, first, dict(self.schema.statuses)]],
            "line": {"first": first, "last": last, "commits": commits},
            "people": {},
            "equipment": {},
            "said": {},
            "notes": [],
        }

    def write(self, folder: str) -> int:
        """Publish it in a folder; how many bytes that are."""
        told = published.write(folder, self.about(), self.tables()).told
        return sum(each.bytes for each in told.values())


def _planned(cells: dict[str, Any], rng: random.Random) -> Row:
    """The line of the plan for an open item."""
    key, who, due = cells["id_fold"], cells["assignee"], cells["due"]
    if not cells["estimate"]:
        return (key, who, "", "", due, "", 0, 0, None, 0, "", 0, "no estimate")
    start = TODAY + timedelta(days=rng.randrange(200))
    end = start + timedelta(days=rng.randrange(5))
    late = max(0, (end - date.fromisoformat(due)).days) if due else 0
    days = (start.isoformat(), end.isoformat(), due, "")
    return (key, who, *days, late, 0, rng.randrange(20_000), int(late > 90), "", 0, "")


def _stamp(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat()


def name_of(number: int) -> str:
    """What a repository is called."""
    return f"repo-{number:03}"


def _write(asked: tuple[str, int, Size, int]) -> int:
    folder, number, size, edits = asked
    return Repository(number, size, edits).write(os.path.join(folder, name_of(number)))


def write_one(folder: str, number: int, size: Size, edits: int = 0) -> None:
    """Publish a repository, in another process: who measures stays small."""
    with ProcessPoolExecutor(1) as pool:
        pool.submit(_write, (folder, number, size, edits)).result()


def write(folder: str, repositories: int, size: Size) -> int:
    """Publish so many repositories below a folder, those that are not there yet; their bytes."""
    missing = [
        (folder, number, size, 0)
        for number in range(repositories)
        if not os.path.exists(os.path.join(folder, name_of(number), published.MANIFEST))
    ]
    with ProcessPoolExecutor(2) as pool:
        for _ in pool.map(_write, missing):
            pass
    return sum(each.stat().st_size for each in Path(folder).rglob("*.parquet"))


def sizes(parser: argparse.ArgumentParser) -> None:
    """The options that say how much is made."""
    parser.add_argument("--repositories", type=int, default=100)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--changes-per-item", type=int, default=10, help="rows, at the least")
    parser.add_argument("--years", type=int, default=5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", metavar="DIR")
    sizes(parser)
    given = parser.parse_args()
    size = Size(given.items, given.changes_per_item, given.years)
    print(f"{write(given.folder, given.repositories, size):,} bytes of Parquet")


if __name__ == "__main__":
    main()
