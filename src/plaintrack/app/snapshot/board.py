"""Items by the statuses of the workflow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.groups import spellings
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import Task, fold
from plaintrack.query.bind import Question

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


class Columns(NamedTuple):
    """The items of each column of a board; ``counts`` says how many there are where these are only
    the first.
    """

    tasks: Mapping[str, Sequence[Task]]
    counts: Mapping[str, int] = {}


def board(snapshot: Snapshot, asked: Question) -> Columns:
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
    tallied = snapshot.tally(asked, "status")
    numbers = Counter(statuses) if tallied is None else Counter[str]()
    for some, count in (tallied or {}).items():
        numbers[", ".join(some)] += count
    names = spellings(numbers) | {fold(name): name for name in workflow}
    names[""] = next(iter(workflow), "")
    # what a row says of itself need not agree with what it was counted by
    name_of = {status: names.get(fold(status), status) for status in (*numbers, *statuses)}
    columns: dict[str, list[Task]] = {name: [] for name in workflow}
    for task, status in zip(tasks, statuses, strict=True):
        if schema.standing(task.path, status) != "cancelled":
            columns.setdefault(name_of[status], []).append(task)
    if tallied is None:
        return Columns(columns)
    counts: Counter[str] = Counter(dict.fromkeys(columns, 0))
    for status, count in numbers.items():
        if schema.category(status) != "cancelled":
            counts[name_of[status]] += count
    return Columns(columns, counts)


def of_columns(snapshot: Snapshot, columns: Columns) -> Mapping[str, "Rollup"]:
    """What the items of each column are together; nothing where there is nothing to add up."""
    from plaintrack.app.snapshot.rollup import groups

    found = columns.tasks.items()
    return groups(snapshot, ((name, task.path) for name, some in found for task in some))
