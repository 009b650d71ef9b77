"""A plan as people read it: one line an item, and what the whole says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from plaintrack.plan.draft import Draft
from plaintrack.plan.result import Clash, Plan


class WhatIf(NamedTuple):
    """Changes to the world that no file says: who is away from when to when, and how much more
    there is of what; and another solver than that of the settings.
    """

    away: tuple[tuple[str, date, date], ...] = ()
    more: tuple[tuple[str, int], ...] = ()
    assume: str = ""
    solver: str = ""


AS_IS = WhatIf()
"""The world as the files say it."""


class Line(NamedTuple):
    """One item of a plan. Days are ISO dates, empty where there are none; ``late`` are days past
    ``due``, ``slip`` days past ``target``, the end agreed on; ``slack`` are minutes of work
    (None: it does not apply). ``summary``: it lasts as long as what is below it. ``reason``: why it
    has no dates. ``clash``: the item that does not leave it the time it is pinned to.
    """

    id: str
    title: str
    type: str
    status: str
    project: str
    who: tuple[str, ...]
    start: str
    end: str
    due: str
    late: int
    slack: int | None
    critical: bool
    waits_for: tuple[str, ...]
    why: str
    causes: tuple[Mapping[str, Any], ...]
    reason: str
    assumed: bool
    occurrence: bool
    summary: bool
    begun: bool
    milestone: bool
    target: str = ""
    slip: int = 0
    clash: str = ""


class Planned(NamedTuple):
    """A plan as people read it. ``chain`` are the ids that drive the end, the first first;
    ``circle`` are items that wait for each other, and so have no dates. ``staffed``: there are
    people's files, ``unseen``: the settings name a folder of them and none is here.
    """

    lines: tuple[Line, ...]
    plan: Plan
    draft: Draft
    chain: tuple[str, ...]
    clashes: tuple[Clash, ...]
    circle: tuple[str, ...]
    today: date
    staffed: bool
    equipped: bool
    unseen: bool = False

    @property
    def end(self) -> str:
        """The day on which everything planned is done; empty if nothing is planned."""
        return max((line.end for line in self.lines if not line.occurrence), default="")

    @property
    def undated(self) -> list[Line]:
        """The items without dates."""
        return [line for line in self.lines if line.reason]

    @property
    def late(self) -> list[Line]:
        """The items that end past their due dates, the latest first."""
        late = [line for line in self.lines if line.late > 0 and not line.occurrence]
        return sorted(late, key=lambda line: (-line.late, line.id))
