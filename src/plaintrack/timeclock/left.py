"""What time records say of an item: spent and left."""

from collections.abc import Iterable
from typing import NamedTuple


class Logged(NamedTuple):
    """Minutes that were logged on an item: in all, and after its `remaining` was last changed."""

    spent: float = 0.0
    since: float = 0.0


NOTHING = Logged()
"""Of an item on which no time is logged."""


def spent(logged: Logged) -> float:
    """The time logged on an item, whoever logged it; what a running timer counts is not in it.

    It is the sum of its time entries in `time/`, by its id or one it had before, and of the old
    field `time`.
    """
    return logged.spent


def left(
    estimate: float | None, remaining: float | None, logged: Logged, closed: bool = False
) -> float | None:
    """What is left of an item: `remaining`, less what was logged after it was last changed; without
    one, `estimate` less what was spent.

    Git knows when `remaining` was last changed: the date of the commit that gave it its present
    value; of a change that is not committed, when the file was last written. Where the rule gives
    0 or less and the item is open, what is left is not known: the work was underestimated, and 0
    would hide that; so it is with `remaining: 0`, too. `check` names such items, and the plan gives
    them no dates until `remaining` says more. Of closed items nothing is left.
    """
    if closed:
        return 0.0
    if remaining is not None:
        found = remaining - logged.since
    elif estimate is not None:
        found = estimate - logged.spent
    else:
        return None
    return found if found > 0 else None


def total_spent(minutes: Iterable[float | None]) -> float | None:
    """The time logged on an item and on everything below it, each entry once.

    Below an item is what names it, directly or through others, as parent, project, milestone or
    goal; archived and cancelled items are in it. Where no time is kept it is not known.
    """
    known = [each for each in minutes if each is not None]
    return sum(known) if known else None


def total_left(minutes: Iterable[float | None]) -> float | None:
    """What is left of an item and everything below it: the sum of `left` of the work.

    Work is what has nothing below it; goals, projects and milestones are not work. If
    of one piece of open work it is not known what is left, the sum is not known: `plaintrack list
    under:ID is:open no:left` names it. Of a group with no work below it is not known either.
    """
    found = list(minutes)
    known = [each for each in found if each is not None]
    return sum(known) if found and len(known) == len(found) else None
