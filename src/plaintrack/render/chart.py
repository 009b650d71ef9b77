"""The parts of a Document that stand on a time axis, and where they lie on it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class Bar(NamedTuple):
    """One thing on a time axis, from its first to its last day (None: it has no dates).

    ``kind`` is ``work``, ``critical``, ``summary``, ``milestone`` or ``occurrence``; ``late`` are
    the days past ``due``; ``note`` stands in place of a bar that has no dates; ``again`` are the
    times of its series to come.
    """

    id: str
    title: str
    start: date | None
    end: date | None
    due: date | None = None
    kind: str = "work"
    late: int = 0
    note: str = ""
    again: Sequence[tuple[date, date]] = ()


class Timeline(NamedTuple):
    """Bars by group, over the days from ``first`` on; ``today`` is marked."""

    groups: Sequence[tuple[str, Sequence[Bar]]]
    first: date
    last: date
    today: date


class Scale(NamedTuple):
    """A time axis of ``cells`` cells, of ``days`` days each."""

    first: date
    days: int
    cells: int

    def cell(self, day: date) -> int:
        """The cell that a day lies in, one of those there are."""
        return max(0, min(self.cells - 1, (day - self.first).days // self.days))

    def day(self, cell: int) -> date:
        """The first day of a cell."""
        return self.first + timedelta(days=cell * self.days)

    def holds(self, day: date) -> bool:
        """Whether a day lies on the axis."""
        return 0 <= (day - self.first).days < self.cells * self.days


def scale(chart: Timeline, cells: int) -> Scale:
    """The finest axis that shows all of a chart in at most so many cells: whole days, weeks, or
    several weeks a cell.
    """
    length = (chart.last - chart.first).days + 1
    if length <= cells:
        return Scale(chart.first, 1, length)
    monday = chart.first - timedelta(days=chart.first.weekday())
    weeks = ((chart.last - monday).days + 7) // 7
    step = -(-weeks // cells)
    return Scale(monday, 7 * step, -(-weeks // step))
