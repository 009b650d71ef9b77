"""Percentiles and process behaviour charts."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

PERCENTILES = (50, 70, 85, 95)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The nearest rank: the smallest value that at least so many percent do not exceed; None of no
    values.
    """
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, ceil(percent * len(ordered) / 100) - 1)]


class Behaviour(NamedTuple):
    """The limits of an XmR chart, the moving ranges, and the points that are signals: their number
    and the rule.
    """

    mean: float
    upper: float
    lower: float
    range_mean: float
    range_limit: float
    ranges: Sequence[float]
    signals: Sequence[tuple[int, str]]


OUTSIDE = "outside the limits"
RUN = "eight in a row on one side"
NEAR = "three of four nearer to a limit than to the mean"


def behaviour(values: Sequence[float], floor: float | None = 0.0) -> Behaviour | None:
    """The XmR chart of values in order of time; None of fewer than two. ``floor`` is the least that
    a value can be.
    """
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    ranges = [abs(one - other) for one, other in zip(values[1:], values, strict=False)]
    moving = sum(ranges) / len(ranges)
    upper, lower = mean + 2.66 * moving, mean - 2.66 * moving
    if floor is not None:
        lower = max(lower, floor)
    signals = _signals(values, mean, upper, lower, mean - 1.33 * moving, mean + 1.33 * moving)
    return Behaviour(mean, upper, lower, moving, 3.268 * moving, ranges, signals)


def _signals(
    values: Sequence[float], mean: float, upper: float, lower: float, low: float, high: float
) -> list[tuple[int, str]]:
    found = []
    for at, value in enumerate(values):
        if value > upper or value < lower:
            found.append((at, OUTSIDE))
            continue
        if _one_sided(values[max(0, at - 7) : at + 1], mean, 8):
            found.append((at, RUN))
            continue
        four = values[max(0, at - 3) : at + 1]
        if len(four) == 4 and (
            (value > high and sum(each > high for each in four) >= 3)
            or (value < low and sum(each < low for each in four) >= 3)
        ):
            found.append((at, NEAR))
    return found


def _one_sided(values: Sequence[float], mean: float, wanted: int) -> bool:
    above = all(each > mean for each in values)
    below = all(each < mean for each in values)
    return len(values) == wanted and (above or below)
