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


def documents(snapshot: Snapshot) -> list[str]:
    """The Markdown files of the repository (without git: of the workspace) that hold a marker, as
    paths from the workspace; but for items none that git ignores, and not the workspace's own
    reports, whose blocks are filled in what `plaintrack report` writes.
    """
    connection = snapshot.index.connection
    items = [path for path in ask.with_markers(connection) if _holds(snapshot.path(path))]
    beside = (
        f"{folder}/{name}"
        for folder in ask.folders(connection)
        for name in snapshot.settings.ignore
    )
    found = [path for path in beside if path.endswith(".md") and _holds(snapshot.path(path))]
    reports = f"{snapshot.settings.rooms.get('reports', '')}/"
    return sorted(
        path
        for path in {*items, *found, *_others(snapshot)}
        if not (said(snapshot, path) or path.startswith(reports))
    )


def index_path(snapshot: Snapshot) -> str:
    """Where the live index of the work is: in the first folder of items."""
    return f"{snapshot.settings.folders[0]}/README.md"


def said(snapshot: Snapshot, path: str) -> bool:
    """Whether a file is a comment, of this workspace or of another in the repository: what people
    said is never generated.
    """
    parts = path.split("/")
    places = [number for number, name in enumerate(parts[:-1]) if name == place.COMMENTS]
    tops = (snapshot.path("/".join([*parts[:number], place.SETTINGS])) for number in places)
    return any(number == 0 or os.path.exists(top) for number, top in zip(places, tops, strict=True))


def _others(snapshot: Snapshot) -> Iterator[str]:
    """The documents outside of the folders of items."""
    folders = snapshot.settings.tops
    try:
        top = place.top(snapshot.root) or snapshot.root
        found = holding(
            top,
            _LIKE,
            [
                os.path.relpath(snapshot.path(folder), top).replace(os.sep, "/")
                for folder in folders
            ],
        )
    except NoGit:
        yield from _walked(snapshot, folders)
        return
    for path in found:
        yield os.path.relpath(os.path.join(top, path), snapshot.root).replace(os.sep, "/")


def _walked(snapshot: Snapshot, without: Sequence[str]) -> Iterator[str]:
    for folder, below, names in os.walk(snapshot.root):
        inside = os.path.relpath(folder, snapshot.root).replace(os.sep, "/")
        start = "" if inside == "." else f"{inside}/"
        below[:] = [
            name
            for name in below
            if not name.startswith(".") and name not in _SKIPPED and start + name not in without
        ]
        yield from (
            start + name
            for name in names
            if name.endswith(".md") and _holds(snapshot.path(start + name))
        )


def _holds(path: str) -> bool:
    try:
        return LIKE.search(files.read_whole(path)) is not None
    except (OSError, files.Oddity):
        return False
