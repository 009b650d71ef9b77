"""The critical path, circles, and the order of a network."""

import pytest

from plaintrack.plan.network import Circle, Network, order, sooner
from plaintrack.plan.problem import Activity, Calendar, Link, Problem
from plaintrack.plan.ways import Ways

WORK = Calendar("work", tuple((day * 4, day * 4 + 2) for day in range(40) if day % 7 < 5))


def network(activities, links, **more):
    problem = Problem(tuple(activities), tuple(links), (), (WORK,), 160, slots_per_day=4, **more)
    return Network(problem, Ways(problem, 160))


def test_times_and_floats_of_a_small_network():
    """The example of every textbook: two ways from one to four, the longer is critical."""
    activities = [
        Activity("a", work=2),
        Activity("b", work=5),
        Activity("c", work=3),
        Activity("d", work=1),
    ]
    links = [Link(0, 1), Link(0, 2), Link(1, 3), Link(2, 3)]
    times = network(activities, links).times()
    assert [(one.early_start, one.early_end) for one in times] == [(0, 2), (2, 7), (2, 5), (7, 8)]
    assert [(one.total, one.free, one.critical) for one in times] == [
        (0, 0, True),
        (0, 0, True),
        (2, 2, False),
        (0, 0, True),
    ]


@pytest.mark.parametrize(
    ("link", "start"),
    [
        (Link(0, 1), 6),
        (Link(0, 1, lag=2), 8),
        (Link(0, 1, lag=2, calendar=0), 10),
        (Link(0, 1, lag=-1), 5),
        (Link(0, 1, lag=-2, calendar=0), 2),
        (Link(0, 1, "SS"), 0),
        (Link(0, 1, "SS", 1), 1),
        (Link(0, 1, "FF"), 3),
        (Link(0, 1, "SF", 5), 2),
    ],
)
def test_a_link_says_when_the_next_may_start(link, start):
    activities = [Activity("a", work=4, calendar=0), Activity("b", "elapsed", work=3)]
    assert network(activities, [link]).times()[1].early_start == start


def test_a_lag_and_its_mirror_agree():
    axis = network([], []).ways.axis(WORK.runs)
    for slot in range(1, 100):
        for lag in range(-6, 7):
            latest = sooner(axis, slot, lag)
            assert axis.later(latest, lag) <= slot or latest == 0
            assert axis.later(latest + 1, lag) > slot


def test_a_weekend_is_no_slack():
    """Floats count working slots: from Friday's end to Monday's start there are none."""
    activities = [Activity("a", work=10, calendar=0), Activity("b", work=2, calendar=0)]
    times = network(activities, [Link(0, 1)]).times()
    assert (times[0].early_end, times[1].early_start, times[0].free) == (18, 28, 0)


def test_a_circle_is_named():
    activities = [Activity(name) for name in "abcde"]
    links = [Link(0, 1), Link(1, 2), Link(2, 3), Link(3, 1), Link(3, 4)]
    with pytest.raises(Circle, match="b → c → d → b"):
        network(activities, links)


def test_a_long_circle_is_named_in_short():
    count = 20_000
    problem = Problem(
        tuple(Activity(f"a{number}") for number in range(count)),
        tuple(Link(number, (number + 1) % count) for number in range(count)),
    )
    with pytest.raises(Circle, match="a0 → a1 → a2 → a3 → a4 → a5 → a6 → a7 → … → a0"):
        order(problem, [0] * count)
