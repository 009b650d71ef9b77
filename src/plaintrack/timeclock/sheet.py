"""Timesheets: what one person logged in a week or month, and a hash that freezes it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from plaintrack.timeclock.entry import Entry
from plaintrack.timeclock.hours import Days, Piece

SHORT = 12
"""The digits of a day's digest."""
APPROVED, REJECTED = "approved", "rejected"


class Period(NamedTuple):
    """A week, ``2026-W48``, or a month, ``2026-11``."""

    name: str
    first: date
    last: date

    def days(self) -> list[date]:
        """Its days."""
        return [self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1)]


class Day(NamedTuple):
    """What stands in a sheet about one day: seconds, and a digest of its entries."""

    day: date
    seconds: int
    digest: str


class Verdict(NamedTuple):
    """What someone said about a sheet, and the hash of what it was said about."""

    what: str
    by: str
    when: str
    sha256: str
    note: str = ""


class Sheet(NamedTuple):
    """A submitted period, as its file says it."""

    person: str
    period: str
    timezone: str
    sha256: str
    days: tuple[Day, ...]
    submitted: str = ""
    verdicts: tuple[Verdict, ...] = ()
    path: str = ""
    lines: tuple[int, ...] = ()
    """The lines of the verdicts in the file, from 1."""

    @property
    def total(self) -> int:
        """Seconds."""
        return sum(each.seconds for each in self.days)

    def verdict(self) -> Verdict | None:
        """The last verdict on what is submitted now; one on an earlier submission has lapsed, and
        one's own does not count.
        """
        valid = [
            each
            for each in self.verdicts
            if each.sha256 == self.sha256 and each.by.casefold() != self.person.casefold()
        ]
        return valid[-1] if valid else None

    @property
    def approved(self) -> bool:
        """Whether the last verdict approves it."""
        found = self.verdict()
        return found is not None and found.what == APPROVED


def belonging(entries: Iterable[Entry], period: Period, days: Days) -> Iterator[Piece]:
    """The parts of entries that a period counts: those of its days, unless another one counts
    them, and the whole of those that it counts for another.
    """
    for entry in entries:
        if entry.counted == period.name:
            yield from days.pieces([entry])
        elif not entry.counted:
            yield from days.pieces([entry], period.first, period.last)


def frozen(pieces: Sequence[Piece]) -> tuple[str, tuple[Day, ...]]:
    """The SHA-256 of a sheet, and its days.

    It is taken over one line for each part of an entry, sorted: start and end in seconds since
    1970, item, note and tags, as they were written. Where the entries stand, in which order and in
    how many files, does not matter; neither do later renames, which rewrite no entry.
    """
    lines: dict[date, list[str]] = {}
    seconds: dict[date, int] = {}
    for piece in pieces:
        lines.setdefault(piece.day, []).append(_line(piece))
        seconds[piece.day] = seconds.get(piece.day, 0) + piece.seconds
    days = tuple(Day(day, seconds[day], _digest(lines[day])[:SHORT]) for day in sorted(lines))
    return _digest([line for some in lines.values() for line in some]), days


def _line(piece: Piece) -> str:
    entry = piece.entry
    tags = ",".join(sorted(entry.tags))
    return "\t".join((str(piece.start), str(piece.end), entry.item, entry.note, tags))


def _digest(lines: Iterable[str]) -> str:
    from hashlib import sha256

    return sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()


def differing(sheet: Sheet, now: Sequence[Day]) -> list[date]:
    """The days on which the entries are not those that were submitted."""
    then = {each.day: each for each in sheet.days}
    here = {each.day: each for each in now}
    return [day for day in sorted({*then, *here}) if then.get(day) != here.get(day)]


class Standing(NamedTuple):
    """A sheet, what its period holds now, and the days on which that is something else."""

    sheet: Sheet
    now: str
    days: tuple[Day, ...]
    changed: tuple[date, ...]

    @property
    def state(self) -> str:
        """``changed``, ``approved``, ``rejected`` or ``submitted``."""
        if self.changed:
            return "changed"
        verdict = self.sheet.verdict()
        return verdict.what if verdict else "submitted"
