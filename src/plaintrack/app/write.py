"""The one writer: locks, re-reads, edits by span, verifies, replaces atomically, and keeps the journal for ``undo``."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from plaintrack.app.journal import Journal, Record
from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change, compare
from plaintrack.model.edit import Edit
from plaintrack.model.task import Task
from plaintrack.store import exchange, files
from plaintrack.store.lock import exclusive
from plaintrack.text.parse import parse


class Broken(PlaintrackError):
    """The file cannot be edited since it cannot be read as an item."""

    slug = "broken-file"


class Busy(PlaintrackError):
    """Somebody else kept saving the file."""

    slug = "file-busy"


class NotWritable(PlaintrackError):
    """The file system refused."""

    slug = "not-writable"


class Written(NamedTuple):
    """What one write did to one file: its bytes before and after, and the Changes."""

    path: str
    before: bytes | None
    after: bytes | None
    changes: tuple[Change, ...]


class Writer:
    """Carries out the writes of one command, under the workspace's lock; with ``dry`` it writes nothing and tells what it would do."""

    def __init__(self, workspace: Workspace, dry: bool = False) -> None:
        """To be made by ``writing``."""
        self.workspace = workspace
        self.dry = dry
        self.journal = Journal(None if dry else workspace.cache)
        self.written: list[Written] = []

    def edit(self, path: str, edits: Sequence[Edit]) -> tuple[Change, ...]:
        """Edit one item by span; waits up to a second while somebody's save leaves the file unreadable."""
        from plaintrack.text.edit import edited

        for _ in range(20):
            data, before = self._settled(path)
            new = edited(data, path, tuple(edits), self.workspace.schema)
            if new == data:
                return ()
            try:
                self._replace(path, data, new)
            except files.Changed:
                continue
            return self._done(path, data, new, before)
        raise Busy(f"{path} is being saved by another program all the time", "try again")

    def _settled(self, path: str) -> tuple[bytes, Task]:
        deadline = time.monotonic() + 1.0
        while True:
            try:
                data = files.read(self.workspace.path(path))
                task = parse(path, data, self.workspace.schema)
                errors = [problem for problem in task.problems if not task.fields]
                if not errors:
                    return data, task
                problem = errors[0]
                failure: PlaintrackError = Broken(f"{problem.place}: {problem.message}", problem.hint)
            except FileNotFoundError:
                failure = Broken(f"{path} is gone", "look with `plaintrack list`")
            if time.monotonic() > deadline:
                raise failure
            time.sleep(0.02)

    def _replace(self, path: str, data: bytes, new: bytes) -> None:
        if self.dry:
            return
        self.journal.note(Record(path, data, new))
        cache = self.workspace.cache
        attic = os.path.join(cache, "lost-found") if cache else None
        exchange.replace(self.workspace.path(path), data, new, attic)

    def create(self, path: str, data: bytes) -> tuple[Change, ...]:
        """A new file; raises FileExistsError rather than replace one."""
        if not self.dry:
            self.journal.note(Record(path, None, data))
            files.create(self.workspace.path(path), data)
        return self._done(path, None, data, None)

    def move(self, path: str, to: str) -> tuple[Change, ...]:
        """Move a file without changing it."""
        data, before = self._settled(path)
        if not self.dry:
            self.journal.note(Record(to, None, data))
            self.journal.note(Record(path, data, None))
            files.move(self.workspace.path(path), self.workspace.path(to))
        self.written += [Written(path, data, None, ()), Written(to, None, data, ())]
        return (Change(before.id, to, "moved", old=path, new=to),)

    def delete(self, path: str) -> tuple[Change, ...]:
        """Delete a file; the journal keeps its bytes."""
        data = files.read(self.workspace.path(path))
        before = parse(path, data, self.workspace.schema)
        if not self.dry:
            self.journal.note(Record(path, data, None))
            os.unlink(self.workspace.path(path))
            files.sync_folder(os.path.dirname(self.workspace.path(path)))
        return self._done(path, data, None, before)

    def _done(self, path: str, old: bytes | None, new: bytes | None, before: Task | None) -> tuple[Change, ...]:
        schema = self.workspace.schema
        after = None if new is None else parse(path, new, schema)
        lists = frozenset(name for name, field in schema.fields.items() if field.many)
        changes = compare(before, after, lists)
        self.written.append(Written(path, old, new, changes))
        return changes


@contextmanager
def writing(workspace: Workspace, command: str, dry: bool = False) -> Iterator[Writer]:
    """Hold the workspace's lock for the writes of one command, then tell the index what was touched."""
    writer = Writer(workspace, dry)
    lock = os.path.join(workspace.cache, "lock") if workspace.cache else os.path.join(workspace.root, "plaintrack.yml")
    try:
        if dry:
            yield writer
            return
        with exclusive(lock):
            writer.journal.begin(command)
            try:
                yield writer
            finally:
                items = (*workspace.settings.folders, workspace.settings.archive)
                touched = [each.path for each in writer.written if each.path.split("/")[0] in items]
                if touched and "index" in workspace.__dict__:
                    workspace.touch(touched)
    except OSError as error:
        raise NotWritable(
            f"{error.filename or workspace.root}: {error.strerror}",
            "nothing was lost; check permissions and space, then try again",
        ) from error


def undo(workspace: Workspace, dry: bool = False) -> tuple[str, list[str]]:
    """Take the last command back byte for byte; (the command, the paths). Raises Changed if a file was changed since."""
    journal = Journal(workspace.cache)
    lock = os.path.join(workspace.cache, "lock") if workspace.cache else os.path.join(workspace.root, "plaintrack.yml")
    with exclusive(lock):
        file, command, records = journal.last()
        steps = [record for record in reversed(records) if _current(workspace, record.path) != record.before]
        for record in steps:
            if _current(workspace, record.path) != record.after:
                raise files.Changed(
                    f"{record.path} was changed after `{command}`", "undo would lose that; edit the file by hand, or with git"
                )
        if dry:
            return command, [record.path for record in steps]
        for record in steps:
            target = workspace.path(record.path)
            if record.before is None:
                os.unlink(target)
            elif record.after is None:
                files.create(target, record.before)
            else:
                exchange.replace(target, record.after, record.before, None)
        os.unlink(file)
    return command, [record.path for record in steps]


def _current(workspace: Workspace, path: str) -> bytes | None:
    try:
        return files.read(workspace.path(path))
    except FileNotFoundError:
        return None
