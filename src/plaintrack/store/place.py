"""Finds the workspace, and the folder for cache, locks and journal, by walking up; starts no
process.
"""

import os
import re
from typing import NamedTuple

SETTINGS = "plaintrack.yml"
COMMENTS = "comments"
_OBJECT = re.compile("[0-9a-f]{40}")
RULES = "automations"
LEDGER = f"{RULES}/fired"


def is_rules(path: str) -> bool:
    """Whether a workspace path is that of a file of rules; the ledger below their folder is not."""
    folder, _, name = path.rpartition("/")
    return folder == RULES and name.endswith((".yml", ".yaml")) and name[0] != "."


def root(start: str) -> str | None:
    """The nearest folder from ``start`` upwards that holds ``plaintrack.yml``."""
    folder = os.path.abspath(start)
    while True:
        if os.path.isfile(os.path.join(folder, SETTINGS)):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


class Repository(NamedTuple):
    """A repository: the top of its work tree and its git folder (each worktree has its own), both
    without symbolic links.

    ``named``: it was not found by walking up; the user's GIT_DIR and GIT_WORK_TREE name it.
    """

    top: str
    folder: str
    named: bool = False


def repository(start: str) -> Repository | None:
    """The repository that the folder ``start`` lies in, for every git process and every question
    about it; None without git.

    It is the one that has ``.git`` in the nearest folder upwards. A folder that looks like a bare
    repository is none: it may have come with the files. Without a ``.git`` above, the one whose
    work tree the environment puts around ``start``.
    """
    return walked(start) or _named(start)


def walked(start: str) -> Repository | None:
    """The repository that is found by walking up, whatever the environment says."""
    found = _git(start)
    return Repository(*found) if found else None


def git_folder(start: str) -> str | None:
    """The git folder of the work tree that ``start`` lies in (each worktree has its own); None
    without git.
    """
    found = repository(start)
    return found.folder if found else None


def sparse(git: str) -> bool:
    """Whether the work tree of this git folder may be a sparse checkout."""
    return os.path.exists(os.path.join(git, "info", "sparse-checkout"))


def top(start: str) -> str | None:
    """The top of the work tree that ``start`` lies in; None without git."""
    found = repository(start)
    return found.top if found else None


def _git(start: str) -> tuple[str, str] | None:
    """(top of the work tree, its git folder), by walking up; it ends at a ``.git`` file that git
    would not follow either.
    """
    folder = os.path.realpath(start)
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isfile(git):
            target = _target(git)
            return (folder, target) if target and is_repository(target) else None
        if is_repository(git):
            return folder, os.path.realpath(git)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _target(path: str) -> str | None:
    """The folder that a ``.git`` file names; None if it names none."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as handle:
            text = handle.read(8192)
    except OSError:
        return None
    if not text.startswith("gitdir: "):
        return None
    named = text.removeprefix("gitdir: ").rstrip("\r\n")
    if named and "\0" not in named:
        return os.path.realpath(os.path.join(os.path.dirname(path), named))
    return None


def is_repository(folder: str) -> bool:
    """Whether git takes a folder for a git folder: HEAD names a branch or a commit, and there are
    objects and refs.

    Those of a worktree are in the folder that its ``commondir`` names.
    """
    head = os.path.join(folder, "HEAD")
    try:
        if os.path.islink(head):
            start = os.readlink(head)
        else:
            with open(head, encoding="ascii", errors="replace") as handle:
                start = handle.read(256)
    except OSError:
        return False
    if not (start.startswith(("ref:", "refs/")) or _OBJECT.match(start)):
        return False
    return all(os.path.isdir(os.path.join(common(folder), name)) for name in ("objects", "refs"))


def common(folder: str) -> str:
    """The folder that holds what all worktrees share."""
    try:
        with open(
            os.path.join(folder, "commondir"), encoding="utf-8", errors="surrogateescape"
        ) as handle:
            return os.path.join(folder, handle.read(8192).rstrip("\r\n"))
    except OSError:
        return folder


def _named(start: str) -> Repository | None:
    """The repository that the environment names, if ``start`` lies in the work tree that it names
    too.
    """
    git, tree = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
    if not git or not tree:
        return None
    top = os.path.realpath(tree)
    if not (os.path.realpath(start) + os.sep).startswith(top.rstrip(os.sep) + os.sep):
        return None
    folder = os.path.realpath(git)
    return Repository(top, folder, True) if is_repository(folder) else None


def below_top(workspace: str, found: Repository | None) -> str:
    """The name of a workspace among those of its repository; empty at the top, or without git."""
    inside = os.path.relpath(os.path.realpath(workspace), found.top) if found else "."
    return "" if inside == "." else _below(inside)


def _below(inside: str) -> str:
    """One folder name for a path below the top; the prefix keeps it apart from the names that the
    top workspace uses itself.
    """
    name = "at-" + inside.replace("%", "%25").replace(os.sep, "%2F")
    if len(os.fsencode(name)) > 200:
        from hashlib import sha1

        name = "at-" + sha1(os.fsencode(inside), usedforsecurity=False).hexdigest()
    return name
