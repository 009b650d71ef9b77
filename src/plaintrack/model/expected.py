"""What the plan says of one open item, as the derived fields that lists and queries know."""

from typing import NamedTuple


class Expected(NamedTuple):
    """Days are ISO dates, ``slack`` is in minutes of work; what the plan does not say is empty or
    None. ``assumed``: with an estimate that is only assumed.
    """

    planned_start: str = ""
    planned_end: str = ""
    slack: float | None = None
    critical: bool | None = None
    slipping: bool | None = None
    waits_for: tuple[str, ...] = ()
    assumed: bool = False


NOTHING = Expected()
"""What the plan says of an item that it does not plan."""


class Spent(NamedTuple):
    """Minutes logged on an item, and what is left of it; None for what is not known. ``known`` says
    that time is logged on it at all.
    """

    spent: float | None = None
    left: float | None = None
    known: bool = False
    stated: bool = False
    """It is said how long it takes, or what remains."""
    total_spent: float | None = None
    total_left: float | None = None
    """Of it and everything below it; only where that is asked for."""

    def rest(self, otherwise: float | None) -> float | None:
        """What is left of it; ``otherwise`` where no time is logged, or no length was said."""
        return self.left if self.known and self.stated else otherwise


UNSPENT = Spent()
