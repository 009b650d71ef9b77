"""What there is to plan, from the items: activities, what they need and wait for.

Closed items are facts, open ones are planned. An item with something below it, a project and a goal
are not worked on themselves: what is below inherits their dependencies, ``start`` and priority, and
they last from its first start to its last end. A milestone lies at the end of its items.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.model.dependency import Dependency
from plaintrack.model.fields import Schema
from plaintrack.model.need import BadNeed, Need, need
from plaintrack.model.task import Task, fold
from plaintrack.plan.days import Days
from plaintrack.plan.problem import FULL, MOST_WORK, Activity, Link, Problem, Resource
from plaintrack.plan.problem import Need as Demand
from plaintrack.plan.supply import Supply
from plaintrack.when.durations import BadDuration, minutes
from plaintrack.when.moments import day as day_of

ABOVE = ("parent", "project", "goal")
"""The fields that name what an item is a part of, in a plan; a milestone is an end, not a whole."""
SUMMARIES = frozenset(("project", "goal"))
MILESTONE = "milestone"
PERSON, OPERATIONS, EQUIPMENT = "person", "person's operations", "equipment"
LONGEST = 3650
USED_UP = "its time is used up: say what remains"
"""Why an open item has no dates of which no more is left than nothing."""
"""The days that a plan reaches at most."""
_SHARE = re.compile(r"(\d{1,3})\s*%?")


class Given(NamedTuple):
    """What a draft is made from. ``tasks`` are the open items and the closed ones that these name;
    ``over`` are the folded ids of items below which all is closed; ``repeats`` has the days of the
    occurrences to come of those that recur, by folded id; ``operations`` are the folded ids of work
    that goes on in the time held back for it.
    """

    tasks: Sequence[Task]
    dependencies: Mapping[str, tuple[Dependency, ...]]
    schema: Schema
    today: date
    days: Days
    assume: str = ""
    over: frozenset[str] = frozenset()
    repeats: Mapping[str, Sequence[date]] = {}
    operations: frozenset[str] = frozenset()
    working: int = 16
    """The slots of a working day."""
    left: Mapping[str, float | None] = {}
    """Folded id → minutes left, of items on which time is logged; None: not known."""


class Draft(NamedTuple):
    """A Problem, and what its activities stand for.

    ``tasks`` maps the id of an activity to its item, also of occurrences to come; ``below`` maps
    the folded id of a summary to the activities below it; ``assumed`` are the ids whose estimate is
    assumed, ``unestimated`` and ``unassigned`` those without; ``markers`` are the activities that
    only mark the begin or end of a summary.
    """

    problem: Problem
    days: Days
    tasks: Mapping[str, Task]
    below: Mapping[str, tuple[str, ...]]
    assumed: frozenset[str]
    unestimated: tuple[str, ...]
    unassigned: tuple[str, ...]
    occurrences: frozenset[str]
    markers: frozenset[str]


def days_for(given: "Given") -> tuple[int, int]:
    """How many days a plan of these items may have to look ahead: as many as it most likely takes,
    and as many as it takes if all is done one after the other; at most LONGEST.

    The first is the load of who has most to do, and the longest chain of dependencies, with half as
    much again for leave.
    """
    schema, days = given.schema, given.days
    loads: dict[str, int] = defaultdict(int)
    work: dict[str, int] = {}
    latest = given.today
    for task in given.tasks:
        if schema.closed(task.text("status")):
            continue
        texts = (task.text(name) for name in ("remaining", "estimate", "duration", "elapsed"))
        amount = _minutes(next(filter(None, texts), given.assume), schema) or 0
        slots = min(days.slots(amount), LONGEST * days.per_day)
        slots = slots * FULL // max(1, _share(task))
        work[fold(task.id)] = slots
        for name in task.many("assignee") or ("",):
            loads[fold(name)] += slots
        for name in ("start", "due", "wait"):
            day = day_of(task.text(name), schema.timezone)
            latest = max(latest, day) if day else latest
    lags = sum(abs(one.lag) for some in given.dependencies.values() for one in some)
    rest = min(LONGEST, (latest - given.today).days) + 120 + int(lags / 480 * 7 / 5)
    likely = max(loads.values(), default=0) + _chain(work, given.dependencies)
    most = sum(work.values())

    def count(slots: int) -> int:
        return min(LONGEST, int(slots / max(1, given.working) * 7 / 5 * 1.5) + rest)

    return count(likely), count(most)


def _share(task: Task) -> int:
    """The part of the assignee's time that an item gets, in percent."""
    found = _SHARE.fullmatch(task.text("share").strip())
    return min(FULL, max(1, int(found[1]))) if found else FULL


def _chain(work: Mapping[str, int], waits: Mapping[str, tuple[Dependency, ...]]) -> int:
    """The work on the longest chain of dependencies; in a circle each counts once."""
    length: dict[str, int] = {}
    for first in work:
        stack = [first]
        while stack:
            item = stack[-1]
            if item not in length:
                length[item] = 0  # it is being looked at: a circle ends here
                stack += [fold(one.id) for one in waits.get(item, ()) if fold(one.id) in work]
                continue
            stack.pop()
            before = (length.get(fold(one.id), 0) for one in waits.get(item, ()))
            length[item] = max(length[item], work[item] + max(before, default=0))
    return max(length.values(), default=0)


def draft(given: Given, supply: Supply) -> Draft:
    """The Problem of these items, over the days of the supply."""
    return _Drafting(given, supply).draft()


def _minutes(text: str, schema: Schema) -> float | None:
    try:
        return minutes(text, schema.day, schema.week) if text else None
    except BadDuration:
        return None


def _natural(key: str) -> list[tuple[int, str]]:
    """Ids in the order of the numbers in them, where nothing else decides."""
    parts = re.split(r"(\d+)", key)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _with_resources(activity: Activity, places: Mapping[int, int]) -> Activity:
    """The activity with its resources by their places in the order of their names, so that the
    plan does not depend on which item came first.
    """

    def moved(needs: tuple[Demand, ...]) -> tuple[Demand, ...]:
        return tuple(
            need._replace(options=tuple((places[which], units) for which, units in need.options))
            for need in needs
        )

    return activity._replace(people=moved(activity.people), needs=moved(activity.needs))


class _Drafting:
    """One draft in the making."""

    def __init__(self, given: Given, supply: Supply) -> None:
        self.given, self.supply = given, supply
        self.schema, self.days = given.schema, given.days
        self.tasks = {fold(task.id): task for task in given.tasks if task.id}
        self.open = {key: task for key, task in self.tasks.items() if not self.closed(task)}
        self.children: dict[str, list[str]] = defaultdict(list)
        for key, task in self.open.items():
            for above in self.parents(task):
                self.children[above].append(key)
        self.activities: list[Activity] = []
        self.links: list[Link] = []
        self.number: dict[str, int] = {}
        self.resources: list[Resource] = []
        self.seats: dict[tuple[str, str], int] = {}
        self.made: dict[str, Task] = {}
        self.assumed: set[str] = set()
        self.unestimated: list[str] = []
        self.unassigned: list[str] = []
        self.occurrences: set[str] = set()
        self.markers: set[str] = set()
        self.places = self.ranks()

    def closed(self, task: Task) -> bool:
        return self.schema.closed(task.text("status"))

    def parents(self, task: Task) -> Iterator[str]:
        """The folded ids of what an item is a part of."""
        for name in ABOVE:
            above = fold(task.text(name))
            if above and above in self.tasks and above != fold(task.id):
                yield above

    def is_summary(self, key: str) -> bool:
        task = self.tasks[key]
        return (
            task.text("type") in SUMMARIES or bool(self.children.get(key)) or key in self.given.over
        )

    def above(self, key: str) -> list[str]:
        """Everything an item is a part of, the nearest first; a circle is gone round once."""
        found: dict[str, None] = {}
        waiting = list(self.parents(self.tasks[key]))
        while waiting:
            one = waiting.pop(0)
            if one not in found and one != key:
                found[one] = None
                waiting += self.parents(self.tasks[one])
        return list(found)

    def draft(self) -> Draft:
        leaves = sorted((key for key in self.open if not self.is_summary(key)), key=_natural)
        summaries = [key for key in self.open if self.is_summary(key)]
        above = {key: self.above(key) for key in leaves}
        for key in leaves:
            self.leaf(key, above[key])
        for key in sorted(self.tasks.keys() - self.open.keys()):
            self.past(key)
        self.mark(summaries, above)
        for key in leaves:
            self.wait(key, self.number[key])
        self.end_milestones(leaves)
        for key in leaves:
            self.recur(key, above[key])
        below: dict[str, list[str]] = defaultdict(list)
        for key in leaves:
            for summary in above[key]:
                below[summary].append(self.tasks[key].id)
        return Draft(
            self.problem(),
            self.days,
            self.made,
            {key: tuple(ids) for key, ids in below.items()},
            frozenset(self.assumed),
            tuple(self.unestimated),
            tuple(self.unassigned),
            frozenset(self.occurrences),
            frozenset(self.markers),
        )

    def problem(self) -> Problem:
        horizon = self.supply.count * self.days.per_day
        order = sorted(self.seats, key=lambda seat: (seat[0], _natural(seat[1])))
        places = {self.seats[seat]: place for place, seat in enumerate(order)}
        return Problem(
            tuple(_with_resources(one, places) for one in self.activities),
            tuple(self.links),
            tuple(self.resources[self.seats[seat]] for seat in order),
            (self.supply.calendar,),
            horizon,
            self.days.start(self.given.today),
            self.days.per_day,
        )

    def ranks(self) -> dict[str, int]:
        """The place of each manual order."""
        texts = sorted({task.text("rank") for task in self.open.values()} - {""})
        return {text: place for place, text in enumerate(texts)}

    def add(self, key: str, activity: Activity, task: Task | None) -> int:
        self.number[key] = len(self.activities)
        self.activities.append(activity)
        if task is None:
            self.markers.add(activity.id)
        else:
            self.made[activity.id] = task
        return self.number[key]

    # Items

    def leaf(self, key: str, above: Sequence[str]) -> None:
        """The activity of an item that is worked on."""
        task = self.tasks[key]
        activity = self.activity(task, above)
        if task.text("type") == MILESTONE:
            activity = Activity(
                task.id, due=activity.due, release=activity.release, priority=activity.priority
            )
        self.add(key, activity, task)

    def activity(self, task: Task, above: Sequence[str]) -> Activity:
        """What an item asks for, without its place in the list."""
        kind, work, why = self.work(task)
        people, needs, nobody = self.taken(task, kind)
        active = self.schema.category(task.text("status")) == "active"
        release = self.release(task, above)
        pinned = task.text("pinned").lower() in ("true", "yes") and self.day(task.text("start"))
        now = self.days.start(self.given.today)
        return Activity(
            id=task.id,
            kind=kind,  # type: ignore[arg-type]
            work=work,
            people=people,
            needs=needs,
            calendar=0 if kind == "duration" else None,
            release=None if active else release,
            due=self.due(task),
            pinned=max(now, self.days.start(pinned)) if pinned and not active else None,
            began=now if active and not (why or nobody) else None,
            rank=self.places.get(task.text("rank")),
            priority=self.priority(task, above),
            goal=self.goal(above),
            unplanned=why or nobody,
        )

    def work(self, task: Task) -> tuple[str, int, str]:
        """Kind, slots and, where there are none, the reason."""
        given = [name for name in ("estimate", "duration", "elapsed") if task.text(name)]
        if task.text("type") == MILESTONE:
            return "duration", 0, ""
        if len(given) > 1:
            return "effort", 0, f"{' and '.join(given)} contradict each other"
        name = given[0] if given else "estimate"
        kind = "effort" if name == "estimate" else name
        if kind == "effort" and fold(task.id) in self.given.left:
            return self.logged(task, self.given.left[fold(task.id)])
        text = task.text("remaining") or task.text(name)
        if not text and self.given.assume:
            text = self.given.assume
            self.assumed.add(task.id)
        if not text:
            self.unestimated.append(task.id)
            return kind, 0, "no estimate"
        if kind == "elapsed":
            amount = _minutes(text, self.schema._replace(day=1440, week=10080))
        else:
            amount = _minutes(text, self.schema)
        if amount is None:
            return kind, 0, f"{name}: {text!r} is not a duration"
        slots = self.days.slots(amount)
        if slots > LONGEST * self.days.per_day:
            return kind, 0, f"{name}: {text} is longer than any plan"
        if not amount and (kind == "effort" or task.text("remaining")):
            self.unestimated.append(task.id)
            return kind, 0, USED_UP
        return kind, max(1, slots) if amount else 0, ""

    def logged(self, task: Task, left: float | None) -> tuple[str, int, str]:
        """The same of an item with time logged on it: what is left, never 0 while it is open."""
        if left is None:
            self.unestimated.append(task.id)
            return "effort", 0, USED_UP
        return "effort", max(1, self.days.slots(left)), ""

    def release(self, task: Task, above: Sequence[str]) -> int | None:
        """The first slot in which an item may begin, by its own dates and those of what it is a
        part of.
        """
        texts = [task.text("wait"), task.text("start")]
        for key in above:
            texts += [self.tasks[key].text("wait"), self.tasks[key].text("start")]
        found = [day for day in map(self.day, texts) if day is not None and day > self.given.today]
        return self.days.start(max(found)) if found else None

    def day(self, text: str) -> date | None:
        """The day of a date or moment where the workspace is."""
        return day_of(text, self.schema.timezone)

    def due(self, task: Task) -> int | None:
        day = self.day(task.text("due"))
        if day is None:
            return None
        return self.days.end(day)

    def priority(self, task: Task, above: Sequence[str]) -> int:
        """Its own priority, else that of the nearest it is a part of: the highest has the largest
        number, none counts as the lowest.
        """
        order = self.schema.priorities
        for one in (task, *(self.tasks[key] for key in above)):
            name = one.text("priority")
            if name in order:
                return len(order) - order.index(name)
        return 1

    def goal(self, above: Sequence[str]) -> int:
        """The weight of the nearest goal, in hundredths; 0 where there is none."""
        for key in above:
            if self.tasks[key].text("type") == "goal":
                try:
                    return max(0, min(100_000, round(float(self.tasks[key].text("weight")) * 100)))
                except ValueError:
                    continue
        return 0

    # People and equipment

    def taken(self, task: Task, kind: str) -> tuple[tuple[Demand, ...], tuple[Demand, ...], str]:
        """Who works on an item, what else it holds, and why nobody can."""
        try:
            lines = [need(line) for line in task.many("needs")]
        except BadNeed as error:
            return (), (), f"needs: {error}"
        people = [line for line in lines if self.of_people(line)]
        things = [line for line in lines if not self.of_people(line)]
        needs = tuple(demand for demand in map(self.equipment, things) if demand)
        role = OPERATIONS if fold(task.id) in self.given.operations else PERSON
        if kind != "effort":
            return (), (*needs, *self.people(people, FULL, role)), ""
        units = _share(task)
        assigned = task.many("assignee")
        if assigned:
            demands = tuple(self.choice((name,), units, 1, role) for name in assigned)
            return demands, (*needs, *self.people(people, units, role)), ""
        demands = self.people(people, units, role)
        if not demands:
            team = [name for team in task.many("team") for name in self.members(team)]
            if not team:
                self.unassigned.append(task.id)
                return (), needs, "no one is assigned"
            demands = (self.choice(team, units, 1, role),)
        return demands, needs, ""

    def of_people(self, line: Need) -> bool:
        """Whether a line of ``needs`` asks for people."""
        option = line.options[0]
        return option.skill or self.supply.is_person(option.name.removeprefix("@"))

    def members(self, team: str) -> tuple[str, ...]:
        return self.supply.staff.teams.get(fold(team.removeprefix("@")), ())

    def people(self, lines: Sequence[Need], units: int, role: str) -> tuple[Demand, ...]:
        """The people that lines of ``needs`` ask for, first where the choice is smallest, so that
        a line with a wide choice takes no one whom another line cannot do without.
        """
        demands = []
        for line in lines:
            names: dict[str, None] = {}
            for option in line.options:
                name = option.name.removeprefix("@")
                if option.skill:
                    names |= dict.fromkeys(self.supply.skills.get(fold(name), ()))
                else:
                    names |= dict.fromkeys(self.members(name) or (name,))
            demands.append(self.choice(list(names), units, line.options[0].units, role))
        return tuple(sorted(demands, key=lambda each: len(each.options)))

    def choice(self, names: Sequence[str], units: int, number: int, role: str) -> Demand:
        """``number`` of these people; ``role``: in the time held back for operations, or not."""
        options = tuple((self.resource(role, name), units) for name in names)
        return Demand(options, number)

    def equipment(self, line: Need) -> Demand | None:
        """What a line asks for; None where nothing by these names is scarce."""
        known = [option for option in line.options if self.supply.is_scarce(option.name)]
        if not known:
            return None
        return Demand(
            tuple((self.resource(EQUIPMENT, option.name), option.units) for option in known)
        )

    def resource(self, kind: str, name: str) -> int:
        seat = (kind, fold(name))
        if seat not in self.seats:
            self.seats[seat] = len(self.resources)
            if kind == EQUIPMENT:
                self.resources.append(self.supply.pool(name))
            else:
                self.resources.append(self.supply.person(name, kind == OPERATIONS))
        return self.seats[seat]

    # Dependencies

    def past(self, key: str) -> None:
        """A closed item that others name is a fact: it has ended."""
        task = self.tasks[key]
        day = self.day(task.text("closed")) or self.given.today
        ended = min(self.days.start(day) + self.given.working, self.days.end(self.given.today))
        self.add(key, Activity(task.id, ended=ended, began=ended), task)

    def mark(self, summaries: Sequence[str], above: Mapping[str, Sequence[str]]) -> None:
        """Mark begin and end of summaries that wait for something, or are waited for."""
        named = {fold(one.id) for some in self.given.dependencies.values() for one in some}
        begins = [key for key in summaries if self.given.dependencies.get(key)]
        ends = [key for key in summaries if key in named or self.tasks[key].text("due")]
        ends += [key for key in summaries if fold(self.tasks[key].text("milestone")) in self.open]
        for key in dict.fromkeys(begins):
            item = self.tasks[key].id
            self.add(f"{key} begins", Activity(f"{item} begins"), None)
        for key in dict.fromkeys(ends):
            task = self.tasks[key]
            marker = Activity(
                f"{task.id} ends", due=self.due(task), priority=self.priority(task, ())
            )
            self.add(f"{key} ends", marker, None)
        for leaf, keys in above.items():
            for key in keys:
                if f"{key} begins" in self.number:
                    self.link(f"{key} begins", self.number[leaf])
                if f"{key} ends" in self.number:
                    self.links.append(Link(self.number[leaf], self.number[f"{key} ends"]))
        for key in begins:
            self.wait(key, self.number[f"{key} begins"])

    def link(self, before: str, after: int, one: Dependency | None = None) -> None:
        number = self.number[before]
        if one is None:
            self.links.append(Link(number, after))
            return
        lag = min(self.days.slots(abs(one.lag)), MOST_WORK) * (-1 if one.lag < 0 else 1)
        calendar = None if one.elapsed or not lag else 0
        self.links.append(Link(number, after, one.kind, lag, calendar))  # type: ignore[arg-type]

    def wait(self, key: str, after: int) -> None:
        """The links from what an item depends on."""
        for one in self.given.dependencies.get(key, ()):
            before = fold(one.id)
            if before not in self.tasks or before == key:
                continue
            closed = self.closed(self.tasks[before])
            if self.schema.category(self.tasks[before].text("status")) == "cancelled":
                continue
            if closed and not one.lag:
                continue
            if before in self.number:
                self.link(before, after, one)
            elif f"{before} ends" in self.number and one.kind in ("FS", "FF"):
                self.link(f"{before} ends", after, one)
            elif f"{before} begins" in self.number:
                self.link(f"{before} begins", after, one)

    def end_milestones(self, leaves: Sequence[str]) -> None:
        """A milestone lies at the end of its items."""
        for key in (*leaves, *(key for key in self.open if f"{key} ends" in self.number)):
            target = fold(self.tasks[key].text("milestone"))
            if target == key or target not in self.number or target not in self.open:
                continue
            if self.tasks[target].text("type") == MILESTONE:
                before = self.number.get(key, self.number.get(f"{key} ends", 0))
                self.links.append(Link(before, self.number[target]))

    # Recurring work

    def recur(self, key: str, above: Sequence[str]) -> None:
        """The occurrences to come, each with the work of the item."""
        task = self.tasks[key]
        for day in self.given.repeats.get(key, ()):
            activity = self.activity(task, above)
            item = f"{task.id}@{day.isoformat()}"
            self.occurrences.add(item)
            self.add(
                f"{key}@{day.isoformat()}",
                activity._replace(
                    id=item,
                    began=None,
                    pinned=None,
                    release=self.days.start(day) if day > self.given.today else None,
                    due=self.days.end(day),
                ),
                task,
            )
