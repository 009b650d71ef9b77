"""A second solver only proposes: what it says goes through the planner's own pass, and is taken if it is better."""

from importlib import metadata
from random import Random
from types import SimpleNamespace

import feasible
import making
import pytest
from test_psplib import INSTANCE, psplib

from plaintrack.plan import cpsat
from plaintrack.plan.compare import TwoSolvers, compare
from plaintrack.plan.problem import Activity, Need, Off, Problem, Resource
from plaintrack.plan.schedule import Candidate, _started, schedule

DAY = making.DAY


class StandIn:
    """Proposes the list of the plan it is given, shuffled or backwards."""

    name, version = "stand-in", "1"

    def __init__(self, seed):
        self.random = Random(seed)

    def better(self, setting, start, objective):
        listed = list(start.order)
        self.random.shuffle(listed)
        return Candidate(listed, [None] * len(setting.serial.problem.activities))


def figures(plan, objective):
    return (plan.end, plan.late) if objective == "end" else plan.late


@pytest.mark.parametrize("objective", ["serve", "end"])
def test_whatever_is_proposed_the_plan_is_feasible_and_no_worse(objective):
    for seed in range(6):
        problem = making.problem(seed, count=6, facts=False)._replace(links=())
        alone = schedule(problem, objective, schedules=6)
        plan = schedule(problem, objective, schedules=6, solver=StandIn(seed))
        assert feasible.problems(problem, plan) == []
        assert figures(plan, objective) <= figures(alone, objective)
        assert (plan.solver, plan.version) == ("stand-in", "1")


def test_without_the_package_it_is_an_error(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(cpsat.SolverNotInstalled) as error:
        cpsat.CpSat()
    assert error.value.message == "the solver cp-sat needs the package ortools"
    assert "plaintrack[plan]" in error.value.hint


def test_plans_of_two_solvers_are_not_compared():
    one, other, newer = (
        SimpleNamespace(plan=SimpleNamespace(solver=solver, version=version))
        for solver, version in (("plaintrack", "1.0"), ("cp-sat", "9.15"), ("cp-sat", "9.16"))
    )
    for pair in ((one, other), (other, one), (other, newer)):
        with pytest.raises(TwoSolvers):
            compare(*pair, ("a", "b"))


@pytest.fixture
def solver():
    pytest.importorskip("ortools")
    return cpsat.CpSat(0.05)


@pytest.mark.parametrize("objective", ["serve", "end"])
def test_its_plans_keep_all_rules_and_are_no_worse(solver, objective):
    for seed in range(12):
        problem = making.problem(seed, count=8)
        alone = schedule(problem, objective, schedules=6)
        plan = schedule(problem, objective, schedules=6, solver=solver)
        assert feasible.problems(problem, plan) == [], seed
        assert figures(plan, objective) <= figures(alone, objective), seed
        assert plan == schedule(problem, objective, schedules=6, solver=solver), seed


def test_more_than_it_can_take_is_an_error_before_a_model_is_built(solver, monkeypatch):
    monkeypatch.setattr(cpsat, "STARTS", 3)
    with pytest.raises(cpsat.TooMuchForSolver, match=r"more than the solver cp-sat can take \(3\)"):
        schedule(psplib.read(INSTANCE), "end", schedules=1, solver=solver)


def test_it_finds_the_best_end_that_one_schedule_misses(solver):
    problem = psplib.read(INSTANCE)
    plan = schedule(problem, "end", schedules=1, solver=solver)
    assert psplib.faults(problem, plan) == []
    assert plan.end == 7
    assert plan.version == metadata.version("ortools")


def test_it_finds_who_should_do_what(solver):
    # served first, the one that both can do takes ana, who is there sooner
    runs = making.week(20, units=100)
    people = (
        Resource("ana", runs, (Off(2 * DAY, 12 * DAY, "leave"),)),
        Resource("bob", runs, (Off(0, DAY, "leave"),)),
    )
    activities = (
        Activity("either", "effort", 4, (Need(((0, 100), (1, 100))),), due=5 * DAY, rank=1),
        Activity("ana's", "effort", 4, (Need(((0, 100),)),), due=3 * DAY),
    )
    problem = Problem(activities, (), people, horizon=20 * DAY, slots_per_day=DAY)
    setting, start = _started(problem, None)
    assert start.found.choice == [(0,), (0,)]
    assert solver.better(setting, start, "serve").choices == [(1,), (0,)]
