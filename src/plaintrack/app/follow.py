"""What follows from changes and from time: rules, the next items of recurring work, and documents
that are true again.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import SILENT, Listener
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from plaintrack.app.write.writer import Follow, Writer
    from plaintrack.model.task import Task


def opened(
    start: str = ".",
    listener: Listener = SILENT,
    unasked: bool = False,
    day: date | None = None,
) -> Workspace:
    """The workspace that ``start`` lies in, with all that follows from writing in it; see
    Workspace. Raises NoWorkspace.
    """
    return Workspace(start, following, listener, unasked, day)


def following() -> "Follow":
    """What follows from writing: the next of a series, rules, and the commit."""
    from plaintrack.app.write.writer import Follow

    return Follow(_closing, _written, _undone, _released)


def _closing(writer: "Writer", after: "Task", data: bytes) -> bytes:
    from plaintrack.app.items.recur import closing

    return closing(writer, after, data)


def _written(writer: "Writer") -> None:
    """Let rules act on what a command wrote, if there are rules; the command itself is done,
    whatever comes of that.
    """
    workspace = writer.workspace
    if "PLAINTRACK_RULE" in os.environ or not os.path.isdir(
        os.path.join(workspace.root, "automations")
    ):
        return
    from plaintrack.app.automation.run import run
    from plaintrack.store.index.database import UNUSABLE

    workspace.touch([each.path for each in writer.written])
    try:
        run(writer)
    except PlaintrackError as error:
        workspace.notice(f"rules: {error.message}")
    except (OSError, UNUSABLE) as error:  # a full disk, say: they look again with the next command
        workspace.notice(f"rules did not run: {error}")


def _undone(workspace: Workspace, paths: Sequence[str]) -> None:
    """Nothing fires for what ``undo`` did."""
    if os.path.isdir(os.path.join(workspace.root, "automations")):
        from plaintrack.app.automation.run import mark_seen
        from plaintrack.store.index.database import UNUSABLE

        try:
            mark_seen(workspace, paths)
        except (OSError, UNUSABLE) as error:
            workspace.notice(f"rules could not note the undo: {error}")


def _released(workspace: Workspace, paths: Sequence[str], asked: bool) -> None:
    """Commit, if the settings or a rule ask for that: without the lock, since hooks may write
    too.
    """
    if asked or workspace.settings.commit == "auto":
        from plaintrack.app.git.commit import auto

        auto(workspace, paths)


class Follower:
    """Does what is due. It is asked at every look of the watcher; rules have times of their own,
    all else waits for a change or a new day.
    """

    def __init__(self, patient: bool = False) -> None:
        """Nothing has been done yet. ``patient``: what git may have brought a moment ago waits for
        the next look.
        """
        self.patient = patient
        self.day: date | None = None

    def __call__(self, workspace: Workspace, changed: bool) -> Iterator[str]:
        """What was done, a line each."""
        acted = _rules(workspace, self.patient)
        yield from acted
        if acted or changed or workspace.today != self.day:
            yield from _recurring(workspace)
            yield from _documents(workspace)
            self.day = workspace.today


def _rules(workspace: Workspace, patient: bool) -> list[str]:
    from plaintrack.app.automation.rules import has_rules

    lines: list[str] = []
    if has_rules(workspace):
        from plaintrack.app.automation.run import after
        from plaintrack.store.underway import REST

        rest = REST if patient else 0.0
        with workspace.heard(workspace.listener._replace(acted=lines.append)):
            after(workspace, rest=rest)
    return lines


def _recurring(workspace: Workspace) -> Iterator[str]:
    from plaintrack.app.items.recur import generate

    done = generate(workspace)
    for follower in done.followers:
        yield f"{follower.id}  created: {follower.title}, due again on {follower.day}"
    yield from done.rules
    for path, why in done.failed:
        workspace.notice(f"{path}: {why}")


def _documents(workspace: Workspace) -> Iterator[str]:
    from plaintrack.app.documents import render_documents

    for path in render_documents(workspace):
        yield f"rendered {path}"
