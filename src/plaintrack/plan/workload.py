"""Workload: what is left of the work against the time there is for it, by day, week or month."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from plaintrack.plan.availability import Span

TOLERANCE = 0.5
"""Minutes of work beyond the time there is that do not count as overload yet."""


class Days:
    """Minutes of each day from ``first`` on, summed so that any stretch of days costs the same."""

    __slots__ = ("first", "sums")

    def __init__(self, first: date, minutes: Iterable[int]) -> None:
        """``minutes`` are those of ``first`` and the days after it."""
        self.first = first
        self.sums = [0]
        for each in minutes:
            self.sums.append(self.sums[-1] + each)

    def between(self, first: date, last: date) -> int:
        """The minutes from ``first`` to ``last``, both included."""
        most = len(self.sums) - 1
        low = min(max((first - self.first).days, 0), most)
        high = min(max((last - self.first).days + 1, low), most)
        return self.sums[high] - self.sums[low]

    @property
    def last(self) -> date:
        """The last day that is known."""
        return self.first + timedelta(days=len(self.sums) - 2)


def days_of(spans: Sequence[Span]) -> Days:
    """The minutes of all the days of some spans in order."""
    start = spans[0].first
    lengths = (
        span.week[(number + 6) % 7]
        for span in spans
        for number in range(span.first.toordinal(), span.last.toordinal() + 1)
    )
    return Days(start, lengths)


def together(some: Sequence[Days]) -> Days | None:
    """The minutes of several people on the same days; None without any."""
    if not some:
        return None
    lengths = [
        sum(each.sums[day + 1] - each.sums[day] for each in some)
        for day in range(len(some[0].sums) - 1)
    ]
    return Days(some[0].first, lengths)


class Duty(NamedTuple):
    """An open item as a part of a person's work: what is left of it in minutes (None: it has no
    estimate), and the days it is to be done on (None: no such days).
    """

    id: str
    title: str
    minutes: float | None
    first: date | None = None
    last: date | None = None
    path: str = ""


class Load(NamedTuple):
    """A Duty on the days of who does it: ``density`` minutes of work for each minute there is, or
    all of it on one day.
    """

    duty: Duty
    days: Days
    density: float = 0.0
    lump: date | None = None

    def between(self, first: date, last: date) -> float:
        """The minutes of work from ``first`` to ``last``, both included."""
        duty = self.duty
        if self.lump is not None:
            return duty.minutes or 0.0 if first <= self.lump <= last else 0.0
        if duty.first is None or duty.last is None:
            return 0.0
        return self.density * self.days.between(max(first, duty.first), min(last, duty.last))


def load(duty: Duty, days: Days) -> Load:
    """The work planned for each day, by the dates of the items.

    What is left of an item (`remaining`, else `estimate`) is spread over the days that are
    available for it, from today, `start` or `wait`, whichever is last, to `due`: on each day in
    proportion to the hours its assignee has on it. So leave moves work to the days that are left.
    Work that is overdue counts today; work whose days are all leave counts on the last of them.
    Several assignees share the work equally. Without `due`, or with `start` or `wait` after it, an
    item is undated: it is summed beside the chart and never spread. Items without an estimate are
    counted, never taken for nothing.
    """
    if duty.minutes is None or duty.first is None or duty.last is None:
        return Load(duty, days)
    available = days.between(duty.first, duty.last)
    if not available:
        return Load(duty, days, lump=duty.last)
    return Load(duty, days, duty.minutes / available)


def window(
    today: date, start: date | None, wait: date | None, due: date | None
) -> tuple[date, date] | None:
    """The first and the last day on which an item is to be worked on; None if it is undated."""
    first = max(each for each in (today, start, wait) if each)
    if due is None:
        return None
    if due < today and first == today:
        return today, today
    return None if due < first else (first, due)


class Bucket(NamedTuple):
    """One row on the days of one period: minutes there are (None: not known) and minutes planned,
    the items with their minutes (the largest first), and the days with more work than time.
    """

    name: str
    first: date
    last: date
    capacity: int | None
    planned: float
    items: tuple[tuple[Duty, float], ...] = ()
    days: tuple[date, ...] = ()
    peak: float = 0.0
    """The minutes beyond the time there is, of all those days together."""

    @property
    def share(self) -> float | None:
        """The part of the time that is planned; None where there is none, or it is unknown."""
        return self.planned / self.capacity if self.capacity else None

    @property
    def excess(self) -> float:
        """The minutes planned beyond those there are in the whole period."""
        return max(0.0, self.planned - self.capacity) if self.capacity is not None else 0.0


class Row(NamedTuple):
    """A person, team, skill, pool or project with its work."""

    name: str
    buckets: tuple[Bucket, ...]
    undated: tuple[Duty, ...] = ()
    unestimated: tuple[Duty, ...] = ()
    known: bool = True

    @property
    def undated_minutes(self) -> float:
        """The minutes of its undated work."""
        return sum(duty.minutes or 0.0 for duty in self.undated)


Period = tuple[str, date, date]
"""A name with its first and last day."""


def row(name: str, loads: Sequence[Load], capacity: Days | None, periods: Sequence[Period]) -> Row:
    """The work of one row in the periods."""
    dated = [
        each for each in loads if each.duty.minutes is not None and each.duty.first is not None
    ]
    return Row(
        name,
        tuple(_bucket(dated, capacity, period) for period in periods),
        tuple(each.duty for each in loads if each.duty.minutes is not None and not each.duty.first),
        tuple(each.duty for each in loads if each.duty.minutes is None),
        capacity is not None,
    )


def _bucket(loads: Sequence[Load], capacity: Days | None, period: Period) -> Bucket:
    name, first, last = period
    items = [(each.duty, each.between(first, last)) for each in loads]
    items = sorted(
        ((duty, minutes) for duty, minutes in items if minutes > 0),
        key=lambda each: (-each[1], each[0].id),
    )
    there = None if capacity is None else capacity.between(first, last)
    planned = sum(minutes for _, minutes in items)
    days = overloaded(loads, capacity, first, last) if capacity is not None and items else ()
    peak = 0.0
    if capacity is not None:
        for day in days:
            work = sum(each.between(day, day) for each in loads)
            peak += work - capacity.between(day, day)
    return Bucket(name, first, last, there, planned, tuple(items), days, peak)


def overloaded(loads: Sequence[Load], capacity: Days, first: date, last: date) -> tuple[date, ...]:
    """The days with more work than time.

    A period is overbooked if more is planned than there are hours, in all of it or on any of its
    days: 200 % on two days hides in a week of 90 %.
    """
    found = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        planned = sum(each.between(day, day) for each in loads)
        if planned > capacity.between(day, day) + TOLERANCE:
            found.append(day)
    return tuple(found)


def periods(per: str, first: date, last: date) -> list[Period]:
    """The days, weeks or months from ``first`` to ``last``, the outer ones cut there."""
    found: list[Period] = []
    start = first
    while start <= last:
        if per == "day":
            name, end = start.isoformat(), start
        elif per == "week":
            year, week, weekday = start.isocalendar()
            name, end = f"{year}-W{week:02}", start + timedelta(days=7 - weekday)
        else:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            name, end = start.isoformat()[:7], following - timedelta(days=1)
        found.append((name, start, min(end, last)))
        start = end + timedelta(days=1)
    return found
