"""How long the long tests go on: ``PLAINTRACK_SOAK=10 make test-long`` does ten times as much."""

import os

SOAK = float(os.environ.get("PLAINTRACK_SOAK", "1"))


def soak(count):
    """So many operations, or more of them."""
    return max(1, round(count * SOAK))


def one_of(count):
    """The step with which to go through moments of which one of ``count`` is tried."""
    return max(1, round(count / SOAK))
