"""Asks a running watcher whether the index is equal to the files, by a cookie file as watchman
does; the answer spares a scan.
"""

import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress

from plaintrack.store.digest import digest

FOLDER = "cookies"
LOCK = "watch.lock"  # held by the watcher while it lives
YES, NO = b"yes", b"no"
FEW = 1000  # files that are scanned sooner than anybody is asked about them
EACH = 1e-6  # seconds of patience for each file: less than half of what a scan takes
MOST = 0.05  # seconds of patience
_PAUSE = 0.0002
_COOKIE = r"(?a)[0-9a-f]{32}-[0-9]+-[0-9a-f]{8}"


def state(root: str, folders: Sequence[str], about: object) -> str:
    """What who asks and who answers have to agree about: which folders stand at the top of the
    workspace, and the index.

    Empty if something is mounted at or below the folders, perhaps for one of them only: no event
    tells of what happens then.
    """
    if _mounts([os.path.join(root, folder) for folder in folders]):
        return ""
    return digest(
        repr(([_identity(os.path.join(root, each)) for each in ("", *folders)], about)).encode()
    ).hex()


def caught_up(cache: str, state: str, files: int) -> bool:
    """Whether the watcher says that an index of so many files, in this ``state``, is equal to the
    files as they are now.

    Whoever waits has made a file in a folder that the watcher watches. The kernel tells of it after
    all changes that were made before, so when the watcher comes to it, it has heard of those too.
    Then it writes into the file whether none is left to be dealt with. A file that is only gone is
    no answer: whoever tidies up takes it away.
    """
    if not state:
        return False
    path = os.path.join(cache, FOLDER, f"{state}-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666
        )
    except OSError:  # no one watches, or we may not ask
        return False
    try:
        end = time.monotonic() + min(files * EACH, MOST)
        while (
            (answer := os.fstat(handle)).st_nlink and not answer.st_size and time.monotonic() < end
        ):
            time.sleep(_PAUSE)
    finally:
        os.close(handle)
    if answer.st_nlink:
        with suppress(OSError):
            os.unlink(path)
            if not answer.st_size:
                _clear(cache)
    return answer.st_size == len(YES)


def answer(cache: str, name: str, yes: bool) -> None:
    """Answer who made the cookie ``name``; other files are left alone."""
    path = os.path.join(cache, FOLDER, name)
    with suppress(OSError):
        if not re.fullmatch(_COOKIE, name):
            return
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.write(handle, YES if yes else NO)
        finally:
            os.close(handle)
        os.unlink(path)


def _clear(cache: str) -> None:
    """No one answered: if that is since no watcher holds its lock, as it was killed or this is a
    copy, take away the folder, so that no one asks again.
    """
    import fcntl

    with suppress(OSError):
        handle = os.open(os.path.join(cache, LOCK), os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            close(cache)
        finally:
            os.close(handle)


def is_watched(cache: str) -> bool:
    """Whether a watcher holds its lock."""
    import fcntl

    try:
        handle = os.open(os.path.join(cache, LOCK), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def open_(cache: str) -> str:
    """Make the folder in which a watcher is to be asked; its path."""
    close(cache)
    folder = os.path.join(cache, FOLDER)
    os.makedirs(folder, exist_ok=True)
    return folder


def close(cache: str) -> None:
    """Take the folder away, and what was asked in it."""
    folder = os.path.join(cache, FOLDER)
    with suppress(OSError):
        if os.path.islink(folder):
            os.unlink(folder)
        for name in os.listdir(folder):
            if re.fullmatch(_COOKIE, name):
                os.unlink(os.path.join(folder, name))
        os.rmdir(folder)


def _identity(path: str) -> tuple[int, int] | None:
    """What tells a folder from another of the same name."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _mounts(folders: Sequence[str]) -> bool:
    """Whether anything is mounted at or below these folders for this process, or no one can
    tell.
    """
    try:
        with open("/proc/self/mountinfo", "rb") as handle:
            places = [line.split(b" ", 5)[4] for line in handle]
    except (OSError, IndexError):
        return True
    above = tuple(
        re.sub(
            rb"[\\ \t\n]",
            lambda each: b"\\%03o" % ord(each[0]),
            os.fsencode(os.path.realpath(each)),
        )
        + b"/"
        for each in folders
    )
    return any((each + b"/").startswith(above) for each in places)
