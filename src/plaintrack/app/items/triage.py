"""Triage: what is new and waits for someone to say what becomes of it."""

from plaintrack.app.items.comment import say
from plaintrack.app.items.steps import forced, guard
from plaintrack.app.items.workflow import moved, status
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.task import Task

VIEW = "triage"
QUERY = "is:open no:priority"
_AIMS = ("project", "goal", "milestone")


class OwnDuplicate(PlaintrackError):
    """An item is no duplicate of itself."""

    slug = "own-duplicate"

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} cannot be a duplicate of itself", "name the other item")


class ReasonMissing(PlaintrackError):
    """What is declined is declined for a reason."""

    slug = "reason-missing"

    def __init__(self) -> None:
        super().__init__("say why it is declined", "write `x REASON`")


def waiting(snapshot: Snapshot, query: str = "") -> list[Task]:
    """The items to be triaged, the oldest first: those that answer a query, else the view
    ``triage`` of the settings, else the open ones without a priority. Raises BadQuery.
    """
    view = snapshot.settings.views.get(VIEW)
    known = ",".join(each for each in _AIMS if each in snapshot.schema.types)
    new = f"{QUERY} -type:{known}" if known else QUERY
    text = query or (view.query if view and view.query else new)
    return answers.tasks(snapshot, answers.question(snapshot, text, shown="created,id"))


def decline(
    workspace: Workspace, name: str, reason: str, dry: bool = False, force: str = ""
) -> Done:
    """Cancel an item, with a comment that says why; raises ReasonMissing, and NotAllowed unless
    there is a reason to ``force`` the step.
    """
    if not reason.strip():
        raise ReasonMissing
    return _end(workspace, find.resolve(workspace, name), f"Declined: {reason.strip()}", dry, force)


def duplicate(
    workspace: Workspace, name: str, other: str, dry: bool = False, force: str = ""
) -> Done:
    """Cancel an item as a duplicate of another, with a comment that names that; raises
    OwnDuplicate, and NotAllowed as ``decline`` does.
    """
    item, same = find.resolve(workspace, name), find.resolve(workspace, other)
    if item == same:
        raise OwnDuplicate(item)
    return _end(workspace, item, f"Duplicate of {same}.", dry, force)


def _end(workspace: Workspace, item: str, text: str, dry: bool, force: str) -> Done:
    path = find.locate(workspace, item)
    task, edits = find.load(workspace, path), moved(workspace, "cancelled")
    if not force:
        guard(workspace, task, status(edits))
    with verb(workspace, f"triage {item}", dry) as work:
        spoken = say(workspace, work.writer, item, text)
        said = forced(work, task, status(edits), force) if force else ()
        changes = work.writer.edit(path, edits)
        work.item(item, path, (Change(item, spoken, "commented", new=text), *changes, *said))
    return work.done()
