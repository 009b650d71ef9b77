"""The time records and timesheets of a snapshot, as the checks look at them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.work import Clocked
from plaintrack.model.task import fold
from plaintrack.store import timers
from plaintrack.store.index import checking
from plaintrack.when.durations import minutes

if TYPE_CHECKING:
    from plaintrack.app.check.agreed import Change
    from plaintrack.timeclock.entry import Entry
    from plaintrack.timeclock.sheet import Sheet


def clocked(snapshot: Snapshot, change: "Change | None" = None, timed: bool = True) -> Clocked:
    """The time records; ``change`` is to prove the verdicts it brings. Not ``timed``: without the
    timers of this clone.
    """
    rooms = snapshot.settings.rooms
    if "time" not in rooms and "timesheets" not in rooms:
        return Clocked(
            running=list(_running(snapshot)) if timed else (), overrun=_used_up(snapshot)
        )
    from plaintrack.app.snapshot import timelog
    from plaintrack.app.snapshot.timesheets import sheets, standing

    log = timelog.log(snapshot)
    submitted = sheets(snapshot)
    mine: dict[str, list[Entry]] = {}
    for entry in log.entries:
        mine.setdefault(fold(entry.person), []).append(entry)
    return Clocked(
        now=int(snapshot.now.timestamp()),
        entries=log.entries,
        faults=log.faults,
        items=_items(snapshot, log.entries),
        sheets=[
            standing(snapshot, each, mine.get(fold(each.person), [])) for each in submitted.sheets
        ],
        unread=submitted.faults,
        running=list(_running(snapshot)) if timed else (),
        unproven=list(_unproven(snapshot, change, submitted.sheets)) if change else (),
        overrun=_overrun(snapshot),
    )


def _items(snapshot: Snapshot, entries: "Sequence[Entry]") -> dict[str, tuple[str, int | None]]:
    """What stands in entries → the folded id of the item, and when it was closed."""
    from plaintrack.app.snapshot import timelog

    closed: dict[str, int | None] = {}
    for item, category, when in checking.closings(snapshot.index.connection):
        over = category in ("done", "cancelled") and len(when) > 10
        try:
            moment = datetime.fromisoformat(when) if over else None
        except ValueError:
            moment = None
        closed[fold(item)] = int(moment.timestamp()) if moment and moment.tzinfo else None
    now = timelog.renamed(snapshot)
    found: dict[str, tuple[str, int | None]] = {}
    for text in {each.item for each in entries}:
        key = fold(now(text))
        found[text] = (key, closed[key]) if key in closed else ("", None)
    return found


def _running(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Timers of this clone and workspace that may be forgotten."""
    limit = minutes(snapshot.settings.time["forgotten"], 1440) * 60
    here, now = timers.inside(snapshot.root), snapshot.now.timestamp()
    for each in timers.timers(snapshot.root):
        if each.inside == here and now - each.start > limit:
            since = datetime.fromtimestamp(each.start, snapshot.now.tzinfo)
            yield each.person, each.item, since.strftime("%Y-%m-%d %H:%M")


def _overrun(snapshot: Snapshot) -> dict[str, float]:
    return {
        key: each.spent or 0.0
        for key, each in snapshot.logged.items()
        if each.left is None and each.stated
    }


def _used_up(snapshot: Snapshot) -> dict[str, float]:
    """The same where no time is kept: open items of which nothing is said to remain."""
    return {fold(item): 0.0 for item in checking.used_up(snapshot.index.connection)}


def _unproven(
    snapshot: Snapshot, change: "Change", submitted: "Sequence[Sheet]"
) -> Iterator[tuple[str, int, str]]:
    """The verdicts that a change brings in commits of someone else than the one they name."""
    from plaintrack.app.snapshot import timelog
    from plaintrack.app.snapshot.people import me, person

    repo = change.workspace.repo
    room = snapshot.settings.rooms.get("timesheets", "")
    commits = {each.hash: each for each in repo.commits(change.two or repo.here, [change.one])}
    writers: dict[str, list[str]] = {}
    if room and commits:
        for name, entries in repo.changes(list(commits), [room]):
            commit = commits[name]
            for entry in entries:
                who = person(snapshot, commit.author, commit.email)
                writers.setdefault(entry.path, []).append(fold(who))
    if change.two is None or change.staged:
        for entry in repo.diff(repo.here, None, [room], change.staged) if room else ():
            writers.setdefault(entry.path, []).extend(map(fold, me(snapshot)))
    before = {each.path: each.verdicts for each in _sheets_before(change)} if writers else {}
    for sheet in submitted:
        if sheet.path not in writers:
            continue
        for line, verdict in zip(sheet.lines, sheet.verdicts, strict=False):
            by = fold(timelog.handle(snapshot, verdict.by))
            if verdict in before.get(sheet.path, ()) or by in writers[sheet.path]:
                continue
            yield sheet.path, line, f"no commit of {verdict.by} brings this verdict"


def _sheets_before(change: "Change") -> "Sequence[Sheet]":
    from plaintrack.app.snapshot.past import at
    from plaintrack.app.snapshot.timesheets import sheets

    return sheets(at(change.workspace, change.one)).sheets
