"""The workflow: start, done, cancel and reopen as Edits."""

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Edit, Set


class NoStatus(PlaintrackError):
    """The workflow has no status of that category."""

    slug = "no-status"


def moved(workspace: Workspace, category: str) -> tuple[Edit, ...]:
    """The Edits that bring an item into the first status of a category; raises NoStatus."""
    status = next(
        (name for name, kind in workspace.schema.statuses.items() if kind == category), None
    )
    if status is None:
        raise NoStatus(
            f"no status has the category {category}", "add one under `statuses:` in plaintrack.yml"
        )
    return (Set("status", status),)
