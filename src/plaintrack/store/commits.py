"""What git says of commits and files, as values."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol


class Commit(NamedTuple):
    """One commit. ``time`` is the commit time (Unix seconds), ``date`` the author's (ISO, with
    offset); names as ``.mailmap`` has them.
    """

    hash: str
    parents: tuple[str, ...]
    time: int
    date: str
    author: str
    email: str
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


class Entry(NamedTuple):
    """One path that a commit or a diff changed: its blobs before (one per parent of a merge) and
    after; an empty text: not there.
    """

    path: str
    old: tuple[str, ...]
    new: str


class Told(NamedTuple):
    """Commits that were put onto a branch at once: the last of them, and what was there before."""

    tip: str
    before: str | None


class Version(NamedTuple):
    """A commit that changed a file: its parents, and the file's blob before, of one of them, and
    after; an empty text: not there.
    """

    commit: str
    parents: tuple[str, ...]
    old: str
    new: str


class Whereabouts(Protocol):
    """Knows the folders of the repository that the workspace was in, each as a path from the top
    that ends with a slash, or is empty.
    """

    @property
    def all(self) -> tuple[str, ...]:
        """The folders that the present commit knows of, the present one first."""
        ...

    @property
    def trail(self) -> tuple[str, ...]:
        """The same, each as often as it was there."""
        ...

    def of(self, commits: Iterable[str]) -> Mapping[str, str]:
        """Commit (the empty tree or text: what is here) → the folder that the workspace was in."""
        ...
