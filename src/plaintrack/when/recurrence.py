"""The dates of a Rule, as dateutil's rrule computes them, kept from searching for ever."""

import datetime
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from plaintrack.when.calendars import Calendar
from plaintrack.when.rule import Rule

YEARS = 60
"""How far a next date is looked for, in years (times the interval of a yearly rule): the rarest
rules come every 40.
"""
CYCLE = 146_097
"""The days of 400 years, after which the calendar with its weekdays is the same again."""
_EVERY = tuple((0, each) for each in range(7))
_EVERY_DAY = Calendar()


def between(
    rule: Rule,
    first: datetime.date,
    after: datetime.date,
    last: datetime.date,
    calendar: Calendar = _EVERY_DAY,
) -> Iterator[datetime.date]:
    """The dates of the series after ``after``, up to ``last``; ``first`` is its first day if the
    rule names none.
    """
    start = rule.start or first
    last = min(last, rule.until or last)
    found = _dates(rule, start, start if rule.times else max(start, after), last, calendar)
    return (each for each in (islice(found, rule.times) if rule.times else found) if each > after)


def following(
    rule: Rule, first: datetime.date, after: datetime.date, calendar: Calendar = _EVERY_DAY
) -> datetime.date | None:
    """The first date of the series after ``after``; None if there is none within generations."""
    return next(
        between(rule, first, after, horizon(rule, max(after, rule.start or first)), calendar), None
    )


def horizon(rule: Rule, day: datetime.date) -> datetime.date:
    """How far a date after ``day`` is looked for."""
    years = YEARS * (rule.interval if rule.freq == "YEARLY" else 1)
    years = max(years, rule.interval // 12 * 5 if rule.freq == "MONTHLY" else 0)
    return datetime.date(min(day.year + years, 9999), 12, 31)


def _dates(
    rule: Rule, start: datetime.date, low: datetime.date, last: datetime.date, calendar: Calendar
) -> Iterator[datetime.date]:
    """All dates from ``low`` on, which is not before ``start``.

    dateutil searches to the year 9999, so it gets the days of a later time of the same calendar, as
    late as ``last`` allows.
    """
    later = (9999 - max(low, last).year) // 400 * CYCLE
    asked = _asked(rule, start)
    begin = datetime.datetime.fromordinal(max(1, _begin(asked, start, low) + later))
    for ordinal in _ordinals([_rrule(part, begin) for part in _parts(asked)]):
        day = datetime.date.fromordinal(ordinal - later)
        if day > last:
            return
        each_nth = rule.freq != "DAILY" or (day - start).days % rule.interval == 0
        if day >= low and each_nth and (not rule.working or calendar.works(day)):
            yield day


def _ordinals(rules: list[Any]) -> Iterator[int]:
    """What dateutil finds; a rule of weeks stumbles over the last of the year 9999."""
    from dateutil.rrule import rruleset

    found = rruleset()
    for rule in rules:
        found.rrule(rule)
    with suppress(ValueError):
        for each in found:
            yield each.toordinal()


def _begin(rule: Rule, start: datetime.date, low: datetime.date) -> int:
    """The ordinal of the day to begin with: the last one not after ``low`` that lies a number of
    whole intervals after the first period's first.
    """
    if rule.freq in ("MONTHLY", "YEARLY"):
        over = ((low.year - start.year) * 12 + low.month - start.month) % (
            rule.interval * (12 if rule.freq == "YEARLY" else 1)
        )
        year, month = divmod(low.year * 12 + low.month - 1 - over, 12)
        return datetime.date(year, month + 1, 1).toordinal()
    days, into = (7, (start.weekday() - rule.wkst) % 7) if rule.freq == "WEEKLY" else (1, 0)
    return low.toordinal() - (low.toordinal() - start.toordinal() + into) % (days * rule.interval)


def _asked(rule: Rule, start: datetime.date) -> Rule:
    """The rule with the day that it leaves to the first day of the series; such a day is clamped to
    the month's length.
    """
    if rule.freq == "DAILY":  # dateutil would try day by day for those that are named
        named = rule.bymonth or rule.bymonthday or rule.byday
        if named:
            return rule._replace(freq="YEARLY", interval=1, byday=rule.byday or _EVERY, bysetpos=())
        return rule
    if not rule.implicit:
        return rule
    if rule.freq == "WEEKLY":
        return rule._replace(byday=((0, start.weekday()),), bysetpos=())
    months = sorted(rule.bymonth) or ([start.month] if rule.freq == "YEARLY" else [])
    if rule.bysetpos and rule.freq == "YEARLY":  # one day in each month
        months = [
            months[at - 1 if at > 0 else at] for at in rule.bysetpos if abs(at) <= len(months)
        ]
    return rule._replace(bymonth=tuple(months), bymonthday=(start.day,), bysetpos=(), clamp=True)


def _parts(rule: Rule) -> Iterator[Rule]:
    """Rules as RFC 5545 knows them: a clamped day is the last of those from the 28th to it."""
    long = [each for each in rule.bymonthday if each > 28] if rule.clamp else []
    if not long or len(long) < len(rule.bymonthday):
        yield rule._replace(bymonthday=tuple(each for each in rule.bymonthday if each not in long))
    for month in [(each,) for each in rule.bymonth] if rule.freq == "YEARLY" else [rule.bymonth]:
        for day in long:
            yield rule._replace(bymonth=month, bymonthday=tuple(range(28, day + 1)), bysetpos=(-1,))


def _rrule(rule: Rule, begin: datetime.datetime) -> Any:
    """dateutil's. It takes weekdays all with a number or all without, and no number that a month
    cannot have.
    """
    from dateutil import rrule as of

    names = ("interval", "wkst", "bymonth", "bymonthday", "byyearday", "byweekno", "bysetpos")
    given = {name: value for name in names if (value := getattr(rule, name)) != ()}
    days, most = rule.byday, 5 if rule.freq == "MONTHLY" or rule.bymonth else 53
    if any(which for which, _ in days):
        days = tuple(
            (at, day)
            for which, day in days
            for at in ([which] if which else range(1, most + 1))
            if abs(at) <= most
        )
    return of.rrule(
        getattr(of, rule.freq),
        begin,
        byweekday=[of.weekday(day, at or None) for at, day in days] or None,
        **given,
    )
