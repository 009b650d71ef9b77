"""The workflow: start, done, cancel and reopen as Edits."""

from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Edit, Set, Unset


class NoStatus(PlaintrackError):
    """The workflow has no status of that category."""

    slug = "no-status"


def moved(workspace: Workspace, category: str) -> tuple[Edit, ...]:
    """The Edits that bring an item into the first status of a category; closing stamps ``closed``, leaving it removes the stamp."""
    status = next((name for name, kind in workspace.schema.statuses.items() if kind == category), None)
    if status is None:
        raise NoStatus(f"no status has the category {category}", "add one under `statuses:` in plaintrack.yml")
    if category in ("done", "cancelled"):
        return Set("status", status), *(Set(name, text) for name, text in stamp(workspace, "closed").items())
    return Set("status", status), Unset("closed")


def stamp(workspace: Workspace, name: str) -> dict[str, str]:
    """This moment for the field ``created`` or ``closed``, as its type and format want it; nothing if the settings do without it."""
    if name not in workspace.settings.stamps:
        return {}
    field = workspace.schema.fields[name]
    if field.format:
        return {name: workspace.now.strftime(field.format)}
    return {name: workspace.today.isoformat() if field.kind == "date" else workspace.now.isoformat()}
