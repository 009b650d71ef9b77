"""Answers questions about the past: what happened to items, the values a field had, who gave it its
present one.
"""

import os
from datetime import datetime, time, timedelta
from typing import NamedTuple

from plaintrack.app.snapshot import people, review
from plaintrack.app.snapshot.people import author, person
from plaintrack.app.snapshot.snapshot import Snapshot, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import SPOKEN
from plaintrack.model.change import Change
from plaintrack.model.task import fold
from plaintrack.query.recall import Recall
from plaintrack.store import files, place
from plaintrack.store.clock import zone
from plaintrack.store.digest import digest
from plaintrack.store.environment import index
from plaintrack.store.index import ask
from plaintrack.store.index.database import Database
from plaintrack.store.index.history import Event, History, Look
from plaintrack.store.index.update import signature
from plaintrack.store.remember import recall as recalled
from plaintrack.store.remember import remember


class Value(NamedTuple):
    """A value that a field had: from when (ISO) to when (empty: still), by whom, in which commit
    (empty: not committed).
    """

    value: str
    since: str
    until: str
    by: str
    commit: str


def history(snapshot: Snapshot, tip: str | None = None) -> History:
    """The history that ``tip`` (the present commit without one) reaches; raises NoGit."""
    schema, settings = snapshot.schema, snapshot.settings
    paths = sorted(review.told(snapshot))  # also of a commit whose settings named others
    fields = [(field.name, field.key, field.kind, field.many) for field in schema.fields.values()]
    lists = schema.lists
    repo = snapshot.repo
    database = Database(
        snapshot.cache,
        digest(repr((3, fields, schema.named, paths)).encode()).hex(),
        "history",
        f"{repo.ancestry} {repo.trail}",
    )
    return History(
        database,
        repo,
        paths,
        lists,
        people.skim(settings),
        tip or snapshot.tip,
        snapshot.listener.progress,
        {settings.rooms[room]: room for room in SPOKEN if room in settings.rooms},
    )


def days_of(snapshot: Snapshot, known: History) -> dict[str, str]:
    """Path → calendar day, in the workspace's time zone, of the last commit that touched it."""
    here = zone(snapshot.schema.timezone)
    return {
        path: datetime.fromisoformat(text).astimezone(here).date().isoformat()
        for path, text in known.days().items()
    }


def follow(snapshot: Snapshot, known: History) -> None:
    """Let history know which items are here, and which got another id since the last commit."""
    here = snapshot.worktree
    if here is not None and not known.present:
        known.present = frozenset(item.lower() for item in ask.ids(snapshot.index.connection))
        known.pending = [
            (each.old, each.new)
            for each in _uncommitted(here)
            if each.field == "id" and each.kind == "set" and each.old
        ]


def local(snapshot: Snapshot, event: Event) -> str:
    """When a commit was made (ISO), by the workspace's clock: the time by which ``--since`` and
    ``changed:`` find it.
    """
    place = zone(snapshot.schema.timezone)
    found = datetime.fromtimestamp(event.time, place)
    return (found if place else found.astimezone()).isoformat()


def moment(snapshot: Snapshot, text: str, end: bool = False) -> int:
    """Unix seconds of an ISO date or time in the workspace's time zone; of a day its first second,
    or (``end``) the one after it.
    """
    if len(text) > 10:
        found = datetime.fromisoformat(text)
        return int(
            (
                found if found.tzinfo else found.replace(tzinfo=zone(snapshot.schema.timezone))
            ).timestamp()
        )
    day = datetime.fromisoformat(text).date() + timedelta(days=int(end))
    return int(datetime.combine(day, time(), zone(snapshot.schema.timezone)).timestamp())


def pending(snapshot: Snapshot, asked: Look) -> list[Change]:
    """What is not committed yet, as far as it is looked for; nothing of a commit, or if the look
    ends before today or asks for someone else.
    """
    here = snapshot.worktree
    if here is None:
        return []
    if asked.until is not None and asked.until <= snapshot.now.timestamp():
        return []
    if asked.by and asked.by.isdisjoint(each.lower() for each in people.me(snapshot)):
        return []
    wanted = {each.lower() for each in asked.items}
    found = (change for change in _uncommitted(here) if not wanted or change.id.lower() in wanted)
    return [change for change in found if not asked.field or change.field == asked.field]


def _uncommitted(workspace: Workspace) -> list[Change]:
    """The Changes of the work tree, remembered as long as neither it nor git's index nor the
    present commit is another.
    """
    state = _state(workspace)
    known = recalled(workspace.cache, "uncommitted.cache", state) if state else None
    if known is None:
        known = [tuple(change) for each in review.mine(workspace) for change in each.changes]
        if state:
            remember(workspace.cache, "uncommitted.cache", state, known)
    return [Change(*each) for each in known]


def _state(workspace: Workspace) -> bytes:
    """What the answer depends on; empty while a file is so young that a later change could leave
    the same time stamps.
    """
    _ = workspace.index
    beside = (place.COMMENTS, *workspace.settings.rooms.values())
    folders = [*workspace.scanned, *files.scan(workspace.root, beside)]
    now = files.clock()
    git = place.git_folder(workspace.root)
    if (
        git is None
        or index(place.repository(workspace.root))
        or any(files.racy(entry[1:], now) for each in folders for entry in each.files)
    ):
        return b""
    stamps = [
        _stamp(os.path.join(git, "index")),
        _stamp(os.path.join(git, "info/exclude")),
        _stamp(workspace.path(".gitignore")),
    ]
    if any(files.racy(stamp, now) for stamp in stamps):
        return b""
    return repr(
        (
            workspace.repo.head,
            stamps,
            key(workspace.settings),
            [signature(each) for each in folders],
        )
    ).encode()


def _stamp(path: str) -> tuple[int, int, int, int]:
    try:
        info = os.stat(path)
    except OSError:
        return (0, 0, 0, 0)
    return (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)


def stated(snapshot: Snapshot, item: str, field: str) -> int | None:
    """When a field of an item got its value (Unix seconds), by its commit; None if that is not
    committed, or not known. Raises NoGit.
    """
    found = values(snapshot, history(snapshot), item, field)
    snapshot.tell_cut()
    if not found or not found[-1].commit:
        return None
    return int(datetime.fromisoformat(found[-1].since).timestamp())


def values(snapshot: Snapshot, known: History, item: str, field: str) -> list[Value]:
    """The values of a field of an item, the oldest first; a list as its values joined."""
    follow(snapshot, known)
    found: list[Value] = []
    current: list[str] = []
    for value, number in known.values(item, field):
        event = known.revision(number)
        current = list(value)
        _add(
            found,
            Value(
                ", ".join(value),
                local(snapshot, event),
                "",
                person(snapshot, event.author, event.email),
                event.commit,
            ),
        )
    mine = pending(snapshot, Look((item,), field))
    now = [change for change in mine if change.kind in ("set", "added", "removed")]
    for change in now:
        current = _after(current, change)
    if now:
        _add(found, Value(", ".join(current), snapshot.now.isoformat(), "", "", ""))
    return found


def _after(current: list[str], change: Change) -> list[str]:
    if change.kind == "added":
        return [*current, change.new]
    if change.kind == "removed":
        return [each for each in current if each != change.old]
    return [change.new] if change.new else []


def _add(found: list[Value], value: Value) -> None:
    if found and found[-1].value == value.value:
        return
    if found:
        found[-1] = found[-1]._replace(until=value.since)
    found.append(value)


def recall(snapshot: Snapshot, asked: Recall) -> frozenset[str]:
    """The folded ids of the items that changed so, what is not committed included; raises NoGit."""
    found = Look(
        field=asked.field,
        by=author(snapshot, asked.by) if asked.by else frozenset(),
        since=moment(snapshot, asked.since) if asked.since else None,
        until=moment(snapshot, asked.until, end=True) if asked.until else None,
        initial=asked.holds is not None,
    )
    changes = [event.change for event in history(snapshot).events(found)]
    changes += pending(snapshot, found)
    return frozenset(
        fold(change.id) for change in changes if asked.holds is None or asked.holds(change.new)
    )
