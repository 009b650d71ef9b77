"""The time axis: runs of slots, the slots of a calendar in order, and slots packed into integers.

A packed integer holds one field of ``width`` bits for each slot, slot 0 in the lowest bits, so
that one subtraction asks all slots at once whether something fits.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from plaintrack.plan.problem import Calendar, Off, Resource

Runs = tuple[tuple[int, int], ...]
"""Slots as (start, end), in order, apart from each other and never empty."""
Levels = tuple[tuple[int, int, int], ...]
"""Slots with the units that are there, as (start, end, units)."""
FEW = 8
"""A list of runs is looked up in another one that is so many times longer."""


class Axis(NamedTuple):
    """The slots of a calendar in order: ``slots[i]`` is its i-th working slot."""

    runs: Runs
    slots: Sequence[int]

    def find(self, slot: int) -> int:
        """The index of the first working slot that is not before ``slot``."""
        return bisect_left(self.slots, slot)

    def later(self, slot: int, lag: int) -> int | None:
        """The first time with ``lag`` working slots between it and ``slot`` (a lead: with no more
        than so many, if it lies before); None past the horizon.
        """
        if not lag:
            return slot
        index = self.find(slot) + lag - 1
        if index >= len(self.slots):
            return None
        return self.slots[index] + 1 if index >= 0 else 0


def axis(runs: Runs, horizon: int) -> Axis:
    """The axis of these runs; all slots are kept as a range, which costs nothing."""
    if runs == ((0, horizon),):
        return Axis(runs, range(horizon))
    slots = array("i")
    for start, end in runs:
        slots.extend(range(start, end))
    return Axis(runs, slots)


def levels(runs: Iterable[tuple[int, int, int]], off: Iterable[Off], horizon: int) -> Levels:
    """The units by run, without the slots that are off and what lies outside the horizon; runs that
    touch and have the same units are one.
    """
    away = merged((one.start, one.end) for one in off)
    found: list[tuple[int, int, int]] = []
    for start, end, units in sorted(runs):
        if units <= 0:
            continue
        for a, b in _less(max(start, 0), min(end, horizon), away):
            if found and found[-1][1:] == (a, units):
                a = found.pop()[0]
            found.append((a, b, units))
    return tuple(found)


def calendar_runs(calendar: Calendar, horizon: int) -> Runs:
    """The working runs of a calendar within the horizon."""
    return merged(
        run[:2] for run in levels(((a, b, 1) for a, b in calendar.runs), calendar.off, horizon)
    )


def resource_runs(resource: Resource, horizon: int) -> Levels:
    """The units of a resource by run within the horizon."""
    return levels(resource.runs, resource.off, horizon)


def without(runs: Runs, away: Runs) -> Runs:
    """The runs less those that are ``away``."""
    return tuple(part for start, end in runs for part in _less(start, end, away))


def _less(start: int, end: int, away: Runs) -> Iterator[tuple[int, int]]:
    """The parts of a run that are not ``away``."""
    first = bisect_left(away, (start, start))
    for index in range(max(0, first - 1), len(away)):
        off_start, off_end = away[index]
        if off_start >= end:
            break
        if start < off_start:
            yield start, off_start
        start = max(start, off_end)
    if start < end:
        yield start, end


def merged(runs: Iterable[Sequence[int]]) -> Runs:
    """Runs in any order as runs in order, those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((run[0], run[1]) for run in runs):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def both(one: Runs, other: Runs) -> Runs:
    """The slots that two lists of runs share."""
    if one == other:
        return one
    if len(one) == 1 and other and one[0][0] <= other[0][0] and one[0][1] >= other[-1][1]:
        return other
    if len(other) == 1 and one and other[0][0] <= one[0][0] and other[0][1] >= one[-1][1]:
        return one
    few, many = (one, other) if len(one) < len(other) else (other, one)
    if len(few) * FEW < len(many):
        return tuple(part for start, end in few for part in _within(start, end, many))
    return _crossed(one, other)


def _crossed(one: Runs, other: Runs) -> Runs:
    """The same, going through both lists side by side."""
    shared: list[tuple[int, int]] = []
    others = iter(other)
    begin, stop = next(others, (0, 0))
    for start, end in one:
        while stop <= start:
            found = next(others, None)
            if found is None:
                return tuple(shared)
            begin, stop = found
        while begin < end:
            shared.append((start if start > begin else begin, end if end < stop else stop))
            if stop > end:
                break
            found = next(others, None)
            if found is None:
                return tuple(shared)
            begin, stop = found
    return tuple(shared)


def _within(start: int, end: int, runs: Runs) -> Iterator[tuple[int, int]]:
    """The parts of the runs that lie between two times."""
    for index in range(max(0, bisect_left(runs, (start, start)) - 1), len(runs)):
        begin, stop = runs[index]
        if begin >= end:
            return
        if stop > start:
            yield max(begin, start), min(stop, end)


def units_at(runs: Levels, slot: int) -> int:
    """The units in one slot."""
    place = bisect_left(runs, (slot + 1,)) - 1
    if place < 0 or runs[place][1] <= slot:
        return 0
    return runs[place][2]


def mirrored(runs: Iterable[tuple[int, ...]], horizon: int) -> tuple[tuple[int, ...], ...]:
    """The runs as seen backwards from the horizon."""
    turned = [(horizon - run[1], horizon - run[0], *run[2:]) for run in runs]
    return tuple(turned[::-1])


def packed(runs: Iterable[tuple[int, int, int]], width: int) -> int:
    """An integer with the given value in the fields of each run, and 0 elsewhere."""
    parts: list[str] = []
    at = 0
    for start, end, value in runs:
        parts.append("0" * (width * (start - at)))
        parts.append(f"{value:0{width}b}"[::-1] * (end - start))
        at = end
    return int("".join(parts)[::-1] or "0", 2)


def worked(axis: Axis, start: int, end: int) -> Runs:
    """The runs of the axis between two times."""
    if isinstance(axis.slots, range):
        return ((start, end),)
    return tuple(_within(start, end, axis.runs))
