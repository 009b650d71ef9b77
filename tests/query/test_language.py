"""The query language: what terms mean, and how errors point at the column."""

import datetime
import sqlite3

import pytest

from plaintrack.model.fields import schema
from plaintrack.model.ids import resolve
from plaintrack.model.task import Task
from plaintrack.query.ast import BadQuery
from plaintrack.query.bind import Names, bind
from plaintrack.query.evaluate import answer
from plaintrack.query.facts import Facts
from plaintrack.query.parser import parse
from plaintrack.query.patterns import match, wild
from plaintrack.query.urgency import terms, urgency
from plaintrack.store.index import sql

TODAY = datetime.date(2026, 11, 23)
TASKS = [
    Task(
        "tasks/a.md",
        "PT-a1",
        {
            "title": "Fix the login",
            "status": "todo",
            "priority": "high",
            "due": "2026-12-01",
            "assignee": "alice",
            "tags": ("auth", "web"),
            "estimate": "2d",
        },
    ),
    Task(
        "tasks/b.md",
        "PT-b2",
        {
            "title": "Epic",
            "status": "in-progress",
            "depends_on": ("PT-a1", "PT-gone"),
            "created": "2026-11-22T10:00:00+01:00",
            "parent": "PT-c3",
        },
    ),
    Task(
        "tasks/c.md",
        "PT-c3",
        {"title": "Old (wip)", "status": "done", "priority": "low", "project": "My project"},
        "Body words",
    ),
    Task(
        "archive/d.md", "PT-d4", {"status": "cancelled", "parent": "PT-b2", "depends_on": "PT-a1"}
    ),
]
NAMES = Names(
    schema(),
    TODAY,
    lambda: ("Alice",),
    lambda part: resolve(part, [each.id for each in TASKS]),
    frozenset({"Customer"}),
    {},
)


def ask(query: str) -> str:
    found = answer(bind(parse(query), NAMES), TASKS, Facts(TASKS, NAMES.schema, TODAY))
    return "".join(each.id[3] for each in found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abcd"),
        ("login", "a"),
        ('"the login"', "a"),
        ("body WORDS", "c"),
        ("status:todo,done", "ac"),
        ("tags:AUTH", "a"),
        ("due:..2026-12", "a"),
        ("due<2026-12-01", ""),
        ("due:<=2026-12-01", "a"),
        ("due.after:eom", "a"),
        ("created:2026-11-22", "b"),
        ("created<=2026-11-22", "b"),
        ("estimate:2d..", "a"),
        ("estimate>2d", ""),
        ("priority>=high", "a"),
        ("priority:low..high", "ac"),
        ("title:/^fix (the|a)/i", "a"),
        ("title:*LOGIN", "a"),
        ("has:due or no:title", "ad"),
        ("is:blocked", "b"),
        ("is:ready", "a"),
        ("is:archived", "d"),
        ("assignee:me", "a"),
        ('project:"my project"', "c"),
        ("under:c3", "bd"),
        ("-status:todo not is:closed", "b"),
        ("(login or epic) -login", "b"),
        ("sort:-due limit:2", "ab"),
        ("STATUS:Todo AND Is:OPEN", "a"),
        ("customer:x", ""),
    ],
)
def test_answers(query: str, expected: str) -> None:
    assert ask(query) == expected


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("statu:todo", 1, "status"),
        ("status:tood", 8, "todo"),
        ("a is:blcked", 6, "blocked"),
        ("due:tomorow", 5, "tomorrow"),
        ("estimate:2x..", 10, "45m"),
        ("urgency>x", 9, "2.5"),
        ("sort:duee", 6, "due"),
        ("limit:-1", 7, "limit:20"),
        ("(a", 1, ""),
        ("a)", 2, ""),
        ("a or", 3, '"or"'),
        ("title:/(/", 7, ""),
        ('x "y', 3, ""),
        ("parent:zz", 8, ""),
        ("tags:", 6, "no:FIELD"),
        ("progress:*", 10, "has:progress"),
        ("(" * 60 + "a", 41, ""),
        ("a " * 400, 601, "commas"),
    ],
)
def test_errors_point_at_the_column(query: str, column: int, hint: str) -> None:
    with pytest.raises(BadQuery) as caught:
        bind(parse(query), NAMES)
    assert caught.value.column == column
    assert str(caught.value).splitlines()[-1] == "  " + " " * (column - 1) + "^"
    assert hint in caught.value.hint


def test_wild_is_linear() -> None:
    assert not wild("*" + "a*" * 500 + "b", "a" * 20000)
    assert wild("a*a", "aa")
    assert not wild("a*a", "a")


def test_slow_regular_expression_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    sql.register(connection)
    with pytest.raises(BadQuery, match="too long"):
        match("^(a|aa)+$", False, "a" * 80 + "!")
    with pytest.raises(BadQuery, match="too long"):
        sql.fetch(connection, "SELECT match(?, ?, ?)", ("^(a|aa)+$", 0, "a" * 80 + "!"))
    connection.close()


def test_urgency_terms_sum_to_the_urgency() -> None:
    facts = Facts(TASKS, NAMES.schema, TODAY)
    found = terms(TASKS[0], facts, {}, TODAY)
    assert [name for name, _, _ in found] == ["due", "priority.high", "blocking", "tags"]
    assert urgency(TASKS[0], facts, {}, TODAY) == sum(
        factor * weight for _, factor, weight in found
    )
    assert urgency(TASKS[2], facts, {}, TODAY) == 0.0


def test_many_values_stay_within_sqlite_depth() -> None:
    connection = sqlite3.connect(":memory:")
    compiled = sql.compile(bind(parse("urgency:" + ",".join(map(str, range(1500)))), NAMES), NAMES)
    assert compiled.where.count(" <= ?, 0)") == 1500
    connection.close()


@pytest.mark.parametrize("value", ["Loading...", "...", "a...b", "wait....", "...so"])
def test_three_dots_are_no_range(value):
    term = parse(f"title:{value},b").where
    assert [each.text for each in term.items] == [value, "b"]
