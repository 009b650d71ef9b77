"""How much time is logged on each item, and what is left of it."""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress

from plaintrack.app.snapshot import timelog
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.expected import UNSPENT, Spent
from plaintrack.model.task import fold
from plaintrack.store.index import survey
from plaintrack.store.index.survey import Measured
from plaintrack.store.refusals import NoGit
from plaintrack.timeclock.entry import Entry
from plaintrack.timeclock.left import Logged, left, total_left, total_spent


def logged(snapshot: Snapshot, ids: Collection[str] | None = None) -> Mapping[str, Spent]:
    """Folded id → spent and left of every item, or of these; where no time is kept nothing is
    known to be spent.
    """
    entries = timelog.everything(snapshot, ids)
    kept = bool(entries) or "time" in snapshot.settings.rooms
    now = timelog.renamed(snapshot)
    mine: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.end is not None:
            mine.setdefault(fold(now(entry.item)), []).append(entry)
    found: dict[str, Spent] = {}
    for row in survey.measured(snapshot.index.connection, ids):
        if row.id and fold(row.id) not in found:
            told = _spent(snapshot, row, mine.get(fold(row.id), []))
            found[fold(row.id)] = told if kept else told._replace(spent=None)
    return found


def rolled(snapshot: Snapshot) -> Mapping[str, Spent]:
    """Folded id → spent and left of every item, also with all that is below it."""
    work = outline(snapshot)
    alone = [snapshot.logged.get(fold(each.task.id), UNSPENT) for each in work.pieces]
    counts = frozenset(work.work)
    found: dict[str, Spent] = {}
    for key, number in work.numbers.items():
        within = [number, *work.below(number)]
        found[key] = alone[number]._replace(
            total_spent=total_spent(alone[each].spent for each in within),
            total_left=total_left(
                work.pieces[each].left
                for each in within
                if each in counts or work.pieces[each].closed
            ),
        )
    return found


def _spent(snapshot: Snapshot, row: Measured, entries: list[Entry]) -> Spent:
    seconds = sum(each.seconds for each in entries)
    since = 0
    if row.remaining is not None and entries:
        moment = _changed(snapshot, row)
        since = sum(max(0, (each.end or 0) - max(each.start, moment)) for each in entries)
    told = Logged(seconds / 60, since / 60)
    closed = row.category in ("done", "cancelled")
    stated = row.estimate is not None or row.remaining is not None
    found = left(row.estimate, row.remaining, told, closed)
    return Spent(told.spent, found, bool(entries), stated)


def _changed(snapshot: Snapshot, row: Measured) -> int:
    """When `remaining` got its present value, in seconds since 1970: the date of its commit; of one
    that is not committed, when the file was written. Without history nothing came after it.
    """
    here = int(snapshot.now.timestamp())
    try:
        found = snapshot.stated(row.id, "remaining")
    except NoGit as error:
        snapshot.miss(error)
        found = None
    if found is not None:
        return found
    if snapshot.worktree is not None:
        with suppress(OSError):
            return int(os.stat(snapshot.path(row.path)).st_mtime)
    return here
