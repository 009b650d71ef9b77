"""What a person has read of the inbox, on this machine alone: in the git folder of the clone, so
that all its worktrees share it; without git in the workspace's folder of state.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.store import place, state
from plaintrack.store.digest import digest
from plaintrack.store.lock import exclusive

FOLDER = "inbox"


class NoInboxPlace(PlaintrackError):
    """There is nowhere to keep what was read."""

    slug = "no-place-for-inbox"

    def __init__(self) -> None:
        super().__init__(
            "what you read cannot be kept: neither git's folder nor the user's can be written",
            "make one of them writable, or read without --read",
        )


class Marks(NamedTuple):
    """What was read: all that the commit ``tip`` reaches, and the digests ``read``. What was
    written before ``since`` (Unix seconds) is too old to be told.
    """

    since: int
    tip: str = ""
    read: frozenset[str] = frozenset()


def marks(workspace: str, person: str) -> Marks | None:
    """What a person has read; None if nothing was ever marked."""
    path = _path(workspace, person)
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as handle:
            told = json.load(handle)
        return Marks(int(told["since"]), str(told["tip"]), frozenset(map(str, told["read"])))
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def alone(workspace: str, person: str) -> Iterator[None]:
    """Hold the marks of a person; raises NoInboxPlace."""
    path = _path(workspace, person)
    if path is None:
        raise NoInboxPlace
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    except OSError as error:
        raise NoInboxPlace from error
    with exclusive(f"{path}.lock"):
        yield


def keep(workspace: str, person: str, found: Marks) -> None:
    """Write what was read; raises NoInboxPlace."""
    path = _path(workspace, person)
    if path is None:
        raise NoInboxPlace
    part = f"{path}.{os.getpid()}"
    try:
        with open(part, "w", encoding="utf-8") as handle:
            json.dump({"schema": 1, **found._asdict(), "read": sorted(found.read)}, handle)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, path)
    except OSError as error:
        raise NoInboxPlace from error


def _path(workspace: str, person: str) -> str | None:
    mine = state.shared(workspace)
    if mine is None:
        return None
    inside = place.below_top(workspace, place.repository(workspace))
    name = digest(f"{inside}\0{person.casefold()}".encode()).hex()
    return os.path.join(mine, FOLDER, f"{name}.json")
