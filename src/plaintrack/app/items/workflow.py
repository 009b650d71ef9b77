"""The workflow: start, done, cancel and reopen."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from plaintrack.app.items.archive import archived, moves
from plaintrack.app.items.steps import forced, guard
from plaintrack.app.items.target import Target, matching, named
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.edit import Edit, Set
from plaintrack.model.task import Task

CATEGORIES = {"start": "active", "done": "done", "cancel": "cancelled", "reopen": "open"}
"""Where each step of the workflow leads."""


class NoStatus(PlaintrackError):
    """The workflow has no status of that category."""

    slug = "no-status"

    def __init__(self, category: str) -> None:
        super().__init__(
            f"no status has the category {category}", "add one under `statuses:` in plaintrack.yml"
        )


def moved(workspace: Workspace, category: str) -> tuple[Edit, ...]:
    """The Edits that bring an item into the first status of a category, or into the one that new
    items have, if it is of that category; raises NoStatus.
    """
    default = workspace.schema.fields["status"].default
    if default and workspace.schema.statuses.get(default) == category:
        return (Set("status", default),)
    for status, kind in workspace.schema.statuses.items():
        if kind == category:
            return (Set("status", status),)
    raise NoStatus(category)


class Step(NamedTuple):
    """How items are taken through a step: whether ``start`` starts the user's timer and ``done``
    stops it (None: if the settings say so), what is commented, and the reason for a step that the
    workflow does not allow.
    """

    timer: bool | None = None
    comment: str = ""
    force: str = ""


def move(
    workspace: Workspace,
    step: str,
    names: Sequence[str],
    dry: bool = False,
    timer: bool | None = None,
    comment: str = "",
    force: str = "",
    where: str | None = None,
) -> Done:
    """Take the items that are named, or that the query ``where`` finds, through a step of
    CATEGORIES; one that is there already keeps its status. What is open again leaves the archive.
    Raises NotAllowed before anything is written.
    """
    how = Step(workspace.settings.time["timer"] if timer is None else timer, comment, force)
    edits = moved(workspace, CATEGORIES[step])
    targets = named(workspace, names) if where is None else matching(workspace, where)
    if where is not None:
        names = ("--where", where)
        # the others are there already, and were not named one by one
        targets = [each for each in targets if _elsewhere(workspace, each, CATEGORIES[step])]
    if not targets:
        return Done(dry=dry)
    if not force:
        for path, _ in targets:
            task = find.load(workspace, path)
            if workspace.schema.category(task.text("status")) != CATEGORIES[step]:
                guard(workspace, task, status(edits))
    if not how.timer or step not in ("start", "done"):
        return _moved(workspace, step, names, targets, edits, dry, how)
    from plaintrack.app.time import timer as timers

    ids = [target.id for target in targets]
    if step == "start":
        done = _moved(workspace, step, names, targets, edits, dry, how)
        return timers.begun(workspace, done, ids, dry)
    with timers.ending(workspace, ids, dry) as stop:
        return _moved(workspace, step, names, targets, edits, dry, how, stop)


def status(edits: Sequence[Edit]) -> str:
    """The status that the Edits of ``moved`` lead to."""
    return next(str(each.value) for each in edits if isinstance(each, Set))


def _elsewhere(workspace: Workspace, target: Target, category: str) -> bool:
    """Whether an item is not in a category yet."""
    old = find.view(workspace, target.path).text("status")
    return not old or workspace.schema.category(old) != category


def _moved(
    workspace: Workspace,
    step: str,
    names: Sequence[str],
    targets: Sequence[Target],
    edits: tuple[Edit, ...],
    dry: bool,
    how: Step,
    stop: Callable[[Verb], None] | None = None,
) -> Done:
    """The step itself; ``stop`` stops a timer within it."""
    category = CATEGORIES[step]
    back = _back(workspace, targets) if category in ("open", "active") else {}
    with verb(workspace, f"{step} {' '.join(names)}", dry) as work:
        if stop is not None:
            stop(work)
        for path, _ in targets:
            task = find.load(workspace, path)
            old = task.text("status")
            changes: tuple[Change, ...] = ()
            if not old or workspace.schema.category(old) != category:
                said = forced(work, task, status(edits), how.force) if how.force else ()
                changes = (*work.writer.edit(path, edits), *said)
            elif path not in back and not how.comment:
                work.kept(task.id, path, f"{task.id} is already {old}")
                continue
            if path in back:
                changes += work.writer.move(path, back[path])
            if how.comment:
                changes += _said(work, task, how.comment)
            work.item(task.id, back.get(path, path), changes)
    return work.done()


def _said(work: Verb, task: Task, text: str) -> tuple[Change, ...]:
    """Comment on an item as a part of a step."""
    from plaintrack.app.items.comment import EmptyComment, say

    if not text.strip():
        raise EmptyComment
    path = say(work.workspace, work.writer, task.id, text)
    return (Change(task.id, path, "commented", new=text),)


def _back(workspace: Workspace, targets: Iterable[Target]) -> dict[str, str]:
    """Where archived items go when they are open again: to the folder that new ones like them
    have.
    """
    inside = [path for path, _ in targets if archived(workspace, path)]
    if not inside:
        return {}
    from plaintrack.app.items.add import folder

    kinds = {path: find.load(workspace, path).text("type") for path in inside}
    return moves(
        workspace,
        {path: folder(workspace, None, (Set("type", kind),)) for path, kind in kinds.items()},
    )
