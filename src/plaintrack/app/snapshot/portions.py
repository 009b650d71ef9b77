"""What each person and each pool of equipment does when, as the plan of a snapshot has it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from plaintrack.app.snapshot.planned import planned
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import fold
from plaintrack.plan.days import Days as Slots
from plaintrack.plan.problem import FULL
from plaintrack.plan.result import Hold
from plaintrack.plan.workload import Days


class Portion(NamedTuple):
    """A part of an item's work, or of an occurrence of it to come (``PT-9@2026-12-07``): whom or
    what it takes, and the minutes on each day from ``first`` to ``last``. Of equipment it takes the
    minutes of all the units together.
    """

    item: str
    resource: str
    equipment: bool
    first: date
    last: date
    minutes: Days


def portions(snapshot: Snapshot) -> Mapping[str, list[Portion]]:
    """Folded id → its portions in the plan; nothing of what has no dates."""
    answer = planned(snapshot)
    problem, axis = answer.plan.problem, answer.draft.days
    staff = snapshot.staff
    found: dict[str, list[Portion]] = defaultdict(list)
    for placed in answer.plan.placed:
        if placed is None:
            continue
        for hold in (hold for part in placed.parts for hold in part.holds):
            name = problem.resources[hold.resource].name
            equipment = fold(name) in staff.equipment and fold(name) not in staff.people
            whole = 1 if equipment else FULL
            lengths = _lengths(hold, axis, whole)
            if lengths:
                first, last = min(lengths), max(lengths)
                days = Days(first, _each(lengths, first, last))
                key = fold(placed.id.partition("@")[0])
                found[key].append(Portion(placed.id, name, equipment, first, last, days))
    return found


def _lengths(hold: Hold, axis: Slots, whole: int) -> dict[date, float]:
    """The minutes that are held on each day; a unit is one of ``whole``."""
    found: dict[date, float] = defaultdict(float)
    for run, end in hold.runs:
        start = run
        while start < end:
            day = axis.day(start)
            until = min(end, axis.end(day))
            found[day] += axis.minutes(until - start) * hold.units / whole
            start = until
    return found


def _each(lengths: Mapping[date, float], first: date, last: date) -> Iterable[int]:
    for number in range((last - first).days + 1):
        yield round(lengths.get(first + timedelta(days=number), 0))
