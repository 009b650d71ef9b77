"""Why each activity starts when it does, what drives the end, and how much each could wait.

An explanation is about one plan with everything else held where it is: what keeps an activity
from starting in the slot of its calendar before.
"""

from itertools import combinations
from typing import Literal, NamedTuple

from plaintrack.plan.capacity import Runs, merged, units_at
from plaintrack.plan.network import begun_freely, between, earlier, lagged
from plaintrack.plan.problem import Activity, Link, Off
from plaintrack.plan.result import Part, Placed, Plan
from plaintrack.plan.serial import Serial, begun, gaps, next_gap
from plaintrack.plan.ways import Mode, Option

MOST_HOLDERS = 10
"""Of more activities that hold what is missing the smallest set is approximated."""

CauseKind = Literal["link", "holder", "off", "release", "pinned", "calendar", "now"]


class Cause(NamedTuple):
    """One thing that keeps an activity from starting one slot sooner.

    * ``link``: it waits for ``activity`` by ``link``;
    * ``holder``: ``activity`` holds ``resource``;
    * ``off``: ``resource`` (or the calendar of that name) is ``off``;
    * ``release``, ``pinned``: its own date;
    * ``calendar``: there are no earlier working slots;
    * ``now``: it starts as soon as anything can.
    """

    kind: CauseKind
    activity: str = ""
    resource: str = ""
    off: Off | None = None
    link: Link | None = None


class Step(NamedTuple):
    """One activity of a driving chain, and the causes of its start."""

    id: str
    causes: tuple[Cause, ...]


class Demand(NamedTuple):
    """What a part takes in one slot: units of a resource, whether a person works at that rate,
    and when it would be there without leave and the like.
    """

    resource: int
    units: int
    person: bool
    base: Runs


class Explanation:
    """Explanations of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.problem = plan.problem
        dues = [one.due for one in self.problem.activities if one.due is not None]
        last = max([plan.end, self.problem.now, *dues]) + self.problem.slots_per_day
        self.serial = Serial(self.problem, max(plan.end, min(last, self.problem.horizon)))
        self.ways = self.serial.ways
        self.before: list[list[Link]] = [[] for _ in self.problem.activities]
        self.after: list[list[Link]] = [[] for _ in self.problem.activities]
        for link in self.problem.links:
            self.before[link.after].append(link)
            self.after[link.before].append(link)
        self.index = {one.id: place for place, one in enumerate(self.problem.activities)}
        self._names = {one.name: place for place, one in enumerate(self.problem.resources)}
        self._base: dict[Option, Runs] = {}
        self._held: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
        for place, placed in enumerate(plan.placed):
            if placed:
                self._hold(place, placed)

    def _hold(self, place: int, placed: Placed) -> None:
        """Note by resource and day who holds what."""
        day = self.problem.slots_per_day
        for hold in (hold for part in placed.parts for hold in part.holds):
            self.serial.hold(hold.resource, hold.units, hold.runs)
            for start, end in hold.runs:
                for number in range(start // day, (end - 1) // day + 1):
                    held = self._held.setdefault((hold.resource, number), [])
                    held.append((start, end, hold.units, place))

    # Causes

    def causes(self, id: str) -> tuple[Cause, ...]:
        """A smallest set of causes that keep an activity from starting one slot sooner; empty for
        what has begun, is over or has no dates.
        """
        index = self.index[id]
        placed = self.plan.placed[index]
        if placed is None or begun(self.problem.activities[index]):
            return ()
        if not placed.parts:
            return self._causes(index, placed, None)
        first = min(range(len(placed.parts)), key=lambda number: placed.parts[number].start)
        return self._causes(index, placed, first)

    def _causes(self, index: int, placed: Placed, number: int | None) -> tuple[Cause, ...]:
        """The causes of one part (None: of a milestone)."""
        activity = self.problem.activities[index]
        demands = self._demands(index, placed, number)
        part = None if number is None else placed.parts[number]
        start = part.start if part else placed.start
        slot = self._slot_before(activity, demands, start) if part else start - 1
        if slot is None and start > self.problem.now:
            return (Cause("calendar"),)
        if slot is None or slot < self.problem.now:
            return (Cause("now"),)
        links = self._links(index, placed, part, slot, demands)
        found = [
            *links,
            *(self._offs(activity, demands, slot) if part else ()),
        ]
        if activity.pinned is not None:
            found += [Cause("pinned")] if slot < activity.pinned else []
        elif activity.release is not None and slot < activity.release:
            found.append(Cause("release"))
        linked = {self.index[cause.activity] for cause in links}
        found += self._holders(index, activity, demands, slot, linked)
        return tuple(found)

    def _demands(self, index: int, placed: Placed, number: int | None) -> list[Demand]:
        """What a part takes."""
        if number is None:
            return []
        person, needs = self.chosen(index, placed, number)
        units_of: dict[int, int] = {}
        for resource, units in needs:
            if person is None or resource != person[0]:
                units_of[resource] = units_of.get(resource, 0) + units
        found = [
            Demand(resource, units, False, self._base_runs(resource, units))
            for resource, units in units_of.items()
        ]
        if person is not None:
            found.append(Demand(*person, True, self._base_runs(person[0], 1)))
        return found

    def chosen(
        self, index: int, placed: Placed, number: int
    ) -> tuple[Option | None, tuple[Option, ...]]:
        """Who works on a part, and the equipment chosen for it."""
        names = placed.choice or ()
        people, needs = self.serial.people[index], self.serial.needs[index]
        options = [
            next(option for option in position if option[0] == self._names[name])
            for position, name in zip([*people, *needs], names, strict=True)
        ]
        person = options[number] if people else None
        return person, tuple(options[len(people) :])

    def _base_runs(self, resource: int, units: int) -> Runs:
        """When a resource would have these units if nothing of it were off."""
        key = (resource, units)
        if key not in self._base:
            runs = self.problem.resources[resource].runs
            self._base[key] = merged(run for run in runs if run[2] >= units)
        return self._base[key]

    def _slot_before(self, activity: Activity, demands: list[Demand], start: int) -> int | None:
        """The slot before ``start`` in which all would work if nothing were off."""
        if activity.kind == "elapsed" or (not demands and activity.calendar is None):
            return start - 1 if start else None
        all_runs = [demand.base for demand in demands]
        if activity.calendar is not None:
            all_runs.append(self.problem.calendars[activity.calendar].runs)
        slot = start - 1
        while slot >= 0:
            # the latest slot up to here of the calendar that works last
            latest = min(_last(runs, slot) for runs in all_runs)
            if latest == slot:
                return slot
            slot = latest
        return None

    def _offs(self, activity: Activity, demands: list[Demand], slot: int) -> list[Cause]:
        """What is off in a slot."""
        if activity.kind == "elapsed":
            return []
        found: list[Cause] = []
        named: list[tuple[str, tuple[Off, ...]]] = []
        if activity.calendar is not None:
            calendar = self.problem.calendars[activity.calendar]
            named.append((calendar.name, calendar.off))
        for demand in demands:
            resource = self.problem.resources[demand.resource]
            named.append((resource.name, resource.off))
        for name, offs in named:
            for off in offs:
                if off.start <= slot < off.end:
                    found.append(Cause("off", resource=name, off=off))
        return found

    def _links(
        self,
        index: int,
        placed: Placed,
        part: Part | None,
        slot: int,
        demands: list[Demand],
    ) -> list[Cause]:
        """The links that a start in ``slot`` breaks, one for each activity that is waited for."""
        found: dict[int, tuple[int, Link]] = {}
        end: int | None = None
        for link in self.before[index]:
            other = self.plan.placed[link.before]
            if other is None:
                continue
            since = lagged(self.ways, link, (other.start, other.end))
            moment = slot
            if link.kind in ("FF", "SF"):
                if end is None:
                    end = self._end_from(placed, part, slot, demands)
                moment = end
            if since is None or since <= moment:
                continue
            if link.before not in found or since > found[link.before][0]:
                found[link.before] = (since, link)
        activities = self.problem.activities
        return [
            Cause("link", activities[before].id, link=link) for before, (_, link) in found.items()
        ]

    def _end_from(self, placed: Placed, part: Part | None, slot: int, demands: list[Demand]) -> int:
        """The end of the activity if this part began in ``slot``."""
        if part is None:
            return slot
        others = max((one.end for one in placed.parts if one is not part), default=0)
        left = sum(self._rate(demands, at) for run in part.runs for at in range(*run))
        last = self._rate(demands, part.end - 1)
        excess = left - self._work(placed, left, last)
        left -= self._rate(demands, slot) + excess
        end = slot + 1
        for start, stop_at in part.runs:
            for at in range(start, stop_at):
                if left <= 0:
                    return max(others, end)
                left -= self._rate(demands, at)
                end = at + 1
        return max(others, end)

    def _work(self, placed: Placed, done: int, last: int) -> int:
        """What one part of an effort has to do (in per cent of slots); ``done`` if not shared."""
        activity = self.problem.activities[self.index[placed.id]]
        if activity.kind != "effort":
            return done
        workers = sum(need.number for need in activity.people)
        wanted = -(-activity.work * 100 // workers)
        return wanted if done - last < wanted <= done else done

    def _rate(self, demands: list[Demand], slot: int) -> int:
        """What one slot adds to a part."""
        for demand in demands:
            if demand.person:
                there = self._units_at(demand.resource, slot)
                return min(demand.units, there)
        return 1

    def _units_at(self, resource: int, slot: int) -> int:
        """The units of a resource in a slot if it is not off."""
        return units_at(self.problem.resources[resource].runs, slot)

    def _holders(
        self, index: int, activity: Activity, demands: list[Demand], slot: int, linked: set[int]
    ) -> list[Cause]:
        """A smallest set of activities that would have to be gone, beside those that are waited
        for, so that all is free in a slot.
        """
        short: dict[int, int] = {}
        held: dict[int, dict[int, int]] = {}
        for demand in demands:
            holders = self._holders_of(demand.resource, slot)
            if not demand.person and holders.pop(index, 0):
                continue  # an other part of the same effort holds it already
            units, there = self._wanted(activity, demand, slot)
            lacking = units + sum(holders.values()) - there
            lacking -= sum(taken for holder, taken in holders.items() if holder in linked)
            if units and lacking > 0:
                short[demand.resource] = lacking
                held[demand.resource] = {
                    holder: taken for holder, taken in holders.items() if holder not in linked
                }
        if not short:
            return []
        found: list[Cause] = []
        for holder in _cover(short, held):
            resource = next(resource for resource in short if holder in held[resource])
            name = self.problem.resources[resource].name
            found.append(Cause("holder", self.problem.activities[holder].id, name))
        return found

    def _wanted(self, activity: Activity, demand: Demand, slot: int) -> tuple[int, int]:
        """(units wanted, units there) of a resource in a slot that is not off; elapsed work wants
        them only where they are.
        """
        there = self._units_at(demand.resource, slot)
        if demand.person:
            return min(demand.units, there), there
        if activity.kind == "elapsed":
            runs = self.ways.runs(demand.resource, demand.units)
            if _last(runs, slot) != slot:
                return 0, there
        return demand.units, there

    def _holders_of(self, resource: int, slot: int) -> dict[int, int]:
        """The units of a resource that each activity holds in a slot."""
        found: dict[int, int] = {}
        for start, end, units, place in self._held.get(
            (resource, slot // self.problem.slots_per_day), ()
        ):
            if start <= slot < end:
                found[place] = found.get(place, 0) + units
        return found

    # The chain and the slack

    def chain(self, id: str = "") -> list[Step]:
        """What drives the end of an activity (of the last one, if none is named), from the end
        back: each step is there because of the next. It ends where nothing else is waited for.
        """
        if not id:
            ends = [(-one.end, place) for place, one in enumerate(self.plan.placed) if one]
            if not ends:
                return []
            id = self.problem.activities[min(ends)[1]].id
        steps: list[Step] = []
        seen: set[str] = set()
        while id and id not in seen:
            seen.add(id)
            causes = self._drivers(id)
            steps.append(Step(id, causes))
            id = next((cause.activity for cause in causes if cause.activity not in seen), "")
        return steps

    def _drivers(self, id: str) -> tuple[Cause, ...]:
        """The causes of the part of an activity that ends last."""
        index = self.index[id]
        placed = self.plan.placed[index]
        if placed is None or begun(self.problem.activities[index]):
            return ()
        if not placed.parts:
            return self._causes(index, placed, None)
        last = max(range(len(placed.parts)), key=lambda number: placed.parts[number].end)
        return self._causes(index, placed, last)

    def slack(self, id: str) -> int:
        """How many working slots later an activity may start without moving anything else, or
        ending past its due date (without one: past the end of the plan). Negative: it is late by
        so many. What is pinned or has begun has none.
        """
        index = self.index[id]
        activity = self.problem.activities[index]
        placed = self.plan.placed[index]
        if placed is None or activity.ended is not None:
            return 0
        end, start = self._limits(index, placed)
        if not placed.parts:
            late = self._worked(placed.end, min(end, start))
            return late if late < 0 or activity.pinned is None else 0
        found = [
            self._part_slack(index, placed, number, end, start)
            for number in range(len(placed.parts))
        ]
        slack = min(found)
        fixed = activity.pinned is not None or activity.began is not None
        return min(slack, 0) if fixed else slack

    def _worked(self, first: int, last: int) -> int:
        """The working slots of the plan's calendar from one slot to another, negative backwards;
        without a calendar all slots.
        """
        if last < first:
            return -self._worked(last, first)
        if not self.problem.calendars:
            return last - first
        runs = self.problem.calendars[0].runs
        return sum(max(0, min(end, last) - max(start, first)) for start, end in runs)

    def _limits(self, index: int, placed: Placed) -> tuple[int, int]:
        """(latest end, latest start) that move nothing else; what it is in the way of already (a
        pin) does not count.
        """
        activity = self.problem.activities[index]
        end = self.plan.end if activity.due is None else activity.due
        start = self.ways.horizon
        for link in self.after[index]:
            other = self.plan.placed[link.after]
            if other is None or begun_freely(link, self.problem.activities[link.after]):
                continue
            span = (other.start, other.end)
            until = earlier(self.ways, link, span, self.problem.activities[link.after])
            if link.kind in ("FS", "FF"):
                end = min(end, max(until, placed.end))
            else:
                start = min(start, max(until, placed.start))
        return end, start

    def _part_slack(self, index: int, placed: Placed, number: int, end: int, start: int) -> int:
        part = placed.parts[number]
        mode = self._mode(index, placed, number)
        if mode is None or not part.runs:
            return 0
        axis = mode.axis
        if end < part.end:
            return between(axis, part.end, end)
        others = merged(
            run for one, other in enumerate(placed.parts) if one != number for run in other.runs
        )
        first, after = axis.find(part.start), axis.find(part.end)
        limit = next_gap(mode, after, gaps(mode, self.serial.free, others))
        limit = min(limit, axis.find(end))
        latest = first + limit - after
        if mode.yields is not None and not self.problem.activities[index].split:
            latest = mode.latest(limit - 1)
        return max(0, min(latest, axis.find(start + 1) - 1) - first)

    def _mode(self, index: int, placed: Placed, number: int) -> Mode | None:
        person, needs = self.chosen(index, placed, number)
        return self.ways.mode(index, person, needs)


def _last(runs: Runs, slot: int) -> int:
    """The latest slot of the runs that is not after ``slot``; -1 if there is none."""
    low, high = 0, len(runs)
    while low < high:
        middle = (low + high) // 2
        if runs[middle][0] <= slot:
            low = middle + 1
        else:
            high = middle
    if not low:
        return -1
    return min(slot, runs[low - 1][1] - 1)


def _cover(short: dict[int, int], held: dict[int, dict[int, int]]) -> list[int]:
    """A smallest set of holders that together hold what each resource is short of, in the order
    of the activities; if there are many, one of which none can be left out.
    """
    holders = sorted({holder for taken in held.values() for holder in taken})
    if len(holders) <= MOST_HOLDERS:
        for size in range(1, len(holders) + 1):
            for chosen in combinations(holders, size):
                if _covers(short, held, chosen):
                    return list(chosen)
    kept = sorted(
        holders, key=lambda holder: (-sum(taken.get(holder, 0) for taken in held.values()), holder)
    )
    for holder in reversed(kept.copy()):
        rest = [one for one in kept if one != holder]
        if _covers(short, held, rest):
            kept = rest
    return sorted(kept)


def _covers(
    short: dict[int, int], held: dict[int, dict[int, int]], chosen: tuple[int, ...] | list[int]
) -> bool:
    return all(
        sum(held[resource].get(holder, 0) for holder in chosen) >= lacking
        for resource, lacking in short.items()
    )
