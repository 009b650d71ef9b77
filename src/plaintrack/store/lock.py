"""The lock that lets one process write at a time: ``flock`` on a file that is never deleted."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from plaintrack.errors import PlaintrackError

HELD = "PLAINTRACK_HELD"
_mine: list[str] = []


class Locked(PlaintrackError):
    """Another process holds the lock for too long."""

    slug = "locked"

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__(
            f"another plaintrack process has held {path} for {seconds:.0f} s",
            "wait for it, or stop it",
        )


@contextmanager
def exclusive(path: str, patience: float = 30.0) -> Iterator[None]:
    """Hold the lock at ``path``; wait up to ``patience`` seconds, then raise Locked. The kernel
    frees it when the process dies.

    A plaintrack that started us (by git and its hooks) and still holds it holds it for us too.
    OSError: the lock file can neither be made nor opened, or the file system knows no locks.
    """
    deadline = time.monotonic() + patience
    while True:
        handle = _open(path)
        try:
            if not _lent(path):
                _wait(handle, path, deadline, patience)
            if _same(handle, path):
                _mine.append(path)
                try:
                    yield
                finally:
                    _mine.remove(path)
                return
        finally:
            os.close(handle)


def lending() -> dict[str, str]:
    """The environment that lends the locks we hold to a program we wait for."""
    mine = [f"{os.getpid()} {path}" for path in _mine]
    return {HELD: "\n".join([*os.environ.get(HELD, "").splitlines(), *mine])}


def _lent(path: str) -> bool:
    """Whether a process that waits for us holds the lock."""
    for line in os.environ.get(HELD, "").splitlines():
        process, _, held = line.partition(" ")
        if held == path and process.isdecimal():
            try:
                os.kill(int(process), 0)
            except (OSError, OverflowError):
                continue
            return True
    return False


def _open(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        if os.path.exists(path):  # another user's, or a folder
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        raise


def _wait(handle: int, path: str, deadline: float, patience: float) -> None:
    import fcntl

    pause = 0.001
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Locked(path, patience) from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)


def _same(handle: int, path: str) -> bool:
    """Whether the locked file still stands at ``path``: someone may have cleaned the folder
    meanwhile.
    """
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and the signals that end a process until the block is done."""
    import signal

    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
