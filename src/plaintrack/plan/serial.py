"""Serial schedule generation (Kolisch 1996): one activity after the other, in a given order, each
at the earliest time at which all that it waits for is over and all that it needs is free.

The same seen from the end of the plan places each as late as possible, which justification uses.
"""

from bisect import bisect_left
from itertools import product
from typing import NamedTuple

from plaintrack.plan.capacity import Axis, Runs, both, merged, packed, without, worked
from plaintrack.plan.problem import Activity, Link, Need, Problem
from plaintrack.plan.ways import Mode, Option, Ways

COMBINATIONS = 16
"""Up to so many combinations of alternatives are all tried; of more, one need after the other."""
WINDOW = 1_024
"""So many slots past the end of a run are looked at together at first, then four times as many."""
NEVER = -1
"""The start of an activity that was not placed."""

Choice = tuple[int, ...]
"""The resources chosen for the people and the needs of an activity, in their order."""
MIRROR = {"FS": "FS", "SS": "FF", "FF": "SS", "SF": "SF"}


Missing = tuple[int, int, int]
"""(guard bits of the slots in which a claim misses something, bits a slot, those of the others if
they are known)."""


class Piece(NamedTuple):
    """One run of work that was placed: its mode, start, end and slots worked, and those slots in
    which earlier pieces of the same activity already hold what all of them share.
    """

    mode: Mode
    start: int
    end: int
    runs: Runs
    held: Runs


class Pass(NamedTuple):
    """What one pass made: starts and ends by activity (``NEVER`` if not placed), the choices."""

    start: list[int]
    end: list[int]
    choice: list[Choice | None]


class Fit(NamedTuple):
    """A place that was found for a piece; ``runs`` if it is split."""

    end: int
    start: int
    runs: Runs | None


class Serial:
    """Passes over one problem up to one horizon."""

    def __init__(self, problem: Problem, horizon: int, backwards: bool = False) -> None:
        self.problem = problem
        self.horizon = horizon
        self.backwards = backwards
        self.ways = Ways(problem, horizon, backwards)
        count = len(problem.activities)
        self.now = 0 if backwards else problem.now
        self.release = [self._release(activity) for activity in problem.activities]
        self.finished: list[list[int]] = [[] for _ in range(count)]
        self.linked: list[list[tuple[str, int, int, Axis | None]]] = [[] for _ in range(count)]
        for link in problem.links:
            self._link(link)
        self.people = [_positions(activity.people) for activity in problem.activities]
        self.needs = [_positions(activity.needs) for activity in problem.activities]
        self.free = list(self.ways.free)
        self.start = [NEVER] * count
        self.end = [NEVER] * count
        self.choice: list[Choice | None] = [None] * count
        self.split = [
            activity.split or activity.began is not None for activity in problem.activities
        ]
        self.plain = [self._plain(index) for index in range(count)]
        self.recording = True
        self.known: dict[int, dict[int, tuple[int, int]]] = {}
        self.pieces: dict[int, list[Piece]] = {}
        self.closed: dict[int, list[tuple[int, int, Runs]]] = {}

    def _release(self, activity: Activity) -> int:
        if self.backwards:
            return 0
        return max(self.now, activity.release or 0)

    def _link(self, link: Link) -> None:
        before, after = link.before, link.after
        if self.backwards:
            before, after = after, before
        elif begun(self.problem.activities[after]) and link.kind in ("FS", "SS"):
            return
        kind = MIRROR[link.kind] if self.backwards else link.kind
        if kind == "FS" and not link.lag:
            self.finished[after].append(before)
        else:
            axis = self.ways.calendar(link.calendar) if link.lag else None
            self.linked[after].append((kind, before, link.lag, axis))

    # A pass

    def run(
        self,
        order: list[int],
        choices: list[Choice | None] | None = None,
        earliest: int = 0,
        partial: bool = False,
    ) -> Pass | None:
        """Place the activities of ``order`` (an activity after those it waits for) over what is
        fixed. ``choices`` fixes who does them. None if one does not fit below the horizon, unless
        the pass may be ``partial``: then it and what waits for it are not placed.
        """
        self.recording = False
        self.known = {}
        free = list(self.free)
        start, end, choice = list(self.start), list(self.end), list(self.choice)
        release, finished, plain = self.release, self.finished, self.plain
        for index in order:
            begin = release[index]
            if begin < earliest:
                begin = earliest
            for before in finished[index]:
                if end[before] > begin:
                    begin = end[before]
            simple = plain[index]
            if simple is None or (partial and self._waits_in_vain(index, end)):
                reach = self._reach(index, begin, start, end)
                wanted = choices[index] if choices else None
                done = reach and self._put(index, reach, free, wanted, partial)
                if done:
                    start[index], end[index], choice[index] = done
                elif not partial:
                    return None
                continue
            # one resource store, all slots: the whole question is one subtraction
            store, width, need, guards, take, window, work, last = simple
            there = free[store]
            missing = ((there - need) & guards) ^ guards
            if missing:
                missing >>= begin * width
                blocked = missing & window
                while blocked:
                    step = (blocked.bit_length() - 1) // width + 1
                    begin += step
                    missing >>= step * width
                    blocked = missing & window
            if begin > last:
                if not partial:
                    return None
                continue
            free[store] = there - (take << begin * width)
            start[index] = begin
            end[index] = begin + work
        return Pass(start, end, choice)

    def record(self, order: list[int], found: Pass) -> dict[int, list[Piece]]:
        """The pieces of a pass: who works on what in which slots. The pass is repeated."""
        self.recording = True
        self.known = {}
        free = list(self.free)
        pieces = dict(self.pieces)
        start, end = list(self.start), list(self.end)
        for index in order:
            if found.start[index] == NEVER:
                continue
            begin = self.release[index]
            for before in self.finished[index]:
                begin = max(begin, end[before])
            reach = self._reach(index, begin, start, end)
            made: list[Piece] = []
            if reach:
                self._put(index, reach, free, found.choice[index], False, made)
            pieces[index] = made
            start[index], end[index] = found.start[index], found.end[index]
        return pieces

    def _waits_in_vain(self, index: int, end: list[int]) -> bool:
        """Whether it waits for something that was not placed."""
        return any(end[before] == NEVER for before in self.finished[index]) or any(
            end[before] == NEVER for _, before, _, _ in self.linked[index]
        )

    def _reach(
        self, index: int, begin: int, start: list[int], end: list[int]
    ) -> tuple[int, int] | None:
        """(earliest start, earliest end) by its links; None if one of them leads past the horizon
        or to something that was not placed.
        """
        if any(end[before] == NEVER for before in self.finished[index]):
            return None
        reach = 0
        for kind, before, lag, axis in self.linked[index]:
            if end[before] == NEVER:
                return None
            moment = start[before] if kind in ("SS", "SF") else end[before]
            since = moment + lag if axis is None else axis.later(moment, lag)
            if since is None or since > self.horizon:
                return None
            if kind in ("FS", "SS"):
                begin = max(begin, since)
            else:
                reach = max(reach, since)
        return begin, reach

    def mirror(self, other: "Serial") -> None:
        """Fix what is fixed in the same problem seen from the other end."""
        horizon = self.horizon
        for index, end in enumerate(other.end):
            if end != NEVER:
                self.start[index] = horizon - end
                self.end[index] = horizon - other.start[index]
                self.choice[index] = other.choice[index]
        taken = [hold for pieces in other.pieces.values() for one in pieces for hold in holds(one)]
        for closed in other.closed.values():
            taken += closed
        for resource, units, runs in taken:
            turned = [(horizon - end, horizon - start) for start, end in runs[::-1]]
            self.hold(resource, units, tuple(turned))

    def hold(self, resource: int, units: int, runs: Runs) -> bool:
        """Take units of a resource from all passes, if they are there."""
        store, shift, step = self.ways.place[resource]
        width = self.ways.width[store]
        inside = both(runs, ((0, self.horizon),))
        needed = -(-units // step) << shift
        if needed >> width:
            return False
        if not inside:
            return True
        # only the window from its first slot to its last is looked at
        low, high = inside[0][0], inside[-1][1]
        taken = packed(((a - low, b - low, needed) for a, b in inside), width)
        guards = packed([(0, high - low, self.ways.guard[store])], width)
        there = (self.free[store] >> low * width) & ((1 << (high - low) * width) - 1)
        if (there - taken) & guards != guards:
            return False
        self.free[store] -= taken << low * width
        return True

    # One activity

    def fix(self, index: int, begin: int, exact: bool) -> bool:
        """Place an activity before all passes, in the first slots it can have at or after
        ``begin`` (``exact``: in the first working ones); whether it fits.
        """
        made: list[Piece] = []
        if exact:
            done = self._put_exactly(index, begin, made)
        else:
            done = self._put(index, (begin, 0), self.free, None, True, made)
        if done:
            self.start[index], self.end[index], self.choice[index] = done
            self.pieces[index] = made
        return done is not None

    def _put_exactly(
        self, index: int, begin: int, made: list[Piece]
    ) -> tuple[int, int, Choice] | None:
        """The same, but only where no piece has to wait for anything but its calendar."""
        self.known = {}
        before = list(self.free)
        done = self._put(index, (begin, 0), self.free, None, True, made)
        late = any(
            piece.start != piece.mode.axis.slots[piece.mode.axis.find(begin)] for piece in made
        )
        if done is None or late:
            self.free = before
            self.known = {}
            return None
        return done

    def _put(
        self,
        index: int,
        reach: tuple[int, int],
        free: list[int],
        wanted: Choice | None,
        partial: bool,
        made: list[Piece] | None = None,
    ) -> tuple[int, int, Choice] | None:
        """Place one activity and hold what it takes; (start, end, choice), None if it cannot be.
        ``made`` receives its pieces.
        """
        begin, end = reach
        activity = self.problem.activities[index]
        if not activity.work:
            time = max(begin, end)
            start = time if activity.began is None else activity.began
            return (start, time, ()) if time <= self.horizon else None
        workers: list[int] = []
        needs: tuple[Option, ...] | None = None
        pieces: list[Piece] = []
        before = list(free) if partial else free
        people: list[tuple[Option | None, ...]] = [*self.people[index]] or [(None,)]
        for number, options in enumerate(people):
            last = number == len(people) - 1
            latest = max((piece.end for piece in pieces), default=0)
            placed = self._piece(
                index,
                [one for one in options if one is None or one[0] not in workers],
                needs,
                (begin, end if last and latest < end else 0),
                free,
                pieces,
                (number, wanted),
            )
            if placed is None:
                free[:] = before
                self.known = {}
                return None
            person, needs, piece = placed
            pieces.append(piece)
            if person:
                workers.append(person[0])
        if made is not None:
            made.extend(pieces)
        chosen = (*workers, *(resource for resource, _ in needs or ()))
        first = min(piece.start for piece in pieces)
        if activity.began is not None:
            first = activity.began
        return first, max(piece.end for piece in pieces), chosen

    def _piece(
        self,
        index: int,
        options: list[Option | None],
        needs: tuple[Option, ...] | None,
        reach: tuple[int, int],
        free: list[int],
        pieces: list[Piece],
        forced: tuple[int, Choice | None],
    ) -> tuple[Option | None, tuple[Option, ...], Piece] | None:
        """Place one piece with the option that ends first; of those that end together the
        preferred one is taken.
        """
        held = merged(run for piece in pieces for run in piece.runs) if pieces else ()
        number, wanted = forced
        if wanted is not None:
            options = [one for one in options if one is None or one[0] == wanted[number]]
        best: tuple[Fit, Option | None, tuple[Option, ...], Mode] | None = None
        for person in options:
            if needs is not None:
                combinations = [needs]
            elif wanted is not None:
                combinations = [self._wanted(index, wanted)]
            else:
                combinations = self._combinations(index, person, reach, free)
            for combination in combinations:
                mode = self.ways.mode(index, person, combination)
                fit = mode and self._fit(index, mode, reach, free, held)
                if mode and fit and (best is None or fit.end < best[0].end):
                    best = (fit, person, combination, mode)
        if best is None:
            return None
        fit, person, combination, mode = best
        _take(fit, mode, free, held)
        runs = fit.runs or ()
        if self.recording or len(self.people[index]) > 1:
            runs = fit.runs or worked(mode.axis, fit.start, fit.end)
        return person, combination, Piece(mode, fit.start, fit.end, runs, held)

    def _wanted(self, index: int, wanted: Choice) -> tuple[Option, ...]:
        """The needs of a choice that was made before."""
        chosen = wanted[len(self.people[index]) :]
        return tuple(
            next(option for option in options if option[0] == resource)
            for options, resource in zip(self.needs[index], chosen, strict=True)
        )

    def _combinations(
        self, index: int, person: Option | None, reach: tuple[int, int], free: list[int]
    ) -> list[tuple[Option, ...]]:
        """The combinations of alternatives to try: all, or the best one found need by need."""
        positions = self.needs[index]
        count = 1
        for options in positions:
            count *= len(options)
        needs = self.problem.activities[index].needs
        if count == 1:
            return [tuple(options[0] for options in positions)]
        if count <= COMBINATIONS:
            return [each for each in product(*positions) if _different(each, needs)]
        chosen: tuple[Option, ...] = ()
        for options in positions:
            best: tuple[int, tuple[Option, ...]] | None = None
            for option in options:
                longer = (*chosen, option)
                if not _different(longer, needs):
                    continue
                mode = self.ways.mode(index, person, longer)
                fit = mode and self._fit(index, mode, reach, free, ())
                if fit and (best is None or fit.end < best[0]):
                    best = (fit.end, longer)
            if best is None:
                return []
            chosen = best[1]
        return [chosen]

    # Where it fits

    def _fit(
        self, index: int, mode: Mode, reach: tuple[int, int], free: list[int], held: Runs
    ) -> Fit | None:
        """The earliest place for a mode, or None."""
        begin, end = reach
        first = mode.axis.find(begin)
        if self.split[index]:
            return _fit_split(mode, first, end, gaps(mode, free, held))
        if end > begin:
            first = max(first, mode.first(mode.axis.find(end - 1)))
        if held:
            return _fit_run(mode, first, free, held)
        return self._fit_after(mode, first, free)

    def _fit_after(self, mode: Mode, first: int, free: list[int]) -> Fit | None:
        """The same, beginning where an earlier question of this pass already got to: what is free
        only shrinks, so where less work did not fit, more does not either.
        """
        known = self.known.setdefault(id(mode.claims), {})
        begin = first
        for work, (asked, found) in known.items():
            if work <= mode.work and asked <= first and found > begin:
                begin = found
        fit = _fit_run(mode, begin, free, ())
        place = len(mode.axis.slots) if fit is None else mode.axis.find(fit.start)
        if mode.work not in known or first <= known[mode.work][0]:
            known[mode.work] = (first, place)
        return fit

    def _plain(self, index: int) -> tuple[int, ...] | None:
        """What a pass needs to know of an activity that has one way only, one claim and no
        calendar: most of a problem without people.
        """
        activity = self.problem.activities[index]
        if activity.people or self.split[index] or not activity.work or activity.unplanned:
            return None
        if self.linked[index] or any(len(options) > 1 for options in self.needs[index]):
            return None
        mode = self.ways.mode(index, None, tuple(options[0] for options in self.needs[index]))
        if mode is None or not isinstance(mode.axis.slots, range) or len(mode.claims) != 1:
            return None
        if any(use.runs != ((0, self.horizon),) for use in mode.uses):
            return None
        claim = mode.claims[0]
        window = (1 << mode.work * claim.width) - 1
        last = self.horizon - mode.work
        return (
            claim.store,
            claim.width,
            claim.need,
            claim.guards,
            claim.take & window,
            window,
            mode.work,
            last,
        )


def gaps(mode: Mode, free: list[int], held: Runs) -> list[Missing]:
    """The slots in which something is missing, for each claim that misses any."""
    found: list[Missing] = []
    for store, width, need, guards, guard, _take, single, shared in mode.claims:
        bits = ((free[store] - need) & guards) ^ guards
        if bits and shared and held:
            bits &= ~packed(((a, b, guard) for a, b in held), width)
        if bits:
            found.append((bits, width, guards ^ bits if single else 0))
    return found


def _fit_run(mode: Mode, first: int, free: list[int], held: Runs) -> Fit | None:
    """The earliest run without a slot that misses anything, from the slot with index ``first``.
    Only a window of the packed integers is looked at, moved on as the search goes on.
    """
    slots = mode.axis.slots
    size = len(slots)
    low = high = 0
    ahead = WINDOW
    missing: list[Missing] = []
    while True:
        last = mode.last(first)
        if last >= size:
            return None
        start, end = slots[first], slots[last] + 1
        if end > high:
            low, high = start, end + ahead
            ahead *= 4
            missing = _window(mode, free, held, low, high)
        for bits, width, unused in missing:
            blocked = (bits >> (start - low) * width) & ((1 << (end - start) * width) - 1)
            if blocked:
                after = start + (blocked.bit_length() - 1) // width + 1
                begin = _free_from(after - low, width, unused)
                first = bisect_left(slots, high if begin is None else low + begin, first)
                break
        else:
            return Fit(end, start, None)


def _window(mode: Mode, free: list[int], held: Runs, low: int, high: int) -> list[Missing]:
    """What ``gaps`` says of the slots from ``low`` up to ``high``, as if ``low`` were slot 0."""
    found: list[Missing] = []
    for store, width, need, guards, guard, _take, single, shared in mode.claims:
        window = (1 << (high - low) * width) - 1
        asked = (guards >> low * width) & window
        there = (free[store] >> low * width) & window
        bits = ((there - (need & window)) & asked) ^ asked
        if bits and shared and held:
            bits &= ~(packed(((a, b, guard) for a, b in held), width) >> low * width)
        if bits:
            found.append((bits, width, asked ^ bits if single else 0))
    return found


def _free_from(slot: int, width: int, free: int) -> int | None:
    """The first slot from here on that is free; the slot itself where that is not known (0), None
    if there is none.
    """
    if not free:
        return slot
    rest = free >> slot * width
    if not rest:
        return None
    return slot + ((rest & -rest).bit_length() - 1) // width


def _fit_split(mode: Mode, first: int, end: int, missing: list[Missing]) -> Fit | None:
    """The earliest free slots that come to the work, the last of them not before ``end``."""
    slots = mode.axis.slots
    size = len(slots)
    left = mode.work
    runs: list[tuple[int, int]] = []
    while first < size:
        first = _skip(mode, first, missing)
        stop = next_gap(mode, first, missing)
        while first < stop and left > 0:
            slot = slots[first]
            gain = _gain(mode, first)
            if left <= gain and slot + 1 < end:
                # the last of the work waits for the earliest end
                first = max(first + 1, mode.axis.find(end - 1))
                break
            runs.append((slot, slot + 1))
            left -= gain
            first += 1
        if left <= 0:
            found = merged(runs)
            return Fit(found[-1][1], found[0][0], found)
    return None


def _gain(mode: Mode, index: int) -> int:
    """What one slot adds to the work."""
    if mode.yields is None:
        return 1
    return mode.yields[index] - (mode.yields[index - 1] if index else 0)


def _skip(mode: Mode, first: int, missing: list[Missing]) -> int:
    """The index of the first slot from ``first`` on in which nothing is missing."""
    slots = mode.axis.slots
    size = len(slots)
    moved = True
    while moved and first < size:
        moved = False
        for bits, width, free in missing:
            slot = slots[first]
            if (bits >> slot * width) & ((1 << width) - 1):
                begin = _free_from(slot + 1, width, free)
                if begin is None:
                    return size
                first = bisect_left(slots, begin, first)
                moved = True
                break
    return first


def next_gap(mode: Mode, first: int, missing: list[Missing]) -> int:
    """The index of the first slot after ``first`` in which something is missing."""
    slots = mode.axis.slots
    if first >= len(slots):
        return first
    slot = slots[first]
    stop = slots[-1] + 1
    for bits, width, _free in missing:
        rest = bits >> slot * width
        if rest:
            stop = min(stop, slot + ((rest & -rest).bit_length() - 1) // width)
    return bisect_left(slots, stop, first)


def _take(piece: Fit, mode: Mode, free: list[int], held: Runs) -> None:
    """Hold what a piece takes in its slots, less what an earlier piece already holds for it."""
    runs = piece.runs or ((piece.start, piece.end),)
    for claim in mode.claims:
        width = claim.width
        for start, end in runs:
            window = (1 << (end - start) * width) - 1
            taken = (claim.take >> start * width) & window
            if claim.shared and held:
                full = (1 << width) - 1
                taken &= ~(packed(((a, b, full) for a, b in held), width) >> start * width)
            free[claim.store] -= taken << start * width


def holds(piece: Piece) -> list[tuple[int, int, Runs]]:
    """(resource, units, slots) that a piece takes."""
    found: list[tuple[int, int, Runs]] = []
    for resource, units, there, shared in piece.mode.uses:
        runs = both(piece.runs, there)
        if shared and piece.held:
            runs = without(runs, piece.held)
        if runs:
            found.append((resource, units, runs))
    return found


def _positions(needs: tuple[Need, ...]) -> list[tuple[Option, ...]]:
    """The options of each thing to be chosen: of a need for two, twice."""
    return [need.options for need in needs for _ in range(need.number)]


def _different(chosen: tuple[Option, ...], needs: tuple[Need, ...]) -> bool:
    """Whether the things chosen for one need are different ones, in the order of its options (two
    of three are the same two in either order).
    """
    at = 0
    for need in needs:
        places = [need.options.index(option) for option in chosen[at : at + need.number]]
        if len(set(places)) < len(places):
            return False
        at += need.number
    return True


def begun(activity: Activity) -> bool:
    """Whether it has begun, or is over."""
    return activity.began is not None or activity.ended is not None
