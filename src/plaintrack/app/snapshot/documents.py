"""Live documents: finds the Markdown files that hold generated blocks; items are not read for it,
since the index knows them.
"""

import os
from collections.abc import Iterator, Sequence

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.store import files, place
from plaintrack.store.index import ask
from plaintrack.store.plumbing import holding
from plaintrack.store.refusals import NoGit
from plaintrack.text.blocks import LIKE

_LIKE = "<!--[[:space:]]*/?plaintrack"  # LIKE, as git writes it
_SKIPPED = frozenset(("node_modules", "venv", "__pycache__"))


def documents(workspace: Snapshot) -> list[str]:
    """The Markdown files of the repository (without git: of the workspace) that hold a marker, as
    paths from the workspace; but for items none that git ignores.
    """
    connection = workspace.index.connection
    items = [path for path in ask.with_markers(connection) if _holds(workspace.path(path))]
    beside = (
        f"{folder}/{name}"
        for folder in ask.folders(connection)
        for name in workspace.settings.ignore
    )
    found = [path for path in beside if path.endswith(".md") and _holds(workspace.path(path))]
    return sorted(
        path for path in {*items, *found, *_others(workspace)} if not said(workspace, path)
    )


def said(workspace: Snapshot, path: str) -> bool:
    """Whether a file is a comment, of this workspace or of another in the repository: what people
    said is never generated.
    """
    parts = path.split("/")
    places = [number for number, name in enumerate(parts[:-1]) if name == place.COMMENTS]
    tops = (workspace.path("/".join([*parts[:number], place.SETTINGS])) for number in places)
    return any(number == 0 or os.path.exists(top) for number, top in zip(places, tops, strict=True))


def _others(workspace: Snapshot) -> Iterator[str]:
    """The documents outside of the folders of items."""
    folders = workspace.settings.tops
    try:
        top = place.top(workspace.root) or workspace.root
        found = holding(
            top,
            _LIKE,
            [
                os.path.relpath(workspace.path(folder), top).replace(os.sep, "/")
                for folder in folders
            ],
        )
    except NoGit:
        yield from _walked(workspace, folders)
        return
    for path in found:
        yield os.path.relpath(os.path.join(top, path), workspace.root).replace(os.sep, "/")


def _walked(workspace: Snapshot, without: Sequence[str]) -> Iterator[str]:
    for folder, below, names in os.walk(workspace.root):
        inside = os.path.relpath(folder, workspace.root).replace(os.sep, "/")
        start = "" if inside == "." else f"{inside}/"
        below[:] = [
            name
            for name in below
            if not name.startswith(".") and name not in _SKIPPED and start + name not in without
        ]
        yield from (
            start + name
            for name in names
            if name.endswith(".md") and _holds(workspace.path(start + name))
        )


def _holds(path: str) -> bool:
    try:
        return LIKE.search(files.read_whole(path)) is not None
    except (OSError, files.Oddity):
        return False
