"""What differs between two plans: what moves, by how many working days and why, what is newly late
and what is no longer.
"""

from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.plan.answer import Line, Planned


class TwoSolvers(PlaintrackError):
    """Plans of two solvers differ also where the work does not, so they are not compared."""

    slug = "two-solvers"

    def __init__(self, before: tuple[str, str], after: tuple[str, str]) -> None:
        made = " and the other by ".join(" ".join(one) for one in (before, after))
        super().__init__(
            f"one plan was made by {made}: their differences would not be those of the work",
            "plan both with `plaintrack plan --compare REV --solver plaintrack`",
        )


class Moved(NamedTuple):
    """One item of two plans; a side is None where the item is not planned there.

    ``days`` are the working days by which its end moves, None where one side has no dates.
    ``late``: it is late now and was not; ``freed``: the other way round.
    """

    before: Line | None
    after: Line | None
    days: int | None
    late: bool
    freed: bool

    @property
    def line(self) -> Line:
        """The newer side, the older one of what is gone."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def how(self) -> str:
        """``new``, ``gone``, ``later``, ``earlier``, ``dated``, ``undated`` or ``same``."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        if self.days is None:
            if not self.before.end and not self.after.end:
                return "same"
            return "undated" if self.before.end else "dated"
        if self.days:
            return "later" if self.days > 0 else "earlier"
        return "same" if self.before.end == self.after.end else "shifted"


class Comparison(NamedTuple):
    """Two plans, the names of their sides, and every item that differs, newly late ones first."""

    names: tuple[str, str]
    before: Planned
    after: Planned
    moved: tuple[Moved, ...]
    days: int | None
    """The working days by which the end of everything moves."""


def compare(before: Planned, after: Planned, names: tuple[str, str]) -> Comparison:
    """What the newer plan changes. Raises TwoSolvers."""
    solvers = [(one.plan.solver, one.plan.version) for one in (before, after)]
    if solvers[0] != solvers[1]:
        raise TwoSolvers(*solvers)
    working = _working(after)
    old = {line.id: line for line in before.lines if not line.occurrence}
    new = {line.id: line for line in after.lines if not line.occurrence}
    moved = []
    for item in dict.fromkeys((*new, *old)):
        one, other = old.get(item), new.get(item)
        days = _days(after, working, one.end, other.end) if one and other else None
        late = bool(other and other.late and not (one and one.late))
        freed = bool(one and one.late and other and not other.late)
        found = Moved(one, other, days, late, freed)
        if found.how != "same" or late or freed:
            moved.append(found)
    moved.sort(key=_order)
    return Comparison(
        names, before, after, tuple(moved), _days(after, working, before.end, after.end)
    )


def _order(moved: Moved) -> tuple[object, ...]:
    return (not moved.late, not moved.freed, -abs(moved.days or 0), moved.line.id)


def _working(planned: Planned) -> list[int]:
    """The working days of the workspace's calendar, as numbers from the first day of the plan."""
    calendar = planned.draft.problem.calendars[0]
    per_day = planned.draft.days.per_day
    return [start // per_day for start, _ in calendar.runs]


def _days(planned: Planned, working: list[int], before: str, after: str) -> int | None:
    """The working days after one end up to the other, negative if that is earlier."""
    if not before or not after:
        return None
    first = planned.draft.days.first
    one, other = ((date.fromisoformat(text) - first).days for text in (before, after))
    return bisect_right(working, other) - bisect_right(working, one)
