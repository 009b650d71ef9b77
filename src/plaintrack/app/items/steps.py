"""Which status may follow which, and who may move an item to it, by the checks `transition` and
`who-moves` of the settings; commands obey them.
"""

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
    """Raise NotAllowed if an item may not move to ``status`` in one step, NotMover if the user may
    not move it there.
    """
    refused = _refusal(workspace, task, status)
    if refused is not None:
        raise refused


def _refusal(workspace: Workspace, task: Task, status: str) -> PlaintrackError | None:
    """Why an item may not move to ``status``; None if it may."""
    old = task.text("status")
    if not workspace.settings.checks or old == status:
        return None
    allowed = steps(workspace)
    if not leads(allowed, old, status):
        return NotAllowed(task.id, old, status, allowed[old])
    from plaintrack.app.write.movers import refusal

    return refusal(workspace, task, status)


def forced(work: Verb, task: Task, status: str, reason: str) -> tuple[Change, ...]:
    """If the settings hold an item back from ``status``: comment why it goes there all the same."""
    if _refusal(work.workspace, task, status) is None:
        return ()
    from plaintrack.app.items.comment import say

    text = f"Forced: {task.text('status')} → {status}: {reason}"
    path = say(work.workspace, work.writer, task.id, text)
    return (Change(task.id, path, "commented", new=text),)
