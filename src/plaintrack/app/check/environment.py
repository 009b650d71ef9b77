"""What is around a workspace: git, its hooks and merge driver, the folders of state, the
watcher.
"""

import os
import shutil
from shlex import quote, split
from typing import NamedTuple

from plaintrack.app.git import hooks
from plaintrack.app.snapshot.absent import absent
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.problem import Problem
from plaintrack.store import cookies, files, place, state
from plaintrack.store.refusals import NoGit

DRIVER = "merge.plaintrack.driver"
_STALE = 10
"""Minutes after which a lock of git is one that a killed git has left."""


class Environment(NamedTuple):
    """What is wrong around a workspace, and what is there, in sentences."""

    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def environment(workspace: Workspace) -> Environment:
    """What is around a workspace."""
    problems, notes = list[Problem](), [_cache(workspace)]
    if state.user(workspace.root) is None:
        notes.append("trust: no folder outside the workspace is writable and yours alone")
    notes.append("watcher: running" if _watcher(workspace) else "watcher: not running")
    if place.git_folder(workspace.root) is None:
        notes.append("git: the workspace is in no repository")
        return Environment((), tuple(notes))
    try:
        notes += [_git(workspace), _driver(workspace, problems), _hooks(workspace, problems)]
        problems += [*_submodules(workspace), *_locks(workspace)]
    except NoGit as error:
        if error.plain:
            notes.append(f"git: {error.message}")
        else:
            problems.append(Problem(error.slug, ".", error.message, error.hint))
    return Environment(tuple(problems), tuple(notes))


def _git(workspace: Workspace) -> str:
    """Which git there is."""
    return f"git: {os.fsdecode(workspace.repo.run('version').stdout).split()[-1]}"


def _cache(workspace: Workspace) -> str:
    if workspace.cache:
        return f"cache, locks and journal: {workspace.cache}"
    return "cache and journal: in memory only; no folder for them is writable and yours alone"


def _watcher(workspace: Workspace) -> bool:
    return bool(workspace.cache) and cookies.is_watched(str(workspace.cache))


def _driver(workspace: Workspace, problems: list[Problem]) -> str:
    """Whether git merges items with plaintrack."""
    value = workspace.repo.config(DRIVER)
    if not value:
        return "merge driver: not set up (`plaintrack init --git`)"
    program = split(value)[0]
    if shutil.which(program) is None:
        problems.append(
            Problem(
                "merge-driver",
                "git config",
                f"{DRIVER} starts {program}, which is not there",
                "`plaintrack init --git` sets it up again",
            )
        )
    return "merge driver: set up"


def _hooks(workspace: Workspace, problems: list[Problem]) -> str:
    """Whether git checks what is committed and pushed."""
    try:
        found = hooks.installed(workspace)
    except hooks.SharedHooks as error:
        return f"hooks: {error.message}"
    problems += found.problems
    return f"hooks: {', '.join(found.names) or 'none (`plaintrack init --hooks`)'}"


def _submodules(workspace: Workspace) -> list[Problem]:
    """The submodules with items that are not checked out."""
    names = absent(workspace, thorough=True).submodules
    message = "the submodule is not checked out, so its items are not known"
    hint = "run `git submodule update --init`"
    return [Problem("submodule", name, message, hint, severity="warning") for name in names]


def _locks(workspace: Workspace) -> list[Problem]:
    """Git's locks that no git can be holding any more: git works for seconds, not for minutes."""
    folder = workspace.repo.folder
    found = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not name.endswith(".lock") or not os.path.isfile(path):
            continue
        age = int(files.clock() / 1e9 - os.stat(path).st_mtime) // 60
        if age >= _STALE:
            message = f"a lock of git, {age} minutes old; git refuses to work while it is there"
            hint = f"if no git is running: rm {quote(path)}"
            found.append(Problem("git-lock", path, message, hint))
    return found
