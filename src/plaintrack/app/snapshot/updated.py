"""When an item was last changed or spoken of: its last commit or that of a comment, or, while its
file differs from that, when the file was saved.
"""

import os
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.store.clock import zone
from plaintrack.store.index import ask
from plaintrack.store.place import COMMENTS

_RULE = re.compile(rb"^author:\s*[\"']?rule\s", re.MULTILINE)


def touched(snapshot: Snapshot) -> dict[str, str]:
    """Path → day of the last change of every item in the work tree.

    A checkout, a clone or ``touch`` changes nothing; without git, or before the first commit, it is
    the day the file was saved.
    """
    rows = ask.updated(snapshot.index.connection)
    saved = {path: day for path, day, _ in rows}
    here = snapshot.worktree
    if here is None:  # an index of a commit knows it
        return saved
    try:
        repo, where = snapshot.repo, snapshot.settings.tops
        tip = snapshot.tip
        known = history(snapshot)
        days, comments = known.days(), known.spoken()
        mine = {*(entry.path for entry in repo.diff(tip, None, where)), *repo.untracked(where)}
    except PlaintrackError:  # no git, no commit
        days, comments, mine = {}, {}, set()
    place = zone(snapshot.schema.timezone)
    spoken = _spoken(here, comments, place)
    found = {
        path: _day(days[path], place) if path in days and path not in mine else day
        for path, day in saved.items()
    }
    return {path: max(found[path], spoken.get(item.lower(), "")) for path, _, item in rows}


def _spoken(workspace: Workspace, days: Mapping[str, str], place: tzinfo | None) -> dict[str, str]:
    """Folded id → day of the latest comment on it: that of its commit, or while there is none when
    it was saved.
    """
    found: dict[str, str] = {}
    for item in workspace.entries(COMMENTS):
        for name in workspace.names(f"{COMMENTS}/{item}"):
            path = f"{COMMENTS}/{item}/{name}"
            if _by_rule(workspace, path):
                continue
            day = _day(days[path], place) if path in days else _saved(workspace.path(path), place)
            found[item.lower()] = max(found.get(item.lower(), ""), day)
    return found


def _by_rule(snapshot: Snapshot, path: str) -> bool:
    """Whether a rule said it: no sign of life, else one that asks about what lies about would hide
    it.
    """
    try:
        return _RULE.search(snapshot.read(path)[:400]) is not None
    except (OSError, PlaintrackError):
        return True


def _saved(path: str, place: tzinfo | None) -> str:
    try:
        return (
            datetime.fromtimestamp(os.stat(path, follow_symlinks=False).st_mtime, place)
            .date()
            .isoformat()
        )
    except (OSError, ValueError, OverflowError):
        return ""


def _day(text: str, place: tzinfo | None) -> str:
    return datetime.fromisoformat(text).astimezone(place).date().isoformat()
