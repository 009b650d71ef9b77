"""How long the long tests go on: ``PLAINTRACK_SOAK=10 make test-long`` does ten times as much."""

import os

import pytest

SOAK = float(os.environ.get("PLAINTRACK_SOAK", "1"))


def soak(count):
    """So many operations, or more of them."""
    return max(1, round(count * SOAK))


def one_of(count):
    """The step with which to go through moments of which one of ``count`` is tried."""
    return max(1, round(count / SOAK))


def each(cases, daily):
    """The cases as parameters, of which the daily suite takes one of ``daily``: the others are slow."""
    return [
        pytest.param(case, marks=[] if at % daily == 0 else [pytest.mark.slow])
        for at, case in enumerate(cases)
    ]
