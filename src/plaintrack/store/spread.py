"""Shares work out to child processes, where there is enough of it to pay for them."""

import marshal
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

ENOUGH = 4  # parts from which on more than one process works
AHEAD = 1 << 20  # bytes that a process may be ahead of who takes them
Told = Callable[[int, int], None]
"""Is told how much of the work is done, and how much there is."""


def untold(_done: int, _all: int) -> None:
    """Tell no one."""


def spread(
    work: Callable[[Any], list[Any]], parts: Sequence[Any], told: Told = untold
) -> Iterator[list[Any]]:
    """``map(work, parts)``, in forked processes if there are many parts; the results must be plain
    values that marshal takes.

    What a child that dies leaves undone is done here.
    """
    processes = min(4, os.cpu_count() or 1)
    alone = len(parts) < ENOUGH or processes < 2 or not hasattr(os, "fork")
    children = (
        [] if alone else [_child(work, parts[number::processes]) for number in range(processes)]
    )
    total, done = sum(map(len, parts)), 0
    try:
        for number, part in enumerate(parts):
            yield _taken(children[number % processes][1]) or work(part) if children else work(part)
            done += len(part)
            told(done, total)
    finally:
        for process, pipe in children:
            pipe.close()
            if process:
                os.waitpid(process, 0)


def _taken(pipe: BinaryIO) -> list[Any] | None:
    try:
        # load() reads each number by itself
        found: list[Any] = marshal.loads(pipe.read(int.from_bytes(pipe.read(4), "little")))
        return found
    except (EOFError, ValueError, TypeError):
        return None


def _child(work: Callable[[Any], list[Any]], parts: Sequence[Any]) -> tuple[int, BinaryIO]:
    """Fork a process that does these parts; the results come out of the pipe, which holds it up
    until they are wanted.
    """
    out, into = os.pipe()
    with suppress(ImportError, AttributeError, OSError):  # only Linux can make it larger
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(into, F_SETPIPE_SZ, AHEAD)
    try:
        process = os.fork()
    except OSError:  # too many processes
        os.close(out)
        os.close(into)
        return 0, BytesIO()
    if process == 0:
        try:
            os.close(out)
            with open(into, "wb") as pipe:
                for part in parts:
                    data = marshal.dumps(work(part))
                    pipe.write(len(data).to_bytes(4, "little") + data)
        finally:
            os._exit(0)
    os.close(into)
    return process, open(out, "rb")
