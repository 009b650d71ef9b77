"""Reads and parses files, many of them in several processes at once."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from plaintrack.model.fields import Schema
from plaintrack.model.problem import Problem
from plaintrack.store import files
from plaintrack.store.clock import zone
from plaintrack.store.digest import digest
from plaintrack.store.index.rows import Stored, rows, unread
from plaintrack.store.spread import Told, spread, untold
from plaintrack.text.parse import parse

MANY = 400  # files from which on it pays to make the index's own indexes at the end
PART = 100  # files that are handed over at once
Stamp = tuple[int, int, int, int]
NOWHERE: Stamp = (0, 0, 0, 0)


class Seen(NamedTuple):
    """One file that was read: its stamp, whether that is racy, the digest of its bytes, and what to
    store (None: content as before).

    ``gone``: it was in the scan and is there no more. All is plain data, for the way from one
    process to another.
    """

    stamp: Stamp
    racy: bool
    digest: bytes
    stored: Stored | None
    gone: bool = False


class Known(NamedTuple):
    """One file as the index has it."""

    number: int
    stamp: Stamp
    racy: int
    digest: bytes


class Job(NamedTuple):
    """One file to be read."""

    folder: str
    name: str
    known: Known | None


def read_all(root: str, jobs: list[Job], schema: Schema, told: Told = untold) -> Iterator[Seen]:
    """Read and parse files, in their order; many are shared out to child processes."""

    def work(some: list[Job]) -> list[tuple[Any, ...]]:
        return [tuple(read_one(root, job, schema)) for job in some]

    zone(schema.timezone)  # loaded here once for all processes
    for part in spread(
        work, [jobs[start : start + PART] for start in range(0, len(jobs), PART)], told
    ):
        yield from map(Seen._make, part)


def read_one(root: str, job: Job, schema: Schema) -> Seen:
    """Read one file; parse it unless its bytes have the digest they had before. What cannot be read
    is stored with a Problem.
    """
    path = f"{job.folder}/{job.name}"
    known = job.known.digest if job.known else None
    try:
        data, stamp = files.read_stamped(f"{root}/{path}")
    except FileNotFoundError:
        return Seen(NOWHERE, True, b"", None, gone=True)
    except (OSError, files.Oddity) as error:
        if isinstance(error, files.Oddity):
            message = error.message
        else:
            message = f"cannot be read: {error.strerror}"
        problem = Problem(
            "unreadable", path, message, "check that the file exists and that you may read it"
        )
        mark = message.encode()
        return Seen(NOWHERE, True, mark, None if mark == known else unread([problem]))
    found = digest(data)
    racy = files.racy(stamp, files.clock())
    return Seen(
        stamp, racy, found, None if found == known else parsed(path, data, schema, stamp[0])
    )


def parsed(path: str, data: bytes, schema: Schema, mtime: int) -> Stored:
    """The rows of one file; ``mtime`` (ns) says when it was updated."""
    task = parse(path, data, schema)
    return rows(task, schema, day(mtime, schema)) if task.fields else unread(task.problems)


def day(mtime: int, schema: Schema) -> str:
    """The calendar day of a time stamp (ns) in the workspace's time zone; empty for one that no
    calendar has.
    """
    return _day(mtime // 1_000_000_000, schema.timezone)


@lru_cache(64)  # files are often checked out in the same second
def _day(seconds: int, timezone: str) -> str:
    try:
        return datetime.fromtimestamp(seconds, zone(timezone)).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
