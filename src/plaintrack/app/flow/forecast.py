"""Answers when open work will be done: from past throughput, or from the plan with the accuracy of
past estimates.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.app.flow.view import Asked, measured
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command
from plaintrack.flow.answer import View
from plaintrack.flow.forecast import CHANCES, Forecast, how_many, when
from plaintrack.flow.metrics import bulk
from plaintrack.model.task import fold
from plaintrack.timeclock.accuracy import factors
from plaintrack.when import dates

if TYPE_CHECKING:
    from plaintrack.plan.answer import Planned

SEED = 1
TRIALS = 200
"""Plans that are made where the plan is asked; each costs a pass over all work."""
LEAST_CASES = 5
"""Finished items with logged time below which a person's accuracy is that of everyone."""


class NothingLeft(PlaintrackError):
    """All of it is done."""

    slug = "nothing-left"
    exit_code = 1

    def __init__(self) -> None:
        super().__init__(
            "no open items match, so there is nothing to forecast",
            f"{command('forecast', '--items', '20')} asks for a number of items instead",
        )


class PastDay(PlaintrackError):
    """The day asked for is over."""

    slug = "past-day"

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} is not after today", "--date is a day to come, such as +6w")


class NoCases(PlaintrackError):
    """No accuracy is known."""

    slug = "no-accuracy"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"only {count} finished items have both an estimate and logged time:"
            f" a forecast from estimates takes {LEAST_CASES}",
            f"log time with {command('time', 'log')}, or leave --planned out",
        )


class Wanted(NamedTuple):
    """What is asked for. ``items``: how many, instead of the open items that match; ``pace``: the
    query whose finished items set the pace (None: that of the query itself).
    """

    query: str = ""
    items: int = 0
    day: str = ""
    pace: str | None = None
    growth: bool = False
    seed: int = SEED
    without_bulk: bool = False


class Ahead(NamedTuple):
    """A forecast, with what it is of: ``items`` open ones (or the ``day`` asked for), seen from
    ``today``; ``history`` are the days that it draws from, ``done`` what was finished on them.
    """

    forecast: Forecast
    items: int
    day: date | None
    today: date
    history: int
    done: int
    notes: Sequence[str]
    growth: bool


def forecast(snapshot: Snapshot, wanted: Wanted) -> Ahead:
    """When the open items that match are done, or how many of them are by a day. Raises BadQuery,
    BadDate, NothingLeft, PastDay, NoGit.
    """
    today = snapshot.today
    pace = wanted.query if wanted.pace is None else wanted.pace
    found = measured(
        snapshot, Asked(pace, first="2000-01-01", last=today.isoformat(), size="count")
    )
    first = min(found.passed.first, *(each.seen for each in found.view.items), found.passed.last)
    view = found.view._replace(first=found.view.day(first))
    done, added = _counts(view)
    notes = [*found.notes]
    if wanted.without_bulk:
        left = bulk({at: count for at, count in enumerate(done) if count})
        for at in left:
            done[at] = 0
    else:
        notes += _bulk(view, done)
    if wanted.day:
        day = date.fromisoformat(dates.span(wanted.day, today, answers.works(snapshot))[1][:10])
        if day <= today:
            raise PastDay(day)
        ahead = how_many(done, (day - today).days, wanted.seed)
        return Ahead(ahead, 0, day, today, len(done), sum(done), notes, False)
    items = wanted.items or len(_open(snapshot, wanted.query))
    if not items:
        raise NothingLeft
    ahead = when(done, added, items, wanted.seed, growth=wanted.growth)
    return Ahead(ahead, items, None, today, len(done), sum(done), notes, wanted.growth)


def _counts(view: View) -> tuple[list[int], list[int]]:
    """How many items were done, and how many were added, on each day."""
    length = view.last - view.first + 1
    done, added = [0] * length, [0] * length
    for each in view.items:
        if each.done is not None and 0 <= (at := view.day(each.done) - view.first) < length:
            done[at] += 1
        if 0 <= (at := view.day(each.seen) - view.first) < length:
            added[at] += 1
    return done, added


def _bulk(view: View, done: Sequence[int]) -> list[str]:
    counts = Counter({at: count for at, count in enumerate(done) if count})
    return [
        f"{counts[at]} items were closed at once on {date.fromordinal(view.first + at)}: a bulk"
        " close? --without-bulk leaves it out"
        for at in bulk(counts)
    ]


def _open(snapshot: Snapshot, query: str) -> set[str]:
    """The folded ids of the open work that matches."""
    asked = answers.question(snapshot, query, within="is:open")
    found = answers.tasks(snapshot, asked)
    kinds = () if "type:" in query else ("project", "milestone", "goal")
    return {fold(task.id) for task in found if task.id and task.text("type") not in kinds}


# With the plan


class Simulated(NamedTuple):
    """When the items are done by the plan, over many plans with estimates that are off as those of
    the same people were before. ``ends`` has a day for each of CHANCES; ``planned`` is the end of
    the plan as it is.
    """

    ends: Mapping[int, date | None]
    planned: date | None
    items: int
    trials: int
    seed: int
    people: Mapping[str, int]
    everyone: int
    unplanned: int


def simulated(
    snapshot: Snapshot,
    query: str,
    seed: int = SEED,
    trials: int = TRIALS,
    told: Callable[[int, int], None] | None = None,
) -> Simulated:
    """When the open items that match are done, by the plan. Raises NoCases, NothingLeft."""
    from plaintrack.app.planning.plan import plan
    from plaintrack.app.snapshot.hours import cases

    known = cases(snapshot)
    if len(known) < LEAST_CASES:
        raise NoCases(len(known))
    ratios: dict[str, list[float]] = {}
    for case in known:
        ratios.setdefault(fold(case.person), []).append(case.ratio)
    everyone = [case.ratio for case in known]
    own = {name: some for name, some in ratios.items() if len(some) >= LEAST_CASES}
    wanted = _open(snapshot, query)
    if not wanted:
        raise NothingLeft
    answer = plan(snapshot)
    mine = [at for at, each in enumerate(answer.draft.problem.activities) if _mine(each.id, wanted)]
    base = _end(answer, [answer.plan.placed[at] for at in mine])
    lengths = _lengths(snapshot, answer, own, everyone)
    ends = []
    random = Random(f"{seed} plan")
    for number in range(trials):
        ends.append(_trial(answer, mine, lengths, random))
        if told:
            told(number + 1, trials)
    ordered = sorted(ends, key=lambda each: (each is None, each))
    chosen = {percent: ordered[max(0, -(-percent * trials // 100) - 1)] for percent in CHANCES}
    unplanned = sum(answer.plan.placed[at] is None for at in mine)
    counts = {name: len(some) for name, some in sorted(own.items())}
    return Simulated(chosen, base, len(wanted), trials, seed, counts, len(known), unplanned)


def _mine(activity: str, wanted: set[str]) -> bool:
    return fold(activity) in wanted


def _lengths(
    snapshot: Snapshot,
    answer: "Planned",
    own: Mapping[str, Sequence[float]],
    everyone: Sequence[float],
) -> dict[int, list[int]]:
    """The number of an activity that takes work → the slots that it may take, one for each ratio of
    its person.
    """
    used = _used(snapshot)
    found = {}
    for at, each in enumerate(answer.draft.problem.activities):
        if each.ended is not None or not each.work or each.kind != "effort":
            continue
        task = answer.draft.tasks.get(each.id)
        names = [fold(name.removeprefix("@")) for name in task.many("assignee")] if task else []
        ratios = next((own[name] for name in names if name in own), everyone)
        some = factors(ratios, used.get(fold(each.id), 0.0))
        found[at] = [max(1, round(each.work * factor)) for factor in some]
    return found


def _used(snapshot: Snapshot) -> dict[str, float]:
    """Folded id → the part of its estimate that is logged, of items of which `remaining` does not
    say what is left.
    """
    return {
        fold(each.task.id): each.logged / each.estimate
        for each in outline(snapshot).pieces
        if each.task.id and each.logged and each.estimate and each.remaining is None
    }


def _trial(
    answer: "Planned", mine: Sequence[int], lengths: Mapping[int, Sequence[int]], random: Random
) -> date | None:
    """The end of one plan in which each estimate is off by a ratio of its person."""
    from plaintrack.plan.schedule import schedule

    problem = answer.draft.problem
    activities = list(problem.activities)
    for at, some in lengths.items():
        activities[at] = activities[at]._replace(work=some[int(random.random() * len(some))])
    changed = problem._replace(activities=tuple(activities))
    made = schedule(changed, previous=answer.plan, schedules=1)
    return _end(answer, [made.placed[at] for at in mine])


def _end(answer: "Planned", placed: Sequence[Any]) -> date | None:
    """The last day of some activities; None where none is planned."""
    ends = [each.end for each in placed if each is not None]
    return answer.draft.days.last(max(ends)) if ends else None
