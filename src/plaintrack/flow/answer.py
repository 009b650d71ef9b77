"""What a metric answers: numbers, a chart of them, and what one must know to read them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from plaintrack.flow.passage import Day, Ladder, Passage


class Chart(NamedTuple):
    """A chart: its kind (``line``, ``step``, ``area``, ``bar``, ``scatter``), its axes, points by
    the name of their series, and values to be marked.
    """

    kind: str
    x: str
    y: str
    series: Mapping[str, Sequence[tuple[date | str | float, float | None]]]
    marks: Mapping[str, float] = {}


class Answer(NamedTuple):
    """Rows below their columns; ``facts`` are single numbers with their names, ``notes`` sentences
    about what was left out or must be known.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    facts: Mapping[str, Any] = {}
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = ()


class View(NamedTuple):
    """What a metric is asked of: the chosen items, all items by folded id (for dependencies), and
    the days looked at, as ordinals, both included.

    ``size`` is what an item with these fields counts, None if it says nothing of it; ``unit`` is
    what that is counted in. ``member`` says whether an item with these fields belongs to what is
    looked at: by the fields it had, or (``fixed``) simply because it was chosen. ``now`` is the
    moment of the last second looked at.
    """

    items: Sequence[Passage]
    all: Mapping[str, Passage]
    ladder: Ladder
    first: int
    last: int
    per: str
    day: Day
    size: Callable[[Mapping[str, Any]], float | None]
    unit: str
    member: Callable[[Mapping[str, Any]], bool]
    fixed: bool
    now: int
    on: Callable[[str], int | None]
    goal: Mapping[str, Any] = {}
    xmr: str = "throughput"
    reasons: bool = True
    """Whether the field `blocker` is plaintrack's."""

    @property
    def today(self) -> int:
        """The day of the last moment looked at."""
        return self.day(self.now)


def day(ordinal: int) -> date:
    """An ordinal as a day."""
    return date.fromordinal(ordinal)


def rounded(value: float | None, digits: int = 2) -> float | int | None:
    """A number without needless digits."""
    if value is None:
        return None
    found = round(value, digits)
    return int(found) if found == int(found) else found
