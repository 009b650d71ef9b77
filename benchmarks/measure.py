"""Measure processes: wall and CPU time in seconds and peak memory in bytes, by ``wait4``; and in-process work in a forked child."""

from __future__ import annotations

import os
import struct
import time
import traceback
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Sample(NamedTuple):
    """One run: wall and CPU seconds (children included), peak resident bytes."""

    wall: float
    cpu: float
    peak: int


def environment() -> dict[str, str]:
    """The caller's environment without what slows Python down or changes plaintrack's output."""
    drop = (
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPROFILEIMPORTTIME",
        "PYTHONDEVMODE",
        "COLUMNS",
        "PLAINTRACK_NOW",
    )
    return {
        name: value
        for name, value in os.environ.items()
        if name not in drop and not name.startswith("COV_")
    }


def process(command: Sequence[str], env: dict[str, str], codes: tuple[int, ...] = (0,)) -> Sample:
    """Run a command in the current folder, its output read from a pipe; raises RuntimeError on an unexpected exit code.

    The peak that the kernel reports is never below that of the process that starts the command, so whoever measures must stay small.
    """
    out, into = os.pipe()
    null = os.open(os.devnull, os.O_RDONLY)
    actions = [
        (os.POSIX_SPAWN_DUP2, null, 0),
        (os.POSIX_SPAWN_DUP2, into, 1),
        (os.POSIX_SPAWN_DUP2, into, 2),
    ]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], list(command), env, file_actions=actions)
    os.close(into)
    text = b""
    while part := os.read(out, 1 << 20):
        text = part if len(part) > 500 else (text + part)[-2000:]
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - started
    os.close(out)
    os.close(null)
    if os.waitstatus_to_exitcode(status) not in codes:
        raise RuntimeError(
            f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}\n{text.decode(errors='replace')}"
        )
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def in_child(prepare: Callable[[], Callable[[], object]]) -> Sample:
    """Time what ``prepare()`` returns in a forked child, without the start of the process and without ``prepare`` itself."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work = prepare()
            started, cpu = time.perf_counter(), time.process_time()
            work()
            os.write(
                into, struct.pack("dd", time.perf_counter() - started, time.process_time() - cpu)
            )
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(into)
    data = os.read(out, 16)
    os.close(out)
    _, status, usage = os.wait4(child, 0)
    if status or len(data) != 16:
        raise RuntimeError("what was to be measured failed")
    wall, cpu_used = struct.unpack("dd", data)
    return Sample(wall, cpu_used, usage.ru_maxrss * 1024)


def items(folder: str) -> list[str]:
    """The paths of all item files of a workspace."""
    return [
        f"{at}/{name}"
        for top in ("tasks", "projects")
        for at, _, names in os.walk(f"{folder}/{top}")
        for name in names
    ]


def stat_all(folder: str) -> Callable[[], object]:
    """List and stat every item file, and nothing else."""

    def work() -> None:
        waiting = [f"{folder}/tasks", f"{folder}/projects"]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        entry.stat(follow_symlinks=False)

    return work


def read_all(folder: str) -> Callable[[], object]:
    """Read every item file."""
    paths = items(folder)

    def work() -> None:
        for path in paths:
            handle = os.open(path, os.O_RDONLY)
            os.read(handle, 1_000_000)
            os.close(handle)

    return work


def parse_all(folder: str) -> Callable[[], object]:
    """Parse every front matter with PyYAML's C loader, on one core; reading them is not in it."""
    import yaml

    heads = []
    for path in items(folder):
        with open(path, encoding="utf-8") as handle:
            heads.append(handle.read().split("\n---\n", 1)[0])

    def work() -> None:
        for head in heads:
            yaml.load(head, Loader=yaml.CSafeLoader)

    return work
