"""The writes of one command: under one lock, in one entry of the journal, with what follows from
them.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.app.write.journal import Journal
from plaintrack.app.write.writer import Follow, Writer, follow_of
from plaintrack.errors import PlaintrackError
from plaintrack.model.done import Written
from plaintrack.store import files
from plaintrack.store.lock import Locked, exclusive


class NotWritable(PlaintrackError):
    """The file system refused."""

    slug = "not-writable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path}: {why}", "nothing was lost; check permissions and space, then try again"
        )


class Portions:
    """The writes of one command, in portions where the memory does not hold all of them; to be made
    by ``portions``.
    """

    def __init__(self, workspace: Workspace, dry: bool, follow: Follow) -> None:
        """Nothing was written yet."""
        self.workspace = workspace
        self.dry = dry
        self.follow = follow
        self.journal = Journal(None if dry else workspace.cache)
        self.paths: dict[str, None] = {}  # what was written, each once
        self.changed = False  # whether a file holds something else than before
        self.commits = False

    @contextmanager
    def portion(self) -> Iterator[Writer]:
        """Write, then tell the index what was touched."""
        writer = Writer(self.workspace, self.dry, self.follow, self.journal)
        if self.dry:
            yield writer
            return
        try:
            try:
                yield writer
            finally:
                writer.settle()
            if writer.written:
                writer.follow.written(writer)
        finally:
            self.paths.update(dict.fromkeys(each.path for each in writer.written))
            self.changed = self.changed or _changed(writer.written)
            self.commits = self.commits or writer.commits
            self.workspace.touch([each.path for each in writer.written])
            if writer.written:
                rescue.settle(self.workspace)
                folders = {
                    os.path.dirname(self.workspace.path(each.path)) for each in writer.written
                }
                rescue.sweep(self.workspace, folders, files.clock())


@contextmanager
def portions(
    workspace: Workspace,
    command: str,
    dry: bool = False,
    aside: bool = False,
    follow: Follow | None = None,
) -> Iterator[Portions]:
    """Hold the workspace's lock for the writes of one command.

    All of it is one entry of the journal, with what follows under the lock: ``follow``, or what the
    workspace was opened with. ``aside``: no person asked for the writes, so ``undo`` passes over
    them.
    """
    found = Portions(workspace, dry, follow_of(workspace) if follow is None else follow)
    if dry:
        yield found
        return
    with alone(workspace):
        found.journal.begin(command, aside or workspace.unasked)
        whole = False
        try:
            yield found
            whole = True
        finally:
            if whole or found.paths:
                # else one write may have been done, though it failed: undo looks at the file
                found.journal.end(found.changed, whole)
    if found.paths:
        found.follow.released(workspace, list(found.paths), found.commits)


@contextmanager
def writing(
    workspace: Workspace,
    command: str,
    dry: bool = False,
    aside: bool = False,
    follow: Follow | None = None,
) -> Iterator[Writer]:
    """The same for a command that writes all at once."""
    with portions(workspace, command, dry, aside, follow) as whole, whole.portion() as writer:
        yield writer


def _changed(written: Sequence[Written]) -> bool:
    """Whether some file holds something else than before, when all is done."""
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes | None] = {}
    for each in written:
        before.setdefault(each.path, each.before)
        after[each.path] = each.after
    return before != after


@contextmanager
def alone(workspace: Workspace, patience: float = 30) -> Iterator[None]:
    """Hold the lock that lets one command write at a time; what the file system refuses is a
    NotWritable.
    """
    lock = os.path.join(workspace.cache, "lock") if workspace.cache else workspace.root
    try:
        with exclusive(lock, patience):
            rescue.settle(workspace)
            yield
    except OSError as error:
        raise NotWritable(error.filename or workspace.root, error.strerror or str(error)) from error


def recover(workspace: Workspace) -> None:
    """Bring home what was saved into displaced files, if there are any, no one writes now, and the
    file system lets us.
    """
    folder = rescue.attic(workspace)
    if folder and os.path.isdir(folder) and os.listdir(folder):
        with suppress(NotWritable, Locked), alone(workspace, 0):
            pass
