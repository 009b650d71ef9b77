"""The parts of a Document that are drawn: boards, counts, trees, bars, diagrams, comparisons."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple


class Card(NamedTuple):
    """One card of a board; ``path`` is its file, and ``link`` the address of that, if it has
    one; ``mark`` stands before it on a terminal.
    """

    id: str
    title: str
    who: str = ""
    path: str = ""
    link: str = ""
    mark: str = ""


class Board(NamedTuple):
    """Named columns of cards, of which ``limit`` are drawn in each; ``counts`` says how many cards
    a column has where not all are here. ``name`` says what the columns are, ``sums`` what those of
    each column are together, for people, ``rolled`` for programs.
    """

    columns: Mapping[str, Sequence[Card]]
    counts: Mapping[str, int] = {}
    name: str = "status"
    limit: int | None = None
    sums: Mapping[str, str] = {}
    rolled: Mapping[str, object] = {}

    def count(self, name: str) -> int:
        """How many cards a column has."""
        return self.counts.get(name, len(self.columns[name]))


class Counts(NamedTuple):
    """How many there are of each value of ``name``, and in all; ``sums`` has the sum of ``summed``
    of each row, and at its end that of all.
    """

    name: str
    rows: Sequence[tuple[str, int]]
    total: int
    summed: str = ""
    sums: Sequence[str | float | None] = ()


class Branch(NamedTuple):
    """One line of a tree. ``last``: nothing follows below the same branch; ``note``: why the tree
    does not go on here; ``sums`` says what is below it, ``rolled`` says it to programs; ``mark``
    stands before it on a terminal.
    """

    level: int
    last: bool
    id: str
    title: str = ""
    status: str = ""
    who: str = ""
    note: str = ""
    sums: str = ""
    rolled: Mapping[str, object] | None = None
    mark: str = ""


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


class Node(NamedTuple):
    """One thing of a graph; its ``state`` is ``open``, ``active``, ``done`` or ``late``."""

    text: str
    state: str


class Graph(NamedTuple):
    """Nodes, and arrows between them, by their numbers."""

    nodes: Sequence[Node]
    arrows: Sequence[tuple[int, int]]


class Span(NamedTuple):
    """One bar of a Gantt chart; both days count, ``state`` is as that of a Node."""

    section: str
    text: str
    state: str
    first: date
    last: date


class Gantt(NamedTuple):
    """Spans; those without a section are below ``rest``."""

    spans: Sequence[Span]
    rest: str


class Comparison(NamedTuple):
    """What differs between two states, in a word, and how they are called."""

    title: str
    text: str
    old: str
    new: str
