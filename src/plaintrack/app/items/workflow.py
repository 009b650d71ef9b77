"""The workflow: start, done, cancel and reopen."""

from collections.abc import Callable, Iterable, Sequence

from plaintrack.app.items.archive import archived, moves
from plaintrack.app.items.target import Target, named
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.edit import Edit, Set

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


def move(
    workspace: Workspace,
    step: str,
    names: Sequence[str],
    dry: bool = False,
    timer: bool | None = None,
) -> Done:
    """Take the items that are named through a step of CATEGORIES; one that is there already keeps
    its status. What is open again leaves the archive.

    ``start`` starts the user's timer, and ``done`` stops the one on an item that is done, if
    ``timer`` says so; None: if the settings do.
    """
    timed = workspace.settings.time["timer"] if timer is None else timer
    edits = moved(workspace, CATEGORIES[step])
    targets = named(workspace, names)
    if not timed or step not in ("start", "done"):
        return _moved(workspace, step, names, targets, edits, dry)
    from plaintrack.app.time import timer as timers

    ids = [target.id for target in targets]
    if step == "start":
        done = _moved(workspace, step, names, targets, edits, dry)
        return timers.begun(workspace, done, ids, dry)
    with timers.ending(workspace, ids, dry) as stop:
        return _moved(workspace, step, names, targets, edits, dry, stop)


def _moved(
    workspace: Workspace,
    step: str,
    names: Sequence[str],
    targets: Sequence[Target],
    edits: tuple[Edit, ...],
    dry: bool,
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
            status = task.text("status")
            changes: tuple[Change, ...] = ()
            if not status or workspace.schema.category(status) != category:
                changes = work.writer.edit(path, edits)
            elif path not in back:
                work.kept(task.id, path, f"{task.id} is already {status}")
                continue
            if path in back:
                changes += work.writer.carry(path, back[path])
            work.item(task.id, back.get(path, path), changes)
    return work.done()


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
