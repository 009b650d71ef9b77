"""Where plaintrack keeps what it knows: the cache, locks and journal of a workspace, and what the
user trusts.

Never among the files of the work, since what came with those is not believed: a folder of state is
a real folder of this user, and every path that is recorded in it is checked when it is used.
"""

import os
import stat
from contextlib import suppress

from plaintrack.store import files, place

_GITS = (".git", "git~1")
"""How file systems that ignore case, or know short names, call git's folder."""


def folder(workspace: str) -> str | None:
    """The folder for cache, locks and journal of a workspace, made if need be.

    It is in the git folder; without git, or where that belongs to someone else or cannot be
    written, in the user's own folder. None where neither will do: then everything is kept in
    memory.
    """
    git = place.repository(workspace)
    inside = place.below_top(workspace, git)
    if (
        git is not None
        and (found := _made(git.folder, 0o775, "plaintrack", *([inside] if inside else [])))
        and _plain(found)
    ):
        return found
    mine = user(workspace)
    if mine is None:
        return None
    from plaintrack.store.digest import digest

    made = _made(mine, 0o700, "work", digest(os.fsencode(os.path.realpath(workspace))).hex())
    return made if made and _plain(made) else None


def shared(workspace: str) -> str | None:
    """As ``folder``, but the one that all worktrees of a clone have, for what belongs to a person
    and not to a work tree.
    """
    git = place.repository(workspace)
    found = git and _made(place.common(git.folder), 0o775, "plaintrack")
    return found or folder(workspace)


def user(workspace: str) -> str | None:
    """The user's folder of state for plaintrack, made if need be; None if it lies in the workspace,
    belongs to another user, or cannot be made.
    """
    state = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):
        home = os.path.expanduser("~") if os.environ.get("HOME") != "" else ""
        state = os.path.join(home, ".local", "state")
    if not os.path.isabs(state):  # no home
        return None
    real = os.path.realpath(state)
    top = os.path.realpath(place.top(workspace) or workspace)
    if (real + os.sep).startswith(top.rstrip(os.sep) + os.sep):
        return None
    with suppress(OSError):
        os.makedirs(real, mode=0o700, exist_ok=True)
    return _made(real, 0o700, "plaintrack")


def _made(base: str, mode: int, *names: str) -> str | None:
    """The folder below ``base``, made if need be.

    None if a part of it is a link, is another user's, can be written by everybody, or cannot be
    made.
    """
    path = base
    for name in names:
        path = os.path.join(path, name)
        try:
            info = os.lstat(path)
        except FileNotFoundError:
            try:
                os.mkdir(path, mode)
                info = os.lstat(path)
            except FileExistsError:  # another process was faster
                info = os.lstat(path)
            except OSError:
                return None
        except OSError:
            return None
        if not stat.S_ISDIR(info.st_mode) or _shared(info):
            return None
    return path


def _shared(info: os.stat_result) -> bool:
    """Whether someone else can write in a folder: its owner, or everybody. Where there are no
    users, no one else can.
    """
    if not hasattr(os, "geteuid"):
        return False
    return info.st_uid != os.geteuid() or bool(info.st_mode & stat.S_IWOTH)


def _plain(folder: str) -> bool:
    """Whether nothing in a workspace's folder of state is a symbolic link any more: plaintrack
    makes none, and what is written there would go elsewhere.
    """
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_symlink():
                    os.unlink(entry.path)
    except OSError:
        return False
    return True


def inside(root: str, path: str) -> str | None:
    """The place of a recorded workspace path; None if no command could have written it.

    A path is normalised and relative. It stays in the workspace, or in the work tree around it (for
    live documents: ``../README.md``), does not lead into git's folder, and passes through no
    symbolic link.
    """
    if not path or "\0" in path or os.path.isabs(path) or path != os.path.normpath(path):
        return None
    full = os.path.normpath(os.path.join(root, path))
    bound = place.top(root) or root if path.startswith("..") else root
    below = os.path.relpath(full, bound)
    parts = below.split(os.sep)
    if parts[0] in (os.pardir, os.curdir) or any(part.lower() in _GITS for part in parts):
        return None
    return None if files.linked(bound, "/".join(parts[:-1])) else full
