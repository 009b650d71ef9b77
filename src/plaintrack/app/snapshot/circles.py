"""Circles that new links between items have closed."""

from collections import defaultdict
from collections.abc import Sequence

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.cycles import cycles, described
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.store.index import ask, checking


def circles(workspace: Workspace, tasks: Sequence[Task]) -> list[str]:
    """A line for each circle of items that one of these is in: as they are now, and the others as
    the index knows them.
    """
    changed = {fold(task.id): task for task in tasks if task.id}
    if not changed:
        return []
    notes = []
    connection = workspace.index.connection
    ids = checking.ids(connection)
    fields = workspace.schema.fields
    for group in (("depends_on",), UPWARD):
        names = [name for name in group if fields[name].kind == "link"]
        graph: dict[str, list[str]] = defaultdict(list)
        links: dict[tuple[str, str], str] = {}
        for number, _, key in checking.links(connection, names) if names else ():
            node = ids.get(number, "")
            if node not in changed:
                graph[node].append(key)
        for node, task in changed.items():
            for name in names:
                for value in task.many(name):
                    graph[node].append(fold(value))
                    links.setdefault((node, fold(value)), name)
        for circle in cycles(graph):
            starts = [number for number, node in enumerate(circle) if node in changed]
            if starts:
                around = circle[starts[0] :] + circle[: starts[0]]
                spelt = [_spelt(workspace, node, changed) for node in around]
                link = around[0], around[1 % len(around)]
                notes.append(described(spelt, links.get(link, names[0])))
    return notes


def _spelt(workspace: Workspace, node: str, changed: dict[str, Task]) -> str:
    if node in changed:
        return changed[node].id
    return next(iter(ask.spelt(workspace.index.connection, node)), node)
