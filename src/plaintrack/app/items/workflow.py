"""The workflow: start, done, cancel and reopen."""

from collections.abc import Iterable, Sequence

from plaintrack.app.items.archive import archived, moves
from plaintrack.app.items.target import Target, named
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
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


def move(workspace: Workspace, step: str, names: Sequence[str], dry: bool = False) -> Done:
    """Take the items that are named through a step of CATEGORIES; one that already exists keeps its
    status. What is open again leaves the archive.
    """
    category = CATEGORIES[step]
    edits = moved(workspace, category)
    targets = named(workspace, names)
    back = _back(workspace, targets) if category in ("open", "active") else {}
    with verb(workspace, f"{step} {' '.join(names)}", dry) as work:
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
                changes += work.writer.move(path, back[path])
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
