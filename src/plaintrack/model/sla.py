"""A Clock: one cycle of an SLA for one item, as lists, queries, checks and rules know it."""

from collections.abc import Mapping
from typing import NamedTuple

STATES = ("running", "paused", "met", "breached")
PARTS = ("", ".left", ".state")
"""The fields of an SLA, behind ``sla.NAME``: the percentage of the goal that is used, what is left
of it, and the state.
"""


class Clock(NamedTuple):
    """One cycle. ``start``, ``stop`` (None: it goes on) and ``ends`` (when the goal passes, if
    nothing changes; None: it does not, or has) are Unix seconds; ``used`` (None: it never left
    pause) and ``goal`` are minutes of working time.
    """

    state: str
    start: int
    stop: int | None
    used: float | None
    goal: float
    ends: int | None = None

    @property
    def share(self) -> float | None:
        """The percentage of the goal that is used."""
        return None if self.used is None else 100 * self.used / self.goal

    @property
    def left(self) -> float:
        """The minutes of the goal that are left, less than 0 after it."""
        return self.goal - (self.used or 0)

    @property
    def open(self) -> bool:
        """Whether the cycle goes on."""
        return self.stop is None


Clocks = Mapping[str, Clock]
"""Name of an SLA → the latest cycle of an item."""


def names(slas: Mapping[str, object]) -> tuple[str, ...]:
    """The derived fields of some SLAs."""
    return tuple(f"sla.{name}{part}" for name in slas for part in PARTS)


def value(clocks: Clocks, field: str) -> str | float | None:
    """What a derived field says of the clocks of an item; None for nothing."""
    name, _, part = field.removeprefix("sla.").partition(".")
    clock = clocks.get(name)
    if clock is None:
        return None
    if part == "left":
        return clock.left
    return clock.state if part == "state" else clock.share
