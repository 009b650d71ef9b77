"""Where an id is written in the workspace besides the fields of items: bodies, comments, documents,
rules, views, baselines.
"""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.store import files, place

_ENDINGS = (".md", ".yml", ".yaml", ".json", ".txt")
_SKIPPED = frozenset((".git", ".plaintrack", "node_modules", "venv", "__pycache__"))


class Mention(NamedTuple):
    """A line that names an id: path from the workspace, number of the line, and its text."""

    path: str
    line: int
    text: str


def mentions(workspace: Workspace, item: str) -> list[Mention]:
    """The lines of text files that name an id as a word; what rules have done is not in it."""
    word = re.compile(rf"(?<![\w-]){re.escape(item)}(?!\w)(?!-\d+\b)".encode(), re.IGNORECASE)
    found = []
    for path in sorted(_paths(workspace, item)):
        try:
            data = workspace.read_whole(path)
        except (OSError, files.Oddity):
            continue
        for number, line in enumerate(data.split(b"\n"), 1):
            if word.search(line):
                found.append(Mention(path, number, line.decode("utf-8", "replace").strip()))
    return found


def _grepped(workspace: Workspace, item: str) -> list[str] | None:
    """The files that git finds the id in; None if it cannot look."""
    try:
        repo = workspace.repo
        done = repo.run("grep", "--untracked", "--no-color", "-lzIiF", "-e", item, "--", ".")
    except PlaintrackError:
        return None
    if done.returncode > 1:
        return None
    return [os.fsdecode(each) for each in done.stdout.split(b"\0") if each]


def _paths(workspace: Workspace, item: str) -> Iterator[str]:
    """The files that may hold the id."""
    found = _grepped(workspace, item)
    if found is None:
        found = list(_walked(workspace))
    yield from (
        path
        for path in found
        if path.endswith(_ENDINGS) and not path.startswith(f"{place.LEDGER}/")
    )


def _walked(workspace: Workspace) -> Iterator[str]:
    for folder, below, names in os.walk(workspace.root):
        below[:] = [name for name in below if name not in _SKIPPED]
        inside = os.path.relpath(folder, workspace.root).replace(os.sep, "/")
        yield from (name if inside == "." else f"{inside}/{name}" for name in names)
