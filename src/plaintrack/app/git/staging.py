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
    unmerged = _unmerged(workspace)
    ready = [path for path in unmerged if workspace.is_item(path) and path not in open_]
    paths = (*ready, *(each for each in also if each not in ready))
    left = tuple(path for path in unmerged if path not in ready)
    what = underway(repo.folder)
    if dry or not (paths or what == "merge"):
        return Staged(paths, left, what)
    if paths:
        repo.stage(paths)
    if left or what != "merge":
        return Staged(paths, left, what)
    return Staged(paths, left, what, repo.conclude())


def _unmerged(workspace: Workspace) -> list[str]:
    """The paths of what git has not merged, by the workspace's folder; those outside of it, too."""
    try:
        out = workspace.repo.ask("diff", "--name-only", "--diff-filter=U", "-z")
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
