"""The lock that lets one process write at a time: ``flock`` on a file that is never deleted."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from plaintrack.errors import PlaintrackError


class Locked(PlaintrackError):
    """Another process holds the lock for too long."""

    slug = "locked"


@contextmanager
def exclusive(path: str, patience: float = 30.0) -> Iterator[None]:
    """Hold the lock at ``path``; wait up to ``patience`` seconds, then raise Locked. The kernel frees it when the process dies."""
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        deadline = time.monotonic() + patience
        pause = 0.001
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Locked(
                        f"another plaintrack process has held {path} for {patience:.0f} s", "wait for it, or end it"
                    ) from None
                time.sleep(pause)
                pause = min(pause * 1.5, 0.02)
        yield
    finally:
        os.close(handle)
