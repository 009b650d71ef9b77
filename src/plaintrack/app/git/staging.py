"""The end of a merge whose conflicts are resolved: staged and, if nothing is left, committed."""

import os
from collections.abc import Collection
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.refusals import GitFailed, NoGit
from plaintrack.store.underway import underway


class Staged(NamedTuple):
    """What was staged; the unmerged files that are left, of the repository; what git is in the
    middle of (``merge``, ``rebase`` …, empty: nothing); and the commit that ended a merge.
    """

    paths: tuple[str, ...]
    left: tuple[str, ...] = ()
    underway: str = ""
    commit: str = ""


def stage(
    workspace: Workspace, open_: Collection[str], also: Collection[str] = (), dry: bool = False
) -> Staged:
    """Stage the unmerged items but for those that are still ``open_``, and ``also`` these files;
    commit the merge if nothing is unmerged then. Raises Refused.
    """
    repo = workspace.repo
    waiting = unmerged(workspace)
    ready = [path for path in waiting if workspace.is_item(path) and path not in open_]
    paths = (*ready, *(each for each in also if each not in ready))
    left = tuple(path for path in waiting if path not in ready)
    what = underway(repo.folder)
    if dry or not (paths or what == "merge"):
        return Staged(paths, left, what)
    if paths:
        repo.stage(paths)
    if left or what != "merge":
        return Staged(paths, left, what)
    return Staged(paths, left, what, repo.conclude())


def end(workspace: Workspace, paths: Collection[str], message: str) -> str:
    """Stage these files as they are in the work tree and commit the merge; the new commit. Raises
    Refused.
    """
    differing = {*_differing(workspace), *unmerged(workspace)}
    there = [path for path in paths if path in differing or os.path.lexists(workspace.path(path))]
    if there:
        workspace.repo.stage(there)
    return workspace.repo.conclude(message)


def merge_message(workspace: Workspace) -> str:
    """What git would say of the merge that it is in the middle of."""
    path = os.path.join(workspace.repo.folder, "MERGE_MSG")
    try:
        with open(path, encoding="utf-8", errors="replace") as handle:
            lines = [line for line in handle.read().splitlines() if not line.startswith("#")]
    except FileNotFoundError:
        lines = []
    return "\n".join(lines).strip() or "Merge"


def unmerged(workspace: Workspace) -> list[str]:
    """The paths of what git has not merged, by the workspace's folder; those outside of it, too."""
    return _differing(workspace, "--diff-filter=U")


def _differing(workspace: Workspace, *how: str) -> list[str]:
    """The paths, by the workspace's folder, that are not in the work tree as they are staged."""
    try:
        out = workspace.repo.ask("diff", "--name-only", *how, "-z")
    except (NoGit, GitFailed):
        return []
    names = [os.fsdecode(line) for line in out.split(b"\0") if line]
    prefix = workspace.repo.prefix
    return [
        name.removeprefix(prefix)
        if name.startswith(prefix)
        else os.path.relpath(f"/{name}", f"/{prefix}")
        for name in dict.fromkeys(names)
    ]
