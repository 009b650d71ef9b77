"""OR-Tools CP-SAT as a second planner, used only where it is asked for.

It starts from the planner's own plan and looks for a better one. What it finds is only an order
and a choice of people and equipment: the planner's serial pass places them, so that every plan
keeps the planner's rules, and the model may be coarser than these where that keeps it small:

* Time is the slots in which anything movable can be worked on, the rest is left out.
* Who and what does an activity is chosen among ``MODES`` ways; more, and efforts that several
  people share, keep the ways of the planner's plan.
* An activity that may be split is one run, and holds what it needs from its start to its end.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from importlib import metadata
from itertools import pairwise, product
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.plan.capacity import Axis, Runs, both, merged
from plaintrack.plan.network import order
from plaintrack.plan.schedule import Candidate, Made, Objective, Setting, bound
from plaintrack.plan.serial import NEVER, Choice, Piece, holds
from plaintrack.plan.ways import Mode

NAME = "cp-sat"
EFFORT = 2.0
"""The budget, in units of CP-SAT's deterministic time; one takes two to eight seconds of CPU."""
SEED = 1
MODES = 16
"""An activity is modelled with up to so many ways to do it."""
TABLE = 1_000_000
"""So many entries all tables of lags may have; further lags are taken at their shortest."""

STARTS = 100_000
"""So many stretches of time in which an item can start the model may have: 2,000 items of 20 people
have 89,000, and take 20 seconds of CPU and 2.2 GB.
"""


class SolverNotInstalled(PlaintrackError):
    """The package of the solver that is asked for is not installed, or cannot be loaded."""

    slug = "solver-not-installed"

    def __init__(self, why: str = "") -> None:
        broken = f", which cannot be loaded: {why}" if why else ""
        super().__init__(
            f"the solver {NAME} needs the package ortools{broken}",
            "run `pip install 'plaintrack[plan]'`, or plan with `--solver plaintrack`",
        )


class TooMuchForSolver(PlaintrackError):
    """The model of this work would take the solver minutes and gigabytes."""

    slug = "too-much-for-solver"

    def __init__(self, items: int, starts: int) -> None:
        super().__init__(
            f"{items:,} items that can start in {starts:,} stretches of time are more than the"
            f" solver {NAME} can take ({STARTS:,})",
            "plan with `--solver plaintrack`",
        )


class CpSat:
    """The solver; raises SolverNotInstalled and TooMuchForSolver."""

    name = NAME

    def __init__(self, effort: float = EFFORT) -> None:
        self.effort = effort
        try:
            self.version = metadata.version("ortools")
        except metadata.PackageNotFoundError:
            raise SolverNotInstalled from None

    def better(self, setting: Setting, start: Made, objective: Objective) -> Candidate | None:
        """An order and choices that may make a better plan than ``start``; None if it has none."""
        if not start.order:
            return None
        return _Model(_library(), setting, start, objective).solve(self.effort)


def _library() -> Any:
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise SolverNotInstalled(str(error)) from error
    return cp_model


class Way(NamedTuple):
    """One way to do an activity: the modes of its pieces, and the choice that stands for it."""

    modes: tuple[Mode, ...]
    choice: Choice


class _Clock:
    """Time without the slots in which nothing movable can be worked on."""

    def __init__(self, runs: Runs) -> None:
        self.starts = [start for start, _ in runs]
        self.ends = [end for _, end in runs]
        self.before = [0]
        for start, end in runs:
            self.before.append(self.before[-1] + end - start)
        self.length = self.before[-1]

    def at(self, slot: int) -> int:
        """How many of its slots lie before this one."""
        index = bisect_left(self.ends, slot)
        if index == len(self.ends):
            return self.length
        return self.before[index] + max(0, slot - self.starts[index])

    def slot(self, at: int) -> int:
        """The slot that has so many before it."""
        index = bisect_left(self.before, at + 1) - 1
        return self.starts[index] + at - self.before[index]

    def runs(self, runs: Runs) -> Runs:
        """The same runs on this clock."""
        return merged((self.at(start), self.at(end)) for start, end in runs)


class _Model:
    """The model of one problem in the making. Starts and ends are on its clock."""

    def __init__(self, library: Any, setting: Setting, start: Made, objective: Objective) -> None:
        self.library, self.setting, self.objective = library, setting, objective
        self.serial, self.given = setting.serial, start
        self.problem = setting.serial.problem
        self.pieces = self.serial.record(start.order, start.found)
        self.model = library.CpModel()
        self.placed = start.order
        self.first: dict[int, Any] = {}
        self.last: dict[int, Any] = {}
        self.ways = {index: self._ways(index) for index in self.placed}
        self.chosen: dict[int, list[Any]] = {}
        self.taken: dict[int, list[tuple[Any, int]]] = defaultdict(list)
        self.known: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
        self.table = TABLE
        self.changing: set[int] = set()
        ends = max(start.found.end[index] for index in self.placed)
        loose = objective == "serve" or any(self.serial.split[index] for index in self.placed)
        until = min(self.serial.horizon, 2 * ends - self.problem.now) if loose else ends
        axes = {id(mode.axis): mode.axis for mode in self._modes()}
        runs = merged(run for one in axes.values() for run in one.runs)
        self.clock = _Clock(both(runs, ((0, until),)))

    def _modes(self) -> Iterable[Mode]:
        return (mode for ways in self.ways.values() for way in ways for mode in way.modes)

    def solve(self, effort: float) -> Candidate | None:
        """The order and the choices of what is found."""
        if not self.clock.length or self._goal_reached():
            return None
        starts = sum(len(self._parts(mode)) for mode in self._modes())
        if starts > STARTS:
            raise TooMuchForSolver(len(self.placed), starts)
        for index in self.placed:
            self._activity(index)
        for index in self.placed:
            self._links(index)
        self._resources()
        self.model.minimize(self._goal())
        solver = self.library.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.cp_model_probing_level = 0  # it would take all of the budget
        solver.parameters.interleave_search = True  # neighbourhoods by turns, in a fixed order
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (self.library.OPTIMAL, self.library.FEASIBLE):
            return None
        keys = [0] * len(self.problem.activities)
        choices: list[Choice | None] = [None] * len(self.problem.activities)
        for index in self.placed:
            keys[index] = solver.value(self.first[index])
            for literal, way in zip(self.chosen[index], self.ways[index], strict=True):
                if solver.boolean_value(literal):
                    choices[index] = way.choice
        listed = [index for index in order(self.problem, keys) if index in self.first]
        return Candidate(listed, choices)

    def _goal_reached(self) -> bool:
        """Whether nothing can be better."""
        ends = max(self.given.found.end[index] for index in self.placed)
        if self.objective == "end":
            return ends <= bound(self.setting)
        return not self._late()

    # Activities

    def _ways(self, index: int) -> list[Way]:
        """The ways to do an activity, the one of the plan given first; none for a milestone."""
        pieces = self.pieces.get(index, [])
        if not pieces:
            return []
        chosen = self.given.found.choice[index]
        if chosen is None:
            chosen = tuple(options[0][0] for options in self.serial.needs[index])
        ways = [Way(tuple(piece.mode for piece in pieces), chosen)]
        people = self.serial.people[index]
        positions = self.serial.needs[index]
        count = 1
        for options in (*people, *positions):
            count *= len(options)
        if len(people) > 1 or count > MODES:
            return ways
        for person in people[0] if people else (None,):
            for needs in product(*positions):
                names = tuple(one for one, _ in ((person,) if person else ()) + needs)
                if names == chosen or len(set(names)) < len(names):
                    continue
                mode = self.serial.ways.mode(index, person, needs)
                if mode is not None and len(mode.axis.slots):
                    ways.append(Way((mode,), names))
        return ways

    def _activity(self, index: int) -> None:
        """Its start and its end, what it takes, and the plan given as a hint."""
        found, clock = self.given.found, self.clock
        least = clock.at(self.serial.release[index])
        first = self.model.new_int_var(least, clock.length, "")
        last = self.model.new_int_var(least, clock.length, "")
        self.first[index], self.last[index] = first, last
        pieces = self.pieces.get(index, [])
        self.model.add_hint(last, clock.at(found.end[index]))
        begin = min((piece.start for piece in pieces), default=found.start[index])
        self.model.add_hint(first, clock.at(begin))
        ways = self.ways[index]
        self.chosen[index] = [self.model.new_bool_var("") for _ in ways]
        if not ways:
            self.model.add(last == first)
            return
        self.model.add_exactly_one(self.chosen[index])
        for place, literal in enumerate(self.chosen[index]):
            self.model.add_hint(literal, place == 0)
        if len(pieces) > 1:
            self._shared(index, pieces)
            return
        for place, (literal, way) in enumerate(zip(self.chosen[index], ways, strict=True)):
            hint = NEVER if place else clock.at(begin)
            self._run(way.modes[0], first, last, literal, hint)
            length = self._length(clock.at(found.end[index]) - clock.at(begin))
            run = self.model.new_optional_interval_var(first, length, last, literal, "")
            self._take(run, way.modes[0], (False, True))

    def _shared(self, index: int, pieces: list[Piece]) -> None:
        """An effort that several people share: a run for each of them; what they need is held
        from the first start to the last end.
        """
        model, clock = self.model, self.clock
        firsts, lasts = [], []
        always = self.chosen[index][0]
        for piece in pieces:
            first = model.new_int_var(0, clock.length, "")
            last = model.new_int_var(0, clock.length, "")
            begin, end = clock.at(piece.start), clock.at(piece.end)
            length = self._length(end - begin)
            model.add_hint(first, begin)
            model.add_hint(last, end)
            self._run(piece.mode, first, last, always, begin)
            self._take(model.new_interval_var(first, length, last, ""), piece.mode, (False,))
            firsts.append(first)
            lasts.append(last)
        model.add_min_equality(self.first[index], firsts)
        model.add_max_equality(self.last[index], lasts)
        begin = min(clock.at(piece.start) for piece in pieces)
        length = self._length(max(clock.at(piece.end) for piece in pieces) - begin)
        whole = model.new_interval_var(self.first[index], length, self.last[index], "")
        self._take(whole, pieces[0].mode, (True,))

    def _length(self, hint: int) -> Any:
        length = self.model.new_int_var(0, self.clock.length, "")
        self.model.add_hint(length, hint)
        return length

    def _run(self, mode: Mode, first: Any, last: Any, literal: Any, hint: int) -> None:
        """A run of a mode, if the literal holds: where it may start, and when it ends then.
        ``hint`` is where it starts in the plan given, ``NEVER`` if that has another way.
        """
        parts = self._parts(mode)
        if len(parts) == 1:
            low, high, length = parts[0]
            self.model.add_linear_constraint(first, low, high).only_enforce_if(literal)
            self.model.add(last == first + length).only_enforce_if(literal)
            return
        each = [self.model.new_bool_var("") for _ in parts]
        self.model.add(sum(each) == literal)
        for part, (low, high, length) in zip(each, parts, strict=True):
            self.model.add_hint(part, low <= hint <= high)
            self.model.add_linear_constraint(first, low, high).only_enforce_if(part)
            self.model.add(last == first + length).only_enforce_if(part)

    def _parts(self, mode: Mode) -> list[tuple[int, int, int]]:
        """(first start, last start, length on the clock) wherever that length is the same."""
        key = (id(mode.axis), mode.work, id(mode.yields))
        if key not in self.known:
            self.known[key] = self._new_parts(mode)
        return self.known[key]

    def _new_parts(self, mode: Mode) -> list[tuple[int, int, int]]:
        axis, clock = mode.axis, self.clock
        size = len(axis.slots)
        begins = [0]
        for start, end in axis.runs:
            begins.append(begins[-1] + end - start)
        breaks = {*begins, *(begin - mode.work + 1 for begin in begins)}
        if mode.yields is not None:
            breaks = set(range(size + 1))
        edges = sorted(at for at in {0, size, *breaks} if 0 <= at <= size)
        parts: list[tuple[int, int, int]] = []
        for low, high in pairwise(edges):
            last = mode.last(low)
            if last >= size or axis.slots[last] >= clock.slot(clock.length - 1) + 1:
                break
            begin = clock.at(axis.slots[low])
            length = clock.at(axis.slots[last] + 1) - begin
            until = begin + high - 1 - low
            if parts and parts[-1][1] + 1 == begin and parts[-1][2] == length:
                parts[-1] = (parts[-1][0], until, length)
            else:
                parts.append((begin, until, length))
        return parts

    # What they take

    def _take(self, run: Any, mode: Mode, kinds: tuple[bool, ...]) -> None:
        most: dict[int, set[int]] = defaultdict(set)
        for use in mode.uses:
            if use.shared in kinds:
                most[use.resource].add(use.units)
        for resource, units in most.items():
            self.taken[resource].append((run, max(units)))
            if len(units) > 1:
                self.changing.add(resource)

    def _resources(self) -> None:
        """No resource gives more than it has; what does not move has its part already."""
        fixed: dict[int, list[tuple[Runs, int]]] = defaultdict(list)
        for index, pieces in self.serial.pieces.items():
            if index not in self.first:
                for resource, units, runs in (one for piece in pieces for one in holds(piece)):
                    fixed[resource].append((runs, units))
        for closed in self.serial.closed.values():
            for resource, units, runs in closed:
                fixed[resource].append((runs, units))
        for resource, taken in self.taken.items():
            levels = self.serial.ways.levels[resource]
            top = max(units for _, _, units in levels)
            intervals = [run for run, _ in taken]
            demands = [units for _, units in taken]
            held = list(fixed[resource])
            if resource not in self.changing:
                held += [(((a, b),), top - units) for a, b, units in levels if units < top]
            for each, units in held:
                for begin, end in self.clock.runs(each):
                    intervals.append(self.model.new_fixed_size_interval_var(begin, end - begin, ""))
                    demands.append(units)
            self.model.add_cumulative(intervals, demands, top)

    # What they wait for

    def _links(self, index: int) -> None:
        for before in self.serial.finished[index]:
            self._link("FS", before, index, 0, None)
        for kind, before, lag, axis in self.serial.linked[index]:
            self._link(kind, before, index, lag, axis)

    def _link(self, kind: str, before: int, index: int, lag: int, axis: Axis | None) -> None:
        reached = self.first[index] if kind in ("FS", "SS") else self.last[index]
        starts = kind in ("SS", "SF")
        if before not in self.first or (starts and self._began(before)):
            found = self.given.found
            moment = found.start[before] if starts else found.end[before]
            since = _later(moment, lag, axis)
            if moment != NEVER and since is not None:
                self.model.add(reached >= self.clock.at(since))
            return
        moment = self.first[before] if starts else self.last[before]
        if not lag:
            self.model.add(reached >= moment)
            return
        later = self._lagged(lag, axis, starts)
        apart = {then - at for at, then in enumerate(later)}
        if len(apart) == 1 or len(later) > self.table:
            self.model.add(reached >= moment + min(apart))
            return
        self.table -= len(later)
        given = self.given.found.start if starts else self.given.found.end
        since = self.model.new_int_var(min(later), max(later), "")
        self.model.add_hint(since, later[self.clock.at(given[before])])
        self.model.add_element(moment, later, since)
        self.model.add(reached >= since)

    def _began(self, index: int) -> bool:
        return self.problem.activities[index].began is not None

    def _lagged(self, lag: int, axis: Axis | None, starts: bool) -> list[int]:
        """For each moment of the clock the one that lies the lag later."""
        clock = self.clock
        moments = [clock.slot(at) for at in range(clock.length)]
        if not starts:
            moments = [0, *(slot + 1 for slot in moments)]
        else:
            moments.append(moments[-1] + 1)
        later = (_later(moment, lag, axis) for moment in moments)
        return [clock.length if since is None else clock.at(since) for since in later]

    # What is wanted

    def _late(self) -> int:
        """The late days of the plan given, times priority."""
        day, end = self.problem.slots_per_day, self.given.found.end
        return sum(
            max(0, -((due - end[index]) // day)) * weight for index, due, weight in self._dues()
        )

    def _dues(self) -> list[tuple[int, int, int]]:
        return [
            (index, one.due, max(1, one.priority))
            for index, one in enumerate(self.problem.activities)
            if index in self.ways and one.due is not None
        ]

    def _goal(self) -> Any:
        if self.objective == "end":
            least = min(self.clock.at(bound(self.setting)), self.clock.length)
            end = self.model.new_int_var(least, self.clock.length, "")
            self.model.add_max_equality(end, list(self.last.values()))
            ends = (self.given.found.end[index] for index in self.placed)
            self.model.add_hint(end, max(self.clock.at(each) for each in ends))
            return end
        total = self._late()
        day = self.problem.slots_per_day
        late: list[Any] = []
        for index, due, weight in self._dues():
            days = 0
            # nothing can be later than all of the plan given, if that is to get better
            while days * weight <= total:
                until = self.clock.at(due + days * day)
                if until >= self.clock.length:
                    break
                longer = 1
                while self.clock.at(due + (days + longer) * day) == until:
                    longer += 1
                past = self.model.new_bool_var("")
                self.model.add(self.last[index] <= until).only_enforce_if(~past)
                self.model.add_hint(past, self.clock.at(self.given.found.end[index]) > until)
                late.append(past * (weight * longer))
                days += longer
            else:
                self.model.add(self.last[index] <= self.clock.at(due + days * day))
        return sum(late)


def _later(moment: int, lag: int, axis: Axis | None) -> int | None:
    return moment + lag if axis is None else axis.later(moment, lag)
