"""Urgency's terms `tight` and `inherit`, against sums done by hand and by brute force."""

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.model.fields import schema
from plaintrack.model.task import Task
from plaintrack.query import urgency
from plaintrack.query.facts import Facts
from plaintrack.query.urgency import DEFAULT, free, own, pressed, terms
from plaintrack.when.calendars import FARTHEST, Calendar, Stretch

MONDAY = datetime.date(2026, 11, 23)
SCHEMA = schema(timezone="UTC")


def task(name, **fields):
    return Task(f"tasks/{name}.md", name, {"status": "todo", **fields})


def tight(today=MONDAY, minutes=None, **fields):
    facts = Facts([], SCHEMA, today, {"tight": 1.0}, minutes=minutes)
    found = terms(task("a", **fields), facts, {"tight": 1.0}, today)
    return next((factor for name, factor, _ in found if name == "tight"), None)


@pytest.mark.parametrize(
    ("fields", "factor"),
    [
        ({"estimate": "1d", "due": "2026-11-23"}, None),  # it fits exactly, so it adds nothing
        ({"estimate": "2d", "due": "2026-11-23"}, 0.5),  # 16 h of work in 8 h
        ({"estimate": "4h", "due": "2026-11-23"}, -1.0),
        ({"estimate": "8d", "due": "2026-12-01"}, (8 - 7) / 8),  # Mon to Fri, Mon, Tue
        ({"estimate": "9d", "remaining": "2d", "due": "2026-11-25"}, -0.5),
        ({"estimate": "2d", "remaining": "soon", "due": "2026-11-23"}, 0.5),
        ({"estimate": "1d", "due": "2026-11-20"}, 1.0),
        ({"estimate": "1d", "due": "9999-12-31"}, -1.0),
        ({"estimate": "0h", "due": "2026-11-23"}, None),
        ({"due": "2026-11-20"}, None),
        ({"estimate": "1d"}, None),
        ({"estimate": "1d", "due": "2026-11-20", "status": "done"}, None),
    ],
)
def test_how_tight_a_due_date_is(fields, factor):
    assert tight(**fields) == factor


def test_by_the_calendar():
    calendar = Calendar(frozenset({0, 1}), own={datetime.date(2026, 11, 25): 120})
    minutes = lambda day: calendar.worked(day, 480)  # noqa: E731
    assert tight(minutes=minutes, estimate="20h", due="2026-11-29") == (20 - 18) / 20
    assert (
        tight(datetime.date(2026, 11, 24), minutes, estimate="20h", due="2026-11-29")
        == (20 - 10) / 20
    )


def test_a_stretch_is_the_sum_of_its_days():
    calendar = Calendar(
        holidays=frozenset({datetime.date(2026, 12, 25)}), hours=(480, 480, 240, -1, -1, -1, -1)
    )
    stretch = Stretch(MONDAY, lambda day: calendar.worked(day, 360), 480)
    for days in (400, 3, 0, 40, -1):
        expected = sum(
            calendar.worked(MONDAY + datetime.timedelta(each), 360) for each in range(days + 1)
        )
        assert stretch.until(MONDAY.toordinal() + days) == expected
    assert stretch.until(10**7) == stretch.until(MONDAY.toordinal() + FARTHEST - 1)


def test_out_of_the_box_nothing_changes():
    tasks = [
        task("a", due="2026-11-20", estimate="9d"),
        task("b", depends_on=("a",), priority="critical", due="2026-11-01"),
    ]
    facts = Facts(tasks, SCHEMA, MONDAY)
    assert DEFAULT["tight"] == DEFAULT["inherit"] == 0.0
    assert {name for each in tasks for name, *_ in terms(each, facts, {}, MONDAY)} <= {
        "due",
        "blocking",
        "blocked",
        "priority.critical",
    }


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)
VALUES = st.lists(st.integers(-5, 9), min_size=8, max_size=8)


@given(VALUES, EDGES)
def test_the_most_urgent_that_waits_by_brute_force(values, edges):
    known = {number: float(value) for number, value in enumerate(values) if value != 0}
    edges = [pair for pair in edges if set(pair) <= known.keys()]
    expected = {}
    for item in known:
        reached, waiting = set(), [item]
        while waiting:
            needed = waiting.pop()
            behind = {one for one, two in edges if two == needed} - reached
            reached |= behind
            waiting += behind
        if reached:
            expected[item] = max(known[each] for each in reached)
    assert pressed(known, edges) == expected


def test_an_item_is_as_urgent_as_what_waits_for_it():
    weights = {"inherit": 1.0}
    low, middle, top = (
        task("low"),
        task("middle", depends_on=("low",)),
        task("top", depends_on=("Middle",), priority="critical", due="2026-11-01"),
    )
    closed = task("closed", depends_on=("low",), status="done", tags="next")
    facts = Facts([low, middle, top, closed], SCHEMA, MONDAY, weights)
    full = {**DEFAULT, **weights}
    alone = free(own(top, facts, full, MONDAY))
    assert alone == 12.0 + 9.0
    for each in (low, middle):
        assert facts.urgency(each) == pytest.approx(alone)
        assert terms(each, facts, weights, MONDAY)[-1][0] == "inherit"
    assert facts.urgency(top) == pytest.approx(
        alone - 5.0
    )  # it is blocked, and nothing waits for it
    half = Facts([low, middle, top], SCHEMA, MONDAY, {"inherit": 0.5})
    assert half.urgency(low) == pytest.approx(8.0 + (alone - 8.0) / 2)


def test_long_chains_and_circles_end_at_once():
    count = 20000
    chain = [(number, number + 1) for number in range(count)]
    values = dict.fromkeys(range(count + 1), 1.0) | {0: 9.0}
    started = time.process_time()
    assert set(pressed(values, [*chain, (count, 0)]).values()) == {9.0}
    assert time.process_time() - started < 1
    assert urgency.tight_factor(1e12, 0.0) == 1.0
