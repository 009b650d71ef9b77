"""Holds back a status that takes approvals which are not there."""

from plaintrack.app.snapshot import approvals
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.task import Task


class NotApproved(PlaintrackError):
    """The settings want approvals before the item may have that status."""

    slug = "not-approved"
    exit_code = 1

    def __init__(self, item: str, status: str, lacks: list[str]) -> None:
        super().__init__(
            f"{item} cannot become {status}: {'; '.join(lacks)}",
            f"ask for {command('approve', item)}; `approvals.needs` in plaintrack.yml says who",
        )


def guard(workspace: Workspace, before: Task, after: Task) -> None:
    """Raise NotApproved if an item moves to a status whose approvals its content, as it will be,
    does not have.
    """
    status = after.text("status")
    if status == before.text("status"):
        return
    for need in approvals.needs(workspace):
        if not approvals.reaches(workspace, need, status) or approvals.reaches(
            workspace, need, before.text("status")
        ):
            continue
        if not approvals.concerned(workspace, need, before.id):
            continue
        lacks = approvals.lacks(workspace, need, after, approvals.stands(workspace, after))
        if lacks:
            raise NotApproved(before.id, status, lacks)
