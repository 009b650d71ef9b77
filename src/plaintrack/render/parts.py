"""The parts of a Document beside tables and records."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from plaintrack.render.document import Records, Table


class Card(NamedTuple):
    """One card of a board; ``path`` is its file, and ``link`` the address of that, if it has
    one.
    """

    id: str
    title: str
    who: str = ""
    path: str = ""
    link: str = ""


class Board(NamedTuple):
    """Named columns of cards, of which ``limit`` are drawn in each; ``name`` says what the columns
    are.
    """

    columns: Mapping[str, Sequence[Card]]
    name: str = "status"
    limit: int | None = None


class Counts(NamedTuple):
    """How many there are of each value of ``name``, and in all."""

    name: str
    rows: Sequence[tuple[str, int]]
    total: int


class Branch(NamedTuple):
    """One line of a tree. ``last``: nothing follows below the same branch; ``note``: why the tree
    does not go on here.
    """

    level: int
    last: bool
    id: str
    title: str = ""
    status: str = ""
    who: str = ""
    note: str = ""


class Tree(NamedTuple):
    """Branches, each followed by what is below it."""

    branches: Sequence[Branch]


class Progress(NamedTuple):
    """How many are done, of how many."""

    done: int
    total: int


class Figure(NamedTuple):
    """A number that stands for itself."""

    number: int


Part = Table | Records | Board | Counts | Tree | Progress | Figure
