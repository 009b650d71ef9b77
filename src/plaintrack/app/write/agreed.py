"""Holds back a status that takes approvals which are not there."""

from plaintrack.app.snapshot import approvals
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.approval import Need
from plaintrack.model.task import Task


class NotApproved(PlaintrackError):
    """The settings want approvals before the item may have that status."""

    slug = "not-approved"
    exit_code = 1

    def __init__(self, item: str, status: str, lacks: list[str], new: bool = False) -> None:
        first = "add it with another status" if new else f"ask for {command('approve', item)}"
        also = ", and by `since` what is let be" if new else ""
        super().__init__(
            f"{'a new item' if new else item} cannot become {status}: {'; '.join(lacks)}",
            f"{first}; `approvals.needs` in plaintrack.yml says who{also}",
        )


def guard(workspace: Workspace, before: Task | None, after: Task) -> None:
    """Raise NotApproved if an item comes (``before`` is None: is made) where approvals are needed
    that its content, as it will be, does not have: by its status, or by what makes it such an item.
    """
    status = after.text("status")
    for need in approvals.needs(workspace):
        if not approvals.reaches(workspace, need, status):
            continue
        if _let_be(workspace, need, before, after):
            continue
        if not any(
            approvals.would_concern(workspace, need, each) for each in _looks(before, after)
        ):
            continue
        lacks = approvals.lacks(workspace, need, after, approvals.stands(workspace, after))
        if lacks:
            raise NotApproved(after.id, status, lacks, before is None)


def _let_be(workspace: Workspace, need: Need, before: Task | None, after: Task) -> bool:
    """Whether an item was already where the need holds it back, or the edit does not touch that; a
    new one: whether it was closed before the need holds, as one from another tracker.
    """
    if before is None:
        return approvals.let_be(need, after)
    if not approvals.reaches(workspace, need, before.text("status")):
        return False
    return after.fields == before.fields or approvals.would_concern(workspace, need, before)


def _looks(before: Task | None, after: Task) -> list[Task]:
    """The item as it will be, also with the status that it has now, for needs that name that."""
    if before is None or before.text("status") == after.text("status"):
        return [after]
    return [after, after._replace(fields={**after.fields, "status": before.text("status")})]
