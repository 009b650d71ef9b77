"""The network of activities without contention: its order, circles, critical path and floats."""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple, TypeVar

from plaintrack.errors import PlaintrackError
from plaintrack.plan.capacity import Axis
from plaintrack.plan.problem import Activity, Link, Problem
from plaintrack.plan.ways import Mode, Option, Ways

NAMED = 8
"""Of a longer circle so many activities are named."""

Key = TypeVar("Key", bound=tuple[int, ...] | int)


class Circle(PlaintrackError):
    """Activities that wait for each other."""

    slug = "plan-circle"

    def __init__(self, ids: Sequence[str]) -> None:
        shown = [*ids[:NAMED], *(["…"] if len(ids) > NAMED else []), ids[0]]
        super().__init__(
            f"dependencies in a circle: {' → '.join(shown)}", "remove one of these dependencies"
        )
        self.ids = tuple(ids)


class Times(NamedTuple):
    """One activity by the critical path method (None: it does not fit below the horizon, or has
    no dates). Floats are counted in working slots of its own calendar: ``total`` is how much it
    may slip without moving the end of all or making something late, ``free`` without moving
    anything that waits for it.
    """

    early_start: int | None
    early_end: int | None
    late_start: int | None
    late_end: int | None
    total: int | None
    free: int | None

    @property
    def critical(self) -> bool:
        """Whether any slip moves the end of all, or makes something late."""
        return self.total is not None and self.total <= 0


def order(problem: Problem, keys: Sequence[Key], backwards: bool = False) -> list[int]:
    """The activities, each after those it waits for (``backwards``: that wait for it); of those
    that may come next the one with the lowest key does, of equal ones the first given. Raises
    Circle.
    """
    count = len(problem.activities)
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for link in problem.links:
        first, second = (link.after, link.before) if backwards else (link.before, link.after)
        after[first].append(second)
        waits[second] += 1
    ready = [(keys[index], index) for index in range(count) if not waits[index]]
    ready.sort()
    found: list[int] = []
    while ready:
        _, index = heappop(ready)
        found.append(index)
        for other in after[index]:
            waits[other] -= 1
            if not waits[other]:
                heappush(ready, (keys[other], other))
    if len(found) < count:
        raise Circle([problem.activities[index].id for index in _circle(problem, waits)])
    return found


def _circle(problem: Problem, waits: list[int]) -> list[int]:
    """One circle among those that still wait, in the order in which they wait for each other,
    beginning with the first given.
    """
    before: dict[int, int] = {}
    for link in problem.links:
        if waits[link.before] and waits[link.after]:
            before.setdefault(link.after, link.before)
    at = next(index for index, left in enumerate(waits) if left and index in before)
    seen: dict[int, int] = {}
    path: list[int] = []
    while at not in seen:
        seen[at] = len(path)
        path.append(at)
        at = before[at]
    circle = path[seen[at] :][::-1]
    first = circle.index(min(circle))
    return circle[first:] + circle[:first]


class Network:
    """The times of all activities if nothing but links and calendars held them."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem = problem
        self.ways = ways
        self.order = order(problem, [0] * len(problem.activities))
        self.modes = [self._nominal(index) for index in range(len(problem.activities))]
        self.before: list[list[Link]] = [[] for _ in problem.activities]
        self.after: list[list[Link]] = [[] for _ in problem.activities]
        for link in problem.links:
            self.before[link.after].append(link)
            self.after[link.before].append(link)

    def _nominal(self, index: int) -> list[Mode] | None:
        """The pieces of an activity with the preferred people and equipment; None if it can have
        no dates.
        """
        activity = self.problem.activities[index]
        if activity.unplanned:
            return None
        needs = tuple(option for need in activity.needs for option in need.options[: need.number])
        people = [option for need in activity.people for option in need.options[: need.number]]
        if not activity.work or activity.ended is not None:
            return []
        each: list[Option | None] = [*people]
        modes = [self.ways.mode(index, person, needs) for person in each or [None]]
        found = [mode for mode in modes if mode]
        return found if len(found) == len(modes) else None

    def times(self) -> list[Times]:
        """Forward and backward pass (Kelley and Walker 1959) over calendars."""
        early = self.forward()
        ends = [end for pair in early if pair for end in pair[1:]]
        late = self.backward(max(ends, default=0))
        return [self._times(index, early, late) for index in range(len(early))]

    def forward(self) -> list[tuple[int, int] | None]:
        """Earliest (start, end) of each activity."""
        found: list[tuple[int, int] | None] = [None] * len(self.modes)
        for index in self.order:
            found[index] = self._early(index, found)
        return found

    def _early(self, index: int, found: list[tuple[int, int] | None]) -> tuple[int, int] | None:
        activity = self.problem.activities[index]
        modes = self.modes[index]
        if modes is None:
            return None
        if activity.ended is not None:
            return self.ended(index)
        start, end = self.problem.now, 0
        if activity.began is None:
            start = max(start, activity.release or 0, activity.pinned or 0)
        for link in self.before[index]:
            other = found[link.before]
            if other is None:
                return None
            since = lagged(self.ways, link, other)
            if since is None:
                return None
            if link.kind in ("FF", "SF"):
                end = max(end, since)
            elif activity.began is None:
                start = max(start, since)
        if not modes:
            moment = max(start, end)
            return (moment, moment) if moment <= self.problem.horizon else None
        spans = [_forward(mode, start, end) for mode in modes]
        known = [span for span in spans if span]
        if len(known) < len(spans):
            return None
        begin = min(first for first, _ in known)
        return (
            begin if activity.began is None else activity.began,
            max(last for _, last in known),
        )

    def ended(self, index: int) -> tuple[int, int]:
        """(start, end) of what is over."""
        activity = self.problem.activities[index]
        end = activity.ended or 0
        return min(end, end if activity.began is None else activity.began), end

    def backward(self, end: int, due: bool = False) -> list[tuple[int, int] | None]:
        """Latest (start, end) of each activity, so that all end by ``end`` and what waits for it
        does by its own due date; ``due``: only what is due, or what it holds up, has a latest end
        (of the others None).
        """
        found: list[tuple[int, int] | None] = [None] * len(self.modes)
        for index in reversed(self.order):
            found[index] = self._late(index, None if due else end, found)
        return found

    def _late(
        self, index: int, end: int | None, found: list[tuple[int, int] | None]
    ) -> tuple[int, int] | None:
        activity = self.problem.activities[index]
        modes = self.modes[index]
        limit = _earliest(end, activity.due)
        begin: int | None = activity.pinned if activity.began is None else None
        for link in self.after[index]:
            later = found[link.after]
            if later is None:
                continue
            until = earlier(self.ways, link, later, self.problem.activities[link.after])
            if link.kind in ("FS", "FF"):
                limit = _earliest(limit, until)
            else:
                begin = _earliest(begin, until)
        if limit is None and begin is None:
            return None
        if not modes:
            moment = _earliest(limit, begin) or 0
            return moment, moment
        spans = [_backward(mode, limit, begin) for mode in modes]
        return min(first for first, _ in spans), max(last for _, last in spans)

    def _times(
        self,
        index: int,
        early: list[tuple[int, int] | None],
        late: list[tuple[int, int] | None],
    ) -> Times:
        mine, last = early[index], late[index]
        if mine is None or last is None:
            return Times(None, None, None, None, None, None)
        axis = self._axis(index)
        total = between(axis, mine[1], last[1])
        free = total
        for link in self.after[index]:
            other = early[link.after]
            if other is None or self.problem.activities[link.after].ended is not None:
                continue
            limit = earlier(self.ways, link, other, self.problem.activities[link.after])
            since = mine[1] if link.kind in ("FS", "FF") else mine[0]
            free = min(free, between(axis, since, limit))
        return Times(*mine, *last, total, max(0, free))

    def _axis(self, index: int) -> Axis | None:
        modes = self.modes[index]
        return modes[0].axis if modes else None


def between(axis: Axis | None, start: int, end: int) -> int:
    """The working slots from one time to another, negative if it lies before; all slots without an
    axis.
    """
    if axis is None:
        return end - start
    return axis.find(end) - axis.find(start)


def lagged(ways: Ways, link: Link, span: tuple[int, int]) -> int | None:
    """The time from which on a link lets what waits begin (FS, SS) or end; None past the
    horizon.
    """
    since = span[1] if link.kind in ("FS", "FF") else span[0]
    axis = ways.calendar(link.calendar)
    return since + link.lag if axis is None else axis.later(since, link.lag)


def earlier(ways: Ways, link: Link, span: tuple[int, int], activity: Activity) -> int:
    """The latest end (FS, FF) or start of ``before`` that lets ``activity`` keep this span."""
    if begun_freely(link, activity):
        return ways.horizon
    until = span[0] if link.kind in ("FS", "SS") else span[1]
    axis = ways.calendar(link.calendar)
    return until - link.lag if axis is None else sooner(axis, until, link.lag)


def sooner(axis: Axis, slot: int, lag: int) -> int:
    """The latest time from which ``lag`` working slots later is not after ``slot``."""
    if not lag:
        return slot
    index = axis.find(slot) - lag
    if index >= len(axis.slots):
        return max(slot, axis.slots[-1] + 1) if axis.slots else slot
    return axis.slots[index] if index >= 0 else 0


def begun_freely(link: Link, activity: Activity) -> bool:
    """Whether a link no longer binds, since what waits has begun."""
    if activity.ended is not None:
        return True
    return activity.began is not None and link.kind in ("FS", "SS")


def _earliest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _forward(mode: Mode, start: int, end: int) -> tuple[int, int] | None:
    slots = mode.axis.slots
    first = mode.axis.find(start)
    if end > start:
        first = max(first, mode.first(mode.axis.find(end - 1)))
    if first >= len(slots):
        return None
    last = mode.last(first)
    return (slots[first], slots[last] + 1) if last < len(slots) else None


def _backward(mode: Mode, end: int | None, start: int | None) -> tuple[int, int]:
    """The latest run that ends by ``end`` and starts by ``start``, beginning at 0 if none does."""
    slots = mode.axis.slots
    last = mode.axis.find(end) - 1 if end is not None else len(slots) - 1
    first = mode.latest(min(last, len(slots) - 1))
    if start is not None:
        first = min(first, mode.axis.find(start + 1) - 1)
    if first < 0:
        return 0, max(end or 0, 0)
    last = mode.last(first)
    return slots[first], slots[min(last, len(slots) - 1)] + 1
