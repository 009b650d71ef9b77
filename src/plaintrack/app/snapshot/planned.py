"""The plan of a snapshot: when its items are worked on, by whom and with what, and why then.

It is derived at each question, and remembered for as long as what it is made from is the same.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plaintrack import __version__
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.calendar import calendar, named
from plaintrack.app.snapshot.series import day_of, series_of
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.count import plural
from plaintrack.model.dependency import LAGS, Dependency, dependencies
from plaintrack.model.task import Task, fold
from plaintrack.plan.answer import AS_IS, Line, Planned, WhatIf
from plaintrack.plan.days import Days
from plaintrack.plan.draft import Draft, Given, days_for, draft
from plaintrack.plan.explain import Cause, Explanation
from plaintrack.plan.network import Circle
from plaintrack.plan.problem import Problem
from plaintrack.plan.reasons import sentence
from plaintrack.plan.result import PLAINTRACK, Clash, Hold, Part, Placed, Plan, Unplanned
from plaintrack.plan.schedule import FULL_HORIZON, schedule
from plaintrack.plan.supply import Supply
from plaintrack.query.nodes import In, Question, State
from plaintrack.store.digest import digest
from plaintrack.store.index import ask
from plaintrack.store.remember import forget, recall, remember
from plaintrack.when.durations import minutes
from plaintrack.when.moments import day as day_of_text

if TYPE_CHECKING:
    from plaintrack.plan.schedule import Solver

MOST_OCCURRENCES = 60
"""Occurrences to come that are planned of one series."""
KEPT = 8
"""Plans that are remembered."""
_BACK = 400
"""The days before today to which a lag may reach back."""


def planned(
    snapshot: Snapshot,
    what: WhatIf = AS_IS,
    before: "Planned | None" = None,
    today: date | None = None,
) -> Planned:
    """The plan of all open work of a snapshot; ``before`` is the plan whose order it keeps where
    that is no worse. Raises PlaintrackError for what cannot be planned at all.
    """
    solver = _solver(what.solver or snapshot.settings.plan["solver"])
    given = gather(snapshot, what.assume, today or snapshot.today)
    before_today = (given.today - given.days.first).days
    for count in days_for(given):
        answer = _over(snapshot, given, what, before, count + before_today, solver)
        if not any(line.reason.endswith(FULL_HORIZON) for line in answer.lines):
            break
    return answer


def _solver(name: str) -> "Solver | None":
    """The solver that is asked for; None for the planner alone."""
    if name == PLAINTRACK:
        return None
    from plaintrack.plan.cpsat import CpSat

    return CpSat()


def _over(
    snapshot: Snapshot,
    given: Given,
    what: WhatIf,
    before: "Planned | None",
    count: int,
    solver: "Solver | None",
) -> Planned:
    """The plan over so many days, remembered or made."""
    supply = _supply(snapshot, what, given.days, count)
    made = draft(given, supply)
    objective = snapshot.settings.plan["objective"]
    shown = [(task.id, sorted(task.fields.items())) for task in given.tasks]
    older = before and (before.plan.order, before.plan.placed)
    made_by = solver and (solver.name, solver.version)
    parts = (__version__, made_by, made.problem, shown, sorted(made.assumed), objective, older)
    mark = repr(parts)
    source = digest(mark.encode("utf-8", "backslashreplace"))
    name = f"plan-{source.hex()[:8]}.cache"
    known = recall(snapshot.cache, name, source)
    if known is not None:
        return _restored(json.loads(known), made, given, supply)
    fresh, circles = _made(made, objective, before, given, supply, solver)
    remember(snapshot.cache, name, source, _kept(fresh, circles))
    forget(snapshot.cache, "plan-", KEPT)
    return fresh


def gather(snapshot: Snapshot, assume: str, today: date) -> Given:
    """The open items, and the closed ones that they name."""
    schema = snapshot.schema
    settings = snapshot.settings.plan
    tasks = _own_left_out(answers.tasks(snapshot, Question(State("open"))), schema.own)
    open_ids = {fold(task.id) for task in tasks}
    waits = {fold(task.id): _dependencies(task, snapshot) for task in tasks}
    named = {fold(one.id) for some in waits.values() for one in some} - open_ids
    if named:
        tasks += answers.tasks(snapshot, Question(In("id", frozenset(named))))
    days = Days(_first(tasks, waits, today, schema.timezone), int(minutes(settings["slot"])))
    parents = set(ask.values(snapshot.index.connection, "parent"))
    children = {fold(task.text("parent")) for task in tasks if fold(task.id) in open_ids}
    return Given(
        tasks=tasks,
        dependencies={key: some for key, some in waits.items() if some},
        schema=schema,
        today=today,
        days=days,
        assume=assume or settings["estimate"],
        over=frozenset(parents & open_ids - children),
        repeats=_repeats(snapshot, tasks, minutes(settings["horizon"]) / 2400, today),
        operations=_operations(snapshot),
        working=days.slots(schema.day),
        left=_left(snapshot),
    )


def _left(snapshot: Snapshot) -> Mapping[str, float | None]:
    """What is left of the items on which time is logged, and that have said how long they take."""
    if "time" not in snapshot.settings.rooms:
        return {}
    return {key: each.left for key, each in snapshot.logged.items() if each.known and each.stated}


def _operations(snapshot: Snapshot) -> frozenset[str]:
    """The folded ids of the work of operations, if time is held back for it."""
    if not snapshot.settings.plan["reserve"].get("operations"):
        return frozenset()
    from plaintrack.app.snapshot.outline import outline

    known = outline(snapshot, timed=False)
    kinds = zip(known.pieces, known.kinds, strict=True)
    return frozenset(fold(piece.task.id) for piece, kind in kinds if kind == "operations")


def _own_left_out(tasks: Iterable[Task], own: Iterable[str]) -> list[Task]:
    """The items without the fields that the workspace means in another way than plaintrack."""
    names = frozenset(own)
    if not names:
        return list(tasks)
    return [
        task._replace(
            fields={name: value for name, value in task.fields.items() if name not in names}
        )
        for task in tasks
    ]


def _dependencies(task: Task, snapshot: Snapshot) -> tuple[Dependency, ...]:
    schema = snapshot.schema
    return dependencies(task.many("depends_on"), task.many(LAGS), schema.day, schema.week)


def _first(
    tasks: Iterable[Task], waits: Mapping[str, tuple[Dependency, ...]], today: date, zone: str
) -> date:
    """The first day of the axis: today, or when something was closed from which a lag counts."""
    lagged = {fold(one.id) for some in waits.values() for one in some if one.lag > 0}
    days = []
    for task in tasks:
        if fold(task.id) in lagged and task.text("closed"):
            days.append(day_of_text(task.text("closed"), zone) or today)
    first = min([today, *days])
    return max(first, today - timedelta(days=_BACK))


def _repeats(
    snapshot: Snapshot, tasks: Sequence[Task], weeks: float, today: date
) -> dict[str, list[date]]:
    """Folded id → the days of the occurrences to come."""
    last = today + timedelta(days=round(weeks * 7))
    found = {}
    for task in tasks:
        if not task.text("repeat") or snapshot.schema.closed(task.text("status")):
            continue
        series = series_of(snapshot, task, today)
        if series.rule.after or day_of(snapshot, task) is None:
            continue  # it counts from a completion that nobody knows yet
        days: list[date] = []
        for day in series.dates(last):
            if len(days) == MOST_OCCURRENCES:
                break
            if series.moved(day) >= today:
                days.append(series.moved(day))
        found[fold(task.id)] = days
    return found


def _supply(snapshot: Snapshot, what: WhatIf, days: Days, count: int) -> Supply:
    """People and equipment, with what is only supposed."""
    staff = snapshot.staff
    away: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for name, first, last in what.away:
        away[fold(name)].append((first, last))
    return Supply(
        staff,
        calendar(snapshot),
        lambda who: calendar(snapshot, named(snapshot, who)),
        days,
        count,
        snapshot.schema.day,
        {name: tuple(spans) for name, spans in away.items()},
        {fold(name): units for name, units in what.more},
        snapshot.settings.plan["reserve"].get("operations", 0),
    )


def _made(
    made: Draft,
    objective: str,
    before: Planned | None,
    given: Given,
    supply: Supply,
    solver: "Solver | None",
) -> tuple[Planned, list[tuple[str, ...]]]:
    """The plan, and the circles of dependencies that were taken out of it."""
    problem = made.problem
    circles: list[tuple[str, ...]] = []
    while True:
        try:
            older = before.plan if before else None
            plan = schedule(problem, objective, older, solver=solver)  # type: ignore[arg-type]
            break
        except Circle as error:
            circles.append(error.ids)
            problem = _without_circle(problem, error.ids)
    explained = Explanation(plan)
    ends = [(one.end, one.id) for one in plan.placed if one and one.id not in made.occurrences]
    steps = explained.chain(max(ends)[1]) if ends else []
    chain = tuple(dict.fromkeys(_item(step.id) for step in reversed(steps)))
    lines = _Lines(made, plan, explained, given, frozenset(step.id for step in steps)).all()
    return _answer(lines, plan, made, chain, circles, given, supply), circles


def _answer(
    lines: tuple[Line, ...],
    plan: Plan,
    made: Draft,
    chain: tuple[str, ...],
    circles: Sequence[Sequence[str]],
    given: Given,
    supply: Supply,
) -> Planned:
    circle = tuple(dict.fromkeys(_item(item) for some in circles for item in some))
    return Planned(
        lines,
        plan,
        made,
        chain,
        plan.clashes,
        circle,
        given.today,
        supply.staff.there,
        supply.equipped,
        supply.staff.named and not supply.staff.there,
    )


def _item(activity: str) -> str:
    return activity.removesuffix(" begins").removesuffix(" ends")


def _without_circle(problem: Problem, ids: Sequence[str]) -> Problem:
    """The problem with those in a circle left without dates, and their links among them gone."""
    numbers = {number for number, one in enumerate(problem.activities) if one.id in ids}
    activities = [
        one._replace(unplanned="in a circle of dependencies") if number in numbers else one
        for number, one in enumerate(problem.activities)
    ]
    links = [
        link for link in problem.links if not (link.before in numbers and link.after in numbers)
    ]
    return problem._replace(activities=tuple(activities), links=tuple(links))


class _Lines:
    """The lines of a plan in the making."""

    def __init__(
        self,
        made: Draft,
        plan: Plan,
        explained: Explanation,
        given: Given,
        chain: frozenset[str],
    ) -> None:
        self.made, self.plan, self.explained = made, plan, explained
        self.given, self.days, self.chain = given, given.days, chain
        self.placed = plan.by_id()
        self.clashes = {clash.id: _item(clash.other) for clash in plan.clashes}
        self.reasons = {one.id: one.reason for one in plan.unplanned}
        self.open = {
            fold(task.id): task
            for task in given.tasks
            if not given.schema.closed(task.text("status"))
        }

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {one.id: number for number, one in enumerate(self.plan.problem.activities)}

    def all(self) -> tuple[Line, ...]:
        lines = [
            self.line(item, task)
            for item, task in self.made.tasks.items()
            if fold(task.id) in self.open
        ]
        known = {fold(line.id): line for line in lines}
        summaries = [
            self.summary(key, task, known) for key, task in self.open.items() if key not in known
        ]
        order = sorted(
            [*lines, *summaries], key=lambda line: (line.start or "9", line.end, line.id)
        )
        return tuple(order)

    def line(self, item: str, task: Task) -> Line:
        placed = self.placed.get(item)
        activity = self.plan.problem.activities[self.numbers[item]]
        causes = self.explained.causes(item) if placed else ()
        slack = self.explained.slack(item) if placed else None
        due = self.days.last(activity.due).isoformat() if activity.due is not None else ""
        start, end = self.dates(placed)
        return Line(
            id=item,
            title=task.text("title"),
            type=task.text("type"),
            status=task.text("status"),
            project=task.text("project"),
            who=self.who(placed) or task.many("assignee"),
            start=start,
            end=end,
            due=due,
            late=_late(end, due),
            slack=None if slack is None else self.days.minutes(slack),
            critical=item in self.chain,
            waits_for=self.waits_for(item),
            why=sentence(causes, self.placed, self.days, self.day(task, "start")),
            causes=tuple(self.told(cause) for cause in causes),
            reason=self.reasons.get(item, ""),
            assumed=item in self.made.assumed,
            occurrence=item in self.made.occurrences,
            summary=False,
            begun=activity.began is not None,
            milestone=not activity.work and not activity.unplanned,
            target=self.iso(task, "target_end") if item not in self.made.occurrences else "",
            slip=_late(end, self.iso(task, "target_end")),
            clash=self.clashes.get(item, ""),
        )

    def day(self, task: Task, name: str) -> date | None:
        """The day of a field, where the workspace is; None if it holds none."""
        return day_of_text(task.text(name), self.given.schema.timezone)

    def iso(self, task: Task, name: str) -> str:
        """The same as a text; empty for none."""
        found = self.day(task, name)
        return found.isoformat() if found else ""

    def dates(self, placed: Placed | None) -> tuple[str, str]:
        """First and last day; a milestone lies on the day in which what it waits for ends."""
        if placed is None:
            return "", ""
        if placed.end <= placed.start:
            at = max(placed.end - 1, self.days.start(self.given.today))
            return (self.days.day(at).isoformat(),) * 2
        first = self.days.day(placed.start)
        return first.isoformat(), self.days.last(placed.end).isoformat()

    def who(self, placed: Placed | None) -> tuple[str, ...]:
        if placed is None or not placed.choice:
            return ()
        return tuple(dict.fromkeys(placed.choice))

    @cached_property
    def before(self) -> dict[int, list[int]]:
        """Number of an activity → the numbers of those it waits for."""
        before: dict[int, list[int]] = defaultdict(list)
        for link in self.plan.problem.links:
            before[link.after].append(link.before)
        return before

    def waits_for(self, item: str) -> tuple[str, ...]:
        """The ids of the open items that it directly waits for."""
        activities = self.plan.problem.activities
        before = (activities[number] for number in self.before.get(self.numbers[item], ()))
        return tuple(dict.fromkeys(_item(one.id) for one in before if one.ended is None))

    def told(self, cause: Cause) -> dict[str, Any]:
        """A cause for programs."""
        about: dict[str, Any] = {"kind": cause.kind}
        if cause.activity:
            about["item"] = _item(cause.activity)
        if cause.resource:
            about["resource"] = cause.resource
        if cause.off is not None:
            about["off"] = cause.off.label
            about["from"] = self.days.day(cause.off.start).isoformat()
            about["until"] = self.days.last(cause.off.end).isoformat()
        if cause.link is not None:
            about["link"] = cause.link.kind
            about["lag_minutes"] = self.days.minutes(cause.link.lag)
        return about

    def summary(self, key: str, task: Task, known: Mapping[str, Line]) -> Line:
        """An item that lasts as long as what is below it."""
        below = [known[fold(item)] for item in self.made.below.get(key, ()) if fold(item) in known]
        dated = [line for line in below if line.start]
        start = min((line.start for line in dated), default="")
        end = max((line.end for line in dated), default="")
        due = self.iso(task, "due")
        missing = len(below) - len(dated)
        if below and not dated:
            reason = "nothing below it has dates"
        else:
            reason = "" if below else "nothing below it is open"
        return Line(
            id=task.id,
            title=task.text("title"),
            type=task.text("type"),
            status=task.text("status"),
            project=task.text("project"),
            who=task.many("assignee"),
            start=start,
            end=end,
            due=due,
            late=_late(end, due),
            slack=None,
            critical=any(line.critical for line in dated),
            waits_for=(),
            why=_missing(missing) if missing and dated else "",
            causes=(),
            reason=reason,
            assumed=any(line.assumed for line in below),
            occurrence=False,
            summary=True,
            begun=any(line.begun for line in below),
            milestone=False,
            target=self.iso(task, "target_end"),
            slip=_late(end, self.iso(task, "target_end")),
        )


def _missing(number: int) -> str:
    have = "has" if number == 1 else "have"
    return f"{plural(number, 'item')} below it {have} no dates"


def _late(end: str, due: str) -> int:
    """Days past the due date, not less than 0."""
    if not end or not due:
        return 0
    return max(0, (date.fromisoformat(end) - date.fromisoformat(due)).days)


# What is remembered


def _kept(answer: Planned, circles: Sequence[Sequence[str]]) -> str:
    plan = answer.plan
    return json.dumps(
        {
            "lines": answer.lines,
            "chain": answer.chain,
            "circles": circles,
            "placed": plan.placed,
            "without": plan.unplanned,
            "clashes": plan.clashes,
            "order": plan.order,
            "figures": [plan.objective, plan.end, plan.late, plan.schedules, plan.moved],
            "solver": [plan.solver, plan.version],
        }
    )


def _restored(known: Mapping[str, Any], made: Draft, given: Given, supply: Supply) -> Planned:
    objective, end, late, schedules, moved = known["figures"]
    clashes = tuple(Clash(*each) for each in known["clashes"])
    problem = made.problem
    for circle in known["circles"]:
        problem = _without_circle(problem, circle)
    plan = Plan(
        problem,
        objective,
        tuple(each and _placed(each) for each in known["placed"]),
        tuple(Unplanned(*each) for each in known["without"]),
        clashes,
        tuple(known["order"]),
        end,
        late,
        schedules,
        moved,
        *known["solver"],
    )
    lines = tuple(_line(each) for each in known["lines"])
    return _answer(lines, plan, made, tuple(known["chain"]), known["circles"], given, supply)


def _line(values: Sequence[Any]) -> Line:
    line = Line(*values)
    return line._replace(
        who=tuple(line.who), waits_for=tuple(line.waits_for), causes=tuple(line.causes)
    )


def _runs(values: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in values)


def _placed(values: Sequence[Any]) -> Placed:
    item, start, end, parts, choice = values
    made = tuple(
        Part(
            first,
            last,
            _runs(runs),
            tuple(Hold(resource, units, _runs(some)) for resource, units, some in holds),
        )
        for first, last, runs, holds in parts
    )
    return Placed(item, start, end, made, choice and tuple(choice))
