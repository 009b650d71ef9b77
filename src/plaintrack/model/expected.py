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
