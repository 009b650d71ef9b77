"""When an item was last changed: its last commit, or, while its file differs from that, when the file was saved."""

from datetime import datetime, tzinfo

from plaintrack.app.history import history
from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.store.clock import zone


def touched(workspace: Workspace) -> dict[str, str]:
    """Path → day of the last change of every item in the work tree.

    A checkout, a clone or ``touch`` changes nothing; without git, or before the first commit, it is the day the file was saved.
    """
    saved: dict[str, str] = dict(workspace.index.connection.execute("SELECT path, updated FROM item"))
    if not workspace.live:  # an index of a commit knows it
        return saved
    try:
        repo, where = workspace.repo, [*workspace.settings.folders, workspace.settings.archive]
        tip = workspace.tip
        days = history(workspace).days()
        mine = {*(entry.path for entry in repo.diff(tip, None, where)), *repo.untracked(where)}
    except PlaintrackError:  # no git, no commit
        return saved
    place = zone(workspace.schema.timezone)
    return {path: _day(days[path], place) if path in days and path not in mine else day for path, day in saved.items()}


def _day(text: str, place: tzinfo | None) -> str:
    return datetime.fromisoformat(text).astimezone(place).date().isoformat()
