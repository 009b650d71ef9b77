"""Moves closed items to the archive."""

from collections.abc import Sequence

from plaintrack.app.items.target import loaded, matching, named
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.task import Task


class NotClosed(PlaintrackError):
    """Only closed items are archived."""

    slug = "not-closed"

    def __init__(self, task: Task) -> None:
        status = task.text("status") or "open"
        super().__init__(
            f"{task.id} is {status}; only closed items are archived",
            "close it first, or leave it out",
        )


def archive(
    workspace: Workspace, names: Sequence[str] = (), closed: str | None = None, dry: bool = False
) -> Done:
    """Archive the items that are named, and every closed one that the query ``closed`` finds;
    raises NotClosed before anything is moved.
    """
    targets = named(workspace, names)
    if closed is not None:
        targets += matching(workspace, closed, within="is:closed -is:archived")
    tasks = loaded(workspace, dict.fromkeys(targets))
    for task in tasks:
        if not workspace.schema.closed(task.text("status")):
            raise NotClosed(task)
    if not tasks:
        return Done(dry=dry)
    with verb(workspace, f"archive {' '.join(names) or closed}", dry) as work:
        for task in tasks:
            stow(work, task)
    return work.done()


def stow(work: Verb, task: Task, before: tuple[Change, ...] = ()) -> None:
    """Move one item to the archive; ``before`` is what was done to it first."""
    folder = f"{work.workspace.settings.archive}/"
    if not task.path.startswith(folder):
        target = folder + task.path.rpartition("/")[2]
        work.item(task.id, target, (*before, *work.writer.move(task.path, target)))
    elif before:
        work.item(task.id, task.path, before)
    else:
        work.kept(task.id, task.path, f"{task.id} is already archived")
