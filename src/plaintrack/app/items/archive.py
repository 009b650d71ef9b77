"""Moves closed items to the archive, and back."""

from collections.abc import Iterable, Sequence

from plaintrack.app.items.target import loaded, matching, named
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.task import Task, fold


class NotClosed(PlaintrackError):
    """Only closed items are archived."""

    slug = "not-closed"

    def __init__(self, task: Task) -> None:
        status = task.text("status") or "open"
        super().__init__(
            f"{task.id} is {status}; only closed items are archived",
            "close it first, or leave it out",
        )


class NameTaken(PlaintrackError):
    """The archive has a file of that name, and with another name the item would have another id."""

    slug = "archive-taken"

    def __init__(self, path: str, target: str) -> None:
        super().__init__(
            f"{path} cannot be moved: {target} exists, or another item goes there",
            "ids come from file names here, so give one of the two another name first",
        )


def archive(
    workspace: Workspace, names: Sequence[str] = (), closed: str | None = None, dry: bool = False
) -> Done:
    """Archive the items that are named, and every closed one that the query ``closed`` finds;
    raises NotClosed and NameTaken before anything is moved.
    """
    targets = named(workspace, names)
    if closed is not None:
        targets += matching(workspace, closed, within="is:closed -is:archived")
    tasks = loaded(workspace, dict.fromkeys(targets))
    for task in tasks:
        if not workspace.schema.closed(task.text("status")):
            raise NotClosed(task)
    if not tasks:
        return Done(dry=dry)
    places = stowed(workspace, tasks)
    with verb(workspace, f"archive {' '.join(names) or closed}", dry) as work:
        for task in tasks:
            stow(work, task, places)
    return work.done()


def archived(workspace: Workspace, path: str) -> bool:
    """Whether a file lies in the archive."""
    return path.startswith(f"{workspace.settings.archive}/")


def stowed(workspace: Workspace, tasks: Iterable[Task]) -> dict[str, str]:
    """Where the items that are not archived go: path → path in the archive; raises NameTaken."""
    folder = workspace.settings.archive
    return moves(
        workspace, {task.path: folder for task in tasks if not archived(workspace, task.path)}
    )


def moves(workspace: Workspace, wanted: dict[str, str]) -> dict[str, str]:
    """Where files go that are to be in these folders: path → path there, with a number behind a
    name that is taken. Raises NameTaken where the name is the id.
    """
    places: dict[str, str] = {}
    taken = {fold(path) for folder in set(wanted.values()) for path in _inside(workspace, folder)}
    for path, folder in wanted.items():
        name = path.rpartition("/")[2].removesuffix(".md")
        target, number = f"{folder}/{name}.md", 2
        while fold(target) in taken:
            if workspace.schema.named is not None:
                raise NameTaken(path, target)
            target, number = f"{folder}/{name}-{number}.md", number + 1
        taken.add(fold(target))
        places[path] = target
    return places


def _inside(workspace: Workspace, folder: str) -> list[str]:
    """The paths of what lies in a folder."""
    return [f"{folder}/{name}" for name in workspace.entries(folder)]


def stow(work: Verb, task: Task, places: dict[str, str], before: tuple[Change, ...] = ()) -> None:
    """Move one item to its place; ``before`` is what was done to it first."""
    target = places.get(task.path)
    if target:
        work.item(task.id, target, (*before, *work.writer.carry(task.path, target)))
    elif before:
        work.item(task.id, task.path, before)
    else:
        work.kept(task.id, task.path, f"{task.id} is already archived")
