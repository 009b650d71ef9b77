"""What time records add up to: days, reports, and how estimates compare with them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from plaintrack.timeclock.entry import Entry

UNITS = ("item", "person", "project", "goal", "tag", "week")
"""What a report can add up by."""


class Piece(NamedTuple):
    """The part of an entry that lies on one day."""

    entry: Entry
    day: date
    start: int
    end: int

    @property
    def seconds(self) -> int:
        """How long it is."""
        return self.end - self.start


class Days:
    """The days of a time zone (None: the machine's), as seconds since 1970."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.zone = zone
        self._cached = lru_cache(4096)(self._start)
        self._hours = lru_cache(65_536)(self._of)

    def _start(self, day: date) -> int:
        midnight = datetime(day.year, day.month, day.day)
        placed = midnight.astimezone() if self.zone is None else midnight.replace(tzinfo=self.zone)
        return int(placed.timestamp())

    def start(self, day: date) -> int:
        """When a day begins."""
        return self._cached(day)

    def end(self, day: date) -> int:
        """When a day ends."""
        return self._cached(day + timedelta(days=1))

    def _of(self, quarter: int) -> date:
        return datetime.fromtimestamp(quarter * 900, self.zone).date()

    def of(self, moment: int) -> date:
        """The day of a moment; offsets are multiples of a quarter of an hour."""
        return self._hours(moment // 900)

    def ahead(self, moment: int) -> int:
        """What the clock is ahead of UTC at a moment, in seconds."""
        found = datetime.fromtimestamp(moment, self.zone).astimezone(self.zone).utcoffset()
        return 0 if found is None else int(found.total_seconds())

    def pieces(
        self, entries: Iterable[Entry], first: date | None = None, last: date | None = None
    ) -> Iterator[Piece]:
        """The entries cut at midnight: the parts that lie between two days. What still runs has
        none.
        """
        low = None if first is None else self.start(first)
        high = None if last is None else self.end(last)
        for entry in entries:
            start, end = entry.start, entry.end
            if end is None:
                continue
            if low is not None and start < low:
                start = low
            if high is not None and end > high:
                end = high
            if start >= end:
                continue
            day = self.of(start)
            while end > self.end(day):
                if self.end(day) > start:
                    yield Piece(entry, day, start, self.end(day))
                    start = self.end(day)
                day += timedelta(days=1)
            yield Piece(entry, day, start, end)


def week(day: date) -> str:
    """The name of the week that a day lies in: ``2026-W48``."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


class Report(NamedTuple):
    """Seconds by name, the longest first; ``total`` counts each second once."""

    rows: tuple[tuple[str, int], ...]
    total: int
    entries: int


def report(pieces: Iterable[Piece], names: Callable[[Piece], Sequence[str]]) -> Report:
    """The time logged, to the second: for each name the sum of the entries that count for it.

    An entry with several tags counts for each of them, and one on an item that serves several goals
    for each of those: that of its `goal`, and those of its parent, its milestone and its project.
    So the rows can add up to more than the total, which counts each second once. An item belongs to
    one project. What has none counts under an empty name.
    Entries are cut at midnight of the workspace's time zone, and at the first and the last day of
    the report. A timer that is still running is not in it.
    """
    sums: dict[str, int] = {}
    total = 0
    counted = set()
    for piece in pieces:
        seconds = piece.end - piece.start
        total += seconds
        counted.add(id(piece.entry))
        for name in names(piece) or ("",):
            sums[name] = sums.get(name, 0) + seconds
    rows = sorted(sums.items(), key=lambda row: (-row[1], row[0]))
    return Report(tuple(rows), total, len(counted))


def by_week(rows: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Rows in the order of their names."""
    return tuple(sorted(rows))


class Grid(NamedTuple):
    """A person's days of one period: for each item the seconds of each day."""

    days: tuple[date, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """The seconds of each day."""
        return tuple(sum(row[at] for _, row in self.rows) for at in range(len(self.days)))

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.totals)


def grid(pieces: Iterable[Piece], days: Sequence[date], name: Callable[[Piece], str]) -> Grid:
    """The time of each name on each of the days."""
    places = {day: at for at, day in enumerate(days)}
    rows: dict[str, list[int]] = {}
    for piece in pieces:
        row = rows.setdefault(name(piece), [0] * len(places))
        row[places[piece.day]] += piece.seconds
    return Grid(tuple(days), tuple((each, tuple(row)) for each, row in sorted(rows.items())))


def clock(seconds: int) -> str:
    """Seconds as hours and minutes, ``7:30``; with seconds where there are any: ``7:30:15``."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02}" + (f":{rest:02}" if rest else "")
