"""What time records say of an item: spent and left."""

from typing import NamedTuple


class Logged(NamedTuple):
    """Minutes that were logged on an item: in all, and after its `remaining` was last changed."""

    spent: float = 0.0
    since: float = 0.0


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
    would hide that. `check` names such items, and the plan gives them no dates until `remaining`
    says more. Of closed items nothing is left.
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
