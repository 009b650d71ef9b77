"""How estimates compare with the time that was logged."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple


class Case(NamedTuple):
    """One item that is done: estimated and logged minutes, who did most of it, and its type."""

    item: str
    estimate: float
    actual: float
    person: str
    type: str

    @property
    def ratio(self) -> float:
        """Logged time divided by the estimate."""
        return self.actual / self.estimate


class Accuracy(NamedTuple):
    """Of ``items``: all logged time divided by all estimates, and of the ratios of single items the
    25th, 50th and 75th percentile.
    """

    name: str
    items: int
    bias: float
    low: float
    middle: float
    high: float
    close: float
    """The share of items whose logged time is within a quarter of the estimate."""


def bias(cases: Sequence[Case]) -> float:
    """Whether estimates are too low or too high in all: the time logged on items that are done,
    divided by their estimates.

    1 is right on the whole, 1.3 means that work takes 30 % longer than was estimated. Items count
    that are done, have an estimate, and have time logged; each counts, with all of its time, for
    the person who logged most on it. Cancelled items do not count.
    """
    return sum(each.actual for each in cases) / sum(each.estimate for each in cases)


def accuracy(name: str, cases: Sequence[Case]) -> Accuracy:
    """How far single estimates are off: of the ratios of logged time to estimate the 25th, 50th and
    75th percentile, and the share of items that are within a quarter of their estimate.

    The ratio of an item is its logged time divided by its estimate. A percentile is the nearest
    rank: the smallest ratio such that so many of all are not above it. Which items count, and for
    whom, ``bias`` says.
    """
    ratios = sorted(each.ratio for each in cases)
    close = sum(0.75 <= each <= 1.25 for each in ratios) / len(ratios)
    return Accuracy(
        name,
        len(ratios),
        bias(cases),
        _percentile(ratios, 0.25),
        _percentile(ratios, 0.5),
        _percentile(ratios, 0.75),
        close,
    )


def _percentile(ordered: Sequence[float], part: float) -> float:
    return ordered[ceil(part * len(ordered)) - 1]


def grouped(cases: Iterable[Case], by: str) -> list[Accuracy]:
    """The accuracy of each ``person`` or ``type``, by name."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.person if by == "person" else case.type, []).append(case)
    return [accuracy(name, some) for name, some in sorted(groups.items())]


def factors(ratios: Sequence[float], used: float = 0.0) -> list[float]:
    """What the rest of an item is multiplied by, for each of the ratios that it may turn out to
    have. ``used`` is the part of its estimate that is logged: what is still open takes longer than
    that, so smaller ratios are out of the question, and from each other one what is logged is
    taken off. Where none is larger, all count, of the rest alone.
    """
    if used >= 1:
        return list(ratios)
    return [(each - used) / (1 - used) for each in ratios if each > used] or list(ratios)
