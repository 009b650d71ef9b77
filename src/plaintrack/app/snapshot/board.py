"""Items by the statuses of the workflow."""

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.groups import spellings
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import Task, fold
from plaintrack.query.bind import Question


def board(workspace: Snapshot, asked: Question) -> dict[str, list[Task]]:
    """The statuses of the workflow that are not cancelled, done ones last, then those that only
    items know; each with its items. An item without a status is in the first one.
    """
    schema = workspace.schema
    workflow = [
        name
        for kinds in (("open", "active"), ("done",))
        for name, kind in schema.statuses.items()
        if kind in kinds
    ]
    tasks = [
        task
        for task in answers.tasks(workspace, asked)
        if schema.statuses.get(task.text("status")) != "cancelled"
    ]
    columns: dict[str, list[Task]] = {name: [] for name in workflow}
    names = spellings(task.text("status") for task in tasks) | {
        fold(name): name for name in workflow
    }
    for task in tasks:
        status = task.text("status")
        name = names[fold(status)] if status else next(iter(workflow), "")
        columns.setdefault(name, []).append(task)
    return columns
