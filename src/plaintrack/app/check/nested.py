"""Finds folders of a workspace that git would take for a repository of their own, with a
configuration that came with the files.
"""

import os
from collections.abc import Iterator

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Found
from plaintrack.store import place
from plaintrack.store.index import ask


def nested(workspace: Workspace) -> list[Found]:
    """A finding for each: where people run git, which is the workspace, the folders above and in
    it, and those of items.
    """
    found = []
    for folder in dict.fromkeys(_folders(workspace)):
        if place.is_repository(workspace.path(folder)):
            path = os.path.normpath(os.path.join(folder, "HEAD")).replace(os.sep, "/")
            message = (
                "this folder looks like a git repository, whose `config` and hooks git obeys in it"
            )
            found.append(
                Found(
                    path,
                    "",
                    "",
                    "",
                    message,
                    "remove it, or move it out of the work tree",
                    1,
                    1,
                    "",
                    message,
                )
            )
    return found


def _folders(workspace: Workspace) -> Iterator[str]:
    """Folders as paths from the workspace."""
    repository = place.repository(workspace.root)
    depth = os.path.relpath(os.path.realpath(workspace.root), repository.top) if repository else ""
    above = 0 if depth in ("", ".") else depth.count(os.sep) + 1
    yield from ("/".join([".."] * number) or "." for number in range(above))
    with os.scandir(workspace.root) as entries:
        yield from sorted(
            entry.name
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and entry.name != ".git"
        )
    yield from ask.folders(workspace.index.connection)
