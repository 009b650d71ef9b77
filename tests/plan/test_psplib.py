"""The benchmark reads PSPLIB's format and finds the best end of a small instance."""

import sys

import pytest
from conftest import ROOT

from plaintrack.plan.schedule import schedule

sys.path.insert(0, str(ROOT / "benchmarks"))
import psplib

INSTANCE = """\
jobs (incl. supersource/sink ):  6
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           6
   5        1          1           6
   6        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    0
  3      1     2       2    1
  4      1     2       1    0
  5      1     3       1    1
  6      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    3    1
************************************************************************
"""


def test_an_instance_is_read_and_planned():
    problem = psplib.read(INSTANCE)
    assert [activity.work for activity in problem.activities] == [0, 3, 2, 2, 3, 0]
    assert [resource.runs[0] for resource in problem.resources] == [(0, 10, 3), (0, 10, 1)]
    plan = schedule(problem, "end", schedules=200)
    assert psplib.faults(problem, plan) == []
    assert plan.end == 7


@pytest.mark.parametrize("objective", ["serve", "end"])
def test_what_is_wrong_with_a_plan_is_found(objective):
    problem = psplib.read(INSTANCE)
    plan = schedule(problem, objective, schedules=200)
    early = plan._replace(
        placed=tuple(one._replace(start=0, end=one.end - one.start) for one in plan.placed)
    )
    assert psplib.faults(problem, early)
