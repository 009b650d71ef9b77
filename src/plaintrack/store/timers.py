"""The running timers: one a person in a clone, in its git folder, so that all its worktrees share
them; without git in the workspace's folder of state.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.store import place, state
from plaintrack.store.lock import exclusive

FOLDER = "timers"


class NoTimerPlace(PlaintrackError):
    """There is nowhere to keep a timer."""

    slug = "no-place-for-timer"

    def __init__(self) -> None:
        super().__init__(
            "a running timer cannot be kept: neither git's folder nor the user's can be written",
            "use `plaintrack time log` instead",
        )


class Timer(NamedTuple):
    """A timer that runs: see ``timeclock.entry.Entry``. ``inside`` is the place of its workspace in
    the repository.
    """

    person: str
    item: str
    start: int
    offset: int
    note: str = ""
    tags: tuple[str, ...] = ()
    inside: str = ""


def _folder(workspace: str) -> str | None:
    """Where the timers are; None where there is no such place."""
    shared = state.shared(workspace)
    return os.path.join(shared, FOLDER) if shared else None


def inside(workspace: str) -> str:
    """What tells a workspace from others in its repository."""
    return place.below_top(workspace, place.repository(workspace))


def timers(workspace: str) -> list[Timer]:
    """Every timer that runs in this clone, by person."""
    folder = _folder(workspace)
    if folder is None or not os.path.isdir(folder):
        return []
    names = sorted(each for each in os.listdir(folder) if each.endswith(".json"))
    found = [_read(os.path.join(folder, name)) for name in names]
    return [each for each in found if each is not None]


def _read(path: str) -> Timer | None:
    try:
        with open(path, encoding="utf-8") as handle:
            told = json.load(handle)
        return Timer(**{**told, "tags": tuple(told["tags"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def alone(workspace: str) -> Iterator[None]:
    """Hold the timers of this clone; raises NoTimerPlace."""
    folder = _folder(workspace)
    if folder is None:
        raise NoTimerPlace
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise NoTimerPlace from error
    with exclusive(os.path.join(folder, "lock")):
        yield


def keep(workspace: str, running: Timer) -> None:
    """A timer runs; it takes the place of the one of the same person."""
    path = _path(workspace, running.person)
    text = json.dumps(running._asdict(), ensure_ascii=False)
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(part, path)


def drop(workspace: str, person: str) -> None:
    """A timer runs no more."""
    try:
        os.unlink(_path(workspace, person))
    except FileNotFoundError:
        return


def _path(workspace: str, person: str) -> str:
    folder = _folder(workspace)
    if folder is None:
        raise NoTimerPlace
    from urllib.parse import quote

    return os.path.join(folder, f"{quote(person.casefold(), safe='')}.json")
