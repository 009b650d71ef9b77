"""Plans of problems drawn at random are feasible by an independent checker."""

import feasible
import making
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.plan.schedule import schedule

SEEDS = st.integers(0, 10**9)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_plan_is_feasible(seed):
    problem = making.problem(seed)
    for objective, tries in (("serve", 30), ("end", 60)):
        plan = schedule(problem, objective, schedules=tries)
        assert feasible.problems(problem, plan) == []
