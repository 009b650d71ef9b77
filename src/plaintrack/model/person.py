"""The lines of people's and equipment's files, as values: hours, leave, rates, allowances.

A line that cannot be read raises BadLine, which says why and how to write it.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"\d{4}-\d\d-\d\d"
_SPAN = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?(?=\s|$)\s*", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)h(?:(\d{1,2})m)?(?:/([wd]))?", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*%", re.ASCII)
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)\s+(\S{1,12})\s*/\s*([hdwm])", re.ASCII)
_ALLOWANCE = re.compile(r"(\d{4})\s+(\S+)\s+(\d{1,3}(?:\.\d{1,2})?)d", re.ASCII)
_UNITS = re.compile(r"(\d{1,5})\s+units?(?=\s|$)\s*", re.ASCII)
_KIND = re.compile(r"[^\W\d][\w-]*")
LEAVE_HINT = "write `2026-12-21..2027-01-06 annual`, `2026-12-09 pm sick`, with `· note` at the end"
HOURS_HINT = (
    "write `40h/w`, `24h/w mon tue wed`, `mon-thu 8h fri 4h` or `50%`, with the first day before it"
)
SHARE_HINT = "write it as 50%"
MOST_PERCENT = 200
"""What someone can work, of the calendar's hours."""


class BadLine(ValueError):
    """A line that cannot be read: ``message`` says why, ``hint`` how to write it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class Leave(NamedTuple):
    """Days, both ends included, on which someone (or ``units`` of something; 0: all) is away.

    ``half`` is ``am`` or ``pm`` where only half of a day is meant. ``asked``: not granted yet.
    """

    first: date
    last: date
    kind: str
    half: str = ""
    asked: bool = False
    note: str = ""
    units: int = 0


class Hours(NamedTuple):
    """How long someone works from ``since`` on (None: always).

    One of the three is given: ``weekly`` minutes, spread over ``days``; minutes of each weekday in
    ``daily``; or a ``share`` (1.0: all) of the calendar's hours. Without ``days`` (0: Monday) the
    working days of the calendar count.
    """

    since: date | None = None
    weekly: int | None = None
    daily: tuple[int, ...] | None = None
    share: float = 1.0
    days: frozenset[int] = frozenset()
    each: int | None = None


class Rate(NamedTuple):
    """What an hour (``h``), day, week or month of someone costs from ``since`` on; the currency is
    a text.
    """

    since: date | None
    amount: str
    currency: str
    unit: str


class Allowance(NamedTuple):
    """Days of leave of a kind in a year."""

    year: int
    kind: str
    days: float


@lru_cache(2048)  # the parser looks at each line, and then who wants its value
def leave(text: str, default: str = "") -> Leave:
    """The Leave in a line ``DAYS[ am|pm][ N units] TYPE[ asked][ · note]``; ``default`` is the type
    of a line without one.
    """
    head, _, note = text.strip().partition("·")
    span = _SPAN.match(head)
    if span is None:
        from plaintrack.model.fault import NoDayFirst

        raise NoDayFirst()
    first, last = _day(span[1]), _day(span[2] or span[1])
    if last < first:
        from plaintrack.model.fault import DaysReversed

        raise DaysReversed(first, last)
    words = head[span.end() :]
    units = 0
    if counted := _UNITS.match(words):
        units, words = int(counted[1]), words[counted.end() :]
    rest = words.split()
    half = rest.pop(0) if rest and rest[0] in ("am", "pm") else ""
    if half and first != last:
        from plaintrack.model.fault import HalfOfSeveral

        raise HalfOfSeveral(half, first)
    asked = "asked" in rest[1:] or (bool(default) and rest == ["asked"])
    rest = [each for each in rest if each != "asked"]
    kind = rest.pop(0) if rest else default
    if not kind:
        from plaintrack.model.fault import LeaveTypeMissing

        raise LeaveTypeMissing()
    if _KIND.fullmatch(kind) is None:
        from plaintrack.model.fault import NotALeaveType

        raise NotALeaveType(kind)
    if rest:
        from plaintrack.model.fault import TooMuch

        raise TooMuch(" ".join(rest))
    return Leave(first, last, kind.lower(), half, asked, note.strip(), units)


@lru_cache(256)
def hours(text: str) -> Hours:
    """The Hours in a line ``[DAY] 40h/w [mon tue …]``, ``[DAY] mon-thu 8h fri 4h`` or
    ``[DAY] 50%``.
    """
    since, words = _since(text)
    if not words:
        from plaintrack.model.fault import HoursMissing

        raise HoursMissing()
    if share := _SHARE.fullmatch(words[0]):
        percent = float(share[1])
        if percent > MOST_PERCENT:
            from plaintrack.model.fault import ShareTooLarge

            raise ShareTooLarge(MOST_PERCENT)
        return Hours(since, share=percent / 100, days=_weekdays(words[1:]))
    amount = _AMOUNT.fullmatch(words[0])
    if amount is not None and amount[3] == "w":
        return Hours(since, weekly=_minutes(amount, 168 * 60), days=_weekdays(words[1:]))
    if amount is not None:
        return Hours(since, each=_minutes(amount, 24 * 60), days=_weekdays(words[1:]))
    return Hours(since, daily=_by_day(words))


def _by_day(words: list[str]) -> tuple[int, ...]:
    found = [0] * 7
    waiting: list[int] = []
    for word in words:
        amount = _AMOUNT.fullmatch(word)
        if amount is None:
            waiting += sorted(_weekdays([word]))
            continue
        if not waiting or amount[3] == "w":
            from plaintrack.model.fault import HoursWithoutDay

            raise HoursWithoutDay(word)
        for each in waiting:
            found[each] = _minutes(amount, 24 * 60)
        waiting = []
    if waiting:
        from plaintrack.model.fault import DayWithoutHours

        raise DayWithoutHours(WEEK[waiting[0]])
    return tuple(found)


def _minutes(amount: re.Match[str], most: int) -> int:
    found = round(float(amount[1]) * 60) + int(amount[2] or 0)
    if found > most:
        from plaintrack.model.fault import LongerThan

        raise LongerThan(amount[0], "week" if most > 1440 else "day")
    return found


def _weekdays(words: list[str]) -> frozenset[int]:
    found: set[int] = set()
    for word in " ".join(words).replace(",", " ").lower().split():
        first, _, last = word.replace("..", "-").partition("-")
        ends = [first[:3], (last or first)[:3]]
        if any(each not in WEEK for each in ends):
            from plaintrack.model.fault import NotInWeek

            raise NotInWeek(word)
        one, two = (WEEK.index(each) for each in ends)
        found.update(range(one, two + 1) if one <= two else [*range(one, 7), *range(two + 1)])
    return frozenset(found)


def rate(text: str) -> Rate:
    """The Rate in a line ``[DAY] 80 EUR/h``."""
    since, words = _since(text)
    found = _RATE.fullmatch(" ".join(words))
    if found is None:
        from plaintrack.model.fault import NotARate

        raise NotARate()
    return Rate(since, found[1], found[2], found[3])


def allowance(text: str) -> Allowance:
    """The Allowance in a line ``2026 annual 25d``."""
    found = _ALLOWANCE.fullmatch(" ".join(text.split()))
    if found is None:
        from plaintrack.model.fault import NotAnAllowance

        raise NotAnAllowance()
    return Allowance(int(found[1]), found[2].lower(), float(found[3]))


def share(text: str) -> float:
    """The part of someone's time that a text such as ``50%`` means (1.0: all)."""
    found = _SHARE.fullmatch(text.strip())
    if found is None or not 0 < float(found[1]) <= 100:
        from plaintrack.model.fault import NotAPercentage

        raise NotAPercentage()
    return float(found[1]) / 100


def _since(text: str) -> tuple[date | None, list[str]]:
    span = _SPAN.match(text.strip())
    if span is None:
        return None, text.split()
    if span[2]:
        from plaintrack.model.fault import NotFromADay

        raise NotFromADay(span[1])
    return _day(span[1]), text.strip()[span.end() :].split()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        from plaintrack.model.fault import NoSuchDay

        raise NoSuchDay(text) from error
