"""What the work that was done was for, over time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.plan.goals import Goal
from plaintrack.plan.outline import Effort, Outline, total


class Closing(NamedTuple):
    """A piece of work that was done: its number in the outline, and the day; ``stamped``: the day
    is that of its stamp.
    """

    number: int
    day: date
    stamped: bool = False


class Share(NamedTuple):
    """What was done for a goal in a week or month. ``share`` is its part of the effort done in
    that time; None where nothing of it was estimated.
    """

    period: str
    goal: str
    items: int
    unestimated: int
    effort: float
    share: float | None


class Alignment(NamedTuple):
    """What was done for which goal since a day, by ``week`` or ``month``; the goals by key.

    ``stamped`` counts the items whose day is that of ``closed`` for want of a commit; ``why`` says
    why that is so for all, if it is.
    """

    shares: Sequence[Share]
    goals: Mapping[str, Goal]
    since: date
    per: str
    stamped: int
    why: str = ""


def alignment(
    outline: Outline, closings: Iterable[Closing], period: Callable[[date], str]
) -> list[Share]:
    """What the work was for, over time: the share of each goal in the effort done in a week or
    month.

    It is the estimates of what was done for the goal, divided by the estimates of all that was done
    in that time, work for no goal included, so the shares of a period add up to 100 %. An item
    counts for the one goal that it serves now, with its present estimate, on the day of the commit
    that said that it is done; what was done when it was first committed, or is not committed, on
    the day of `closed`. Items without an estimate are counted beside it.
    """
    efforts: dict[str, dict[str, list[Effort]]] = {}
    for each in closings:
        goals = efforts.setdefault(period(each.day), {})
        goals.setdefault(outline.goals[each.number], []).append(outline.effort(each.number))
    found = []
    for name, goals in sorted(efforts.items()):
        sums = {key: total(some) for key, some in goals.items()}
        whole = total(sums.values()).done
        for key in sorted(sums, key=lambda key: (not key, -sums[key].done, key)):
            done = sums[key]
            known = done.items > done.unestimated
            share = done.done / whole if whole and known else None
            found.append(Share(name, key, done.items, done.unestimated, done.done, share))
    return found
