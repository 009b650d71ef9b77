"""Items as diagrams: what depends on what, and when it is due."""

from collections.abc import Mapping, Sequence
from datetime import date

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.query.facts import overdue
from plaintrack.render.document import Document
from plaintrack.render.figures import Gantt, Graph, Node, Span
from plaintrack.when.moments import day


def graph(tasks: Sequence[Task], schema: Schema, today: date) -> Document:
    """The dependencies among items: arrows lead from what must be done first."""
    number = {task.id.lower(): at for at, task in enumerate(tasks)}
    pairs = (
        (number.get(key.lower(), -1), at)
        for at, task in enumerate(tasks)
        for key in task.many("depends_on")
    )
    arrows = [pair for pair in dict.fromkeys(pairs) if pair[0] >= 0]
    nodes = [Node(_text(task), _state(task, schema, today)) for task in tasks]
    return Document((Graph(nodes, arrows),))


def gantt(tasks: Sequence[Task], schema: Schema, today: date, names: Mapping[str, str]) -> Document:
    """The items with a due date, by project; ``names`` are titles by folded id."""
    spans = []
    for task in tasks:
        days = _days(task, schema)
        if days is not None:
            project = names.get(task.text("project").lower(), task.text("project"))
            spans.append(Span(project, _text(task), _state(task, schema, today), *days))
    return Document((Gantt(spans, "Without a project"),))


def _text(task: Task) -> str:
    return f"{task.id} {task.text('title')}"


def _state(task: Task, schema: Schema, today: date) -> str:
    kind = schema.category(task.text("status"))
    if overdue(kind, task.text("due"), schema, today):
        return "late"
    return "done" if kind in ("done", "cancelled") else kind


def _days(task: Task, schema: Schema) -> tuple[date, date] | None:
    """First and last day: from start (else created) to due; None without a due date."""
    due = day(task.text("due"), schema.timezone)
    if due is None:
        return None
    start = day(task.text("start") or task.text("created"), schema.timezone) or due
    return min(start, due), due
