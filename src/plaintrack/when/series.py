"""Which dates of a series are to have an item on a day."""

import datetime
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.when.calendars import Calendar
from plaintrack.when.dates import add_months
from plaintrack.when.recurrence import between, following, horizon
from plaintrack.when.rule import Rule

MOST = 100
"""The items that are made at once for the days that were missed, the latest ones."""
_DAY = datetime.timedelta(days=1)


class Series(NamedTuple):
    """A series as one of its items knows it: its rule, the ``occurrence`` that the item stands for,
    and how it is carried on.

    ``catch_up`` is ``all``, ``latest`` or ``skip``, ``shift`` is ``none``, ``next`` or
    ``previous``; ``lead`` is how many days before its day an item is to be there.
    """

    rule: Rule
    occurrence: datetime.date
    calendar: Calendar
    catch_up: str = "latest"
    shift: str = "none"
    lead: int = 0

    def moved(self, day: datetime.date) -> datetime.date:
        """The day that counts instead of one that is not a working day."""
        return self.calendar.shifted(day, self.rule.shift or self.shift)

    def dates(self, last: datetime.date) -> Iterator[datetime.date]:
        """The dates after this occurrence up to ``last``, one for each day they move to."""
        seen = self.moved(self.occurrence)
        for each in between(self.rule, self.occurrence, self.occurrence, last, self.calendar):
            day = self.moved(each)
            if day > seen:
                seen = day
                yield each

    def upcoming(self, today: datetime.date) -> datetime.date | None:
        """The first date that is to come on or after ``today``; None if the series ends before."""
        far = horizon(self.rule, max(today, self.occurrence, self.rule.start or self.occurrence))
        return next((each for each in self.dates(far) if self.moved(each) >= today), None)

    def come(self, today: datetime.date) -> list[datetime.date]:
        """The dates that have items on ``today`` while this one is open, by the catch-up policy."""
        if self.rule.after:
            return []
        ahead = _later(today, max(self.lead, 0) + 8)  # a shift can bring a date forward
        there = [each for each in self.dates(ahead) if self.moved(each) <= _later(today, self.lead)]
        now = [each for each in there if self.moved(each) >= today]
        if self.catch_up == "all":
            return there[-MOST:]
        return now if now or self.catch_up == "skip" else there[-1:]

    def closed(self, today: datetime.date, completed: datetime.date) -> list[datetime.date]:
        """The dates that get items once this one is closed: those due by then, else the next."""
        if self.rule.after:
            if self.rule.times == 1:
                return []
            found = self.after(completed)
            return [found] if found else []
        come = self.come(today)
        if come:
            return come
        found = self.upcoming(today if self.catch_up == "skip" else self.occurrence)
        return [found] if found else []

    def after(self, completed: datetime.date) -> datetime.date | None:
        """The first day of the rule at least one whole interval after the completion."""
        rule = self.rule._replace(times=0, start=None)
        if rule.interval == 1 or rule.implicit:
            return following(rule, completed, completed, self.calendar)
        if rule.freq in ("MONTHLY", "YEARLY"):
            months = (rule.interval - 1) * (12 if rule.freq == "YEARLY" else 1)
            early = add_months(completed, months)
        else:
            early = _later(completed, (rule.interval - 1) * (7 if rule.freq == "WEEKLY" else 1))
        return following(rule._replace(interval=1), early, early, self.calendar)

    def before(self, day: datetime.date) -> datetime.date:
        """The date of the series before ``day``, not earlier than this occurrence."""
        if self.rule.after:
            return self.occurrence
        last = deque(
            between(self.rule, self.occurrence, self.occurrence, day - _DAY, self.calendar),
            maxlen=1,
        )
        return last[0] if last else self.occurrence


def _later(day: datetime.date, days: int) -> datetime.date:
    return datetime.date.fromordinal(min(day.toordinal() + days, datetime.date.max.toordinal()))
