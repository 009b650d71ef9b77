"""What items are together, as people and programs read it."""

from typing import NamedTuple


class Rollup(NamedTuple):
    """Counts of work, and sums as durations; empty where nothing is known to add.

    ``unestimated`` counts work without an estimate, ``unknown`` work of which it is not known what
    is left. See ``plaintrack explain roll-up``.
    """

    items: int = 0
    done: int = 0
    unestimated: int = 0
    unknown: int = 0
    estimate: str = ""
    left: str = ""
    spent: str = ""


class Around(NamedTuple):
    """What is told of one item: the time that is logged on it and what is left of it, as durations
    (empty: not known), and what is below it (None: nothing).
    """

    spent: str = ""
    left: str = ""
    below: Rollup | None = None
