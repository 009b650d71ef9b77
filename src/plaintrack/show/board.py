"""A board of items."""

from collections.abc import Mapping, Sequence

from plaintrack.model.task import Task
from plaintrack.render.document import Document
from plaintrack.render.figures import Board, Card
from plaintrack.show.items import Where


def board(
    columns: Mapping[str, Sequence[Task]], where: Where | None = None, limit: int | None = None
) -> Document:
    """A column of cards for each status, at most ``limit`` in each."""
    cards = {
        name: [_card(task, where(task.path) if where else "") for task in tasks]
        for name, tasks in columns.items()
    }
    return Document((Board(cards, limit=limit),))


def _card(task: Task, link: str) -> Card:
    return Card(task.id, task.text("title"), task.text("assignee"), task.path, link)
