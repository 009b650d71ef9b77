"""Finds the workspace, and the folder for cache, locks and journal, by walking up; starts no process."""

import os

SETTINGS = "plaintrack.yml"


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


def git_folder(start: str) -> str | None:
    """The git folder of the work tree that ``start`` lies in (each worktree has its own); None without git."""
    folder = os.path.abspath(start)
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isdir(git) and os.path.exists(os.path.join(git, "HEAD")):
            return git
        if os.path.isfile(git):
            with open(git, encoding="utf-8", errors="surrogateescape") as handle:
                line = handle.readline().rstrip("\n")
            if line.startswith("gitdir: "):
                return os.path.normpath(os.path.join(folder, line[8:]))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def cache(workspace: str) -> str | None:
    """The folder for cache, locks and journal, made if need be: in the git folder, else ``.plaintrack``; None where neither can be written.

    A workspace below the top of its repository gets a folder of its own, so that two workspaces in one repository do not meet.
    """
    git = git_folder(workspace)
    if git is None:
        folder = os.path.join(workspace, ".plaintrack")
    else:
        inside = os.path.relpath(workspace, os.path.dirname(git)) if os.path.basename(git) == ".git" else "."
        name = "" if inside == "." or inside.startswith("..") else inside.replace("%", "%25").replace(os.sep, "%2F")
        folder = os.path.join(git, "plaintrack", name) if name else os.path.join(git, "plaintrack")
    try:
        os.makedirs(folder, exist_ok=True)
        if git is None and not os.path.exists(ignore := os.path.join(folder, ".gitignore")):
            with open(ignore, "w", encoding="utf-8") as handle:
                handle.write("*\n")
    except OSError:
        return folder if os.path.isdir(folder) else None
    return folder
