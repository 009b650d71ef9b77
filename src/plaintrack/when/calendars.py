"""A calendar: which days are working days."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

SHIFTS = ("none", "next", "previous")


def _never(_day: datetime.date) -> bool:
    return False


class Calendar(NamedTuple):
    """Working days of the week (0: Monday), holidays, those of every year as (month, day), and
    whether a day is a public holiday.
    """

    week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[datetime.date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    public: Callable[[datetime.date], bool] = _never

    def works(self, day: datetime.date) -> bool:
        """Whether it is a working day."""
        return (
            day.weekday() in self.week
            and day not in self.holidays
            and (day.month, day.day) not in self.yearly
            and not self.public(day)
        )

    def shifted(self, day: datetime.date, how: str) -> datetime.date:
        """The day itself if it is a working day, or nothing is to be done; else the ``next`` or
        ``previous`` one, at most a year away.
        """
        if how not in ("next", "previous"):
            return day
        step = 1 if how == "next" else -1
        for distance in range(366):
            try:
                found = day + datetime.timedelta(days=step * distance)
            except OverflowError:
                break
            if self.works(found):
                return found
        return day
