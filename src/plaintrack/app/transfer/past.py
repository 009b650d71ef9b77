"""The status changes of imported items as commits with their own dates and authors, so that log and
metrics know them.
"""

import os
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import NamedTuple

from plaintrack.app.git.commit import alone
from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.exchange.draft import Move
from plaintrack.exchange.mapping import Mapping
from plaintrack.model.count import plural
from plaintrack.model.edit import Edit, Set, Unset
from plaintrack.model.task import fold
from plaintrack.store.repo import DetachedHead, GitUnderway
from plaintrack.text.edit import edited
from plaintrack.text.parse import parse


class Life(NamedTuple):
    """One item with moves that are to be told: its file, and how it came there.

    ``whole``: no commit has it yet, so its making is told, too, and ``data`` is what the file holds
    now; else ``data`` is what the present commit has.
    """

    path: str
    title: str
    data: bytes
    created: datetime | None
    moves: Sequence[Move]
    whole: bool = True


class Event(NamedTuple):
    """One commit to be."""

    date: datetime
    author: str
    path: str
    data: bytes
    message: str


def demand(workspace: Workspace) -> None:
    """Raise NoGit, DetachedHead or GitUnderway where no history can be written."""
    repo = workspace.repo
    if not repo.branch:
        raise DetachedHead
    if repo.underway:
        raise GitUnderway(repo.underway)


def committed(workspace: Workspace) -> frozenset[str]:
    """The folded ids of all items that commits know."""
    if not workspace.repo.find("HEAD"):
        return frozenset()
    return frozenset(fold(each) for each in history(workspace).ids())


def present(workspace: Workspace, paths: Sequence[str]) -> dict[str, bytes]:
    """What the present commit has at these paths; not where something else is staged."""
    repo = workspace.repo
    head = repo.find("HEAD")
    if not head or not paths:
        return {}
    there = set(paths) - {repo.outside(path) for path in repo.staged()}
    blobs = {path: blob for path, blob in repo.tree(head, workspace.settings.tops) if path in there}
    held = dict(repo.blobs(list(set(blobs.values()))))
    return {path: held[blob] for path, blob in blobs.items()}


def events(workspace: Workspace, lives: Sequence[Life], mapping: Mapping) -> list[Event]:
    """The commits, the oldest first: each item is made, then moves from status to status."""
    found: list[Event] = []
    for life in lives:
        found += _events(workspace, life, mapping)
    return sorted(found, key=lambda event: event.date)


def _events(workspace: Workspace, life: Life, mapping: Mapping) -> list[Event]:
    moves = sorted(life.moves, key=lambda move: move.date)
    now = parse(life.path, life.data, workspace.schema).text("status")
    status, found = now, []
    if life.whole:
        first = moves[0].date - timedelta(seconds=1) if moves else None
        made = min(each for each in (life.created, first) if each)
        if moves:
            begun = next(iter(workspace.schema.statuses), "")
            status = mapping.get("status", moves[0].old) or begun
        data = _at(workspace, life, status, made)
        found.append(Event(made, "", life.path, data, f"{life.title}: created"))
    for move in moves:
        new = mapping.get("status", move.new)
        if not new or new == status:
            continue
        data = _at(workspace, life, new, move.date)
        who = mapping.get("person", move.author) if move.author else ""
        found.append(Event(move.date, who, life.path, data, f"{life.title}: {status} → {new}"))
        status = new
    ended = workspace.schema.closed(status) and workspace.schema.closed(now)
    if life.whole and (status == now or ended):  # nothing is left to be committed of it
        found[-1] = found[-1]._replace(data=life.data)
    return found


def _at(workspace: Workspace, life: Life, status: str, date: datetime) -> bytes:
    """The file as it was with a status; all else is as it came."""
    schema = workspace.schema
    edits: list[Edit] = [Set("status", status)] if status else []
    if schema.closed(status):
        edits.append(Set("closed", date.replace(microsecond=0).isoformat()))
    else:
        edits.append(Unset("closed"))
    return edited(life.data, life.path, tuple(edits), schema)


def write(workspace: Workspace, found: Sequence[Event]) -> None:
    """Put the commits onto the present branch, all or none; the work tree stays as it is, and so
    does what is staged of other files.
    """
    repo = workspace.repo
    with alone(workspace):
        demand(workspace)
        stream = b"".join(_stream(workspace, found, repo.branch, repo.find("HEAD")))
        done = repo.act("fast-import", "--quiet", "--date-format=raw", given=stream)
        repo.demand(done, "git did not take the history")
        paths = sorted({event.path for event in found})
        given = b"".join(b"%b\0" % os.fsencode(each) for each in repo.inside(paths))
        files = ("--pathspec-from-file=-", "--pathspec-file-nul")
        repo.demand(repo.act("reset", "-q", *files, given=given), "git did not take up the history")
    workspace.look_at_git_again()


def staying(workspace: Workspace, paths: AbstractSet[str], since: float) -> list[str]:
    """What to say of the commits that an import made at or after ``since`` (Unix seconds), and that
    stay though its files, ``paths``, were taken back; empty if there are none.
    """
    repo = workspace.repo
    try:
        made = repo.imported(since)
        if made is None or not repo.head or not repo.contains(repo.head, made.tip):
            return []
        count = repo.count(made.tip, made.before)
        stay = plural(count, "commit stays", "commits stay")
        found = [f"{stay}: the history of these items; undo leaves git as it is"]
        if repo.published(made.tip):
            return [*found, "they were pushed: leave them"]
        if not all(set(each) <= paths for each in repo.touched(made.tip)):
            return [*found, "there are other commits on them: to drop them takes a rebase"]
    except PlaintrackError:
        return []
    drop = f"git reset {made.before[:10]}" if made.before else "git update-ref -d HEAD; git reset"
    return [*found, f"to drop them, which keeps your files as they are: `{drop}`"]


def _stream(
    workspace: Workspace, found: Sequence[Event], branch: str, head: str | None
) -> Iterator[bytes]:
    """What ``git fast-import`` reads."""
    people = {
        fold(each.handle): (each.name or each.handle, (*each.emails, "")[0])
        for each in workspace.everyone.people.values()
    }
    mine = (me(workspace) or ("plaintrack",))[0]
    for number, event in enumerate(found):
        name, email = _signature(event.author or mine, people)
        seconds = int(event.date.timestamp())
        shift = event.date.utcoffset() or timedelta()
        zone = f"{'-' if shift < timedelta() else '+'}{_clock(abs(shift))}"
        who = f"{name} <{email}> {seconds} {zone}"
        message = event.message.encode("utf-8", "replace")
        (path,) = repo_paths(workspace, [event.path])
        yield f"commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\n".encode()
        yield b"data %d\n%b\n" % (len(message), message)
        if number == 0 and head:
            yield f"from {head}\n".encode()
        yield b"M 100644 inline %b\ndata %d\n%b\n" % (path, len(event.data), event.data)


def repo_paths(workspace: Workspace, paths: Sequence[str]) -> list[bytes]:
    """Paths from the top of the repository, quoted as fast-import wants them."""
    found = []
    for path in workspace.repo.inside(paths):
        data = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        found.append(b'"%b"' % data.replace(b"\n", b"\\n"))
    return found


def _signature(who: str, people: Map[str, tuple[str, str]]) -> tuple[str, str]:
    name, email = people.get(fold(who), (who, ""))
    return _plain(name) or "unknown", _plain(email)


def _plain(text: str) -> str:
    """A text without what git takes for an end of a name or an address."""
    return "".join(each for each in text if each not in "<>\n\0").strip()


def _clock(shift: timedelta) -> str:
    minutes = int(shift.total_seconds()) // 60
    return f"{minutes // 60:02}{minutes % 60:02}"
