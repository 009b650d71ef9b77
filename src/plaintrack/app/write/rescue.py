"""Brings home what an editor saved into a file that plaintrack had just replaced, and clears what
dead processes left.
"""

import os
from collections import Counter
from contextlib import suppress

from plaintrack.app.snapshot.workspace import ATTIC, Workspace
from plaintrack.model.problem import Problem
from plaintrack.store import files, replace, state
from plaintrack.text.lines import merge

_CONFLICT = "conflict-"
_STRAY = "stray-"
_TYPED = "typed-"
_HOUR = 3600


def attic(workspace: Workspace) -> str | None:
    """The folder for displaced files; None without a cache folder."""
    return os.path.join(workspace.cache, ATTIC) if workspace.cache else None


def lost_found(workspace: Workspace) -> str | None:
    """The folder for what could not be brought home; None without a cache folder."""
    return os.path.join(workspace.cache, "lost-found") if workspace.cache else None


def settle(workspace: Workspace) -> None:
    """Merge every late save into its file, or keep it in lost-found and give notice; to be called
    under the workspace's lock.
    """
    folder = attic(workspace)
    for late in (
        replace.late_saves(folder, lambda path: _believed(workspace, path)) if folder else []
    ):
        with suppress(OSError, files.Oddity, files.Changed):
            # then it stays where it is, for the next command
            _settle(workspace, late, str(folder))


def _believed(workspace: Workspace, path: str) -> str | None:
    """The place that a record of a displaced file names, if a command could have written there;
    else None.
    """
    folder, name = os.path.split(path)
    return state.inside(
        workspace.root,
        os.path.relpath(
            os.path.join(os.path.realpath(folder), name), os.path.realpath(workspace.root)
        ),
    )


def _settle(workspace: Workspace, late: replace.Late, folder: str) -> None:
    shown = os.path.relpath(late.path, workspace.root)
    if _there(late):
        if not late.fresh:
            replace.forget(late.kept, late.record)
    elif (late.fresh or not late.again) and _merged(workspace, late):
        replace.merged(late, folder)
        workspace.notice(f"{shown}: merged what another program saved at the same moment")
    else:
        kept = _keep(workspace, late.data, _CONFLICT, os.path.basename(late.path))
        replace.forget(late.kept, late.record)
        workspace.notice(
            f"{shown}: another program saved at the same moment; what it saved is in {kept}"
        )


def _there(late: replace.Late) -> bool:
    """Whether the file holds the lines that a late save brought in, and not those that it took
    out.
    """
    try:
        current = Counter(files.read_whole(late.path).splitlines())
    except FileNotFoundError:
        return False
    old, new = Counter(late.base.splitlines()), Counter(late.data.splitlines())
    return all(current[line] >= new[line] for line in new - old) and all(
        current[line] <= new[line] for line in old - new
    )


def _merged(workspace: Workspace, late: replace.Late) -> bool:
    from plaintrack.text.parse import parse

    for _ in range(10):
        try:
            current = files.read_whole(late.path)
        except FileNotFoundError:
            return False
        merged = merge(late.base, current, late.data)
        if merged is None or not parse(late.path, merged, workspace.schema).fields:
            return False
        with suppress(files.Changed):
            if merged != current:
                replace.replace(late.path, current, merged, attic(workspace))
            return True
    return False


def _keep(workspace: Workspace, data: bytes, kind: str, name: str) -> str:
    folder = str(lost_found(workspace))
    path = os.path.join(folder, f"{kind}{os.urandom(3).hex()}-{name}")
    replace.create(path, data)
    return path


def sweep(workspace: Workspace, folders: set[str], now: int) -> None:
    """Move temporary files that a dead process left an hour ago from ``folders`` to lost-found: one
    may hold someone's save. Those that it has never named go.
    """
    for folder in folders:
        for stray in files.strays(folder, now):
            try:
                data = b"" if stray.endswith(files.UNNAMED) else files.read_whole(stray)
                if data:
                    _keep(workspace, data, _STRAY, os.path.basename(stray)[1:])
                os.unlink(stray)
            except (OSError, files.Oddity):
                continue


def findings(workspace: Workspace) -> list[Problem]:
    """A Problem for each save in lost-found that could not be merged, and for each text of a
    command that failed.
    """
    folder = lost_found(workspace)
    try:
        names = sorted(os.listdir(folder)) if folder else []
    except OSError:
        return []
    return [
        Problem(
            "lost-and-found",
            os.path.join(str(folder), name),
            (
                "another program saved this while plaintrack wrote the same lines"
                if name.startswith(_CONFLICT)
                else "text of a command that failed"
            ),
            "copy what you need from it, then delete it",
            severity="warning",
        )
        for name in names
        if name.startswith((_CONFLICT, _TYPED))
    ]
