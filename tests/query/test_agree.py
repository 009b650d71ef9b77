"""Evaluating in memory and asking the index give the same answers, for random items and random queries."""

import datetime
import sqlite3
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.config.scoring import Model
from plaintrack.model.expected import Expected, Spent
from plaintrack.model.fields import Field, Schema, schema
from plaintrack.model.ids import resolve
from plaintrack.model.task import Step, Task, Value, fold
from plaintrack.query.ast import BadQuery
from plaintrack.query.bind import Names, bind
from plaintrack.query.columns import PLANNED, STANDS
from plaintrack.query.evaluate import answer
from plaintrack.query.facts import Facts
from plaintrack.query.nodes import STATES
from plaintrack.query.parser import parse
from plaintrack.store.index import rows as index
from plaintrack.store.index import sql

TODAY = datetime.date(2026, 11, 23)
SCHEMA: Schema = schema(
    {
        "severity": Field("severity", "choice", choices=("s1", "s2", "s3")),
        "effort": Field("effort", "number"),
        "seen": Field("seen", "date", many=True),
        "cost": Field("cost", "duration"),
    }
)._replace(scored=True)
MODELS = [
    Model("(effort + 2) / estimate"),
    Model("effort / (effort - 2.5) + 1"),
    Model("min(effort, cost, 40) * priority", {"priority": {"critical": 8, "High": 5, "low": 1}}),
    Model("max(cost) - -remaining / 3 * (severity - 1)", {"severity": {"S1": 3, "s3": 1}}),
    Model("effort * 1000000000000 * 1" + "000000000000" * 25 + " / effort"),
    Model("status * effort", {"status": {"todo": 0, "done": 2.5}}),
]
WEIGHTS = [
    {"due": 11.1, "age.max": 30.0},
    {"due": 11.1, "age.max": 30.0, "tight": 3.3},
    {"inherit": 1.0, "blocked": -4.2},
    {"inherit": 0.7, "tight": -2.5, "waiting": -9.1},
]


def minutes(day: datetime.date) -> int:
    """A working time that differs from day to day."""
    return (0, 300, 480, 120, 470, 60, 0)[day.weekday()] if day.day != 26 else 0


TABLES = (Path(sql.__file__).parent / "schema.sql").read_text("utf-8")


def build(tasks: list[Task], facts: Facts) -> sqlite3.Connection:
    """The index of these tasks, in memory; the number of an item is its place in the list."""
    connection = sqlite3.connect(":memory:")
    sql.register(connection)
    connection.executescript(TABLES)
    for number, task in enumerate(tasks):
        insert(connection, number, task, facts)
    for statement in index.DERIVE_SQL:
        connection.execute(statement)
    return connection


def insert(connection: sqlite3.Connection, number: int, task: Task, facts: Facts) -> None:
    index.put(connection, number, index.rows(task, facts.schema, facts.updated.get(task.path, "")))


IDS = [f"PT-{each}" for each in ("a1", "b2", "c3", "c03", "c10", "f6")]
WORDS = ["Login", "fix", "ÄRGER", "straße", "a%b_c", "Σας", "x*y", "100"]
DATES = [
    "2026-11-01",
    "2026-11-22",
    "2026-11-23",
    "2026-11-24",
    "2026-12-01",
    "2025-02-28",
    "soon",
    "2026-02-30",
]
OFFSETS = ["", "+00:00", "+01:00", "-05:00", "+09:00", "+13:45", "-11:00"]
CLOCKS = [
    "2026-11-22T10:00:00",
    "2026-11-23T00:00:00",
    "2026-11-23T23:30:00",
    "2026-10-25T02:30:00",
    "2026-03-29T02:30:00.5",
]
STAMPS = [
    *(clock + offset for clock in CLOCKS for offset in OFFSETS),
    "2025-01-05T23:59:59+09:00",
    "2026-12-01",
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]
DURATIONS = ["45m", "6h", "1d", "2d", "1w", "many"]
POOLS: dict[str, list[str]] = {
    "title": [*WORDS, "Fix the Login", "fix login twice"],
    "type": ["task", "bug", "epic", "Bug", "project", "goal"],
    "status": ["todo", "in-progress", "review", "done", "cancelled", "Todo", "odd"],
    "priority": ["critical", "high", "low", "urgent"],
    "project": [*IDS, "My project", "Über"],
    "milestone": IDS,
    "parent": IDS,
    "goal": IDS,
    "start": DATES,
    "due": [*DATES, *STAMPS],
    "wait": [*DATES, *STAMPS],
    "created": [*STAMPS, *DATES],
    "closed": STAMPS,
    "estimate": DURATIONS,
    "remaining": DURATIONS,
    "rank": ["a", "b", "B", "é"],
    "repeat": ["weekly"],
    "severity": ["s1", "s3", "s9"],
    "effort": ["1", "2.5", "-3", "1e3", "much"],
    "cost": DURATIONS,
    "color": ["red", "Grün", "1"],
    "kind": ["project", "Project", "operations", "both"],
}
LISTS: dict[str, list[str]] = {
    "assignee": ["alice", "Bob", "Émile"],
    "tags": ["auth", "Web", "next", "über", "Q"],
    "depends_on": IDS,
    "seen": [*DATES, *STAMPS],
    "time": ["1h today"],
    "team": ["platform", "Web", "Über"],
}
TEAMS = {"platform": frozenset(("alice", "bob")), "über": frozenset(("émile",))}


@st.composite
def tasks_of(draw: st.DrawFn) -> list[Task]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        fields: dict[str, Value] = {}
        for name in draw(st.lists(st.sampled_from([*POOLS, *LISTS]), max_size=12, unique=True)):
            if name in POOLS:
                fields[name] = draw(st.sampled_from(POOLS[name]))
            else:
                values = tuple(
                    draw(
                        st.lists(st.sampled_from(LISTS[name]), min_size=1, max_size=3, unique=True)
                    )
                )
                fields[name] = values[0] if len(values) == 1 and draw(st.booleans()) else values
        steps = tuple(Step("s", each, 0) for each in draw(st.lists(st.booleans(), max_size=3)))
        body = " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3)))
        folder = draw(st.sampled_from(["tasks/", "archive/", "tasks/Ä/"]))
        id = draw(st.sampled_from([*IDS, ""]))
        found.append(Task(f"{folder}{number}.md", id, fields, body, steps))
    return found


def values_for(name: str) -> list[str]:
    """Values a term of this field may have, good and bad."""
    figures = {
        "state": [*STANDS, "Done"],
        "age": ["3d", "1w", "0d", "400d"],
        "urgency": ["0", "2.8", "8"],
        "progress": ["0", "50", "100%"],
        "score": ["0", "1.5", "-3", "8"],
        "slack": ["0", "45m", "2d", "1w"],
        "planned_start": ["today", "+7d", "2026-12", "2026-11-22"],
        "planned_end": ["today", "+7d", "2026-12", "2026-11-22"],
        "critical": ["true", "no"],
        "slipping": ["yes", "false"],
        "waits_for": IDS,
        "spent": ["0", "45m", "2d", "1w"],
        "total_spent": ["45m", "2d"],
        "total_left": ["0", "45m", "2d"],
        "left": ["0", "45m", "2d", "1w"],
    }
    if name in figures:
        return figures[name]
    if name in ("due", "start", "wait", "created", "closed", "updated", "seen"):
        return [
            "today",
            "+7d",
            "2026-11",
            "2026-W48",
            "2026",
            "2026-11-22T10:00:00+01:00",
            "-1y",
            "2026-11-01",
            *STAMPS,
        ]
    pools = {"id": IDS, "path": ["tasks/1.md"], "folder": ["tasks", "tasks/ä"]}
    return POOLS.get(name) or LISTS.get(name) or pools[name]


@st.composite
def term(draw: st.DrawFn) -> str:
    shape = draw(
        st.sampled_from(["word", "equal", "range", "order", "has", "is", "under", "pattern"])
    )
    if shape == "word":
        return '"' + draw(st.sampled_from([*WORDS, "gin f", "σ"])) + '"'
    if shape == "is":
        return "is:" + draw(st.sampled_from(STATES))
    if shape == "under":
        return "under:" + draw(st.sampled_from(["a1", "b2", "PT-C3"]))
    name = draw(
        st.sampled_from(
            [
                *POOLS,
                *LISTS,
                "id",
                "path",
                "folder",
                "updated",
                "age",
                "urgency",
                "progress",
                "score",
                "state",
                *PLANNED,
            ]
        )
    )
    if shape == "has":
        return draw(st.sampled_from(["has:", "no:"])) + name
    if shape == "pattern":
        return f"{name}:" + draw(
            st.sampled_from(["*o*", "f*", "*", "*Ä*", "/^f/", "/L.g|Ü/i", "/b$/", "*a*b*"])
        )
    quoted = st.sampled_from(values_for(name)).map(lambda each: f'"{each}"')
    if shape == "equal":
        return f"{name}:" + ",".join(draw(st.lists(quoted, min_size=1, max_size=3)))
    if shape == "order":
        return (
            name
            + draw(st.sampled_from(["<", "<=", ">", ">=", ":<", ".before:", ".after:"]))
            + draw(quoted)
        )
    return f"{name}:" + draw(st.sampled_from(["{0}..", "..{0}", "{0}..{1}"])).format(
        draw(quoted), draw(quoted)
    )


QUERIES = st.recursive(
    term(),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda each: f"-({each})"),
    ),
    max_leaves=4,
)
SORTS = st.lists(
    st.sampled_from(
        [
            *POOLS,
            *LISTS,
            "id",
            "path",
            "updated",
            "age",
            "urgency",
            "progress",
            "score",
            "state",
            *PLANNED,
        ]
    ).flatmap(lambda name: st.sampled_from([name, f"-{name}"])),
    max_size=2,
)


PLANS = st.dictionaries(
    st.sampled_from([fold(each) for each in IDS]),
    st.builds(
        Expected,
        planned_start=st.sampled_from(["", "2026-11-23", "2026-12-01"]),
        planned_end=st.sampled_from(["", "2026-11-24", "2026-12-01", "2027-01-04"]),
        slack=st.sampled_from([None, -480.0, 0.0, 45.0, 960.0]),
        critical=st.sampled_from([None, True, False]),
        slipping=st.sampled_from([None, True, False]),
        waits_for=st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple),
    ),
    max_size=5,
)

LOGGED = st.dictionaries(
    st.sampled_from([fold(each) for each in IDS]),
    st.builds(
        Spent,
        spent=st.sampled_from([0.0, 45.0, 960.0]),
        left=st.sampled_from([None, 0.0, 45.0, 960.0]),
        known=st.booleans(),
        stated=st.booleans(),
        total_spent=st.sampled_from([None, 45.0, 960.0]),
    ),
    max_size=5,
)


def resolved(part: str) -> str:
    return resolve(part, IDS)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tasks_of(),
    st.lists(st.tuples(QUERIES, SORTS), min_size=3, max_size=3),
    st.integers(0, 9),
    st.sampled_from(ZONES),
    st.sampled_from(MODELS),
    st.sampled_from(WEIGHTS),
    PLANS,
    LOGGED,
)
def test_agree(
    tasks: list[Task],
    questions: list[tuple[str, list[str]]],
    limit: int,
    zone: str,
    model: Model,
    weights: dict[str, float],
    plan: dict[str, Expected],
    logged: dict[str, Spent],
) -> None:
    schema = SCHEMA._replace(timezone=zone)
    updated = {task.path: DATES[number % 5] for number, task in enumerate(tasks)}
    scores = {"own": model}
    facts = Facts(
        tasks, schema, TODAY, weights, updated, scores, minutes, lambda: plan, lambda: logged,
        rolled=lambda: logged,
    )  # fmt: skip
    names = Names(
        schema, TODAY, lambda: ("alice",), resolved, frozenset({"color"}), weights, scores, minutes
    )
    kinds = {task.path: facts.kind(task) for task in tasks}
    names = names._replace(
        teams=lambda: TEAMS, kinds=lambda: kinds, plan=lambda: plan, logged=lambda: logged,
        rolled=lambda: logged, timed=True,
    )  # fmt: skip
    connection = build(tasks, facts)
    for query, sort in questions:
        text = (
            query
            + (f" sort:{','.join(sort)}" if sort else "")
            + (f" limit:{limit}" if limit < 8 else "")
        )
        try:
            question = bind(parse(text), names)
        except BadQuery:
            continue
        compiled = sql.compile(question, names)
        rows = sql.select(connection, compiled, ("i.number",))
        got = [tasks[number].path for (number,) in rows]
        assert got == [task.path for task in answer(question, tasks, facts)], text
    connection.close()


DENSE = st.lists(
    st.fixed_dictionaries(
        {"status": st.sampled_from(["todo", "todo", "in-progress", "done"])},
        optional={
            "depends_on": st.lists(st.sampled_from(IDS), min_size=1, max_size=3).map(tuple),
            "priority": st.sampled_from(POOLS["priority"]),
            "due": st.sampled_from([*DATES, "2026-11-25", "2026-11-27", "2026-12-04", *STAMPS]),
            "wait": st.sampled_from(DATES),
            "created": st.sampled_from(STAMPS),
            "estimate": st.sampled_from([*DURATIONS, "0h"]),
            "remaining": st.sampled_from(DURATIONS),
            "cost": st.sampled_from(DURATIONS),
            "effort": st.sampled_from(POOLS["effort"]),
            "severity": st.sampled_from(POOLS["severity"]),
            "tags": st.lists(st.sampled_from(LISTS["tags"]), max_size=3).map(tuple),
        },
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(DENSE, st.permutations(IDS), st.sampled_from(MODELS), st.sampled_from(WEIGHTS))
def test_figures_agree(
    fields: list[dict[str, Value]], ids: list[str], model: Model, weights: dict[str, float]
) -> None:
    """Urgency and score of every item are the same numbers, to the last bit."""
    tasks = [
        Task(f"tasks/{number}.md", item, each)
        for number, (item, each) in enumerate(zip(ids, fields, strict=False))
    ]
    scores = {"own": model}
    facts = Facts(tasks, SCHEMA, TODAY, weights, {}, scores, minutes)
    names = Names(SCHEMA, TODAY, tuple, resolved, urgency=weights, scores=scores, minutes=minutes)
    connection = build(tasks, facts)
    for name in ("urgency", "score"):
        key = sql.key(name, names)
        got = sql.fetch(connection, f"SELECT {key.sql} FROM item i ORDER BY i.number", key.params)
        assert [value for (value,) in got] == [getattr(facts, name)(task) for task in tasks], name
    connection.close()


DERIVED = "SELECT number, blocked, blocking, children, children_closed FROM item ORDER BY number"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tasks_of(), tasks_of(), st.data())
def test_deriving_the_touched_is_enough(
    tasks: list[Task], others: list[Task], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(tasks) - 1))
    connection = build(tasks, Facts(tasks, SCHEMA, TODAY))
    connection.execute("CREATE TEMP TABLE touched(number INTEGER PRIMARY KEY)")
    connection.execute("CREATE TEMP TABLE changed(number INTEGER PRIMARY KEY)")
    connection.execute("INSERT INTO changed VALUES (?)", (number,))
    for statement in index.TOUCH_SQL:
        connection.execute(statement)
    for table, column in (("item", "number"), ("value", "item"), ("words", "item")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))
    after = [*tasks[:number], others[0], *tasks[number + 1 :]]
    insert(connection, number, others[0], Facts(after, SCHEMA, TODAY))
    for statement in (*index.TOUCH_SQL, *index.DERIVE_TOUCHED_SQL):
        connection.execute(statement)
    got = connection.execute(DERIVED).fetchall()
    assert got == build(after, Facts(after, SCHEMA, TODAY)).execute(DERIVED).fetchall()


def test_a_team_is_who_is_in_it_and_what_names_it():
    tasks = [
        Task(f"tasks/{number}.md", f"PT-{number}", {"assignee": who, **more})
        for number, (who, more) in enumerate(
            [
                (("Alice",), {}),
                (("carol",), {"team": ("Platform",)}),
                (("carol",), {}),
                (("@platform",), {}),
                ((), {}),
            ]
        )
    ]
    names = Names(SCHEMA, TODAY, tuple, str, teams=lambda: TEAMS)
    facts = Facts(tasks, SCHEMA, TODAY)
    found = answer(bind(parse("team:platform"), names), tasks, facts)
    assert [task.id for task in found] == ["PT-0", "PT-1", "PT-3"]
    assert len(answer(bind(parse("-team:@platform"), names), tasks, facts)) == 2


def test_patterns_on_a_kind_that_is_not_there():
    """A goal is neither a project nor operations."""
    tasks = [Task("tasks/1.md", "PT-1", {"type": "goal"}), Task("tasks/2.md", "PT-2", {})]
    facts = Facts(tasks, SCHEMA, TODAY)
    kinds = {task.path: facts.kind(task) for task in tasks}
    names = Names(SCHEMA, TODAY, tuple, str, kinds=lambda: kinds)
    connection = build(tasks, facts)
    for text in ("kind:*o*", "kind:/O/i"):
        compiled = sql.compile(bind(parse(text), names), names)
        assert sql.select(connection, compiled, ("i.id",)) == [("PT-2",)]
