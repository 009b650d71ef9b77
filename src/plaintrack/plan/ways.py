"""The ways to do an activity: with these people and this equipment, in these slots, claiming
these units of them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import gcd
from typing import NamedTuple

from plaintrack.plan.capacity import (
    Axis,
    Levels,
    Runs,
    axis,
    both,
    calendar_runs,
    levels,
    merged,
    mirrored,
    packed,
)
from plaintrack.plan.problem import FULL, Problem

PACKED_BITS = 24_000
"""Resources that always have all their units share one integer while that has no more bits."""

Option = tuple[int, int]
"""(index of a resource, units of it)."""


class Claim(NamedTuple):
    """Units wanted of one packed integer: ``need`` is subtracted to ask, ``guards`` are the bits
    that stay set where it fits (``guard`` in one slot), ``take`` is what is held once it is placed.
    A ``single`` one asks about one resource in all slots of the mode; a ``shared`` claim is one
    for all the people of an effort.
    """

    store: int
    width: int
    need: int
    guards: int
    guard: int
    take: int
    single: bool
    shared: bool


class Use(NamedTuple):
    """Units of a resource that a mode takes in those of its slots that lie in ``runs``;
    ``shared``: once for all the people of an effort.
    """

    resource: int
    units: int
    runs: Runs
    shared: bool


class Setting(NamedTuple):
    """Who and what works when, whatever the work is: ``rate`` of a person, or if it changes what
    each slot ``yields``, added up.
    """

    axis: Axis
    rate: int | None
    yields: Sequence[int] | None
    claims: tuple[Claim, ...]
    uses: tuple[Use, ...]


class Mode(NamedTuple):
    """One way to do a piece of work: ``work`` slots of the axis, or as many as ``yields`` (what is
    done up to the end of each slot) needs to come to ``work``.
    """

    axis: Axis
    work: int
    yields: Sequence[int] | None
    claims: tuple[Claim, ...]
    uses: tuple[Use, ...]

    def last(self, first: int) -> int:
        """The index of the last slot of a run that begins with slot ``first``; one at or past the
        length of the axis does not exist.
        """
        if self.yields is None:
            return first + self.work - 1
        done = self.yields[first - 1] if first else 0
        return bisect_left(self.yields, done + self.work)

    def first(self, last: int) -> int:
        """The index of the earliest first slot of a run that reaches slot ``last`` or beyond."""
        if self.yields is None:
            return max(0, last - self.work + 1)
        if not 0 < last < len(self.yields):
            return last
        left = self.yields[last - 1] - self.work
        return bisect_right(self.yields, left) + 1 if left >= 0 else 0

    def latest(self, last: int) -> int:
        """The index of the latest first slot of a run that ends with slot ``last`` or an earlier
        one; negative if there is none.
        """
        if self.yields is None or last < 0:
            return last - self.work + 1
        left = self.yields[last] - self.work
        return bisect_right(self.yields, left) if left >= 0 else -1


class Ways:
    """The ways of all activities up to a horizon, or of the same problem seen from its end."""

    def __init__(self, problem: Problem, horizon: int, backwards: bool = False) -> None:
        self.problem = problem
        self.horizon = horizon
        self.backwards = backwards
        self.levels = [self._turned(self._levels(index)) for index in range(len(problem.resources))]
        self.calendars = [
            merged(mirrored(runs, horizon) if backwards else runs)
            for runs in (calendar_runs(one, horizon) for one in problem.calendars)
        ]
        self._axes: dict[Runs, Axis] = {}
        self._runs: dict[Option, Runs] = {}
        self._modes: dict[tuple[int, Option | None, tuple[Option, ...]], Mode | None] = {}
        self._settings: dict[
            tuple[bool, int | None, Option | None, tuple[Option, ...]], Setting | None
        ] = {}
        self._fields: dict[tuple[Runs, int, int], int] = {}
        self._stores()

    def _levels(self, index: int) -> Levels:
        resource = self.problem.resources[index]
        return levels(resource.runs, resource.off, self.horizon)

    def _turned(self, found: Levels) -> Levels:
        if not self.backwards:
            return found
        return tuple((a, b, units) for a, b, units in mirrored(found, self.horizon))

    # Packed integers: one for each resource, or one for all

    def _stores(self) -> None:
        """Lay out the packed integers: ``place[resource]`` is (store, shift, units of one step),
        ``width[store]`` bits a slot, ``free[store]`` what is there before anything is placed.
        """
        steps = self._steps()
        tops = [
            max((units for _, _, units in level), default=0) // step
            for level, step in zip(self.levels, steps, strict=True)
        ]
        bits = [top.bit_length() + 1 for top in tops]
        self.tops = tops
        self.place: list[tuple[int, int, int]] = []
        self.width: list[int] = []
        self.free: list[int] = []
        self.guard: list[int] = []
        self.single = True
        if self._constant() and sum(bits) * self.horizon <= PACKED_BITS and len(bits) > 1:
            self._one_store(bits, steps)
            return
        for index, level in enumerate(self.levels):
            guard = 1 << (bits[index] - 1)
            scaled = [(a, b, guard | units // steps[index]) for a, b, units in level]
            self.place.append((index, 0, steps[index]))
            self.width.append(bits[index])
            self.guard.append(guard)
            self.free.append(packed(_filled(scaled, self.horizon, guard), bits[index]))

    def _one_store(self, bits: list[int], steps: list[int]) -> None:
        self.single = False
        shift = free = guard = 0
        for index, level in enumerate(self.levels):
            self.place.append((0, shift, steps[index]))
            free |= level[0][2] // steps[index] << shift
            guard |= 1 << (shift + bits[index] - 1)
            shift += bits[index]
        self.width.append(shift)
        self.guard.append(guard)
        self.free.append(packed([(0, self.horizon, free | guard)], shift))

    def _constant(self) -> bool:
        """Whether all resources always have the same units, and no two pieces of one activity
        could want the same one.
        """
        return all(
            len(level) == 1 and level[0][:2] == (0, self.horizon) for level in self.levels
        ) and not any(
            one.needs and sum(need.number for need in one.people) > 1
            for one in self.problem.activities
        )

    def _steps(self) -> list[int]:
        """The units of each resource that all of its levels and needs are multiples of."""
        steps = [0] * len(self.levels)
        for index, level in enumerate(self.levels):
            for _, _, units in level:
                steps[index] = gcd(steps[index], units)
        for activity in self.problem.activities:
            for need in (*activity.people, *activity.needs):
                for resource, units in need.options:
                    steps[resource] = gcd(steps[resource], units)
        return [step or 1 for step in steps]

    # Modes

    def axis(self, runs: Runs) -> Axis:
        """The axis of these runs, the same one for the same runs."""
        if runs not in self._axes:
            self._axes[runs] = axis(runs, self.horizon)
        return self._axes[runs]

    def calendar(self, index: int | None) -> Axis | None:
        """The axis of a calendar; None where all slots count."""
        return None if index is None else self.axis(self.calendars[index])

    def runs(self, resource: int, units: int) -> Runs:
        """Where a resource has that many units, before anything is placed."""
        key = (resource, units)
        if key not in self._runs:
            self._runs[key] = merged(
                (start, end) for start, end, there in self.levels[resource] if there >= units
            )
        return self._runs[key]

    def mode(self, index: int, person: Option | None, needs: tuple[Option, ...]) -> Mode | None:
        """The way to do an activity, or the piece of it that is this person's, with these needs;
        None if they never are there together.
        """
        key = (index, person, needs)
        if key not in self._modes:
            self._modes[key] = self._mode(index, person, needs)
        return self._modes[key]

    def _mode(self, index: int, person: Option | None, needs: tuple[Option, ...]) -> Mode | None:
        activity = self.problem.activities[index]
        calendar = None if activity.kind == "elapsed" else activity.calendar
        setting = self._setting(activity.kind == "elapsed", calendar, person, needs)
        if setting is None:
            return None
        if person is None:
            return Mode(setting.axis, activity.work, None, setting.claims, setting.uses)
        workers = sum(need.number for need in activity.people)
        effort = -(-activity.work * FULL // workers)
        if setting.rate:
            slots = -(-effort // setting.rate)
            return Mode(setting.axis, slots, None, setting.claims, setting.uses)
        return Mode(setting.axis, effort, setting.yields, setting.claims, setting.uses)

    def _setting(
        self,
        elapsed: bool,
        calendar: int | None,
        person: Option | None,
        needs: tuple[Option, ...],
    ) -> Setting | None:
        """What the modes of all activities with the same calendar, person and needs share."""
        key = (elapsed, calendar, person, needs)
        if key not in self._settings:
            self._settings[key] = self._make_setting(elapsed, calendar, person, needs)
        return self._settings[key]

    def _make_setting(
        self,
        elapsed: bool,
        calendar: int | None,
        person: Option | None,
        needs: tuple[Option, ...],
    ) -> Setting | None:
        runs: Runs = ((0, self.horizon),) if calendar is None else self.calendars[calendar]
        units_of: dict[int, int] = {}
        for resource, units in needs:
            if person is None or resource != person[0]:
                units_of[resource] = units_of.get(resource, 0) + units
        uses: list[Use] = []
        for resource, units in units_of.items():
            there = self.runs(resource, units)
            if not there:
                return None
            uses.append(Use(resource, units, there, person is not None))
            if not elapsed:
                runs = both(runs, there)
        rate: int | None = None
        yields: Sequence[int] | None = None
        if person is not None:
            runs = both(runs, self.runs(person[0], 1))
            rates = self._rates(person, runs)
            distinct = sorted({run[2] for run in rates})
            if len(distinct) == 1:
                rate = distinct[0]
            else:
                steps = (each for start, end, each in rates for _ in range(start, end))
                yields = array("q", accumulate(steps))
            for each in distinct:
                worked = merged(run for run in rates if run[2] == each)
                uses.append(Use(person[0], each, worked, False))
        if not runs:
            return None
        return Setting(self.axis(runs), rate, yields, self._claims(uses, runs), tuple(uses))

    def _rates(self, person: Option, runs: Runs) -> list[tuple[int, int, int]]:
        """The units at which a person works in these runs: his share, or what he has."""
        resource, share = person
        by_rate: dict[int, list[tuple[int, int]]] = {}
        for start, end, there in self.levels[resource]:
            by_rate.setdefault(min(share, there), []).append((start, end))
        return sorted(
            (start, end, rate)
            for rate, where in by_rate.items()
            for start, end in both(tuple(where), runs)
        )

    def _claims(self, uses: list[Use], runs: Runs) -> tuple[Claim, ...]:
        """What is claimed, by store and slots: needs of the same store and slots add up."""
        sums: dict[tuple[int, Runs, bool], int] = {}
        for resource, units, there, shared in uses:
            store, shift, step = self.place[resource]
            key = (store, both(runs, there), shared and self.single)
            sums[key] = sums.get(key, 0) + (units // step << shift)
        return tuple(
            Claim(
                store,
                self.width[store],
                self._field(((0, self.horizon),), self.width[store], need),
                self._field(slots, self.width[store], self.guard[store]),
                self.guard[store],
                self._field(slots, self.width[store], need),
                self.single and slots == runs,
                shared,
            )
            for (store, slots, shared), need in sums.items()
        )

    def _field(self, runs: Runs, width: int, value: int) -> int:
        key = (runs, width, value)
        if key not in self._fields:
            self._fields[key] = packed(((a, b, value) for a, b in runs), width)
        return self._fields[key]


def _filled(
    runs: list[tuple[int, int, int]], horizon: int, value: int
) -> list[tuple[int, int, int]]:
    """The runs, and ``value`` in the slots between them."""
    filled: list[tuple[int, int, int]] = []
    at = 0
    for start, end, units in runs:
        if at < start:
            filled.append((at, start, value))
        filled.append((start, end, units))
        at = end
    if at < horizon:
        filled.append((at, horizon, value))
    return filled
