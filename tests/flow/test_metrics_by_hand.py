"""Metrics against the same numbers from plain loops over days, and the laws that they obey."""

import random
from collections import Counter
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.flow import metrics, scope
from plaintrack.flow.accuracy import estimates
from plaintrack.flow.answer import View
from plaintrack.flow.figures import behaviour, percentile
from plaintrack.flow.passage import Ladder, passages
from plaintrack.flow.series import Series, Step, Workflow
from plaintrack.flow.value import milestones
from plaintrack.timeclock.accuracy import Case

STATUSES = {
    "todo": "open",
    "doing": "active",
    "review": "active",
    "done": "done",
    "no": "cancelled",
}
DAY = 86_400
ZERO = 730_000  # the ordinal of day 0


def view(lives, days, **more):
    """A View of lives: name → [(day, status or None, more fields)], the day a commit each."""
    steps = {}
    for name, events in lives.items():
        made, there = [], False
        for day, status, fields in events:
            changes = {"-": 1} if status is None else {"status": status, **fields}
            if status is not None and not there:
                changes = {"+": 1, "id": name, **changes}
            there = status is not None
            made.append(Step(day, day * DAY + 500, day * DAY, "Ana\ta@b", changes))
        steps[name] = made
    known = Series(steps, [Workflow(0, 0, STATUSES)], 0, days * DAY, days)
    ladder = Ladder(STATUSES)
    found = passages(known, ladder, STATUSES, lambda _: None, False)
    given = {
        "items": found, "all": {each.key: each for each in found}, "ladder": ladder,
        "first": ZERO, "last": ZERO + days - 1, "per": "day", "day": lambda time: ZERO + time // DAY,
        "size": lambda fields: float(fields["size"]) if fields.get("size") else None,
        "unit": "points", "member": lambda fields: fields.get("milestone") == "m", "fixed": False,
        "now": days * DAY - 1, "on": lambda text: int(text) if text else None,
    }  # fmt: skip
    return View(**{**given, **more})


def simulated(lives, days):
    """Name → [the state at the end of each day]: (status, fields), or None where it is not there."""
    found = {}
    for name, events in lives.items():
        states, now = [], None
        fields = {}
        for day in range(days):
            for when, status, more in events:
                if when == day:
                    if status is None:
                        now, fields = None, {}
                    else:
                        fields = {**fields, **more}
                        now = (status, dict(fields))
            states.append(now)
        found[name] = states
    return found


event = st.tuples(
    st.sampled_from(["todo", "doing", "review", "done", "no", None]),
    st.fixed_dictionaries(
        {},
        optional={
            "size": st.sampled_from(["1", "2", "5"]),
            "milestone": st.sampled_from(["m", "n"]),
        },
    ),
)
life = st.dictionaries(st.integers(0, 19), event, min_size=1, max_size=7).map(
    lambda days: [(day, *days[day]) for day in sorted(days)]
)
lives = st.lists(life, min_size=1, max_size=5).map(
    lambda some: {f"t-{number}": each for number, each in enumerate(some) if each[0][1] is not None}
)


@given(lives)
@settings(max_examples=60, deadline=None)
def test_burnup_is_what_was_there_each_day(some):
    found = scope.days(view(some, 20))
    states = simulated(some, 20)
    for day, each in enumerate(found):
        inside = [
            state[day] for state in states.values()
            if state[day] and state[day][0] != "no" and state[day][1].get("milestone") == "m"
        ]  # fmt: skip
        assert each.items == len(inside)
        assert each.scope == sum(float(fields.get("size", 0)) for _, fields in inside)
        done = [fields for status, fields in inside if status == "done"]
        assert each.done == sum(float(fields.get("size", 0)) for fields in done)
        assert each.unsized == sum("size" not in fields for _, fields in inside)
    left = [row[1] for row in scope.burndown(view(some, 20)).rows]
    assert left == [each.scope - each.done for each in found]
    ends = scope.scope(view(some, 20)).rows
    change = sum((row[4] or 0) * (-1 if row[1] == "removed" else 1) for row in ends)
    assert change == found[-1].scope - 0


def entered(states, first, active):
    """The day of the last entry into one of the statuses that holds to the end, by a plain loop."""
    order = ["todo", "doing", "review", "done"]
    entry = {}
    for day, state in enumerate(states):
        if state is None or state[0] == "no":
            continue
        rank = order.index(state[0])
        for later in order[rank + 1 :]:
            entry.pop(later, None)
        entry.setdefault(state[0], day)
    days = [entry[name] for name in order[order.index(active) :] if name in entry]
    return min(days) if days else None


@given(lives)
@settings(max_examples=60, deadline=None)
def test_started_and_done_by_a_plain_loop(some):
    found = {each.key: each for each in view(some, 20).items}
    for name, states in simulated(some, 20).items():
        events = some[name]
        if len(events) != len({day for day, *_ in events}) or any(e[1] is None for e in events):
            continue
        first = next(state for state in states if state)
        if first[0] in ("done", "no"):
            continue  # first seen closed: by its stamps
        start, done = entered(states, 0, "doing"), entered(states, 0, "done")
        if states[-1][0] == "no":
            done = None
        each = found[name]
        assert (None if each.started is None else each.started // DAY) == start
        assert (None if each.done is None else each.done // DAY) == done


def seen_open(some):
    """The lives that began before they were closed, and without deletions."""
    return {
        name: events
        for name, events in some.items()
        if events[0][1] not in ("done", "no") and all(event[1] for event in events)
    }


ORDER = ("todo", "doing", "review", "done")


def entries_of(some):
    """Name → (states by day, status → day of its last entry, the day since which it is closed)."""
    found = {}
    for name, states in simulated(some, 20).items():
        closed = None
        for day in reversed(range(20)):
            if states[day] and states[day][0] not in ("done", "no"):
                break
            closed = day
        days = {status: entered(states, 0, status) for status in ORDER}
        if states[-1][0] == "no":
            days["done"] = None
        found[name] = (states, days, closed)
    return found


@given(lives.map(seen_open))
@settings(max_examples=60, deadline=None)
def test_what_is_in_progress_and_what_had_reached_a_status_day_by_day(some):
    every, found = entries_of(some).values(), view(some, 20)
    counts, bands = metrics.wip(found).rows, metrics.cfd(found).rows
    for day in range(20):
        going = [
            states[day]
            for states, days, closed in every
            if days["doing"] is not None and days["doing"] <= day and (closed or 99) > day
        ]
        assert counts[day][1] == len(going)
        for at, status in enumerate(ORDER[:-1], 1):
            reached = [days[status] for _, days, _ in every if days[status] is not None]
            assert bands[day][at] == sum(each <= day for each in reached)


@given(lives.map(seen_open))
@settings(max_examples=60, deadline=None)
def test_lead_times_and_times_in_a_status_by_counting_days(some):
    found = view(some, 20)
    done = [
        (name, states, days["done"])
        for name, (states, days, _) in entries_of(some).items()
        if days["done"] is not None
    ]
    lengths = {
        name: sum(1 for day in range(end + 1) if any(states[: day + 1]))
        for name, states, end in done
    }
    lead = metrics.lead_time(found)
    assert {row[0]: row[4] for row in lead.rows} == lengths
    for percent in (50, 70, 85, 95):
        least = [
            value
            for value in lengths.values()
            if sum(other <= value for other in lengths.values()) * 100 >= percent * len(lengths)
        ]
        assert lead.facts[f"p{percent}"] == min(least, default=None)
    spent = {
        status: [
            count
            for _, states, _ in done
            if (count := sum(bool(state) and state[0] == status for state in states))
        ]
        for status in ORDER[:-1]
    }
    whole = sum(map(sum, spent.values()))
    rows = {row[0]: row[1:] for row in metrics.status_time(found).rows}
    assert set(rows) == {status for status, days in spent.items() if days}
    for status, (items, mean, *_, most, share) in rows.items():
        days = spent[status]
        assert items == len(days)
        assert mean == pytest.approx(sum(days) / len(days), abs=0.01)
        assert most == max(days)  # of fewer than twenty values the 95th percentile is the last
        assert share == round(sum(days) / whole * 100)


@given(lives.map(seen_open))
@settings(max_examples=60, deadline=None)
def test_the_age_of_work_beside_what_finished_work_took_to_get_further(some):
    every = entries_of(some)
    paces = {"doing": [], "review": []}
    for _, days, _ in every.values():
        for status, following in (("doing", "review"), ("review", "done")):
            if days["done"] is not None:
                paces[status].append(days[following] - days["doing"] + 1)
    expected = {}
    for name, (states, days, _) in every.items():
        status = states[-1][0]
        if status in paces:
            age = 20 - days["doing"]
            pace = paces[status]
            faster = round(sum(each < age for each in pace) / len(pace) * 100) if pace else None
            expected[name] = (status, age, percentile(pace, 50), percentile(pace, 85), faster)
    found = metrics.work_item_age(view(some, 20)).rows
    assert {row[0]: tuple(row[2:7]) for row in found} == expected
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)


def test_the_behaviour_of_daily_throughput():
    some = {
        f"t-{n}": [(0, "todo", {"size": "2"}), (day, "done", {})] for n, day in enumerate([1, 1, 4])
    }
    answer = metrics.xmr(view(some, 6))
    assert [row[1:3] for row in answer.rows] == [(0, None), (4, 4), (0, 4), (0, 0), (2, 2), (0, 2)]
    assert (answer.facts["mean"], answer.facts["mean range"]) == (1, 2.4)
    assert answer.facts["upper limit"] == round(1 + 2.66 * 2.4, 2)


def test_each_date_of_a_milestone_and_how_far_it_slipped():
    dues = [(0, 10), (2, 12), (3, 12), (7, 9), (9, 15)]
    some = {
        "m-1": [
            (at, "todo", {"type": "milestone", "due": str(ZERO + due), "size": str(at)})
            for at, due in dues
        ],
        "t-1": [(0, "todo", {"due": str(ZERO + 5)})],
    }
    found = view(some, 20)
    answer = milestones(found, found.items, found.on)
    assert [(row[2].toordinal() - ZERO, row[4]) for row in answer.rows] == [
        (0, 0),
        (2, 2),
        (7, -1),
        (9, 5),
    ]
    assert answer.facts == {"milestones": 1, "slipped": 1, "most days": 5}


def test_estimates_of_what_was_done_in_these_days():
    ends = {"t-1": 3, "t-2": 8, "t-3": 9, "t-4": 9}
    some = {name: [(0, "todo", {}), (end, "done", {})] for name, end in ends.items()}
    cases = {
        "t-1": Case("t-1", 60, 600, "ana", "bug"),
        "t-2": Case("t-2", 120, 60, "ana", "bug"),
        "t-3": Case("t-3", 240, 300, "ben", ""),
    }
    answer = estimates(view(some, 20, first=ZERO + 5), cases)
    assert [(row[0], *row[5:]) for row in answer.rows] == [("t-2", 2, 1, 0.5), ("t-3", 4, 5, 1.25)]
    assert answer.facts["items"] == 2
    assert answer.facts["bias"] == pytest.approx((60 + 300) / (120 + 240), abs=0.005)
    assert answer.notes == ["left out: 1 item without an estimate or logged time"]


def flowing(seed, days=60):
    """Work that begins and ends with nothing in progress, as cycle times have it."""
    rng = random.Random(seed)
    made = {}
    for number in range(25):
        start = rng.randrange(0, days - 10)
        length = rng.randrange(0, 9)
        made[f"t-{number}"] = [
            (start, "todo", {}),
            (start + 1, "doing", {}),
            (start + 1 + length, "done", {}),
        ]
        if not length:
            made[f"t-{number}"] = [(start, "todo", {}), (start + 1, "done", {})]
    return made


@pytest.mark.parametrize("seed", range(5))
def test_littles_law_is_exact_where_nothing_is_in_progress_at_the_ends(seed):
    some = flowing(seed)
    found = view(some, 60)
    facts = metrics.little(found).facts
    total = sum(row[1] for row in metrics.wip(found).rows)
    lengths = [row[4] - 1 for row in metrics.cycle_time(found).rows]
    assert total == sum(lengths)  # mean WIP = throughput × mean exclusive cycle time, times days
    assert facts["mean wip"] == pytest.approx(facts["closed a day × cycle time"], abs=0.002)


@pytest.mark.parametrize("seed", range(3))
def test_the_cfd_never_falls_and_never_crosses(seed):
    rng = random.Random(seed)
    some = {
        f"t-{number}": [
            (day, rng.choice(["todo", "doing", "review", "done"]), {})
            for day in sorted(rng.sample(range(40), 6))
        ]
        for number in range(20)
    }
    rows = metrics.cfd(view(some, 40)).rows
    for before, after in pairwise(rows):
        assert all(one <= other for one, other in zip(before[1:], after[1:], strict=True))
    assert all(one >= other for row in rows for one, other in pairwise(row[1:]))


def test_throughput_counts_periods_with_nothing_and_names_a_bulk_close():
    some = {f"t-{n}": [(n, "todo", {}), (n + 1, "done", {})] for n in (0, 3, 4)}
    some |= {f"b-{n}": [(0, "todo", {}), (9, "done", {})] for n in range(20)}
    answer = metrics.throughput(view(some, 12))
    assert [row[3] for row in answer.rows] == [0, 1, 0, 0, 1, 1, 0, 0, 0, 20, 0, 0]
    assert any("20 items were closed at once" in note for note in answer.notes)
    assert metrics.bulk(Counter({1: 1, 2: 1, 9: 4})) == []  # four are not many
    assert metrics.bulk(Counter({1: 1})) == []


def test_unsized_work_is_counted_beside_the_sums():
    some = {
        "t-1": [(0, "todo", {"size": "3"}), (1, "done", {})],
        "t-2": [(0, "todo", {}), (1, "done", {})],
    }
    answer = metrics.throughput(view(some, 3))
    assert answer.rows[1][3:] == (2, 3)
    assert any("1 item without a size" in note for note in answer.notes)


def test_blocked_by_a_reason_and_by_open_work_the_union_counts():
    some = {
        "t-1": [
            (0, "todo", {"depends_on": "t-2", "blocker": ""}),
            (2, "doing", {"blocker": "vendor"}),
            (10, "done", {}),
        ],
        "t-2": [(0, "todo", {}), (4, "done", {})],
    }
    row = next(row for row in metrics.blocked(view(some, 20)).rows if row[0] == "t-1")
    assert row[2:5] == (10, 8, False)  # blocked from 0 to 4 by t-2, from 2 to 10 by the vendor
    assert row[5] == "t-2, vendor"


def test_on_time_by_the_last_and_by_the_first_due_day():
    due = str(ZERO + 5), str(ZERO + 9)
    some = {
        "t-1": [(0, "todo", {"due": due[0]}), (3, "todo", {"due": due[1]}), (8, "done", {})],
        "t-2": [(0, "todo", {"due": due[0]}), (4, "done", {})],
        "t-3": [(0, "todo", {"due": due[0]}), (7, "done", {})],
        "t-4": [(0, "todo", {}), (7, "done", {})],
    }
    facts = metrics.on_time(view(some, 20)).facts
    assert facts == {"items": 3, "on time": 2, "rate %": 67, "by the first due day %": 33}


def test_a_streak_ends_with_the_latest_occurrence_that_was_late():
    some = {
        f"t-{n}": [
            (n, "todo", {"due": str(ZERO + n + 1), "series": "t-0", "repeat": "daily"}),
            (n + late, "done", {}),
        ]
        for n, late in enumerate([1, 1, 3, 1, 1, 1])
    }
    row = metrics.streaks(view(some, 20)).rows[0]
    assert row[2:] == (6, 6, 5, 3, 3)


def test_velocity_is_what_was_committed_in_the_sizes_of_then():
    m = {"milestone": "m"}
    some = {
        "t-1": [(0, "todo", {"size": "3", **m}), (8, "done", {})],
        "t-2": [(0, "todo", {"size": "2", **m}), (6, "todo", {"size": "8"}), (8, "done", {})],
        "t-3": [(0, "todo", {"size": "5", **m}), (7, "todo", {"milestone": "n"})],
        "t-4": [(7, "todo", {"size": "1", **m}), (8, "done", {})],
        "t-5": [(0, "todo", {"size": "4", **m})],
    }
    found = view(some, 30)
    one = scope.Iteration("m", "M", "First", ZERO + 2, ZERO + 10)
    row = scope.velocity(found, [one]).rows[0]
    assert row[4:9] == (14, 5, 1, 5, 4)
    assert row[9:] == ("t-4", "t-3", "t-5")


# Figures


@given(st.lists(st.integers(1, 50), min_size=1), st.sampled_from([1, 50, 70, 85, 95, 100]))
def test_a_percentile_is_the_nearest_rank(values, percent):
    found = percentile(values, percent)
    assert sum(each <= found for each in values) >= ceil(percent * len(values) / 100)
    assert found == min(
        each
        for each in values
        if sum(other <= each for other in values) * 100 >= percent * len(values)
    )


def test_limits_of_a_process_as_wheeler_computes_them():
    values = [39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]  # Wheeler, Understanding Variation
    found = behaviour(values)
    mean = sum(values) / 12
    ranges = [abs(values[at] - values[at - 1]) for at in range(1, 12)]
    assert found.mean == pytest.approx(mean)
    assert found.upper == pytest.approx(mean + 2.66 * sum(ranges) / 11)
    assert found.lower == pytest.approx(mean - 2.66 * sum(ranges) / 11)
    assert found.range_limit == pytest.approx(3.268 * sum(ranges) / 11)
    assert found.signals == []
    assert behaviour([*values, 80]).signals[-1] == (12, "outside the limits")
    assert (
        behaviour([1] * 5 + [9, 8, 9, 8, 9, 8, 9, 8]).signals[-1][1] == "eight in a row on one side"
    )
