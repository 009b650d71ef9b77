"""Refuses links that would close a circle of items."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.cycles import described
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Add, Set
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.store.index import ask


class ClosesCircle(PlaintrackError):
    """An item would depend on itself, or be a part of itself, directly or through others."""

    slug = "closes-circle"

    def __init__(self, circle: str) -> None:
        super().__init__(circle, "link the other way round, or remove a link of the circle first")


def guard(workspace: Workspace, before: Task, after: Task, changed: Mapping[str, Task]) -> None:
    """Raise ClosesCircle if a link that is new in an item leads back to it. ``changed`` has the
    items that this command has written, by their folded ids; the others are as the index has them.
    """
    for group in (("depends_on",), UPWARD):
        for name in group:
            new = set(map(fold, after.many(name))) - set(map(fold, before.many(name)))
            for target in new if after.id else ():
                circle = _back(_steps(workspace, group, changed), fold(after.id), target)
                if circle:
                    spelt = [_spelt(workspace, each) for each in circle]
                    raise ClosesCircle(described(spelt, name))


def refuse(workspace: Workspace, items: Sequence[str], edits: Sequence[object]) -> None:
    """Raise ClosesCircle if one of ``items`` would lead back to itself when all of them have these
    Edits: before any of them is written.
    """
    ends = set(map(fold, items))
    for group in (("depends_on",), UPWARD):
        steps = _steps(workspace, group, {})
        for name, target in _linked(group, edits):
            for end in _reached(steps, target, ends):
                if target not in map(fold, ask.targets(workspace.index.connection, end, name)):
                    circle = _back(steps, end, target)
                    spelt = [_spelt(workspace, each) for each in circle]
                    raise ClosesCircle(described(spelt, name))


def _linked(group: Sequence[str], edits: Sequence[object]) -> Iterator[tuple[str, str]]:
    """(field, folded id) of each link that the Edits make; a lag stands behind the id."""
    for edit in edits:
        if isinstance(edit, Set | Add) and edit.field in group:
            given = edit.value if isinstance(edit, Set) else edit.values
            for value in (given,) if isinstance(given, str) else given:
                if value:
                    yield edit.field, fold(value.split()[0])


def _reached(steps: "Steps", first: str, ends: Collection[str]) -> list[str]:
    """Those of ``ends`` that links lead to from ``first``, itself among them."""
    seen, waiting = {first}, [first]
    while waiting:
        more = set(steps(waiting.pop())) - seen
        seen |= more
        waiting += more
    return [each for each in sorted(ends) if each in seen]


Steps = Callable[[str], Sequence[str]]


def _steps(workspace: Workspace, group: Sequence[str], changed: Mapping[str, Task]) -> Steps:
    """Folded id → the folded ids that an item's links of a group lead to."""
    connection = workspace.index.connection
    names = [each for each in group if workspace.schema.fields[each].kind == "link"]

    def steps(item: str) -> Sequence[str]:
        task = changed.get(item)
        if task is not None:
            return [fold(each) for name in names for each in task.many(name)]
        return [fold(each) for name in names for each in ask.targets(connection, item, name)]

    return steps


def _back(steps: Steps, start: str, first: str) -> list[str]:
    """The shortest circle from ``start`` over ``first``; empty if there is none."""
    if first == start:
        return [start]
    came, level = {first: start}, [first]
    while level:
        following = []
        for item in level:
            for each in steps(item):
                if each == start:
                    return _way(came, start, item)
                if each not in came:
                    came[each] = item
                    following.append(each)
        level = following
    return []


def _way(came: Mapping[str, str], start: str, last: str) -> list[str]:
    found = [last]
    while found[-1] != start:
        found.append(came[found[-1]])
    return found[::-1]


def _spelt(workspace: Workspace, item: str) -> str:
    return next(iter(ask.spelt(workspace.index.connection, item)), item)
