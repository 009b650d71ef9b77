"""Closes a project."""

from collections.abc import Sequence

from plaintrack.app.items.archive import stow, stowed
from plaintrack.app.items.steps import forced, guard
from plaintrack.app.items.target import named
from plaintrack.app.items.workflow import moved, status
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.projects import NotAProject
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.change import Change
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.task import Task, fold
from plaintrack.plan.projects import DELIVERABLE, PROJECT

_MOST = 20
"""Items that a message names."""


class NotFinished(PlaintrackError):
    """Something below the project is open."""

    slug = "not-finished"
    exit_code = 1

    def __init__(self, project: Task, deliverables: Sequence[Task], others: Sequence[Task]) -> None:
        parts = []
        if deliverables:
            parts.append(
                f"{plural(len(deliverables), 'deliverable')} not accepted: {_names(deliverables)}"
            )
        if others:
            parts.append(f"{plural(len(others), 'item')} open: {_names(others)}")
        super().__init__(
            f"{project.id} cannot be closed; {'; '.join(parts)}",
            f"close them with {command('done')} or {command('cancel')}, or move them elsewhere",
        )


def _names(tasks: Sequence[Task]) -> str:
    names = [task.id or task.path for task in tasks[:_MOST]]
    more = f" and {len(tasks) - _MOST} more" if len(tasks) > _MOST else ""
    return ", ".join(names) + more


def close(workspace: Workspace, name: str, dry: bool = False, force: str = "") -> Done:
    """Close a project and archive it with everything below; ``force`` is the reason for a step that
    the workflow does not allow. Raises NotAProject, NotFinished, NotAllowed and NameTaken before
    anything is written.
    """
    (target,) = named(workspace, [name])
    project = find.load(workspace, target.path)
    if project.text("type") != PROJECT:
        raise NotAProject(project)
    work = outline(workspace)
    numbers = work.below(work.numbers[fold(target.id)])
    below = [find.load(workspace, work.pieces[number].task.path) for number in numbers]
    _finished(workspace, project, below)
    edits = moved(workspace, "done")
    closes = not workspace.schema.closed(project.text("status"))
    if closes and not force:
        guard(workspace, project, status(edits))
    places = stowed(workspace, [project, *below])
    with verb(workspace, f"project close {target.id}", dry) as closing:
        changes: tuple[Change, ...] = ()
        if closes:
            said = forced(closing, project, status(edits), force) if force else ()
            changes = (*closing.writer.edit(project.path, edits), *said)
        stow(closing, project, places, changes)
        for task in below:
            stow(closing, task, places)
    return closing.done()


def _finished(workspace: Workspace, project: Task, below: Sequence[Task]) -> None:
    """Raise NotFinished if a deliverable is not accepted, or another item is open."""
    waiting = [task for task in below if not workspace.schema.closed(task.text("status"))]
    deliverables = [task for task in waiting if task.text("type") == DELIVERABLE]
    if workspace.settings.approvals["needs"]:
        deliverables += _not_agreed(workspace, below)
    others = [task for task in waiting if task.text("type") != DELIVERABLE]
    if waiting:
        raise NotFinished(project, deliverables, others)


def _not_agreed(workspace: Workspace, below: Sequence[Task]) -> list[Task]:
    """The deliverables that are done without the approvals they need."""
    from plaintrack.app.snapshot.approvals import unmet

    return [
        task
        for task in below
        if task.text("type") == DELIVERABLE
        and workspace.schema.category(task.text("status")) == "done"
        and unmet(workspace, task)
    ]
