"""Deletes items with their comments, verdicts and status updates."""

from collections.abc import Sequence

from plaintrack.app.items.comment import comments
from plaintrack.app.items.target import loaded, named
from plaintrack.app.snapshot import approvals, updates
from plaintrack.app.snapshot.detail import related
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.model.done import Done


def delete(workspace: Workspace, names: Sequence[str], dry: bool = False) -> Done:
    """Delete the items that are named; the notes name what refers to them."""
    tasks = loaded(workspace, named(workspace, names))
    notes = [note for task in tasks for note in _referring(workspace, task.id)]
    with verb(workspace, f"delete {' '.join(names)}", dry) as work:
        work.notes += notes
        for task in tasks:
            changes = work.writer.delete(task.path)
            for path in (
                *comments(workspace, task.id),
                *approvals.files(workspace, task),
                *updates.files(workspace, task),
            ):
                work.writer.delete(path)
            work.item(task.id, task.path, changes)
    return work.done()


def _referring(workspace: Workspace, item: str) -> list[str]:
    """A line for what the item blocks, and for what it contains."""
    notes = []
    for heading, tasks in related(workspace, item):
        if heading != "Depends on":
            items = ", ".join(task.id for task in tasks)
            notes.append(f"{item} still {heading.lower()}: {items}")
    return notes
