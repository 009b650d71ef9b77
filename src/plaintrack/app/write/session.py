"""The writes of one command: under one lock, in one entry of the journal, with what follows from
them.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
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


@contextmanager
def writing(
    workspace: Workspace,
    command: str,
    dry: bool = False,
    aside: bool = False,
    follow: Follow | None = None,
) -> Iterator[Writer]:
    """Hold the workspace's lock for the writes of one command, then tell the index what was
    touched.

    All of it is one entry of the journal, with what follows under the lock: ``follow``, or what the
    workspace was opened with. ``aside``: no person asked for the writes, so ``undo`` passes over
    them.
    """
    writer = Writer(workspace, dry, follow_of(workspace) if follow is None else follow)
    if dry:
        yield writer
        return
    with alone(workspace):
        writer.journal.begin(command, aside or workspace.unasked)
        whole = False
        try:
            yield writer
            if writer.written:
                writer.follow.written(writer)
            whole = True
        finally:
            if whole or writer.written:
                # else one write may have been done, though it failed: undo looks at the file
                writer.journal.end(_changed(writer.written), whole)
            workspace.touch([each.path for each in writer.written])
            if writer.written:
                rescue.settle(workspace)
                folders = {os.path.dirname(workspace.path(each.path)) for each in writer.written}
                rescue.sweep(workspace, folders, files.clock())
    if writer.written:
        writer.follow.released(
            workspace, list(dict.fromkeys(each.path for each in writer.written)), writer.commits
        )


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
