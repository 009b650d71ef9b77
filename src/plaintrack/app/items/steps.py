"""Which status may follow which, by the check `transition` of the settings; commands obey it."""

from collections.abc import Sequence

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.leaps import leads, steps
from plaintrack.app.write.verb import Verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.task import Task


class NotAllowed(PlaintrackError):
    """The workflow does not lead from one status to the other."""

    slug = "transition-not-allowed"
    exit_code = 1

    def __init__(self, item: str, old: str, new: str, may: Sequence[str]) -> None:
        super().__init__(
            f"{item} may not go from {old} to {new}",
            f"after {old} comes {' or '.join(may) or 'nothing'}; `--force REASON` does it all the"
            " same, and comments why",
        )


def guard(workspace: Workspace, task: Task, status: str) -> None:
    """Raise NotAllowed if an item may not move to ``status`` in one step."""
    old = task.text("status")
    if not workspace.settings.checks:
        return
    allowed = steps(workspace)
    if not leads(allowed, old, status):
        raise NotAllowed(task.id, old, status, allowed[old])


def forced(work: Verb, task: Task, status: str, reason: str) -> tuple[Change, ...]:
    """If an item may not move to ``status`` in one step: comment why it does all the same."""
    try:
        guard(work.workspace, task, status)
    except NotAllowed:
        from plaintrack.app.items.comment import say

        text = f"Forced: {task.text('status')} → {status}: {reason}"
        path = say(work.workspace, work.writer, task.id, text)
        return (Change(task.id, path, "commented", new=text),)
    return ()
