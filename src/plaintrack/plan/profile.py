"""A person or a pool of equipment with all that belongs to it: time, leave and work."""

from datetime import date
from typing import NamedTuple

from plaintrack.model.person import Leave
from plaintrack.model.staff import Equipment, Person
from plaintrack.model.task import Task


class Week(NamedTuple):
    """One week: the minutes there are (None: not known), and why they are fewer than usual."""

    name: str
    first: date
    minutes: int | None
    why: tuple[str, ...] = ()


class Away(NamedTuple):
    """Leave or maintenance with the working days it takes (None: not known)."""

    leave: Leave
    days: float | None


class Balance(NamedTuple):
    """The days of leave of one kind in a year, against the allowance for it.

    Days on which the person would work count, half a day for a half. Taken are those before today,
    planned those from today on; what is left is the allowance less both. Days that are only asked
    for are shown beside it. Public holidays and days that a part-timer does not work cost nothing.
    """

    year: int
    kind: str
    allowed: float
    taken: float
    planned: float
    asked: float

    @property
    def left(self) -> float:
        """The days that are neither taken nor planned."""
        return self.allowed - self.taken - self.planned


class Profile(NamedTuple):
    """One person or pool with what belongs to it; ``known``: it is known when they are there."""

    who: Person | Equipment
    known: bool
    weeks: tuple[Week, ...]
    away: tuple[Away, ...]
    balances: tuple[Balance, ...]
    work: tuple[Task, ...]


class Roster(NamedTuple):
    """Profiles by handle; ``missing``: the settings name a folder of files, and none are there;
    ``weeks``: the names of the weeks that each profile has.
    """

    profiles: tuple[Profile, ...]
    missing: bool = False
    weeks: tuple[str, ...] = ()
