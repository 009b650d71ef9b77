"""The dates of a Rule: period by period, so that a rule that never matches costs no more than one that does."""

import datetime
from calendar import isleap, monthrange
from collections.abc import Iterator
from itertools import islice

from plaintrack.when.calendars import Calendar
from plaintrack.when.repeat import Rule

YEARS = 60
"""How far a next date is looked for, in years (times the interval of a yearly rule): the rarest rules come every 40."""
_DAY = datetime.timedelta(days=1)
_LAST = datetime.date.max.toordinal()
_EVERY_DAY = Calendar()


def between(rule: Rule, first: datetime.date, after: datetime.date, last: datetime.date, calendar: Calendar = _EVERY_DAY) -> Iterator[datetime.date]:
    """The dates of the series after ``after``, up to ``last``; ``first`` is its first day if the rule names none."""
    start = rule.start or first
    last = min(last, rule.until or last)
    found = _dates(rule, start, start if rule.times else max(start, after), last, calendar)
    return (each for each in (islice(found, rule.times) if rule.times else found) if each > after)


def following(rule: Rule, first: datetime.date, after: datetime.date, calendar: Calendar = _EVERY_DAY) -> datetime.date | None:
    """The first date of the series after ``after``; None if there is none, at least not for generations."""
    return next(between(rule, first, after, horizon(rule, max(after, rule.start or first)), calendar), None)


def horizon(rule: Rule, day: datetime.date) -> datetime.date:
    """How far a date after ``day`` is looked for."""
    years = YEARS * (rule.interval if rule.freq == "YEARLY" else 1)
    years = max(years, rule.interval // 12 * 5 if rule.freq == "MONTHLY" else 0)
    return datetime.date(min(day.year + years, 9999), 12, 31)


def _dates(rule: Rule, start: datetime.date, low: datetime.date, last: datetime.date, calendar: Calendar) -> Iterator[datetime.date]:
    """All dates from ``low`` on, which is not before ``start``."""
    rule = _explicit(rule, start)
    for days in _periods(rule, start, low, last):
        fit = [day for day in days if _fits(rule, day, calendar)]
        if rule.bysetpos:
            fit = sorted({fit[at - 1 if at > 0 else at] for at in rule.bysetpos if abs(at) <= len(fit)})
        for day in fit:
            if day > last:
                return
            if day >= low:
                yield day


def _explicit(rule: Rule, start: datetime.date) -> Rule:
    """The rule with the day that it leaves to the first day of the series; such a day is clamped to the month's length."""
    if not rule.implicit or rule.freq == "DAILY":
        return rule
    if rule.freq == "WEEKLY":
        return rule._replace(byday=((0, start.weekday()),))
    months = rule.bymonth or ((start.month,) if rule.freq == "YEARLY" else ())
    return rule._replace(bymonth=months, bymonthday=(start.day,), clamp=True)


def _periods(rule: Rule, start: datetime.date, low: datetime.date, last: datetime.date) -> Iterator[list[datetime.date]]:
    """The days of each day, week, month or year that counts, from that of ``low`` on."""
    index = _index(rule, start, low)
    index += -index % rule.interval
    while True:
        days = _days(rule, start, index)
        if days is None or (days and days[0] > last):
            return
        yield days
        index += rule.interval


def _index(rule: Rule, start: datetime.date, day: datetime.date) -> int:
    """How many periods after that of ``start`` the day lies."""
    if rule.freq == "DAILY":
        return (day - start).days
    if rule.freq == "WEEKLY":
        return (_monday(rule, day) - _monday(rule, start)) // 7
    if rule.freq == "MONTHLY":
        return (day.year - start.year) * 12 + day.month - start.month
    return day.year - start.year


def _monday(rule: Rule, day: datetime.date) -> int:
    """The ordinal of the first day of the week."""
    return day.toordinal() - (day.weekday() - rule.wkst) % 7


def _days(rule: Rule, start: datetime.date, index: int) -> list[datetime.date] | None:
    """The days of one period that its months leave, in order; None beyond the last year there is."""
    if rule.freq in ("DAILY", "WEEKLY"):
        first, count = (start.toordinal() + index, 1) if rule.freq == "DAILY" else (_monday(rule, start) + 7 * index, 7)
        found = [datetime.date.fromordinal(each) for each in range(max(first, 1), min(first + count, _LAST + 1))]
        return found or None
    if rule.freq == "MONTHLY":
        years, month = divmod(start.month - 1 + index, 12)
        year, months = start.year + years, [month + 1]
    else:
        year, months = start.year + index, list(range(1, 13))
    if year > 9999:
        return None
    months = [each for each in months if not rule.bymonth or each in rule.bymonth]
    if not months:  # it still says how far we are
        return [datetime.date(year, 12 if rule.freq == "YEARLY" else month + 1, 1)]
    return [datetime.date(year, each, day) for each in months for day in range(1, monthrange(year, each)[1] + 1)]


def _fits(rule: Rule, day: datetime.date, calendar: Calendar) -> bool:
    return (
        (not rule.bymonth or day.month in rule.bymonth)
        and (not rule.bymonthday or _month_day(rule, day))
        and (not rule.byday or _week_day(rule, day))
        and (not rule.byyearday or _year_day(rule, day))
        and (not rule.byweekno or _week(rule, day))
        and (not rule.working or calendar.works(day))
    )


def _month_day(rule: Rule, day: datetime.date) -> bool:
    length = monthrange(day.year, day.month)[1]
    if day.day in rule.bymonthday or day.day - length - 1 in rule.bymonthday:
        return True
    return rule.clamp and day.day == length and any(each > length for each in rule.bymonthday)


def _week_day(rule: Rule, day: datetime.date) -> bool:
    weekday = day.weekday()
    if (0, weekday) in rule.byday:
        return True
    if rule.freq == "MONTHLY" or rule.bymonth:
        at, length = day.day, monthrange(day.year, day.month)[1]
    else:
        at, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return ((at + 6) // 7, weekday) in rule.byday or (-((length - at) // 7 + 1), weekday) in rule.byday


def _year_day(rule: Rule, day: datetime.date) -> bool:
    at, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return at in rule.byyearday or at - length - 1 in rule.byyearday


def _week(rule: Rule, day: datetime.date) -> bool:
    """Whether the day lies in one of the weeks, as ISO 8601 counts them, with the rule's first day of the week."""
    middle = datetime.date.fromordinal(min(_monday(rule, day) + 3, _LAST))  # the year that most of the week lies in
    first = datetime.date(middle.year, 1, 4)
    number = (_monday(rule, day) - _monday(rule, first)) // 7 + 1
    weeks = (_monday(rule, datetime.date(middle.year, 12, 28)) - _monday(rule, first)) // 7 + 1
    return number in rule.byweekno or number - weeks - 1 in rule.byweekno
