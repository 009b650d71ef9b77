"""Shares work out to child processes, where there is enough of it to pay for them."""

import marshal
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

ENOUGH = 4  # parts


def spread(work: Callable[[Any], list[Any]], parts: Sequence[Any]) -> Iterator[list[Any]]:
    """``map(work, parts)``, in forked processes if there are many parts; the results must be plain values that marshal takes.

    What a child that dies leaves undone is done here.
    """
    processes = min(4, os.cpu_count() or 1)
    if len(parts) < ENOUGH or processes < 2 or not hasattr(os, "fork"):
        yield from map(work, parts)
        return
    children = [_child(work, parts[number::processes]) for number in range(processes)]
    try:
        for number, part in enumerate(parts):
            try:
                done = marshal.load(children[number % processes][1])
            except (EOFError, ValueError, TypeError):
                done = work(part)
            yield done
    finally:
        for process, pipe in children:
            pipe.close()
            os.waitpid(process, 0)


def _child(work: Callable[[Any], list[Any]], parts: Sequence[Any]) -> tuple[int, BinaryIO]:
    """Fork a process that does these parts; the results come out of the pipe, which holds it up until they are wanted."""
    out, into = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(out)
            with open(into, "wb") as pipe:
                for part in parts:
                    marshal.dump(work(part), pipe)
        finally:
            os._exit(0)
    os.close(into)
    return process, open(out, "rb")
