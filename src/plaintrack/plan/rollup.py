"""Roll-up: what some items are together, each counted once however many links lead to it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaintrack.plan.outline import GROUPS, NOTED, Outline


class Sums(NamedTuple):
    """How much some items are together, in minutes; None where nothing is known to add.

    ``items`` are the pieces of work, ``done`` those that are done; ``unestimated`` those of which
    no estimate is known, ``unknown`` those of which it is not known what is left.
    """

    items: int = 0
    done: int = 0
    unestimated: int = 0
    unknown: int = 0
    estimate: float | None = None
    left: float | None = None
    spent: float | None = None


class Rolling:
    """Adds up items of an outline."""

    def __init__(self, outline: Outline) -> None:
        pieces = self.pieces = outline.pieces
        live = [number for number in range(len(pieces)) if _counts(outline, number)]
        told = [
            number
            for number in live
            if pieces[number].estimate is not None or pieces[number].remaining is not None
        ]
        above, covered = _above(outline, live), _above(outline, told)
        groups = {number for number in live if pieces[number].task.text("type") in GROUPS}
        self.work = frozenset(set(live) - above - groups)
        self.added = self.work | (set(told) - covered)

    def sums(self, numbers: Iterable[int]) -> Sums:
        """Counts and sums of some items: those below another one, of a group, or that a query
        finds.

        Each item counts once, however many links lead to it. Work is counted: what has nothing
        below it and is neither cancelled nor a goal, project or milestone; risks and decisions are
        work if they have an estimate. `estimate` and `left` add up work. The estimate of an item
        with others below it is shown beside the sum and never added; it stands in only where
        nothing below it is estimated. Work that is not estimated is counted. `spent` is all time
        that is logged on these items, also on summaries and on what is cancelled.

        Items whose links lead in a circle are not below each other.
        """
        chosen = sorted(set(numbers))
        work = [self.pieces[number] for number in chosen if number in self.work]
        added = [self.pieces[number] for number in chosen if number in self.added]
        return Sums(
            items=len(work),
            done=sum(piece.category == "done" for piece in work),
            unestimated=sum(piece.estimate is None for piece in work),
            unknown=sum(piece.left is None for piece in work),
            estimate=_sum(piece.estimate for piece in added),
            left=_sum(piece.left for piece in added),
            spent=_sum(self.pieces[number].logged for number in chosen),
        )


def _sum(minutes: Iterable[float | None]) -> float | None:
    known = [each for each in minutes if each is not None]
    return sum(known) if known else None


def _counts(outline: Outline, number: int) -> bool:
    piece = outline.pieces[number]
    if piece.category == "cancelled":
        return False
    return piece.task.text("type") not in NOTED or piece.estimate is not None


def _above(outline: Outline, numbers: Sequence[int]) -> set[int]:
    """The numbers of what these are a part of; in a circle nothing is a part of another."""
    known: dict[int, frozenset[int]] = {}
    found: set[int] = set()
    for number in numbers:
        for above in _ways(outline, number, known):
            if above not in found and number not in _ways(outline, above, known):
                found.add(above)
    return found


def _ways(outline: Outline, number: int, known: dict[int, frozenset[int]]) -> frozenset[int]:
    """Everything that links lead to from an item upward; itself only in a circle."""
    if number not in known:
        found: set[int] = set()
        waiting = list(outline.parents[number])
        while waiting:
            above = waiting.pop()
            if above not in found:
                found.add(above)
                waiting += outline.parents[above]
        known[number] = frozenset(found)
    return known[number]
