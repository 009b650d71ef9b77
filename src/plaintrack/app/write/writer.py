"""The one writer: locks, re-reads, edits by span, verifies, replaces atomically, and keeps the
journal for ``undo``.
"""

import errno
import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from plaintrack.app.snapshot.people import parsed, schema_for
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.app.write.journal import Journal, Record
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.change import Change, compare
from plaintrack.model.done import Next, Written
from plaintrack.model.edit import Edit
from plaintrack.model.fields import LINKS
from plaintrack.model.ids import NotCheckedOut
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fold
from plaintrack.store import files, replace
from plaintrack.store.lock import uninterrupted
from plaintrack.text.parse import parse


class Broken(PlaintrackError):
    """The file cannot be edited since it cannot be read as an item."""

    slug = "broken-file"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text, problem.hint)


class Gone(PlaintrackError):
    """The file was there a moment ago."""

    slug = "gone"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} no longer exists", f"look with {command('list')}")


class Busy(PlaintrackError):
    """Another program kept saving the file."""

    slug = "file-busy"

    def __init__(self, path: str) -> None:
        super().__init__(f"another program keeps saving {path}", "try again")


class Follow(NamedTuple):
    """What follows from writing. The writer is handed it, and knows none of it; here nothing
    follows.
    """

    closing: Callable[["Writer", Task, bytes], bytes] = lambda _writer, _after, data: data
    """An item that recurs is being closed: what its file is to hold, ``data`` at first."""
    written: Callable[["Writer"], None] = lambda _writer: None
    """The command has written what it wanted, and still holds the lock."""
    undone: Callable[[Workspace, Sequence[str]], None] = lambda _workspace, _paths: None
    """These files are again as they were before a command; the lock is still held."""
    released: Callable[[Workspace, Sequence[str], bool], None] = lambda _workspace, _paths, _ask: (
        None
    )
    """These files were written and the lock is free again; ``asked``: a rule wants them committed.
    """


NOTHING = Follow()


def follow_of(workspace: Workspace) -> Follow:
    """What follows from writing in a workspace, as it was opened."""
    return workspace.follow() if workspace.follow else NOTHING


class Writer:
    """Carries out the writes of one command, under the workspace's lock; with ``dry`` it writes
    nothing and tells what it would do.
    """

    def __init__(
        self,
        workspace: Workspace,
        dry: bool = False,
        follow: Follow = NOTHING,
        journal: Journal | None = None,
    ) -> None:
        """To be made by ``Portions.portion``, with the journal of its command."""
        self.workspace = workspace
        self.follow = follow
        self.dry = dry
        self.journal = Journal(None if dry else workspace.cache) if journal is None else journal
        self.written: list[Written] = []
        self._planned: dict[str, bytes | None] = {}  # what files would hold, or are going to
        self._together: replace.Together | None = None
        self.followers: list[Next] = []  # the items that recurring ones have led to
        self.commits = False  # a rule asks for a commit
        self._links: dict[str, Task] = {}  # the items whose links were edited, by folded id

    def edit(self, path: str, edits: Sequence[Edit]) -> tuple[Change, ...]:
        """Edit one item by span; waits up to a second while someone's save leaves the file
        unreadable.
        """
        from plaintrack.app.write.stamps import stamps
        from plaintrack.text.edit import edited

        for _ in range(20):
            data, before = self._settled(path)
            settings = self.workspace.settings
            also = () if settings.room(path) else stamps(self.workspace, before, edits)
            new = edited(data, path, (*edits, *also), schema_for(settings, path))
            if new == data:
                return ()
            if settings.approvals["needs"] and not settings.room(path):
                self.check_agreed(path, before, new)
            if any(getattr(each, "field", "") in LINKS for each in edits):
                self._linked(path, before, new)
            if "repeat" in before.fields:
                new = self._carried_on(path, before, new)
            try:
                self._replace(path, data, new)
            except (files.Changed, FileNotFoundError):
                continue
            return self._done(path, data, new, before)
        raise Busy(path)

    def check_agreed(self, path: str, before: Task | None, new: bytes) -> None:
        """Raise NotApproved if what an item would be takes approvals that are not there."""
        from plaintrack.app.write.agreed import guard

        guard(self.workspace, before, parse(path, new, self.workspace.schema))

    def _linked(self, path: str, before: Task, new: bytes) -> None:
        """Raise ClosesCircle if a new link leads back to the item."""
        from plaintrack.app.write.linked import guard

        after = parse(path, new, self.workspace.schema)
        guard(self.workspace, before, after, self._links)
        self._links[fold(after.id)] = after

    def _carried_on(self, path: str, before: Task, new: bytes) -> bytes:
        """If that closes an item that recurs: make the next one, and give back the bytes without
        ``repeat``.
        """
        schema = self.workspace.schema
        after = parse(path, new, schema)
        if (
            not after.text("repeat")
            or schema.closed(before.text("status"))
            or not schema.closed(after.text("status"))
        ):
            return new
        return self.follow.closing(self, after, new)

    def _settled(self, path: str) -> tuple[bytes, Task]:
        deadline = time.monotonic() + (0.0 if self.dry else 1.0)
        while True:
            try:
                data = self.held(path)
                task = parsed(self.workspace.settings, path, data)
                errors = [problem for problem in task.problems if not task.fields]
                if not errors:
                    return data, task
                problem = errors[0]
                failure: PlaintrackError = Broken(problem)
            except FileNotFoundError:
                failure = Gone(path)
            if time.monotonic() > deadline:
                raise failure
            time.sleep(0.02)

    def gather(self) -> None:
        """From now on new files wait for ``settle``, which makes all of them durable at once."""
        if not self.dry:
            self._together = replace.Together()

    def settle(self) -> None:
        """Let the new files that wait be there; raises FileExistsError rather than replace one."""
        if self._together and self._planned:
            self._planned.clear()
            with uninterrupted():
                self._together.done()

    def _settle(self, path: str) -> None:
        if path in self._planned and not self.dry:
            self.settle()

    def held(self, path: str) -> bytes:
        """The bytes of a file; those that it would hold by now in a dry run, and while it waits."""
        planned = self._planned.get(path, b"")
        if planned is None:
            raise FileNotFoundError(errno.ENOENT, "it would be gone", path)
        return planned or self.workspace.read(path)

    def _note(self, written: Written) -> None:
        self.written.append(written)
        if self.dry:
            self._planned[written.path] = written.after

    def _place(self, path: str) -> str:
        """Where a workspace file is; raises Oddity if the way there leads through a symbolic
        link, NotCheckedOut for one that a sparse checkout leaves out.
        """
        self.workspace.plain(path)
        if path in self.workspace.away:
            raise NotCheckedOut(path)
        return self.workspace.path(path)

    def _replace(self, path: str, data: bytes, new: bytes) -> None:
        if self.dry:
            return
        self._settle(path)
        with uninterrupted():
            self.journal.note(Record(path, data, new))
            replace.replace(self._place(path), data, new, rescue.attic(self.workspace))

    def rewrite(self, path: str, data: bytes, new: bytes) -> tuple[Change, ...]:
        """Replace the bytes ``data`` of a file that cannot be parsed; raises Changed if it holds
        something else by now.
        """
        self._replace(path, data, new)
        return self._done(path, data, new, None)

    def reword(self, path: str, body: str) -> tuple[Change, ...]:
        """Give an item another body; its front matter stays as it is, to the byte."""
        for _ in range(20):
            data, before = self._settled(path)
            head = data[: len(data) - len(before.body.encode())]
            if head + before.body.encode() != data:
                raise Busy(path)
            newline = "\r\n" if b"\r\n" in head else "\n"
            new = head + body.replace("\n", newline).encode()
            if new == data:
                return ()
            try:
                self._replace(path, data, new)
            except (files.Changed, FileNotFoundError):
                continue
            return self._done(path, data, new, before)
        raise Busy(path)

    def create(self, path: str, data: bytes, after: Task | None = None) -> tuple[Change, ...]:
        """A new file; raises FileExistsError rather than replace one. ``after`` is the item that
        ``data`` says, where that is known.
        """
        place = self._place(path)
        if self._planned.get(path) is not None or os.path.lexists(place):
            raise FileExistsError(errno.EEXIST, "such a file already exists", place)
        if not self.dry:
            with uninterrupted():
                self.journal.note(Record(path, None, data))
                if self._together is None:
                    replace.create(place, data)
                else:
                    self._together.add(place, data)
                    self._planned[path] = data
        return self._done(path, None, data, None, after)

    def move(self, path: str, to: str) -> tuple[Change, ...]:
        """Move a file without changing it; raises FileExistsError rather than replace one."""
        self._settle(path)
        data, before = self._settled(path)
        old, new = self._place(path), self._place(to)
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, "such a file already exists", new)
        if not self.dry:
            with uninterrupted():
                self.journal.note(Record(to, None, data))
                self.journal.note(Record(path, data, None))
                replace.move(old, new)
                moved = files.read_whole(new)
                if moved != data:  # saved between our look and the move
                    self.journal.note(Record(to, None, moved))
        self._note(Written(path, data, None))
        self._note(Written(to, None, data))
        return (Change(before.id, to, "moved", old=path, new=to),)

    def carry(self, path: str, to: str) -> tuple[Change, ...]:
        """Move an item to another folder; its relative links lead where they led. Raises
        FileExistsError rather than replace a file.
        """
        from plaintrack.text.markdown import relinked

        changes = self.move(path, to)
        data, before = self._settled(to)
        head = len(data) - len(before.body.encode())
        new = data[:head] + relinked(before.body, path, to).encode()
        if new == data or data[head:] != before.body.encode():
            return changes
        self._replace(to, data, new)
        return changes + self._done(to, data, new, before)

    def delete(self, path: str) -> tuple[Change, ...]:
        """Delete a file; the journal keeps its bytes."""
        self._settle(path)
        place = self._place(path)
        data = self.held(path) if self.dry else self.workspace.read_whole(path)
        before = parsed(self.workspace.settings, path, data)
        if not self.dry:
            with uninterrupted():
                self.journal.note(Record(path, data, None))
                replace.remove(place, data, rescue.attic(self.workspace))
        return self._done(path, data, None, before)

    def found(self, path: str, data: bytes, since: int) -> None:
        """Count to this command what a program that it ran, such as an editor, has made of a file.

        The file held ``data`` at the time ``since`` (ns). What other commands have made of it
        meanwhile is theirs.
        """
        before = self.journal.left(path, since, data)
        try:
            now: bytes | None = files.read_whole(self._place(path))
        except FileNotFoundError:
            now = None
        if now != before:
            self.journal.note(Record(path, before, now))
            self.written.append(Written(path, before, now, ()))

    def _done(
        self,
        path: str,
        old: bytes | None,
        new: bytes | None,
        before: Task | None,
        after: Task | None = None,
    ) -> tuple[Change, ...]:
        settings = self.workspace.settings
        if settings.records(path):  # time records and the like have no fields
            self._note(Written(path, old, new))
            return ()
        if new is not None and after is None:
            after = parsed(settings, path, new)
        changes = compare(before, after, schema_for(settings, path).lists)
        self._note(Written(path, old, new, changes))
        return changes
