"""Earned value and earned schedule against plain loops and a worked example."""

import random

import pytest

from plaintrack.flow.value import Left, Work, earned, planned, schedule_earned, value

ZERO = 730_000


def work(number, estimate, start, due, **more):
    about = {"begun": False, "done": False, "remaining": None, "spent": 0.0, "gone": False, **more}
    return Work(f"T-{number}", f"Item {number}", estimate, ZERO + start, ZERO + due, **about)


def test_a_worked_example():
    """Ten days of eight hours a day; five days' worth is done at the end of day 8, for 60 hours."""
    works = [
        work(n, 8.0, n, n, begun=n < 5, done=n < 5, spent=12.0 if n < 5 else 0.0) for n in range(10)
    ]
    facts = value(works, Left(0, 0), "0/100", ZERO + 7, "v1").facts
    assert (facts["BAC"], facts["PV"], facts["EV"], facts["AC"]) == (80, 64, 40, 60)
    assert (facts["SV"], facts["CV"]) == (-24, -20)
    assert (facts["SPI"], facts["CPI"]) == (0.62, 0.67)
    assert (facts["ES days"], facts["AT days"], facts["SPI(t)"]) == (5, 8, 0.62)
    assert (facts["EAC"], facts["TCPI"]) == (120, 2)


def test_spi_of_time_does_not_go_to_one_when_a_late_project_ends():
    works = [work(n, 8.0, n, n, begun=True, done=True, spent=8.0) for n in range(10)]
    facts = value(works, Left(0, 0), "0/100", ZERO + 19, "v1").facts
    assert facts["SPI"] == 1
    assert facts["SPI(t)"] == 0.5


def test_a_plan_with_a_gap_is_on_schedule_in_it_and_time_ends_with_the_work():
    works = [work(0, 8.0, 0, 0, done=True, done_day=ZERO), work(1, 8.0, 9, 9)]
    facts = value(works, Left(0, 0), "0/100", ZERO + 5, "v1").facts
    assert (facts["ES days"], facts["AT days"], facts["SPI(t)"]) == (6, 6, 1)
    late = value(works, Left(0, 0), "0/100", ZERO + 11, "v1").facts
    assert (late["ES days"], late["AT days"], late["SPI(t)"]) == (9, 12, 0.75)
    done = [works[0], works[1]._replace(done=True, done_day=ZERO + 11)]
    over = value(done, Left(0, 0), "0/100", ZERO + 50, "v1").facts
    assert (over["ES days"], over["AT days"], over["SPI(t)"]) == (10, 12, 0.83)


@pytest.mark.parametrize("seed", range(4))
def test_planned_value_day_by_day(seed):
    rng = random.Random(seed)
    works = []
    for n in range(12):
        start = rng.randrange(20)
        works.append(work(n, rng.choice([2.0, 5.0, 8.0]), start, start + rng.randrange(9)))
    for at in range(-1, 32):
        total = 0.0
        for each in works:
            days = range(each.start, each.due + 1)
            total += each.estimate * sum(d <= ZERO + at for d in days) / len(days)
        assert planned(works, ZERO + at) == pytest.approx(total)
        first = min(each.start for each in works)
        if 0 < total < sum(each.estimate for each in works):
            passed = ZERO + at - first + 1
            assert schedule_earned(works, total, passed) == pytest.approx(passed)  # as planned
            reached = schedule_earned(works, total, 0)
            assert planned(works, first + int(reached) - 1) <= total + 1e-9
            assert reached <= passed + 1e-9
    assert planned(works, ZERO + 40) == pytest.approx(sum(each.estimate for each in works))


@pytest.mark.parametrize(
    ("state", "all_or_nothing", "half", "remaining"),
    [
        ({}, 0, 0, 0),
        ({"begun": True}, 0, 4, 0),
        ({"begun": True, "remaining": 2.0}, 0, 4, 6),
        ({"begun": True, "remaining": 12.0}, 0, 4, 0),
        ({"begun": True, "done": True}, 8, 8, 8),
        ({"begun": True, "done": True, "gone": True}, 0, 0, 0),
    ],
)
def test_rules_of_earning(state, all_or_nothing, half, remaining):
    one = work(1, 8.0, 0, 3, **state)
    assert earned(one, "0/100") == all_or_nothing
    assert earned(one, "50/50") == half
    assert earned(one, "remaining") == remaining


def test_what_is_in_no_sum_is_said():
    answer = value([work(1, 8.0, 0, 3, spent=None)], Left(2, 1), "50/50", ZERO + 1, "v1")
    assert answer.notes == [
        "earned by the rule 50/50; in hours of effort, against v1",
        "left out: 2 items without an estimate",
        "left out: 1 item without a due day",
        "what was spent on 1 item is unknown and not in AC",
    ]
    assert value([], Left(0, 0), "0/100", ZERO, "v1").facts == {"items": 0}
