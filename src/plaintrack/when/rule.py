"""A way to recur, as a value."""

import datetime
import re
from typing import NamedTuple

from plaintrack.errors import PlaintrackError

INTERVAL, COUNT = 1000, 10_000
"""The largest interval and count that a rule may have."""


FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


WEEKDAYS = tuple((0, each) for each in range(5))


EXAMPLES = (
    "write `every weekday`, `every 2 weeks on mon,thu`, `monthly on the last day` or"
    " FREQ=WEEKLY;BYDAY=MO"
)


class BadRepeat(PlaintrackError):
    """A text that says no way to recur; ``column`` is the place in it (from 1)."""

    slug = "bad-repeat"


class Rule(NamedTuple):
    """A way to recur, with the parts of an RRULE.

    ``times``: how many dates it has in all (COUNT; 0: no end). ``byday`` holds (which one, weekday)
    pairs, 0 for every one. ``start`` is the first day of the series if the rule names it.
    ``after``: counted from the completion. ``working``: the days are the calendar's working days.
    ``clamp``: a day of the month that a month lacks becomes its last. ``shift`` is what the words
    say of days that are no working days (``next``, ``previous``).
    """

    freq: str
    interval: int = 1
    times: int = 0
    until: datetime.date | None = None
    start: datetime.date | None = None
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byday: tuple[tuple[int, int], ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0
    after: bool = False
    working: bool = False
    clamp: bool = False
    shift: str = ""

    @property
    def implicit(self) -> bool:
        """Whether the day within the period is that of the series' first day."""
        return not (self.bymonthday or self.byyearday or self.byweekno or self.byday)

    @property
    def phased(self) -> bool:
        """Whether the dates depend on the series' first day, beyond beginning there."""
        return self.interval > 1 or bool(self.times) or (self.implicit and self.freq != "DAILY")


def day(word: str, text: str, at: int) -> datetime.date:
    """An ISO day in a rule; raises BadRepeat."""
    plain = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)(?:T\d{6}Z?)?", word.upper(), re.ASCII)
    try:
        if plain:
            return datetime.date(*map(int, plain.groups()))
    except ValueError:
        pass
    from plaintrack.when.fault import NotADay

    raise NotADay(word, text, at + 1)
