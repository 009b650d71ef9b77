"""A calendar: which days are working days."""

import datetime
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIFTS = ("none", "next", "previous")


def _never(_day: datetime.date) -> bool:
    return False


class Calendar(NamedTuple):
    """Working days of the week (0: Monday), holidays, those of every year as (month, day), and
    whether a day is a public holiday.

    ``hours`` are the minutes worked on each weekday, where that is not the usual working day (-1:
    it is); ``own`` those of single days, which are worked so whatever else is said of them.
    """

    week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[datetime.date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    public: Callable[[datetime.date], bool] = _never
    hours: tuple[int, ...] = (-1,) * 7
    own: Mapping[datetime.date, int] = {}

    def works(self, day: datetime.date) -> bool:
        """Whether it is a working day."""
        if day in self.own:
            return self.own[day] > 0
        return (
            day.weekday() in self.week
            and day not in self.holidays
            and (day.month, day.day) not in self.yearly
            and not self.public(day)
        )

    def worked(self, day: datetime.date, usual: int) -> int:
        """The minutes worked on a day; ``usual`` are those of an ordinary one."""
        if day in self.own:
            return self.own[day]
        if not self.works(day):
            return 0
        length = self.hours[day.weekday()]
        return usual if length < 0 else length

    def minutes(self, usual: int) -> tuple[int, ...]:
        """The minutes worked on each weekday that is no holiday; ``usual`` are those of a day."""
        return tuple(
            (usual if length < 0 else length) if day in self.week else 0
            for day, length in enumerate(self.hours)
        )

    def breaks(self, first: datetime.date, last: datetime.date) -> dict[datetime.date, int | None]:
        """The days from ``first`` to ``last`` on which the week does not hold: None for a holiday,
        else the minutes of a day of its own.
        """
        found: dict[datetime.date, int | None] = {}
        for year in range(first.year, last.year + 1) if self.yearly else ():
            for month, day in self.yearly:
                with suppress(ValueError):  # 29 February
                    found[datetime.date(year, month, day)] = None
        found.update(dict.fromkeys(self.holidays))
        if self.public is not _never:
            for number in range(first.toordinal(), last.toordinal() + 1):
                each = datetime.date.fromordinal(number)
                if self.public(each):
                    found[each] = None
        found.update(self.own)
        return {day: length for day, length in found.items() if first <= day <= last}

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


FARTHEST = 3660
"""Days that working time is counted for; what is farther away counts as if it were there."""


class Stretch:
    """The working time from one day on, counted as far as it is asked for."""

    def __init__(
        self, first: datetime.date, worked: Callable[[datetime.date], int] | None, usual: int
    ) -> None:
        """``worked`` gives the minutes of a day; without it ``usual`` are worked on Monday to
        Friday.
        """
        self._first = first.toordinal()
        self._worked = worked or (lambda day: Calendar().worked(day, usual))
        self._sums = [0, self._worked(first)]

    def until(self, day: int) -> int:
        """The minutes from the first day to the end of the one with this ordinal; 0 before it."""
        count = max(0, min(day - self._first + 1, FARTHEST))
        while len(self._sums) <= count:
            next_day = self._first + len(self._sums) - 1
            if next_day > datetime.date.max.toordinal():
                return self._sums[-1]
            length = self._worked(datetime.date.fromordinal(next_day))
            self._sums.append(self._sums[-1] + length)
        return self._sums[count]
