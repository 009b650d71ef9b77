"""Forecasts: when so many items will be done, and how many by a day, by resampling past throughput.

Each trial draws the length of a window that the history has, and from the last so many days blocks
of seven days in a row, the end joined to the beginning (Künsch 1989, Politis and Romano 1992),
until the work is done or the days are over. The quantile that is read from the trials is not 1 − p
itself: it moves after every past forecast that has come due, by how often they failed (adaptive
conformal inference, Gibbs and Candès 2021). All of that is replayed from history each time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from random import Random
from typing import NamedTuple

from plaintrack.flow.figures import percentile

LENGTHS = (14, 28, 56, 91, 182, 364)
"""The windows that are drawn from, in days."""
BLOCK = 7
STEP = 7
"""Days between the past forecasts that are replayed."""
RATE = 0.02
"""How much a quantile moves after a forecast."""
WIDEST, NARROWEST = 0.98, 0.001
"""The quantiles that are read at most and at least."""
FEWEST = 15
"""Independent windows below which no percentage is given."""
TRIALS, REPLAYED = 5000, 1000
CHANCES = (50, 70, 85, 95)
FAR = 3650
"""Days after which a trial is given up."""


class Chance(NamedTuple):
    """One line of a forecast: the percentage asked for, the days (when) or the number of items (how
    many; None: not within ten years), the quantile that was read, and how often such past forecasts
    held.
    """

    percent: int
    value: int | None
    quantile: float
    held: int
    of: int


class Past(NamedTuple):
    """A past forecast that has come due: its day (an index of the history), how many were said at
    each percentage, and how many were done.
    """

    day: int
    said: Sequence[int]
    done: int


class Forecast(NamedTuple):
    """A forecast. ``chances`` is empty where there are fewer than FEWEST independent windows of
    ``horizon`` days in the history; then ``seen`` has the least and the most seen.
    """

    chances: Sequence[Chance]
    horizon: int
    windows: int
    lengths: Sequence[int]
    seen: tuple[int | None, int | None]
    past: Sequence[Past]
    seed: int
    trials: int


def lengths(days: int) -> list[int]:
    """The windows that a history of so many days has."""
    return [length for length in LENGTHS if length <= days]


class _Window:
    """The last days of a history, to draw blocks from."""

    def __init__(self, done: Sequence[int], added: Sequence[int]) -> None:
        self.length = len(done)
        self.net = [[*side, *side[:BLOCK]] for side in (list(done), list(added))]
        self.sums = [[0, *accumulate(side)] for side in self.net]


def _windows(done: Sequence[int], added: Sequence[int]) -> list[_Window]:
    return [_Window(done[-each:], added[-each:]) for each in lengths(len(done))]


def amounts(windows: Sequence[_Window], horizon: int, trials: int, random: Random) -> list[int]:
    """How many are done within so many days, one number a trial, sorted."""
    whole, rest = divmod(horizon, BLOCK)
    found = []
    draw = random.random
    for _ in range(trials):
        window = windows[int(draw() * len(windows))]
        length, sums = window.length, window.sums[0]
        total = 0
        for _ in range(whole):
            start = int(draw() * length)
            total += sums[start + BLOCK] - sums[start]
        if rest:
            start = int(draw() * length)
            total += sums[start + rest] - sums[start]
        found.append(total)
    return sorted(found)


def durations(
    windows: Sequence[_Window], items: int, trials: int, random: Random, growth: bool = False
) -> list[int]:
    """How many days it takes until so many are done, one number a trial, sorted; FAR where it is
    not done by then. ``growth``: what is added in the meantime has to be done too.
    """
    found = []
    draw = random.random
    for _ in range(trials):
        window = windows[int(draw() * len(windows))]
        length, (sums, added) = window.length, window.sums
        left, days = items, 0
        while left > 0 and days < FAR:
            start = int(draw() * length)
            gain = sums[start + BLOCK] - sums[start]
            if gain < left:
                left -= gain
                if growth:
                    left += added[start + BLOCK] - added[start]
                days += BLOCK
                continue
            days += bisect_left(sums, sums[start] + left, start) - start
            left = 0
        found.append(min(days, FAR))
    return sorted(found)


def replay(
    done: Sequence[int], horizon: int, seed: int, step: int = STEP, trials: int = REPLAYED
) -> tuple[list[float], list[Past]]:
    """The quantile for each of CHANCES after all forecasts of so many days that have come due, and
    these forecasts, each made with what was known then.
    """
    quantiles = [1 - each / 100 for each in CHANCES]
    past: list[Past] = []
    sums = [0, *accumulate(done)]
    judged = 0
    for day in range(LENGTHS[0], len(done) + 1, step):
        while judged < len(past) and past[judged].day + horizon <= day:
            _learn(quantiles, past[judged])
            judged += 1
        if day + horizon > len(done):
            continue
        random = Random(f"{seed} {day} {horizon}")
        window = _windows(done[:day], done[:day])
        trial = amounts(window, horizon, trials, random)
        said = [_least(trial, quantile) for quantile in quantiles]
        past.append(Past(day, said, sums[day + horizon] - sums[day]))
    for each in past[judged:]:
        _learn(quantiles, each)
    return quantiles, past


def _learn(quantiles: list[float], past: Past) -> None:
    for at, percent in enumerate(CHANCES):
        missed = past.done < past.said[at]
        moved = quantiles[at] + RATE * ((1 - percent / 100) - missed)
        quantiles[at] = min(WIDEST, max(NARROWEST, moved))


def _least(trials: Sequence[int], quantile: float) -> int:
    """The number that all but the lowest part of the trials reach: the nearest rank."""
    return trials[max(0, ceil(quantile * len(trials)) - 1)]


def _most(trials: Sequence[int], quantile: float) -> int:
    """The number that all but the highest part of the trials do not exceed."""
    return trials[min(len(trials) - 1, max(0, ceil((1 - quantile) * len(trials)) - 1))]


def held(past: Sequence[Past], at: int) -> int:
    """How many of the past forecasts held at the percentage with this number in CHANCES."""
    return sum(each.done >= each.said[at] for each in past)


def independent(days: int, horizon: int) -> int:
    """How many forecasts of so many days a history has that do not overlap."""
    return max(0, (days - LENGTHS[0]) // max(1, horizon))


def when(
    done: Sequence[int],
    added: Sequence[int],
    items: int,
    seed: int = 1,
    trials: int = TRIALS,
    growth: bool = False,
) -> Forecast:
    """When so many items are done: ``done`` and ``added`` are the numbers of each past day, the
    last one today's.
    """
    known = lengths(len(done))
    if not known or not sum(done) or items <= 0:
        return Forecast((), 0, 0, known, _spans(done, items), (), seed, trials)
    random = Random(f"{seed} when {items}")
    trial = durations(_windows(done, added), items, trials, random, growth)
    horizon = max(1, int(percentile(trial, 50) or 1))
    windows = independent(len(done), horizon)
    if windows < FEWEST:
        return Forecast((), horizon, windows, known, _spans(done, items), (), seed, trials)
    quantiles, past = replay(done, horizon, seed)
    chances = []
    latest = 0
    for at, percent in enumerate(CHANCES):
        latest = max(latest, _most(trial, quantiles[at]))
        value = latest if latest < FAR else None
        chances.append(Chance(percent, value, quantiles[at], held(past, at), len(past)))
    return Forecast(chances, horizon, windows, known, (None, None), past, seed, trials)


def how_many(done: Sequence[int], horizon: int, seed: int = 1, trials: int = TRIALS) -> Forecast:
    """How many items are done within so many days from now."""
    known = lengths(len(done))
    sums = [0, *accumulate(done)]
    totals = [sums[at + horizon] - sums[at] for at in range(len(done) - horizon + 1)]
    seen = (min(totals), max(totals)) if totals else (None, None)
    windows = independent(len(done), horizon)
    if not known or windows < FEWEST:
        return Forecast((), horizon, windows, known, seen, (), seed, trials)
    trial = amounts(_windows(done, done), horizon, trials, Random(f"{seed} many {horizon}"))
    quantiles, past = replay(done, horizon, seed)
    chances = []
    fewest: int | None = None
    for at, percent in enumerate(CHANCES):
        value = _least(trial, quantiles[at])
        fewest = value if fewest is None else min(fewest, value)
        chances.append(Chance(percent, fewest, quantiles[at], held(past, at), len(past)))
    return Forecast(chances, horizon, windows, known, seen, past, seed, trials)


def _spans(done: Sequence[int], items: int) -> tuple[int | None, int | None]:
    """The fewest and the most days that so many items took in the history; None: never seen."""
    if items <= 0:
        return (0, 0)
    sums = [0, *accumulate(done)]
    found = []
    for start in range(len(done)):
        end = bisect_left(sums, sums[start] + items, start)
        if end < len(sums):
            found.append(end - start)
    return (min(found), max(found)) if found else (None, None)
