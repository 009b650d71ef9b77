"""Random items, and random questions about them: what hypothesis draws for the index, drawn faster."""

import random

from plaintrack.model.expected import Expected, Spent
from plaintrack.model.task import Step, Task, fold
from plaintrack.query.columns import PLANNED
from plaintrack.query.nodes import STATES
from tests.query import test_agree as pools

DERIVED = [
    "id",
    "path",
    "folder",
    "updated",
    "age",
    "urgency",
    "progress",
    "score",
    "state",
    "mentions",
    *PLANNED,
]
FIELDS = [*pools.POOLS, *pools.LISTS, *DERIVED]
NAMES = ["Login", "ana", "ÖZGE"]


def tasks(draw: random.Random, count: int, links: list[str] | None = None) -> list[Task]:
    """So many items with ids of their own; some have none."""
    found = []
    ids = [f"PT-{each}" for each in draw.sample(range(1, 40 * count), count)]
    ids[: len(pools.IDS)] = pools.IDS
    for number, item in enumerate(ids):
        fields = {}
        for name in draw.sample([*pools.POOLS, *pools.LISTS], draw.randint(0, 14)):
            pool = pools.POOLS.get(name) or pools.LISTS[name]
            if links and pool is pools.IDS:
                pool = [*pool, *links]
            some = tuple(draw.sample(pool, draw.randint(1, min(3, len(pool)))))
            fields[name] = some if name in pools.LISTS and draw.random() < 0.7 else some[0]
        steps = tuple(Step("s", draw.random() < 0.5, 0) for _ in range(draw.randint(0, 3)))
        body = " ".join(draw.choices([*pools.WORDS, "@ana", "@Özge"], k=draw.randint(0, 4)))
        folder = draw.choice(["tasks/", "archive/", "tasks/Ä/"])
        given = "" if draw.random() < 0.1 else item
        found.append(Task(f"{folder}{number}.md", given, fields, body, steps))
    return found


def plan(draw: random.Random) -> dict[str, Expected]:
    """What a plan says of some items."""
    return {
        fold(item): Expected(
            draw.choice(["", "2026-11-23", "2026-12-01"]),
            draw.choice(["", "2026-11-24", "2027-01-04"]),
            draw.choice([None, -480.0, 0.0, 45.0, 960.0]),
            draw.choice([None, True, False]),
            draw.choice([None, True, False]),
            tuple(draw.sample(pools.IDS, draw.randint(0, 2))),
        )
        for item in draw.sample(pools.IDS, 4)
    }


def logged(draw: random.Random) -> dict[str, Spent]:
    """What time records say of some items."""
    return {
        fold(item): Spent(
            draw.choice([0.0, 45.0, 960.0]),
            draw.choice([None, 0.0, 45.0, 960.0]),
            draw.random() < 0.7,
            draw.random() < 0.7,
            draw.choice([None, 45.0, 960.0]),
        )
        for item in draw.sample(pools.IDS, 4)
    }


def _term(draw: random.Random) -> str:
    shape = draw.choice(
        ["word", "equal", "equal", "range", "order", "has", "is", "under", "pattern", "was"]
    )
    if shape == "word":
        return '"' + draw.choice([*pools.WORDS, "gin f", "σ", "%", "_"]) + '"'
    if shape == "is":
        return "is:" + draw.choice(STATES)
    if shape == "under":
        return "under:" + draw.choice(["a1", "b2", "PT-C3"])
    name = draw.choice(FIELDS)
    if shape == "has":
        return draw.choice(["has:", "no:"]) + name
    if shape == "pattern":
        pattern = draw.choice(["*o*", "f*", "*", "*Ä*", "/^f/", "/L.g|Ü/i", "/b$/", "*a*b*", "a%*"])
        return f"{name}:{pattern}"
    pool = NAMES if name == "mentions" else pools.values_for(name)
    values = [f'"{each}"' for each in draw.choices(pool, k=3)]
    if shape == "equal":
        return f"{name}:" + ",".join(values[: draw.randint(1, 3)])
    if shape == "was":
        return f"was:{name}={values[0]}"
    if shape == "order":
        return name + draw.choice(["<", "<=", ">", ">="]) + values[0]
    return f"{name}:" + draw.choice(["{0}..", "..{0}", "{0}..{1}"]).format(*values)


def _condition(draw: random.Random, depth: int) -> str:
    luck = draw.random()
    if depth == 0 or luck < 0.5:
        return _term(draw)
    if luck < 0.7:
        return f"({_condition(draw, depth - 1)} {_condition(draw, depth - 1)})"
    if luck < 0.85:
        return f"({_condition(draw, depth - 1)} or {_condition(draw, depth - 1)})"
    return f"-({_condition(draw, depth - 1)})"


def query(draw: random.Random) -> str:
    """A query with an order and a length; not every one can be understood."""
    text = _condition(draw, 2)
    if draw.random() < 0.6:
        fields = draw.sample(FIELDS, draw.randint(1, 2))
        text += " sort:" + ",".join(draw.choice(["", "-"]) + name for name in fields)
    if draw.random() < 0.4:
        text += f" limit:{draw.randint(0, 9)}"
    return text
