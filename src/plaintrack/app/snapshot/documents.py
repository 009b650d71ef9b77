"""Live documents: finds the Markdown files that hold generated blocks; items are not read for it,
since the index knows them.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.store import files, place
from plaintrack.store.index import ask
from plaintrack.store.plumbing import holding
from plaintrack.store.refusals import NoGit
from plaintrack.text.blocks import LIKE

_LIKE = "<!--[[:space:]]*/?plaintrack"  # LIKE, as git writes it
_LINKS = r"\][(:].*\.md"  # what may link to a Markdown file, as git writes it
_LINK = re.compile(rb"\][(:].*\.md")
_SKIPPED = frozenset(("node_modules", "venv", "__pycache__"))


def documents(snapshot: Snapshot, beside: Iterable[str] | None = None) -> list[str]:
    """The Markdown files of the repository (without git: of the workspace) that hold a marker, as
    paths from the workspace; but for items none that git ignores, and not the workspace's own
    reports, whose blocks are filled in what `plaintrack report` writes.

    ``beside``: those beside the items that may hold one, if they are known.
    """
    items = [path for path in ask.with_markers(snapshot.index.connection) if _holds(snapshot, path)]
    others = (
        _others(snapshot, _LIKE, LIKE)
        if beside is None
        else [path for path in beside if _holds(snapshot, path)]
    )
    found = [*items, *_ignored(snapshot), *others]
    reports = f"{snapshot.settings.rooms.get('reports', '')}/"
    return sorted(
        path for path in set(found) if not (said(snapshot, path) or path.startswith(reports))
    )


def linking(snapshot: Snapshot, beside: Iterable[str]) -> list[str]:
    """The Markdown files of the workspace that are not items and may link to Markdown files, of
    those ``beside`` the items.
    """
    inside = (path for path in beside if not path.startswith("../"))
    found = [path for path in inside if _holds(snapshot, path, _LINK)]
    return sorted({*_ignored(snapshot, _LINK), *found})


def beside(snapshot: Snapshot) -> list[str]:
    """The Markdown files outside of the folders of items that hold a marker or a link to a Markdown
    file; none that git ignores.
    """
    either = re.compile(b"%b|%b" % (LIKE.pattern, _LINK.pattern))
    return list(_others(snapshot, f"{_LIKE}|{_LINKS}", either))


def _ignored(snapshot: Snapshot, wanted: re.Pattern[bytes] = LIKE) -> list[str]:
    """The Markdown files in the folders of items that are not items, and hold what is wanted."""
    names = [name for name in snapshot.settings.ignore if name.endswith(".md")]
    found = (f"{each}/{name}" for each in ask.folders(snapshot.index.connection) for name in names)
    return [path for path in found if _holds(snapshot, path, wanted)]


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


def _others(snapshot: Snapshot, pattern: str, wanted: re.Pattern[bytes]) -> Iterator[str]:
    """The documents outside of the folders of items; both patterns say what they hold."""
    folders = snapshot.settings.tops
    try:
        top = place.top(snapshot.root) or snapshot.root
        found = holding(
            top,
            pattern,
            [
                os.path.relpath(snapshot.path(folder), top).replace(os.sep, "/")
                for folder in folders
            ],
        )
    except NoGit:
        yield from _walked(snapshot, folders, wanted)
        return
    for path in found:
        yield os.path.relpath(os.path.join(top, path), snapshot.root).replace(os.sep, "/")


def _walked(snapshot: Snapshot, without: Sequence[str], wanted: re.Pattern[bytes]) -> Iterator[str]:
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
            if name.endswith(".md") and _holds(snapshot, start + name, wanted)
        )


def _holds(snapshot: Snapshot, path: str, wanted: re.Pattern[bytes] = LIKE) -> bool:
    try:
        return wanted.search(files.read_whole(snapshot.path(path))) is not None
    except (OSError, files.Oddity):
        return False
