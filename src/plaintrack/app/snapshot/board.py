"""Items by the statuses of the workflow."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.groups import spellings
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import Task, fold
from plaintrack.query.bind import Question

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


def board(snapshot: Snapshot, asked: Question) -> dict[str, list[Task]]:
    """The statuses of the workflow that are not cancelled, done ones last, then those that only
    items know; each with its items. An item without a status is in the first one.
    """
    schema = snapshot.schema
    workflow = [
        name
        for kinds in (("open", "active"), ("done",))
        for name, kind in schema.statuses.items()
        if kind in kinds
    ]
    tasks = answers.tasks(snapshot, asked)
    statuses = [task.text("status") for task in tasks]
    names = spellings(statuses) | {fold(name): name for name in workflow}
    names[""] = next(iter(workflow), "")
    name_of = {status: names[fold(status)] for status in set(statuses)}
    columns: dict[str, list[Task]] = {name: [] for name in workflow}
    for task, status in zip(tasks, statuses, strict=True):
        if schema.standing(task.path, status) != "cancelled":
            columns.setdefault(name_of[status], []).append(task)
    return columns


def of_columns(snapshot: Snapshot, columns: Mapping[str, Sequence[Task]]) -> Mapping[str, "Rollup"]:
    """What the items of each column are together; nothing where there is nothing to add up."""
    from plaintrack.app.snapshot.rollup import groups

    return groups(snapshot, ((name, task.path) for name, some in columns.items() for task in some))
