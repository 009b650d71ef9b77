"""Done: what a verb of the core did, for every door the same."""

from datetime import date
from typing import NamedTuple

from plaintrack.model.change import Change


class Written(NamedTuple):
    """One write to one file: its bytes before and after (None: no file), and the Changes."""

    path: str
    before: bytes | None
    after: bytes | None
    changes: tuple[Change, ...] = ()


class Next(NamedTuple):
    """A new item of a series: where, what, which it follows, and its day."""

    path: str
    id: str
    data: bytes
    follows: str
    title: str
    day: date


class ItemChanges(NamedTuple):
    """What happened to one item. ``also`` says what went along with it; ``kept`` says why nothing
    was to be done, if so.
    """

    id: str
    path: str
    changes: tuple[Change, ...] = ()
    also: tuple[str, ...] = ()
    kept: str = ""


class Done(NamedTuple):
    """What a verb did, or with ``dry`` what it would do.

    ``stopped`` is the failure that ended it after ``items`` were changed; a door raises it when it
    has shown the rest. A verb that fails before it changes anything raises the failure itself.
    """

    items: tuple[ItemChanges, ...] = ()
    files: tuple[Written, ...] = ()
    """Every write, those of rules included, in order."""
    followers: tuple[Next, ...] = ()
    """The new items of series."""
    rules: tuple[str, ...] = ()
    """What rules did about it, a line each."""
    notes: tuple[str, ...] = ()
    """What the user should know, a line each."""
    failed: tuple[tuple[str, str], ...] = ()
    """What could not be done while the rest went on: (path, why)."""
    stopped: BaseException | None = None
    dry: bool = False
