"""What is there now, against what automations have seen: which files differ, and which of them git
brought.
"""

import json
import os
from collections.abc import Sequence, Set
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from plaintrack.app.automation.ledger import acted
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import holds
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import pairs
from plaintrack.model.done import Written
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.digest import digest
from plaintrack.store.index import ask
from plaintrack.store.index.seen import Seen
from plaintrack.store.place import COMMENTS

Files = dict[str, tuple[bytes, bytes] | None]
"""Path → digest and bytes of a file; None if it is not there."""
_UNREADABLE, _JUST_GONE = (b"", b""), (b"", b"gone")
SAVING = 2.0
"""Seconds for which a file may be gone because it is being saved."""
UNMET = 200
"""How many commits that were made here, and that no look has met, are kept in mind."""


class Moves(NamedTuple):
    """How HEAD has moved since the last look: where it was and is, the mark of its reflog, the
    commits made here that no look has met, whether it moved.

    And the files that such commits changed, as far as looks that met them had to leave the files
    for later.
    """

    before: str
    head: str
    mark: str
    unmet: tuple[str, ...]
    moved: bool
    mine: frozenset[str]


def watched(workspace: Workspace, path: str) -> bool:
    """Whether rules look at a file: an item, a comment or a status update."""
    return workspace.followed(path) or is_said(workspace, path)


def said_in(workspace: Workspace) -> tuple[str, ...]:
    """The folders of comments and of status updates, each of which has one for every item."""
    updates = workspace.settings.rooms.get("updates")
    return (COMMENTS, updates) if updates else (COMMENTS,)


def is_said(workspace: Workspace, path: str) -> bool:
    """Whether a file is a comment or a status update, by its path."""
    return holds(said_in(workspace), path)


def state(workspace: Workspace, path: str) -> tuple[bytes, bytes] | None:
    """Digest and bytes of a file; None if it is not there."""
    try:
        data = workspace.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return digest(data), data


def busy(workspace: Workspace, rest: float = 0.0) -> bool:
    """Whether git is in the middle of something, or was ``rest`` seconds ago: rules wait, and then
    see the net change.
    """
    folder = place.git_folder(workspace.root)
    if folder is None:
        return False
    from plaintrack.store.underway import at_work, underway

    return bool(underway(folder)) or at_work(folder, rest)


class Watched:
    """The files of items and comments as they are now, and what was seen of them."""

    def __init__(self, workspace: Workspace, seen: Seen, rest: float = 0.0) -> None:
        """``seen`` is what they are held against. What git may have brought less than ``rest``
        seconds ago waits.
        """
        self.workspace, self.seen, self.rest = workspace, seen, rest
        # asked at every look of a run
        self._met = cache(lambda before, head, unmet: workspace.repo.met(before, head, unmet))
        self.saved: set[str] = set()
        """The files among what changed, at the last look, that someone may be saving: not to be
        acted on yet.
        """

    def begin(self, written: Sequence[Written]) -> None:
        """The present, without what this command wrote, is what was seen."""
        now: Files = {
            path: state(self.workspace, path)
            for folder in self._folders()
            for path in self._files(folder, {})
        }
        for each in reversed(written):
            if watched(self.workspace, each.path):
                now[each.path] = None if each.before is None else (digest(each.before), each.before)
        ledger = {*acted(self.workspace)}
        moves = self.moves()
        self.seen.move_on(
            {path: each for path, each in now.items() if each},
            [],
            ledger,
            baseline="1",
            head=moves.head,
            reflog=moves.mark,
        )

    def head(self) -> str:
        """The present commit; empty without git, or before the first one."""
        if place.git_folder(self.workspace.root) is None:
            return ""
        with suppress(PlaintrackError):
            self.workspace.look_at_git_again()
            return self.workspace.repo.head or ""
        return ""

    def changed(self) -> Files:
        """What differs from what was seen; a file that cannot be read now is left for later."""
        then, now = self.seen.folders(), self._folders()
        found: Files = {}
        known: dict[str, bytes | None] = {}
        self.saved = set()
        for folder in sorted(
            path
            for path in then.keys() | now.keys()
            if not now.get(path) or then.get(path) != now[path]
        ):
            differ = self._differing(folder)
            found |= {path: each for path, each in differ.items() if each is not _UNREADABLE}
            if folder not in now and not differ:
                known[folder] = None
            elif (signature := b"" if differ else now.get(folder) or b"") != then.get(folder):
                known[folder] = signature
        if known:
            self.seen.note(known)
        return self._without_moves(found)

    def _without_moves(self, found: Files) -> Files:
        """What differs, and of the files that are just gone only those whose items are elsewhere
        taken for gone: others may be renamed by an editor that saves.
        """
        gone = {path for path, known in found.items() if known is _JUST_GONE}
        if not gone:
            return found
        now = [
            self.task(path, known[1]) for path, known in found.items() if known and path not in gone
        ]
        there = [task for task in now if task]
        then = [self.task(path, self.seen.data(path)) for path in gone]
        before = [task for task in then if task]
        ids = {task.id for task in there}
        elsewhere = {task.path for task in before if task.id in ids}
        elsewhere |= {one.path for one, two in pairs(before, there) if one and two}
        self.saved |= gone - elsewhere
        return {**found, **dict.fromkeys(gone)}

    def _young(self, folder: str) -> bool:
        """Whether a name in a folder, or the folder itself, came or went within the last
        moments.
        """
        there = self.workspace.path(folder)
        while not os.path.isdir(there) and len(there) > len(self.workspace.root):
            there = os.path.dirname(there)
        with suppress(OSError):
            return abs(files.clock() - os.stat(there).st_mtime_ns) < SAVING * 1e9
        return False

    def _differing(self, folder: str) -> "dict[str, tuple[bytes, bytes] | None]":
        """What differs right in a folder; what cannot be read as an item now is unreadable."""
        before = self.seen.contents(folder)
        now = self._files(folder, before)
        gone = before.keys() - now.keys()
        found: Files = dict.fromkeys(gone, _JUST_GONE if gone and self._young(folder) else None)
        for path, known in now.items():
            if before.get(path) != known:
                each = state(self.workspace, path)
                spoken = is_said(self.workspace, path)
                if each is None or (not spoken and not self.task(path, each[1])):
                    found[path] = _UNREADABLE
                elif before.get(path) != each[0]:
                    found[path] = each
                    if each[0] != known:  # saved since the index was made, which conditions ask
                        self.saved.add(path)
        return found

    def saving(self, item: str) -> bool:
        """Whether an item is not in the index, or some file cannot be read, perhaps only because
        someone is saving it at this moment.
        """
        connection = self.workspace.index.connection
        if ask.unreadable_since(connection, files.clock(), SAVING * 1e9):
            return True
        here = not item or ask.spelt(connection, item)
        return not here and any(self._young(folder) for folder in ask.folders(connection))

    def moves(self) -> Moves:
        """How HEAD has moved since the last look."""
        before, mark, unmet = (
            self.seen.known("head"),
            self.seen.known("reflog"),
            self.seen.known("unmet").splitlines(),
        )
        mine = frozenset(json.loads(self.seen.known("mine") or "[]"))
        head = self.head()
        if not head:
            return Moves(before, head, mark, tuple(unmet), False, mine)
        if before not in ("", head) and self.workspace.repo.find(before) is None:
            before = ""  # git has thrown it away
        now, made = self.workspace.repo.made_since(mark)
        return Moves(
            before,
            head,
            now,
            tuple([*unmet, *reversed(made)][-UNMET:]),
            head != before or now != mark,
            mine,
        )

    def pulled(self, changed: Files, moves: Moves, written: Set[str]) -> tuple[set[str], Moves]:
        """The changed files that git brought: HEAD moved, they are as it has them, neither
        ``written`` by us nor by a commit made here that a look meets for the first time.

        Also the moves without those commits, and with what they changed.
        """
        if not moves.moved:
            return set(), moves
        names, mine = (
            self._met(moves.before, moves.head, moves.unmet)
            if moves.unmet and moves.head != moves.before
            else (set(), set())
        )
        same = self._committed(changed, moves.head)
        here = moves.mine | mine
        return same - here - written, moves._replace(
            unmet=tuple(each for each in moves.unmet if each not in names), mine=here
        )

    def aside(self, changed: Files, head: str) -> set[str]:
        """The changed files that ``git stash`` has put aside: they are as HEAD has them, and a
        stash holds what was seen of them.
        """
        stashed = self.workspace.repo.stashed() if head and changed else []
        if not stashed:
            return set()
        from plaintrack.store.digest import is_blob

        paths = sorted(self._committed(changed, head))
        places = [(commit, path) for path in paths for commit in stashed]
        blobs = zip(places, self.workspace.repo.blob_ids(places), strict=True)
        return {
            path
            for (_, path), blob in blobs
            if blob and (data := self.seen.data(path)) is not None and is_blob(data, blob)
        }

    def _committed(self, changed: Files, head: str) -> set[str]:
        """Those of the changed files that are as a commit has them."""
        from plaintrack.store.digest import is_blob

        blobs = zip(
            changed.items(),
            self.workspace.repo.blob_ids([(head, path) for path in changed]),
            strict=True,
        )
        return {
            path
            for (path, each), blob in blobs
            if (is_blob(each[1], blob) if each and blob else not each and not blob)
        }

    def task(self, path: str, data: bytes | None) -> Task | None:
        """The item that a file with these bytes is; None if it is none, or has no id."""
        from plaintrack.text.parse import parse

        found = parse(path, data, self.workspace.schema) if data is not None else None
        return found if found and found.fields and found.id else None

    def _files(self, folder: str, known: dict[str, bytes]) -> dict[str, bytes]:
        """Path → digest of every item, comment or update right in a folder; a comment or update
        that is ``known`` is not read again, since only new ones count.
        """
        if not folder.startswith(tuple(f"{each}/" for each in said_in(self.workspace))):
            return {
                f"{folder}/{name}": bytes(each or b"")
                for name, each in ask.digests(self.workspace.index.connection, folder)
            }
        found = {}
        for path in [f"{folder}/{name}" for name in self.workspace.names(folder)]:
            with suppress(OSError, files.Oddity):
                found[path] = known.get(path) or digest(self.workspace.read(path))
        return found

    def _folders(self) -> dict[str, bytes | None]:
        """Every folder of items, comments or updates, and what tells that the files in it are the
        same; None while that cannot be told.
        """
        found = ask.signatures(self.workspace.index.connection)
        for top in said_in(self.workspace):
            for owner in self.workspace.entries(top):
                folder = f"{top}/{owner}"
                with suppress(OSError):
                    info = os.stat(self.workspace.path(folder), follow_symlinks=False)
                    racy = files.racy((info.st_mtime_ns, info.st_ctime_ns, 0, 0), files.clock())
                    if racy:
                        found[folder] = None
                    else:
                        found[folder] = (
                            f"{info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}".encode()
                        )
        return found
