"""Caches beside each other, one per environment: Pythons, time zones and settings that take turns
each find their own.
"""

import os
import re
import time
from contextlib import suppress

from plaintrack.store.lock import Locked, exclusive

MOST = 4
"""So many caches of a kind are kept beside each other."""
OLDEST = 30 * 86_400  # seconds that one is kept unused
_DAY = 86_400
_MINUTE = 60
_USED = ".used"
_EARLIER = r"\.seal|\.lock|-[0-9a-f]{12}\.sqlite(?:-journal)?"
"""What the only cache of a kind was called before there were several."""


def use(folder: str | None, name: str) -> int | None:
    """A handle that says, for as long as it is open, that the cache ``name`` is in use; its stamp
    tells the last time. None where that cannot be said.
    """
    if folder is None:
        return None
    import fcntl

    try:
        handle = os.open(
            os.path.join(folder, name + _USED),
            os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW,
            0o666,
        )
    except OSError:
        return None
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        before = time.time() - os.fstat(handle).st_mtime
        if before > _MINUTE:
            os.utime(handle)
        if before > _DAY:
            prune(folder, name)
    return handle


def prune(folder: str, name: str) -> None:
    """Delete the caches of the kind of ``name`` beside it that no process has open: those unused
    for long, and those used longest ago where there are too many.
    """
    kind = name.rpartition("-")[0]
    names = os.listdir(folder)
    for each in names:
        if re.fullmatch(re.escape(kind) + f"(?:{_EARLIER})", each):
            with suppress(OSError):
                os.unlink(os.path.join(folder, each))
    found = []
    for each in names:
        other = each.removesuffix(_USED)
        if other != each and other != name and other.rpartition("-")[0] == kind:
            with suppress(OSError):
                found.append((os.stat(os.path.join(folder, each)).st_mtime, other))
    oldest = time.time() - OLDEST
    for place, (used, other) in enumerate(sorted(found, reverse=True)):
        if place >= MOST - 1 or used < oldest:
            _remove(folder, other)


def _remove(folder: str, name: str) -> None:
    """Delete the cache ``name``, unless a process has it open or writes it."""
    import fcntl

    with suppress(OSError, Locked):
        handle = os.open(os.path.join(folder, name + _USED), os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with exclusive(os.path.join(folder, f"{name}.lock"), 0):
                for each in os.listdir(folder):
                    if each.startswith((f"{name}.", f"{name}-")):
                        os.unlink(os.path.join(folder, each))
        finally:
            os.close(handle)
