"""Writes status updates: each a file of its own."""

from plaintrack.app.snapshot import updates
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.room import room_for
from plaintrack.app.write.stamps import behind
from plaintrack.app.write.verb import verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.update import Update


class EmptyUpdate(PlaintrackError):
    """An update has a text."""

    slug = "empty-update"

    def __init__(self) -> None:
        super().__init__("the update is empty; nothing was written", "write a text")


def say(workspace: Workspace, name: str, health: str, text: str, dry: bool = False) -> Done:
    """Write an update of the project or goal that ``name`` names; raises NoHealth, EmptyUpdate."""
    from plaintrack.app.items.comment import NotReadBack
    from plaintrack.text.update import update, written

    task = updates.subject(workspace, name)
    if not text.strip():
        raise EmptyUpdate
    by = next(iter(me(workspace)), "")
    with verb(workspace, f"health {task.id}", dry) as work:
        room = room_for(workspace, work.writer, "updates")
        path = behind(workspace, f"{room}/{task.id}", workspace.today.isoformat())
        given = Update(path, health, by, workspace.now.isoformat(), text.strip("\n"))
        data = written(given).encode("utf-8", "replace")
        again = update(path, data)
        if again.problem is not None:
            raise NotReadBack(again.problem.message)
        work.writer.create(path, data)
        change = Change(task.id, path, "updated", new=health)
        work.item(task.id, task.path, (change,))
    return work.done()
