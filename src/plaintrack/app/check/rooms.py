"""Finds what stands in the rooms of a workspace and is not read: symbolic links, and names that are
not UTF-8. Commands pass it over with a notice; a check that did so would pass.
"""

import os
from collections.abc import Iterator

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.problem import Problem
from plaintrack.store import files, place


def unread(workspace: Workspace) -> list[Problem]:
    """A Problem for each, in the rooms of the settings and the folders of rules and templates;
    comments and verdicts have checks of their own.
    """
    return [*_passed(workspace), *_updates(workspace)]


def _updates(workspace: Workspace) -> Iterator[Problem]:
    """What is wrong with status updates that cannot be used: no command counts them."""
    from plaintrack.text.update import update

    room = workspace.settings.rooms.get("updates")
    if room is None:
        return
    for path, data in workspace.contents(room, lambda path: path.endswith((".md", "/"))):
        problem = update(path, data).problem
        if problem is not None and path.count("/", len(room) + 1) == 1:
            yield problem._replace(code="unreadable")


def _passed(workspace: Workspace) -> list[Problem]:
    rooms = (*workspace.settings.rooms.values(), place.RULES, "templates")
    return [
        Problem("unreadable", path, why, "put an ordinary file or folder in its place")
        for room in sorted(set(rooms))
        for path, why in _unread(workspace, room)
        if workspace.settings.spoken(path) != "approvals"
    ]


def _unread(workspace: Workspace, room: str) -> Iterator[tuple[str, str]]:
    link = files.linked(workspace.root, room)
    if link:
        yield os.path.relpath(link, workspace.root), files.NOT_FOLLOWED
        return
    try:
        with os.scandir(workspace.path(room)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        yield room, str(error.strerror)
        return
    for entry in entries:
        path = f"{room}/{entry.name}"
        if not files.wanted(path):
            continue
        if not files.legible(path):
            yield os.fsencode(path).decode("utf-8", "backslashreplace"), files.UNREAD
        elif entry.is_symlink():
            yield path, files.NOT_FOLLOWED
        elif entry.is_dir() and entry.name[0] != ".":
            yield from _unread(workspace, path)
