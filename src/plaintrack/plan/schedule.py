"""From a problem to a plan: what is fixed, then the order in which the rest is served, then the
search for a better one.

``serve``: one serial pass in the documented order (see ``served``), changed only where that
lessens the late days weighted by priority. ``end``: the earliest end of all, by ``genetic``.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from plaintrack.plan.genetic import Genetic, Individual, Justification, Measure, Score
from plaintrack.plan.network import Network, begun_freely, lagged, order
from plaintrack.plan.problem import FULL, Need, Problem, validate
from plaintrack.plan.result import Clash, Hold, Part, Placed, Plan, Unplanned
from plaintrack.plan.serial import NEVER, Choice, Pass, Piece, Serial, begun, holds

Objective = Literal["serve", "end"]
FIRST_HORIZON = 26 * 7
"""Days past the last fixed date that are tried first; doubled until all fits."""
PLACEMENTS = 800_000
"""So many activities are placed in a search, all its schedules together."""
CALENDARS = 8
"""An activity that has to look at calendars or alternatives counts as so many."""
LARGE = 2_000
"""Beyond so many activities a search places ever fewer, to keep what all of it takes in bounds."""
MOST = 25_000
LEAST = 6
"""Schedules that are tried at most and at least."""
SEED = 1
LAST = 1 << 62
"""The key of what has no rank or no due date."""

Key = tuple[int, int, int, int, int]


class Setting(NamedTuple):
    """A problem up to a horizon with everything fixed that does not move."""

    serial: Serial
    network: Network
    movable: list[int]
    keys: list[Key]
    clashes: list[Clash]
    reasons: dict[int, str]


FULL_HORIZON = "the horizon of the plan"
"""How the reason ends of what a longer horizon may have room for."""


def budget(plain: int, others: int = 0) -> int:
    """How many schedules are tried for so many activities that can move, ``plain`` ones without
    calendars and alternatives, and others: 25,000 up to 32 plain ones, 8,888 for 90, 1,666 for 60
    others, 25 for 1,000 others, never less than 6.
    """
    size = max(1, plain + CALENDARS * others)
    tries = PLACEMENTS // size
    if size > LARGE:
        tries = tries * LARGE // size
    return max(LEAST, min(MOST, tries))


def schedule(
    problem: Problem,
    objective: Objective = "serve",
    previous: Plan | None = None,
    schedules: int | None = None,
    seed: int = SEED,
    solver: "Solver | None" = None,
) -> Plan:
    """Plan a problem. Raises TooLarge, Contradiction and Circle.

    With a ``previous`` plan (of this or an older problem, matched by ids) its order and its
    choices are kept. While they give every unchanged activity its old dates they stand; else they
    are left only for a better objective. ``schedules`` is the budget, see ``budget``. A
    ``solver`` looks for a better plan than the one that was found.
    """
    validate(problem)
    order(problem, [0] * len(problem.activities))
    problem = _closed_as_planned(problem, previous)
    setting, start = _started(problem, previous)
    measure = _measure(problem, objective, setting.movable)
    plain = sum(setting.serial.plain[index] is not None for index in setting.movable)
    limit = schedules or budget(plain, len(setting.movable) - plain)
    moved = previous is not None and _moved(setting, start.found, previous)
    tried = 1
    if previous is None or moved:
        lists = [start.order]
        if previous is not None:
            lists.append(_listed(setting, setting.keys))
        search = _search_end if objective == "end" else _search_serve
        start, tried = search(setting, start, lists, measure, limit, seed)
        if solver is not None:
            start = _solved(setting, objective, start, measure, solver)
    plan = _plan(setting, objective, start, tried, moved)
    if solver is None:
        return plan
    return plan._replace(solver=solver.name, version=solver.version)


class Made(NamedTuple):
    """A list of activities and the pass it made."""

    order: list[int]
    found: Pass


class Candidate(NamedTuple):
    """A list of activities, and who and what is to do them; None leaves that open."""

    order: list[int]
    choices: list[Choice | None]


class Solver(Protocol):
    """What looks for a better plan with means of its own. It only proposes: a pass places what it
    proposes, and is taken if it is better.
    """

    name: str
    version: str

    def better(self, setting: Setting, start: Made, objective: Objective) -> Candidate | None:
        """What may be better than ``start``."""


def _solved(
    setting: Setting, objective: Objective, start: Made, measure: Measure, solver: Solver
) -> Made:
    found = solver.better(setting, start, objective)
    if found is None:
        return start
    for choices in (found.choices, None):
        made = setting.serial.run(found.order, choices)
        if made and measure(made) < measure(start.found):
            start = Made(found.order, made)
    return start


# What is fixed


def _started(problem: Problem, previous: Plan | None) -> tuple[Setting, Made]:
    """The problem up to a horizon below which all fits, and the first pass over it. What does not
    fit below the horizon of the problem either is left out, with the reason.
    """
    fixed = [problem.now, *(previous.end for previous in (previous,) if previous)]
    for activity in problem.activities:
        moments = (activity.release, activity.pinned, activity.ended)
        fixed += [moment for moment in moments if moment is not None]
    horizon = max(fixed) + FIRST_HORIZON * problem.slots_per_day
    if _waits_in_vain(problem):
        horizon = problem.horizon
    needed = _loads(problem)
    while horizon < problem.horizon:
        if not _room(problem, needed, horizon):
            horizon *= 2
            continue
        setting = _settled(problem, horizon, previous)
        made = _first_pass(setting, previous, False)
        if made:
            return setting, made
        horizon *= 2
    setting = _settled(problem, problem.horizon, previous)
    made = _first_pass(setting, previous, True)
    assert made is not None
    missing = [index for index in made.order if made.found.start[index] == NEVER]
    for index in missing:
        setting.reasons[index] = _reason(setting, index, made.found)
    left = [index for index in made.order if made.found.start[index] != NEVER]
    movable = [index for index in setting.movable if made.found.start[index] != NEVER]
    return setting._replace(movable=movable), Made(left, made.found)


def _waits_in_vain(problem: Problem) -> bool:
    """Whether something waits for what gets no dates, so that no horizon has room for all."""
    activities = problem.activities
    vain = {index for index, one in enumerate(activities) if one.unplanned and one.ended is None}
    return any(
        link.before in vain
        and link.after not in vain
        and not begun(activities[link.after])
        and activities[link.after].pinned is None
        for link in problem.links
    )


def _loads(problem: Problem) -> dict[int, int]:
    """The work (in units of slots) that no one but this resource can do, whatever the order."""
    loads: dict[int, int] = {}
    for activity in problem.activities:
        fixed = begun(activity) or activity.pinned is not None or activity.unplanned
        if fixed or not activity.work or activity.kind != "effort":
            continue
        workers = sum(need.number for need in activity.people)
        for need in activity.people:
            if need.number == len(need.options):
                for resource, _ in need.options:
                    share = activity.work * FULL // workers
                    loads[resource] = loads.get(resource, 0) + share
    return loads


def _room(problem: Problem, loads: dict[int, int], horizon: int) -> bool:
    """Whether each resource has the time for its load before a horizon."""
    for resource, load in loads.items():
        one = problem.resources[resource]
        there = (
            units * (min(end, horizon) - max(start, problem.now))
            for start, end, units in one.runs
            if start < horizon and end > problem.now
        )
        if sum(there) < load:
            return False
    return True


def _first_pass(setting: Setting, previous: Plan | None, partial: bool) -> Made | None:
    if previous is None:
        listed = _listed(setting, setting.keys)
        found = setting.serial.run(listed, partial=partial)
        return found and Made(listed, found)
    listed = _listed(setting, _previous_keys(setting, previous))
    choices = _previous_choices(setting.serial, previous)
    found = setting.serial.run(listed, choices)
    if found is None:
        found = setting.serial.run(listed, partial=partial)
    return found and Made(listed, found)


def _settled(problem: Problem, horizon: int, previous: Plan | None) -> Setting:
    """Place what does not move: what has ended, then pins, then what is left of begun work."""
    serial = Serial(problem, horizon)
    network = Network(problem, serial.ways)
    setting = Setting(serial, network, [], served(network), [], {})
    if previous is not None:
        _hold_closed(serial, previous)
    listed = order(problem, setting.keys)
    activities = problem.activities
    for index in listed:
        if activities[index].ended is not None:
            span = network.ended(index)
            serial.start[index], serial.end[index] = span
    for index in listed:
        activity = activities[index]
        if activity.pinned is not None and not begun(activity) and not activity.unplanned:
            _pin(setting, index, activity.pinned)
    for index in listed:
        if activities[index].unplanned and activities[index].ended is None:
            setting.reasons[index] = activities[index].unplanned
        elif serial.end[index] == NEVER and index not in setting.reasons:
            _settle_begun(setting, index)
    for link in problem.links:
        if link.before in setting.reasons:
            serial.plain[link.after] = None  # it has to look at what it waits for
    return setting


def _settle_begun(setting: Setting, index: int) -> None:
    """Place what is left of begun work, unless it has to end after something that moves."""
    serial = setting.serial
    begun_work = serial.problem.activities[index].began is not None
    if begun_work and not serial.linked[index] and serial.fix(index, serial.now, False):
        return
    setting.movable.append(index)


def _pin(setting: Setting, index: int, pinned: int) -> None:
    serial = setting.serial
    begin = max(pinned, serial.now)
    if serial.fix(index, begin, True):
        return
    activity = serial.problem.activities[index]
    other = _pinned_rival(setting, index, begin)
    if other is None:
        setting.reasons[index] = "what it needs is not there where it is pinned"
        return
    rival = serial.problem.activities[other].id
    setting.clashes.append(Clash(activity.id, rival, "resource"))
    setting.reasons[index] = f"pinned while {rival}, which is pinned too, holds what it needs"


def _pinned_rival(setting: Setting, index: int, begin: int) -> int | None:
    """The pinned activity that holds what another one needs where it is pinned."""
    alone = Serial(setting.serial.problem, setting.serial.horizon)
    if not alone.fix(index, begin, True):
        return None
    wanted = {
        (resource, start, end)
        for piece in alone.pieces[index]
        for resource, _, runs in holds(piece)
        for start, end in runs
    }
    for other, pieces in setting.serial.pieces.items():
        for piece in pieces:
            for resource, _, runs in holds(piece):
                for start, end in runs:
                    if any(r == resource and a < end and start < b for r, a, b in wanted):
                        return other
    return None


# Calm: what an older plan says


def _closed_as_planned(problem: Problem, previous: Plan | None) -> Problem:
    """What was closed on the very day on which an older plan has its end ended as planned, so that
    closing it moves nothing.
    """
    if previous is None:
        return problem
    planned = previous.by_id()
    day = problem.slots_per_day
    activities = list(problem.activities)
    for index, activity in enumerate(activities):
        older = planned.get(activity.id)
        if activity.ended is None or older is None or not older.parts:
            continue
        if (activity.ended - 1) // day == (older.end - 1) // day:
            activities[index] = activity._replace(ended=older.end)
    return problem._replace(activities=tuple(activities))


def _hold_closed(serial: Serial, previous: Plan) -> None:
    """Hold what closed work held in the older plan up to its end."""
    planned = previous.by_id()
    names = {resource.name: index for index, resource in enumerate(serial.problem.resources)}
    for index, activity in enumerate(serial.problem.activities):
        older = planned.get(activity.id)
        if older is None or activity.ended is None or activity.ended != older.end:
            continue
        for hold in (hold for part in older.parts for hold in part.holds):
            resource = names.get(previous.problem.resources[hold.resource].name, NEVER)
            if resource != NEVER and serial.hold(resource, hold.units, hold.runs):
                serial.closed.setdefault(index, []).append((resource, hold.units, hold.runs))


def _previous_keys(setting: Setting, previous: Plan) -> list[int]:
    """Keys that keep the order of an older plan; what it does not know comes where as many of its
    activities would be served before.
    """
    position = {name: place for place, name in enumerate(previous.order)}
    activities = setting.serial.problem.activities
    known = sorted(
        setting.keys[index] for index in setting.movable if activities[index].id in position
    )
    return [
        2 * position[activity.id]
        if activity.id in position
        else 2 * bisect_left(known, setting.keys[index]) - 1
        for index, activity in enumerate(activities)
    ]


def _previous_choices(serial: Serial, previous: Plan) -> list[Choice | None]:
    """Who and what an older plan chose, where that still can be chosen."""
    planned = previous.by_id()
    names = {resource.name: index for index, resource in enumerate(serial.problem.resources)}
    choices: list[Choice | None] = []
    for index, activity in enumerate(serial.problem.activities):
        older = planned.get(activity.id)
        chosen = older.choice if older else None
        positions = [*serial.people[index], *serial.needs[index]]
        found = tuple(names.get(name, NEVER) for name in chosen or ())
        fits = len(found) == len(positions) and all(
            any(option[0] == resource for option in options)
            for resource, options in zip(found, positions, strict=True)
        )
        choices.append(found if chosen is not None and fits else None)
    return choices


def _moved(setting: Setting, found: Pass, previous: Plan) -> bool:
    """Whether an activity that is what it was has other dates than in the older plan."""
    older = {activity.id: index for index, activity in enumerate(previous.problem.activities)}
    problem = setting.serial.problem
    for index in setting.movable:
        before = older.get(problem.activities[index].id)
        placed = previous.placed[before] if before is not None else None
        if before is None or placed is None:
            continue
        if _signature(problem, index) != _signature(previous.problem, before):
            continue
        if (placed.start, placed.end) != (found.start[index], found.end[index]):
            return True
    return False


def _signature(problem: Problem, index: int) -> tuple[object, ...]:
    """An activity with names in the place of indices."""
    activity = problem.activities[index]
    calendar = None if activity.calendar is None else problem.calendars[activity.calendar].name
    return (
        activity._replace(people=(), needs=(), calendar=None),
        calendar,
        *(_named(problem, needs) for needs in (activity.people, activity.needs)),
    )


def _named(problem: Problem, needs: tuple[Need, ...]) -> tuple[object, ...]:
    return tuple(
        (tuple((problem.resources[one].name, units) for one, units in need.options), need.number)
        for need in needs
    )


# The order in which they are served


def served(network: Network) -> list[Key]:
    """The key by which each activity is served, lowest first: begun work; rank where it is set;
    the latest end that its own due date and those of what waits for it allow; priority; weight of
    the goal. An activity is served as early as the most urgent one that waits for it.
    """
    problem = network.problem
    due = network.backward(0, due=True)
    after: list[list[int]] = [[] for _ in problem.activities]
    for link in problem.links:
        after[link.before].append(link.after)
    keys: list[Key] = [(1, 0, 0, 0, 0)] * len(problem.activities)
    for index in reversed(network.order):
        activity = problem.activities[index]
        latest = due[index]
        own = (
            LAST if activity.rank is None else activity.rank,
            LAST if latest is None else latest[1],
            -activity.priority,
            -activity.goal,
        )
        waiting = [keys[other][1:] for other in after[index]]
        keys[index] = (0 if begun(activity) else 1, *min([own, *waiting]))
    return keys


def _listed(setting: Setting, keys: list[Key] | list[int]) -> list[int]:
    """What moves, in the order of the keys and the links."""
    movable = set(setting.movable)
    return [index for index in order(setting.serial.problem, keys) if index in movable]


# The search


def _measure(problem: Problem, objective: str, movable: list[int]) -> Measure:
    day = problem.slots_per_day
    due = [
        (index, activity.due, max(1, activity.priority))
        for index, activity in enumerate(problem.activities)
        if activity.due is not None and activity.ended is None
    ]

    def late(found: Pass) -> int:
        return sum(
            -((until - found.end[index]) // day) * weight
            for index, until, weight in due
            if found.end[index] > until
        )

    def serve(found: Pass) -> Score:
        return (late(found),)

    def end(found: Pass) -> Score:
        return (max((found.end[index] for index in movable), default=0), late(found))

    return end if objective == "end" else serve


def _search_end(
    setting: Setting,
    start: Made,
    lists: list[list[int]],
    measure: Measure,
    limit: int,
    seed: int,
) -> tuple[Made, int]:
    """The earliest end that the genetic algorithm finds, if it beats ``start``."""
    if not setting.movable:
        return start, 1
    latest = setting.network.backward(setting.serial.horizon)
    urgency = [span[1] if span else setting.serial.horizon for span in latest]
    by_latest = _listed(setting, urgency)
    justification = Justification(setting.serial, measure)
    genetic = Genetic(justification, [by_latest, *lists], urgency, bound(setting), seed)
    best = genetic.search(limit)
    if best and best.score < measure(start.found):
        start = Made(best.order, best.found)
    return start, justification.passes + 1


def _search_serve(
    setting: Setting,
    start: Made,
    lists: list[list[int]],
    measure: Measure,
    limit: int,
    _seed: int,
) -> tuple[Made, int]:
    """Less late days: by double justification, then by moving what is late, and what it waits
    for, forward in the order for as long as that helps.
    """
    best = Individual(measure(start.found), start.order, start.found)
    if not best.score[0]:
        return start, 1
    justification = Justification(setting.serial, measure)
    for listed in lists:
        other = justification.best(listed)
        if other and other.score < best.score:
            best = other
    better = True
    while better and best.score[0]:
        better = False
        for candidate in _promoted(setting, best):
            if justification.passes >= limit:
                break
            found = justification.run(candidate)
            if found and measure(found) < best.score:
                best = Individual(measure(found), candidate, found)
                better = True
                break
    return Made(best.order, best.found), justification.passes + 1


def _promoted(setting: Setting, best: Individual) -> Iterator[list[int]]:
    """The lists in which one late activity, and what it waits for, comes earlier: the latest
    first, to half its place and to the front.
    """
    activities = setting.serial.problem.activities
    listed, found = best.order, best.found
    place = {index: position for position, index in enumerate(listed)}
    late: list[tuple[int, int, int]] = []
    for position, index in enumerate(listed):
        activity = activities[index]
        if activity.due is not None and found.end[index] > activity.due:
            weight = (found.end[index] - activity.due) * max(1, activity.priority)
            late.append((-weight, position, index))
    for _, position, index in sorted(late):
        needed = _ancestors(setting, index)
        for target in (position // 2, 0):
            block = sorted(
                (one for one in (*needed, index) if place.get(one, -1) >= target),
                key=place.__getitem__,
            )
            inside = set(block)
            rest = [one for one in listed[target:] if one not in inside]
            candidate = [*listed[:target], *block, *rest]
            if candidate != listed:
                yield candidate


def _ancestors(setting: Setting, index: int) -> list[int]:
    """All that an activity waits for, directly or not."""
    seen = {index}
    found: list[int] = []
    stack = [index]
    while stack:
        for link in setting.network.before[stack.pop()]:
            if link.before not in seen:
                seen.add(link.before)
                found.append(link.before)
                stack.append(link.before)
    return found


def bound(setting: Setting) -> int:
    """An end that nothing can undercut: that of the critical path, and the work on each resource
    that always has the same units.
    """
    problem = setting.serial.problem
    spans = setting.network.forward()
    movable = set(setting.movable)
    bounds = [span[1] for index, span in enumerate(spans) if span and index in movable]
    load = [0] * len(problem.resources)
    for index in setting.movable:
        activity = problem.activities[index]
        for need in activity.needs:
            if need.number == len(need.options) and activity.kind != "effort":
                for resource, units in need.options:
                    load[resource] += units * activity.work
    for level, work in zip(setting.serial.ways.levels, load, strict=True):
        if len(level) == 1 and work:
            bounds.append(problem.now - (-work // level[0][2]))
    return max(bounds, default=0)


# The plan


def _plan(setting: Setting, objective: str, made: Made, tried: int, moved: bool) -> Plan:
    problem = setting.serial.problem
    found = made.found
    pieces = setting.serial.record(made.order, found)
    measure = _measure(problem, "end", setting.movable)
    placed = tuple(
        _placed(setting, index, found, pieces.get(index, []))
        for index in range(len(problem.activities))
    )
    return Plan(
        problem,
        objective,
        placed,
        tuple(
            Unplanned(problem.activities[index].id, setting.reasons[index])
            for index in sorted(setting.reasons)
        ),
        tuple(setting.clashes + _link_clashes(setting, found)),
        tuple(problem.activities[index].id for index in made.order),
        max((one.end for one in placed if one), default=0),
        measure(found)[1],
        tried,
        moved,
    )


def _placed(setting: Setting, index: int, found: Pass, pieces: list[Piece]) -> Placed | None:
    if found.start[index] == NEVER and found.end[index] == NEVER:
        return None
    problem = setting.serial.problem
    chosen = found.choice[index]
    if chosen is None and pieces:
        chosen = tuple(options[0][0] for options in setting.serial.needs[index])
    parts = tuple(
        Part(
            piece.start,
            piece.end,
            piece.runs,
            tuple(Hold(resource, units, runs) for resource, units, runs in holds(piece)),
        )
        for piece in pieces
    )
    closed = setting.serial.closed.get(index)
    if closed:
        span = (found.start[index], found.end[index])
        parts = (Part(*span, (span,), tuple(Hold(*hold) for hold in closed)),)
    names = None if chosen is None else tuple(problem.resources[one].name for one in chosen)
    activity = problem.activities[index]
    return Placed(activity.id, found.start[index], found.end[index], parts, names)


def _link_clashes(setting: Setting, found: Pass) -> list[Clash]:
    """Pinned activities that stand before what they wait for lets them."""
    problem = setting.serial.problem
    clashes: list[Clash] = []
    for link in problem.links:
        activity = problem.activities[link.after]
        if activity.pinned is None or begun(activity) or found.end[link.after] == NEVER:
            continue
        if found.end[link.before] == NEVER:
            continue
        span = (found.start[link.before], found.end[link.before])
        since = lagged(setting.serial.ways, link, span)
        reached = found.start if link.kind in ("FS", "SS") else found.end
        if since is None or since > reached[link.after]:
            clashes.append(Clash(activity.id, problem.activities[link.before].id, "link"))
    return clashes


def _reason(setting: Setting, index: int, found: Pass) -> str:
    """Why an activity could not be placed."""
    problem = setting.serial.problem
    for link in setting.network.before[index]:
        if found.end[link.before] == NEVER and not begun_freely(link, problem.activities[index]):
            return f"waits for {problem.activities[link.before].id}, which has no dates"
    activity = problem.activities[index]
    for need in (*activity.people, *activity.needs):
        able = [
            resource
            for resource, units in need.options
            if setting.serial.ways.runs(resource, 1 if need in activity.people else units)
        ]
        if len(able) < need.number:
            return _short(problem, need, setting)
    return f"does not fit before {FULL_HORIZON}"


def _short(problem: Problem, need: Need, setting: Setting) -> str:
    """What is never there."""
    names = " or ".join(problem.resources[resource].name for resource, _ in need.options)
    if not names:
        return "needs someone or something that does not exist"
    if need.number > 1:
        return f"needs {need.number} of {names}, of whom fewer are ever there"
    resource, units = need.options[0]
    most = max((there for _, _, there in setting.serial.ways.levels[resource]), default=0)
    if not most or len(need.options) > 1:
        return f"needs {names}, never there before {FULL_HORIZON}"
    return f"needs {units} of {names}, of which there are never more than {most}"
