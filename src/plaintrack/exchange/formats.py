"""The formats of other programs: one codec a file, loaded when it is used."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.exchange.draft import Draft
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import Source

NAMES = {
    "asana": "asana",
    "beads": "beads",
    "github": "github",
    "gitlab": "gitlab",
    "jira": "jira",
    "linear": "linear",
    "markdown": "checklist",
    "org": "org",
    "table": "table",
    "taskwarrior": "taskwarrior",
    "todoist": "todoist",
    "todotxt": "todotxt",
    "trello": "trello",
    "vtodo": "vtodo",
    "xlsx": "xlsx",
}
"""Format → the module that has its codec."""


ALL = "*"
"""Every field, in what a format carries."""
BARE = frozenset(("id", "title", "status", "source"))
"""What each format has a place for, or plaintrack's own."""


class UnknownFormat(PlaintrackError):
    """No codec has this name."""

    slug = "unknown-format"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        hint = suggestion(name, names, f"the formats are {', '.join(names)}")
        super().__init__(f"there is no format {name!r}", hint)


class Codec(NamedTuple):
    """One format.

    ``reads`` gives the items of a Source, ``writes`` the bytes for items of ours; None where the
    format goes one way only. ``maps`` has, for each part of a Mapping, what the format's own words
    (in lower case) mean: a status by its category, a priority by its usual English word.
    ``files`` says what the program gives, and how to get it. ``loses`` are properties that do not
    come along, each with the reason. ``carries`` are the fields, and of ``body``, ``comments``,
    ``time`` and ``groups`` (projects, milestones and goals) those, that an export has a place for;
    ``ALL`` means every field. ``folder`` ends the names of files of which it reads a whole
    folder as one.
    """

    title: str
    files: str
    reads: Callable[[Source], Iterator[Draft]] | None = None
    writes: Callable[[Iterable[Record]], Iterator[bytes]] | None = None
    maps: Mapping[str, Mapping[str, str]] = {}
    homes: Mapping[str, str] = {}
    loses: Mapping[str, str] = {}
    export_loses: Mapping[str, str] = {}
    carries: frozenset[str] = frozenset()
    folder: str = ""


def codec(name: str) -> Codec:
    """The codec of a format; raises UnknownFormat."""
    if name not in NAMES:
        raise UnknownFormat(name, NAMES)
    found: Codec = import_module(f"plaintrack.exchange.{NAMES[name]}").CODEC
    return found


def reading() -> tuple[str, ...]:
    """The formats that can be imported."""
    return tuple(name for name in NAMES if codec(name).reads is not None)


def writing() -> tuple[str, ...]:
    """The formats that can be exported."""
    return tuple(name for name in NAMES if codec(name).writes is not None)
