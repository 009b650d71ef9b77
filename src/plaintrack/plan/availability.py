"""How long someone is there on which days, and why not longer: calendars, hours and leave as spans
of days, so that a year costs no more than what changes in it.

Time is counted in minutes of a day, for equipment in minutes of all its units together.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from plaintrack.model.person import Hours, Leave
from plaintrack.model.staff import Equipment, Person
from plaintrack.when.calendars import Calendar

HOLIDAY = "holiday"
NOT_YET = "not here yet"
LEFT = "left"
PART_TIME = "part-time"
_NONE = (0,) * 7
_LAST = date(MAXYEAR, 12, 31)

Week = tuple[int, ...]
"""Minutes by weekday, Monday first."""


class Span(NamedTuple):
    """The days from ``first`` to ``last``, both included, on which the minutes of the same ``week``
    hold; ``why`` they are fewer than those of the calendar, if they are.
    """

    first: date
    last: date
    week: Week
    why: str = ""

    def minutes(self, first: date, last: date) -> int:
        """The minutes on those of its days that lie from ``first`` to ``last``."""
        start, end = max(first, self.first), min(last, self.last)
        if end < start:
            return 0
        weeks, rest = divmod((end - start).days + 1, 7)
        begin = start.weekday()
        return weeks * sum(self.week) + sum(self.week[(begin + day) % 7] for day in range(rest))


class Availability(NamedTuple):
    """One person or pool as the arithmetic needs it. ``day`` are the minutes of a usual working
    day; ``units`` is 1 for a person.
    """

    calendar: Calendar
    day: int = 480
    hours: tuple[Hours, ...] = ()
    since: date | None = None
    until: date | None = None
    leave: tuple[Leave, ...] = ()
    units: int = 1

    def spans(self, first: date, last: date) -> tuple[Span, ...]:
        """The days from ``first`` to ``last`` as spans, in order and without gaps."""
        return tuple(_spans(self, first, last))

    def minutes(self, first: date, last: date) -> int:
        """The minutes from ``first`` to ``last``, both included."""
        return sum(span.minutes(first, last) for span in self.spans(first, last))


def of_person(person: Person, calendar: Calendar, day: int = 480) -> Availability:
    """A person in a calendar. Leave that is only asked for does not count."""
    granted = tuple(each for each in person.leave if not each.asked)
    return Availability(calendar, day, person.hours, person.since, person.until, granted)


def of_equipment(pool: Equipment, calendar: Calendar, day: int = 480) -> Availability:
    """A pool of equipment in a calendar, all units together."""
    granted = tuple(each for each in pool.maintenance if not each.asked)
    return Availability(
        calendar, day, pool.hours, pool.since, pool.until, granted, units=pool.units
    )


def week(hours: Sequence[Hours], calendar: Calendar, day: int, on: date) -> Week:
    """The minutes of each weekday that hold on a day: those of the line with the latest day that
    has come, wherever it stands; without one those of the calendar.
    """
    usual = calendar.minutes(day)
    come = [each for each in hours if each.since is None or each.since <= on]
    if not come:
        return usual
    line = max(come, key=lambda each: each.since or date.min)
    if line.daily is not None:
        return line.daily
    days = sorted(line.days) or [number for number, length in enumerate(usual) if length]
    found = [0] * 7
    for place, number in enumerate(days):
        if line.weekly is not None:  # what does not divide goes to the first days
            found[number] = line.weekly // len(days) + (place < line.weekly % len(days))
        elif line.each is not None:
            found[number] = line.each
        else:
            found[number] = round((usual[number] or day) * line.share)
    return tuple(found)


class _Day(NamedTuple):
    """A change that begins on a day."""

    on: date
    until: date
    why: str
    half: str = ""
    units: int = 0


def _spans(one: Availability, first: date, last: date) -> Iterator[Span]:
    if last < first:
        return
    breaks = one.calendar.breaks(first, last)
    away, parts = _away(one.leave, first, last)
    starts = [each.on for each in away]
    here = one.since or date.min, one.until or _LAST
    cuts = {first, *breaks, *map(_after, breaks), *starts, *(_after(each.until) for each in away)}
    cuts |= {each.since for each in one.hours if each.since}
    cuts |= {here[0], _after(here[1])}
    for part in parts:
        cuts |= {part.on, _after(part.until)}
    edges = sorted(each for each in cuts if first <= each <= last)
    usual = one.calendar.minutes(one.day)
    active = _Active(parts)
    for place, start in enumerate(edges):
        end = edges[place + 1] - timedelta(days=1) if place + 1 < len(edges) else last
        if not here[0] <= start <= here[1]:
            yield Span(start, end, _NONE, NOT_YET if start < here[0] else LEFT)
            continue
        at = bisect_right(starts, start) - 1
        if at >= 0 and start <= away[at].until:
            yield Span(start, end, _NONE, away[at].why)
            continue
        found = week(one.hours, one.calendar, one.day, start)
        why = PART_TIME if sum(found) < sum(usual) else ""
        if start in breaks:
            found, why = _break(found, usual, breaks[start], start.weekday(), why)
        yield _reduced(Span(start, end, found, why), one.units, active.on(start))


def _break(
    found: Week, usual: Week, length: int | None, weekday: int, why: str
) -> tuple[Week, str]:
    """The week of a day on which the calendar says something else than ``usual``: it holds for who
    keeps the calendar's hours, and bounds those of others.
    """
    if not length:
        return _NONE, HOLIDAY
    mine = found[weekday]
    minutes = length if mine == usual[weekday] else min(mine, length)
    reason = HOLIDAY if minutes < mine else why
    return tuple(minutes if each == weekday else 0 for each in range(7)), reason


def _reduced(span: Span, units: int, parts: Iterable[_Day]) -> Span:
    """A span with half days and units that are away taken off."""
    halves, gone, whys = set(), 0, []
    for part in parts:
        if part.half:
            halves.add(part.half)
        gone += part.units
        whys.append(part.why)
    left = max(0, units - gone)
    if len(halves) > 1:
        left = 0
    minutes = tuple(each * left // (2 if len(halves) == 1 else 1) for each in span.week)
    return span._replace(week=minutes, why=", ".join(dict.fromkeys(whys)) or span.why)


def _away(leave: Iterable[Leave], first: date, last: date) -> tuple[list[_Day], list[_Day]]:
    """Leave within the days: whole days, in order and apart, and what takes only a part: half days
    and single units.
    """
    whole: list[_Day] = []
    parts: list[_Day] = []
    for each in sorted(leave, key=lambda each: (each.first, each.last)):
        start, end = max(each.first, first), min(each.last, last)
        if end < start:
            continue
        if each.half:
            parts.append(_Day(start, end, f"{each.kind} {each.half}", half=each.half))
        elif each.units:
            parts.append(_Day(start, end, each.kind, units=each.units))
        elif not whole or whole[-1].until < start:
            whole.append(_Day(start, end, each.kind))
        elif whole[-1].until < end:
            whole.append(_Day(_after(whole[-1].until), end, each.kind))
    return whole, parts


class _Active:
    """The parts that hold on a day, asked for days in order."""

    def __init__(self, parts: list[_Day]) -> None:
        self.waiting = sorted(parts, key=lambda each: each.on, reverse=True)
        self.now: list[_Day] = []

    def on(self, day: date) -> list[_Day]:
        while self.waiting and self.waiting[-1].on <= day:
            self.now.append(self.waiting.pop())
        self.now = [each for each in self.now if each.until >= day]
        return self.now


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < _LAST else day


def capacity(one: Availability, first: date, last: date) -> int:
    """The time that a person or a pool has: working hours less leave and holidays.

    The hours of a weekday are those of the line of `hours` with the latest day that has come;
    without one those of the calendar: one's own, else that of one's first team which has one, else
    the workspace's. A weekly sum is spread evenly over its days. On public holidays and before
    `since` or after `until` it is nothing; a day of its own in the calendar bounds it. Leave takes
    whole days or halves; leave that is only asked for takes nothing yet. A pool of equipment has
    the hours of all its units less those in maintenance. Where the folder of people's files is
    named in the settings and a person has none, it is unknown: neither full nor nothing.
    """
    return one.minutes(first, last)


def free_days(spans: Iterable[Span], first: date, last: date) -> Iterator[tuple[date, int]]:
    """Each day from ``first`` to ``last`` on which there is something, with its minutes."""
    for span in spans:
        start, end = max(first, span.first), min(last, span.last)
        if end < start or not any(span.week):
            continue
        for number in range(start.toordinal(), end.toordinal() + 1):
            minutes = span.week[(number + 6) % 7]
            if minutes:
                yield date.fromordinal(number), minutes


def leave_days(one: Availability, leave: Leave, first: date, last: date) -> float:
    """The working days that a piece of leave takes between two days: half a day for a half."""
    start, end = max(leave.first, first), min(leave.last, last)
    if end < start:
        return 0.0
    working = one._replace(leave=())
    days = sum(1 for _ in free_days(working.spans(start, end), start, end))
    return days / 2 if leave.half else float(days)
