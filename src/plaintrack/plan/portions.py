"""The load as a plan has it: what each person and each pool of equipment does on which day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import NamedTuple

from plaintrack.model.task import fold
from plaintrack.plan.days import Days as Slots
from plaintrack.plan.problem import FULL
from plaintrack.plan.result import Hold, Plan
from plaintrack.plan.supply import OPERATIONS
from plaintrack.plan.workload import Days


class Portion(NamedTuple):
    """A part of an item's work, or of an occurrence of it to come (``PT-9@2026-12-07``): whom or
    what it takes, and the minutes on each day from ``first`` to ``last``.
    """

    item: str
    resource: str
    equipment: bool
    first: date
    last: date
    minutes: Days


class Pick(NamedTuple):
    """Folded names of those who may be taken for a need, and of those whom the plan takes."""

    able: frozenset[str]
    taken: frozenset[str]


def picks(plan: Plan) -> dict[str, list[Pick]]:
    """Id of an item, or of an occurrence of it → whom and what the plan takes for each of its
    needs, in their order.
    """
    found: dict[str, list[Pick]] = {}
    names = [fold(_handle(resource.name)) for resource in plan.problem.resources]
    for activity, placed in zip(plan.problem.activities, plan.placed, strict=True):
        if placed is None or not placed.choice:
            continue
        start = 0
        mine = found.setdefault(placed.id, [])
        for demand in (*activity.people, *activity.needs):
            chosen = placed.choice[start : start + demand.number]
            start += demand.number
            able = frozenset(names[resource] for resource, _ in demand.options)
            mine.append(Pick(able, frozenset(fold(_handle(name)) for name in chosen)))
    return found


def portions(plan: Plan, axis: Slots, pools: AbstractSet[str]) -> dict[str, list[Portion]]:
    """The work planned for each day, by the plan.

    Each item counts on the days on which the plan has someone work on it, with the hours that it
    takes of that person there: all of them, or their `share`. Of equipment it counts the hours of
    all the units that it holds. By skill it counts the hours of those whom the plan takes for the
    item's need of that skill. Occurrences to come of recurring work count, too. What the plan
    gives no dates is summed or counted beside the chart. Where the settings hold time back
    (`plan: {reserve: …}`), a full person is planned for less than all the time there is.
    """
    found: dict[str, list[Portion]] = defaultdict(list)
    for placed in plan.placed:
        if placed is None:
            continue
        for hold in (hold for part in placed.parts for hold in part.holds):
            name = _handle(plan.problem.resources[hold.resource].name)
            equipment = fold(name) in pools
            lengths = _lengths(hold, axis, 1 if equipment else FULL)
            if lengths:
                first, last = min(lengths), max(lengths)
                days = Days(first, _each(lengths, first, last))
                key = fold(placed.id.partition("@")[0])
                found[key].append(Portion(placed.id, name, equipment, first, last, days))
    return found


def _handle(resource: str) -> str:
    """Whose time a resource is: what is held back for operations is time of the same person."""
    return resource.removesuffix(OPERATIONS)


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


def _each(lengths: Mapping[date, float], first: date, last: date) -> Iterator[int]:
    for number in range((last - first).days + 1):
        yield round(lengths.get(first + timedelta(days=number), 0))
