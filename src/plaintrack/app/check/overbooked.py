"""Whom a change overbooks: the workload of both sides compared, week by week."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workload import days, workload
from plaintrack.checks.report import Effect
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.plan.workload import TOLERANCE, Bucket
from plaintrack.store.index.database import Database

if TYPE_CHECKING:
    from plaintrack.app.check.source import Sight

NAMED = 3
"""Items that are named beside a person."""


class _Side(Snapshot):
    """One side of a change, as the workload asks it."""

    def __init__(self, side: "Sight", settings: Settings) -> None:
        super().__init__(side.workspace.root, day=side.today)
        self._settings = settings
        self._index = Database(None, "")
        self._index.connection = self._index.leave(side.connection)
        self.staff = side.staff()

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def index(self) -> Database:
        return self._index

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(path)

    def names(self, _folder: str) -> list[str]:
        return []

    def contents(self, _folder: str, _wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        return iter(())


def overbooked(old: "Sight", new: "Sight") -> tuple[Effect, ...]:
    """The people who have more work than time in a week, or on one of its days, after a change and
    had not before, or had less of it; where people's files are there.
    """
    if not any(each.path for each in new.staff().people.values()):
        return ()
    try:
        before, after = _weeks(old), _weeks(new)
    except PlaintrackError:  # a calendar that cannot be told
        return ()
    found = []
    for (name, week), bucket in after.items():
        was = before.get((name, week))
        if _worse(was, bucket):
            person = new.staff().person(name)
            path = person.path if person else ""
            found.append(Effect("overbooked", name, _told(bucket), path))
    return tuple(found)


def _weeks(side: "Sight") -> dict[tuple[str, str], Bucket]:
    settings = side.present() or side.workspace.settings
    snapshot = _Side(side, settings)
    found = workload(snapshot, "", "person", days(snapshot, "week"))
    return {(row.name, each.name): each for row in found.rows for each in row.buckets}


def _worse(was: Bucket | None, now: Bucket) -> bool:
    """Whether a week has become overbooked, or more so."""
    if now.capacity is None or not (now.excess > TOLERANCE or now.days):
        return False
    if was is None or was.capacity is None:
        return True
    return now.excess > was.excess + TOLERANCE or now.peak > was.peak + TOLERANCE


def _told(week: Bucket) -> str:
    planned, there = (round(minutes / 60, 1) for minutes in (week.planned, week.capacity or 0))
    ids = [duty.id for duty, _ in week.items]
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    days = "" if week.excess > TOLERANCE else f" on {', '.join(map(str, week.days[:NAMED]))}"
    return f"{week.name}{days}: {planned:g}h of {there:g}h ({', '.join(ids[:NAMED])}{more})"
