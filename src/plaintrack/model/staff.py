"""Who works here and what there is to work with: people, equipment, teams."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.model.problem import Problem
from plaintrack.model.task import fold

if TYPE_CHECKING:
    from plaintrack.model.person import Allowance, Hours, Leave, Rate

AWAY = "away"
"""The type of all leave for those who may not know it."""


class Person(NamedTuple):
    """One person. ``handle`` is what stands in ``assignee``; ``path`` is the file (empty: only the
    settings know the person, and nothing of hours and leave).

    ``since`` and ``until`` are the first and the last day here.
    """

    handle: str
    name: str = ""
    emails: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    hours: tuple["Hours", ...] = ()
    calendar: str = ""
    timezone: str = ""
    skills: tuple[str, ...] = ()
    rates: tuple["Rate", ...] = ()
    allowances: tuple["Allowance", ...] = ()
    leave: tuple["Leave", ...] = ()
    path: str = ""
    lines: tuple[str, ...] = ()
    """The lines of ``leave`` as they are written."""
    formerly: tuple[str, ...] = ()
    """Handles that the person had before."""

    def discreet(self) -> "Person":
        """The same person without rates, allowances and the types of leave."""
        leave = tuple(each._replace(kind=AWAY, note="") for each in self.leave)
        return self._replace(rates=(), allowances=(), leave=leave)

    def skilled(self, skill: str) -> bool:
        """Whether the person has a skill, whatever its case."""
        return fold(skill) in map(fold, self.skills)


class Equipment(NamedTuple):
    """Something that work needs and that is scarce: a pool of ``units`` that are alike."""

    handle: str
    name: str = ""
    units: int = 1
    teams: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    hours: tuple["Hours", ...] = ()
    calendar: str = ""
    maintenance: tuple["Leave", ...] = ()
    path: str = ""


class Disagreement(NamedTuple):
    """A key of a person's file for which the settings have another value."""

    path: str
    handle: str
    key: str
    filed: str
    set: str


class Staff(NamedTuple):
    """All of them, by folded handle. ``teams`` are those of people's files and the groups of the
    settings: folded name → handles of people.

    ``named`` says that the settings name a folder of people's files, ``there`` that some of them
    can be seen: where a folder is named and nothing is there, a private submodule say, the hours
    of people are unknown. ``faults`` are what is wrong in the files, ``differing`` where the
    settings say something else.
    """

    people: Mapping[str, Person] = {}
    equipment: Mapping[str, Equipment] = {}
    teams: Mapping[str, tuple[str, ...]] = {}
    spelled: Mapping[str, str] = {}
    named: bool = False
    there: bool = False
    faults: tuple[Problem, ...] = ()
    differing: tuple[Disagreement, ...] = ()

    def person(self, name: str) -> Person | None:
        """The person of that handle."""
        return self.people.get(fold(name))

    def members(self, name: str) -> tuple[str, ...]:
        """The handles that a name stands for: those of a team, else itself; a leading ``@`` does
        not matter.
        """
        return self.teams.get(fold(name.removeprefix("@")), (name.removeprefix("@"),))

    def known(self, name: str) -> bool:
        """Whether it is a person's or a team's name."""
        key = fold(name)
        return key in self.people or key in self.teams

    def discreet(self) -> "Staff":
        """The same without what only the team may know: rates, allowances, why someone is away.
        Addresses stay, since authors are known by them; what leaves the team is masked.
        """
        return self._replace(people={key: each.discreet() for key, each in self.people.items()})

    def skills(self) -> dict[str, tuple[str, ...]]:
        """Folded skill → handles of those who have it."""
        found: dict[str, list[str]] = {}
        for person in self.people.values():
            for skill in dict.fromkeys(map(fold, person.skills)):
                found.setdefault(skill, []).append(person.handle)
        return {skill: tuple(handles) for skill, handles in found.items()}
