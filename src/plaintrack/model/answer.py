"""Answers about many items, as values: ``app`` finds them, ``show`` tells them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaintrack.model.change import Change
from plaintrack.model.task import Task


class Counted(NamedTuple):
    """A field, (value, number) in the order in which they are told, and the number of items;
    ``sums`` has the sum of ``summed`` for each, and at its end for all.
    """

    field: str
    rows: list[tuple[str, int]]
    total: int
    summed: str = ""
    sums: Sequence[str | float | None] = ()


class Limb(NamedTuple):
    """One place of a tree: how deep it is, whether it is the last one below its branch, the folded
    id that leads there, and the item (None: no item has that id).

    ``note`` says why the tree does not go on below it: ``cycle``, ``repeated``, ``missing``,
    ``elsewhere`` (in another repository).
    """

    level: int
    last: bool
    key: str
    task: Task | None
    note: str = ""


class Differing(NamedTuple):
    """One item that differs: its id, title, path (empty: it is gone), and Changes; of an item that
    was added also (field, text) of what people ask first.
    """

    id: str
    title: str
    path: str
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str], ...] = ()


class Happened(NamedTuple):
    """What one commit did: to each item, by (id, title) and Changes. ``commit`` is empty for what
    is not committed; ``patch`` has the lines of a diff, if they were asked for; ``merge``: it has
    several parents.
    """

    commit: str
    date: str
    who: str
    subject: str
    items: Sequence[tuple[str, str, tuple[Change, ...]]]
    patch: Iterable[str] = ()
    merge: bool = False
