"""A board of items."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaintrack.model.task import Task
from plaintrack.render.document import Document
from plaintrack.render.figures import Board, Card
from plaintrack.show.items import Where

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


def board(
    columns: Mapping[str, Sequence[Task]],
    counts: Mapping[str, int],
    where: Where | None = None,
    limit: int | None = None,
    rolled: "Mapping[str, Rollup] | None" = None,
    marks: Mapping[str, str] = {},
) -> Document:
    """A column of cards for each status, at most ``limit`` in each; with what those of a column are
    together, and the ``marks`` of items by their paths. Where ``counts`` says how many there are,
    the items are only the first of them.
    """
    cards = {
        name: [
            _card(task, where(task.path) if where else "", marks.get(task.path, ""))
            for task in tasks
        ]
        for name, tasks in columns.items()
    }
    if not rolled:
        return Document((Board(cards, counts, limit=limit),))
    from plaintrack.show.rollup import record, sums

    told = {name: ", ".join(sums(each)) for name, each in rolled.items()}
    records = {name: record(each) for name, each in rolled.items()}
    return Document((Board(cards, counts, limit=limit, sums=told, rolled=records),))


def _card(task: Task, link: str, mark: str) -> Card:
    return Card(task.id, task.text("title"), task.text("assignee"), task.path, link, mark)
