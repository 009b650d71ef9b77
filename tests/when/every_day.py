"""What RFC 5545 says of the days of a rule, asked of every day there is: slow, and plain to see."""

import datetime
from calendar import isleap, monthrange
from itertools import groupby, islice

DAY = datetime.timedelta(days=1)


def dates(rule, start, years):
    """The days of the rule in the years from that of ``start`` on; a day that is left to ``start`` is clamped to the month."""
    first, last = datetime.date(start.year, 1, 1), datetime.date(start.year + years, 12, 31)
    if (
        rule.freq == "WEEKLY"
    ):  # the first week may begin in the year before, the last one end in the year after
        first -= 7 * DAY
    end = min(last.toordinal() + 7, datetime.date.max.toordinal())
    days = [datetime.date.fromordinal(number) for number in range(first.toordinal(), end + 1)]
    found = []
    for period, those in groupby(days, lambda day: _period(rule, day)):
        if (period - _period(rule, start)) % rule.interval:
            continue
        fit = [day for day in those if _fits(rule, start, day)]
        if rule.bysetpos:
            fit = sorted(
                {fit[at - 1 if at > 0 else at] for at in rule.bysetpos if abs(at) <= len(fit)}
            )
        found += [day for day in fit if day >= start]
    found = [day for day in found if day <= min(last, rule.until or last)]
    return list(islice(found, rule.times or None))


def _period(rule, day):
    """The number of the day, week, month or year."""
    number = day.toordinal()
    return {
        "DAILY": number,
        "WEEKLY": (number - 1 - rule.wkst) // 7,
        "MONTHLY": day.year * 12 + day.month,
        "YEARLY": day.year,
    }[rule.freq]


def _fits(rule, start, day):
    if rule.implicit and rule.freq == "WEEKLY" and day.weekday() != start.weekday():
        return False
    if rule.implicit and rule.freq in ("MONTHLY", "YEARLY"):
        if day.day != min(start.day, monthrange(day.year, day.month)[1]):
            return False
        if rule.freq == "YEARLY" and not rule.bymonth and day.month != start.month:
            return False
    return (
        (not rule.bymonth or day.month in rule.bymonth)
        and (
            not rule.bymonthday
            or _either(day.day, monthrange(day.year, day.month)[1], rule.bymonthday)
        )
        and (not rule.byyearday or _either(_of_year(day), _length(day.year), rule.byyearday))
        and (not rule.byweekno or _week(rule, day))
        and (
            not rule.byday
            or any(
                _weekday(rule, day, which)
                for which, number in rule.byday
                if number == day.weekday()
            )
        )
    )


def _either(at, length, wanted):
    """Whether the number from the beginning or the one from the end is wanted."""
    return at in wanted or at - length - 1 in wanted


def _of_year(day):
    return day.timetuple().tm_yday


def _length(year):
    return 366 if isleap(year) else 365


def _weekday(rule, day, which):
    if rule.freq == "MONTHLY" or rule.bymonth:
        at, length = day.day, monthrange(day.year, day.month)[1]
    else:
        at, length = _of_year(day), _length(day.year)
    return which in (0, (at - 1) // 7 + 1, -((length - at) // 7) - 1)


def _week(rule, day):
    """A week belongs to the year that its middle day lies in, which numbers it."""
    middle = day + (3 - (day.weekday() - rule.wkst) % 7) * DAY
    year_end = datetime.date(middle.year, 12, 31)
    last = year_end - (year_end.weekday() - middle.weekday()) % 7 * DAY
    return _either((_of_year(middle) - 1) // 7 + 1, (_of_year(last) - 1) // 7 + 1, rule.byweekno)
