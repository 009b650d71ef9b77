"""What every importer reads into: one item as another program tells it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from plaintrack.exchange.changes import Change

Words = str | tuple[str, ...]
"""One value or several."""


class Remark(NamedTuple):
    """A comment. ``date`` is a moment with its offset, in ISO 8601, or empty."""

    text: str
    author: str = ""
    date: str = ""


class Move(NamedTuple):
    """A change of one field, as the other program's own history tells it."""

    date: datetime
    author: str
    field: str
    old: str
    new: str


class Span(NamedTuple):
    """Time that was spent, by ``author`` or else by whoever imports it."""

    start: datetime
    end: datetime
    author: str = ""
    note: str = ""


class Draft(NamedTuple):
    """One item as another program tells it.

    ``key`` is its identity there, the same in each export. ``fields`` has plaintrack's names of
    fields; dates, times and durations are written as plaintrack writes them, while ``status``,
    ``priority``, ``type`` and people are words of the other program: a Mapping has ours. ``links``
    has fields whose values are keys, or titles, of other items of the same program. ``extra`` has
    what has no home here, under its own names. ``changed`` tells which values are not as they were
    there. ``named``: it is only a name, such as a project of
    which nothing else is known, and an item here that has it is meant. ``line`` is where it stands
    (from 1; 0: unknown).
    """

    key: str
    title: str
    body: str = ""
    fields: Mapping[str, Words] = {}
    links: Mapping[str, tuple[str, ...]] = {}
    extra: Mapping[str, Words] = {}
    remarks: tuple[Remark, ...] = ()
    moves: tuple[Move, ...] = ()
    spans: tuple[Span, ...] = ()
    named: bool = False
    line: int = 0
    changed: tuple[Change, ...] = ()


MAPPED = ("status", "priority", "type")
"""The fields whose words are the other program's."""
PEOPLE = ("assignee", "owner", "watching", "sponsor", "stakeholders")
"""The fields that name people."""


def group(kind: str, name: str, above: str = "") -> Draft:
    """The project, milestone or goal that a program knows by its name alone; ``above`` is the key
    of the one it is a part of.
    """
    links = {"parent": (above,)} if above else {}
    return Draft(group_key(kind, name), name, fields={"type": kind}, links=links, named=True)


def group_key(kind: str, name: str) -> str:
    """The key of such a group."""
    return f"{kind}:{name}"
