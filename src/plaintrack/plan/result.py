"""What a plan says: when each activity is worked on, by whom and with what, and what it cannot
place.
"""

from typing import NamedTuple

from plaintrack import __version__
from plaintrack.plan.capacity import Runs
from plaintrack.plan.problem import Problem

PLAINTRACK = "plaintrack"
"""The name of the planner that is always there, as ``solver``."""


class Hold(NamedTuple):
    """Units of a resource (its index) taken in these slots."""

    resource: int
    units: int
    runs: Runs


class Part(NamedTuple):
    """A run of work: all of an activity, or the part of an effort that is one person's."""

    start: int
    end: int
    runs: Runs
    holds: tuple[Hold, ...]


class Placed(NamedTuple):
    """One activity: its first slot, the slot after its last, and its parts. A milestone, and what
    has ended, has none (except what was closed on the day on which an older plan has its end: it
    keeps what it held); for what has begun, ``start`` is when it began. ``choice`` names the
    people and equipment chosen, in the order of its people and needs.
    """

    id: str
    start: int
    end: int
    parts: tuple[Part, ...]
    choice: tuple[str, ...] | None


class Unplanned(NamedTuple):
    """An activity without dates, and why."""

    id: str
    reason: str


class Clash(NamedTuple):
    """A pinned activity that cannot be where it is pinned because of another one. ``how``: "link"
    (it is planned there nevertheless, before the other lets it) or "resource" (it is not planned).
    """

    id: str
    other: str
    how: str


class Plan(NamedTuple):
    """A whole plan. ``placed`` is aligned with the activities of the problem; ``order`` is the
    list of ids that made it; ``end`` the last end; ``late`` the sum of started days past due,
    times priority; ``schedules`` how many were tried; ``moved`` whether a plan that began with
    another one gave an unchanged activity other dates; ``solver`` and its ``version`` who made it.
    """

    problem: Problem
    objective: str
    placed: tuple[Placed | None, ...]
    unplanned: tuple[Unplanned, ...]
    clashes: tuple[Clash, ...]
    order: tuple[str, ...]
    end: int
    late: int
    schedules: int
    moved: bool = False
    solver: str = PLAINTRACK
    version: str = __version__

    def by_id(self) -> dict[str, Placed]:
        """The placed activities by id."""
        return {one.id: one for one in self.placed if one}
