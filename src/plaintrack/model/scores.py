"""Scores of items, as values: ``app`` finds them, ``show`` tells them."""

from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.model.task import Task


class Score(NamedTuple):
    """What a scoring model makes of one item: its score, or why it has none, and its inputs (None:
    not there). ``place`` is its place among others, the best first; equal scores share one.
    """

    item: Task
    value: float | None
    why: str
    inputs: Sequence[tuple[str, float | None]]
    place: int | None = None


class Scores(NamedTuple):
    """What the scoring model of that name and formula makes of items, the best first and those
    without a score at the end.
    """

    model: str
    formula: str
    rows: Sequence[Score]
    inputs: Sequence[str] = ()
    hours: frozenset[str] = frozenset()
    """The inputs that are hours of work."""
