"""The search ends even where all lists make the same schedule."""

from plaintrack.plan.problem import Activity, Problem
from plaintrack.plan.schedule import schedule


def test_one_schedule_only():
    """Two activities that need nothing: every order of them makes the same schedule."""
    problem = Problem(
        (Activity("a", work=2, release=4), Activity("b", work=1, due=1)), (), (), (), 50
    )
    plan = schedule(problem, "end", schedules=60)
    assert plan.end == 6
    assert plan.schedules <= 63
