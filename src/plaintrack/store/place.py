"""Finds the workspace, and the folder for cache, locks and journal, by walking up; starts no process."""

import os
from collections.abc import Iterable

SETTINGS = "plaintrack.yml"
COMMENTS = "comments"
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


def holds(folders: Iterable[str], path: str) -> bool:
    """Whether a path is that of a Markdown file which is read below one of these folders, all paths from the workspace.

    Files and folders whose names begin with a dot are passed over; the folder itself may be called so, or lie below such a one.
    A name that is not UTF-8 is not read.
    """
    if not path.endswith(".md") or any("\ud800" <= each <= "\udfff" for each in path):
        return False
    return any(path.startswith(f"{folder}/") and "/." not in path[len(folder) :] for folder in folders)


def git_folder(start: str) -> str | None:
    """The git folder of the work tree that ``start`` lies in (each worktree has its own); None without git."""
    found = _git(start)
    return found[1] if found else None


def sparse(git: str) -> bool:
    """Whether the work tree of this git folder may be a sparse checkout."""
    return os.path.exists(os.path.join(git, "info", "sparse-checkout"))


def top(start: str) -> str | None:
    """The top of the work tree that ``start`` lies in; None without git."""
    found = _git(start)
    return found[0] if found else None


def _git(start: str) -> tuple[str, str] | None:
    """(top of the work tree, its git folder)."""
    folder = os.path.abspath(start)
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isdir(git) and os.path.exists(os.path.join(git, "HEAD")):
            return folder, git
        if os.path.isfile(git):
            with open(git, encoding="utf-8", errors="surrogateescape") as handle:
                line = handle.readline().rstrip("\n")
            if line.startswith("gitdir: "):
                return folder, os.path.normpath(os.path.join(folder, line[8:]))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def below_top(workspace: str) -> str:
    """The name of a workspace among those of its repository; empty at the top, or without git."""
    found = _git(workspace)
    inside = os.path.relpath(os.path.realpath(workspace), os.path.realpath(found[0])) if found else "."
    return "" if inside == "." else _below(inside)


def _below(inside: str) -> str:
    """One folder name for a path below the top; the prefix keeps it apart from the names that the top workspace uses itself."""
    name = "at-" + inside.replace("%", "%25").replace(os.sep, "%2F")
    if len(os.fsencode(name)) > 200:
        from hashlib import sha1

        name = "at-" + sha1(os.fsencode(inside), usedforsecurity=False).hexdigest()
    return name
