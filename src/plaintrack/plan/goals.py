"""Goals: how far they are, whether they will be reached, and what is done for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.model.task import Task, fold
from plaintrack.plan.outline import Effort, Outline, Piece, effort, operations, progress, total
from plaintrack.when.moments import day

GOAL = "goal"
ON_TRACK, AT_RISK, OFF_TRACK = "on track", "at risk", "off track"
EARLY = 0.1
"""The part of a goal's time in which nothing is said of its health yet."""


class Bands(NamedTuple):
    """The scores from which on a goal is on track, and at risk; below it is off track."""

    on_track: float = 0.7
    at_risk: float = 0.4


class Yardstick(NamedTuple):
    """What goals and projects are measured with: today, the time zone of days, and the bands."""

    today: date
    zone: str = ""
    bands: Bands = Bands()


class Metric(NamedTuple):
    """What a goal is measured by: where it began, where it should get to, and where it is."""

    initial: float
    target: float
    current: float
    unit: str = ""


class Goal(NamedTuple):
    """One goal. ``key`` is its folded id; ``task`` is None where items name a goal that no item
    is. ``direct`` is the effort of the work that serves it itself, ``effort`` with that of the
    goals below it. Numbers that cannot be told are None, texts that are not there empty.
    """

    key: str
    task: Task | None
    category: str
    above: str
    weight: float | None = None
    metric: Metric | None = None
    direct: Effort = Effort()
    effort: Effort = Effort()
    open: int = 0
    """Open pieces of work below it."""
    progress: float | None = None
    score: float | None = None
    start: date | None = None
    due: date | None = None
    passed: float | None = None
    """How much of its time has passed, from 0 to 1."""
    health: str = ""
    told: str = ""
    """Who said its health and when, if an update did; else a rule tells it."""

    @property
    def closed(self) -> bool:
        """Whether it is done or cancelled."""
        return self.category in ("done", "cancelled")


def number(text: str) -> float | None:
    """The number that a text is; None if it is none, or too large to compute with."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < 1e100 and "_" not in text else None


def metric(task: Task) -> Metric | None:
    """What a goal is measured by; None without a target and a current value."""
    target, current = number(task.text("target")), number(task.text("current"))
    if target is None or current is None:
        return None
    initial = number(task.text("initial")) or 0.0
    return Metric(initial, target, current, task.text("unit"))


def weight(task: Task) -> float | None:
    """What a goal counts among those beside it; None if that is not said."""
    found = number(task.text("weight"))
    return found if found is not None and found >= 0 else None


def reached(found: Metric) -> float | None:
    """How far a goal's metric has come, from 0 to 1: `(current - initial) / (target - initial)`.

    `initial` is 0 if it is not set. Where the target is below it the metric is to fall. Less than
    nothing is 0, more than the target is 1. Where both are the same there is no such number.
    """
    way = found.target - found.initial
    if not way:
        return None
    return min(max(0.0, (found.current - found.initial) / way), 1.0)


def score(
    own: float | None, parts: Sequence[tuple[float, float]], work: float | None, done: bool
) -> float | None:
    """How far a goal is, from 0.0 to 1.0.

    It is what its metric has reached, if it has one. Else, once it is done, it is 1. Else it is the
    mean of the scores of the goals right below it, weighed by their `weight` (1 if not set);
    cancelled goals, and those without a score, do not count. Else it is the progress of its work.
    Without any of these there is no score.
    """
    if own is not None:
        return own
    if done:
        return 1.0
    total = sum(weight for weight, _ in parts)
    if total:
        return sum(weight * found for weight, found in parts) / total
    return work


def health(reached: float | None, passed: float | None, overdue: bool, bands: Bands) -> str:
    """Whether a goal or a project will be there in time: on track, at risk or off track.

    Its score (of a project: its progress) is divided by the part of its time that has passed, from
    `start` (else `created`) to the end of `due`: where it gets to if it goes on like that. From
    0.7 it is on track, from 0.4 at risk, below that off track; the setting `goals` has these two
    numbers. Once `due` has passed an open one is at risk at best. In the first tenth of its time,
    without a due date and without a score nothing is said, nor of what is closed. A goal without a
    due date has the days of the goal above it.
    """
    if reached is None or passed is None or passed < EARLY:
        return ""
    end = min(reached / passed, 1.0)
    if end >= bands.on_track:
        return AT_RISK if overdue else ON_TRACK
    return AT_RISK if end >= bands.at_risk else OFF_TRACK


def passed(start: date | None, due: date | None, today: date) -> float | None:
    """How much of the time from the start of a day to the end of another has passed when today
    begins; None without both, or where the end lies before the start.
    """
    if start is None or due is None or due < start:
        return None
    whole = due.toordinal() - start.toordinal() + 1
    return min(max((today.toordinal() - start.toordinal()) / whole, 0.0), 1.0)


def goals(outline: Outline, yardstick: Yardstick) -> dict[str, Goal]:
    """Every goal by its folded id, each before those below it: the items, and the names that items
    have as a ``goal``.
    """
    tasks = _tasks(outline)
    above = _above(outline, tasks)
    work: dict[str, list[Piece]] = {key: [] for key in tasks}
    for number in outline.work:
        if outline.goals[number]:
            work[outline.goals[number]].append(outline.pieces[number])
    below: dict[str, list[str]] = {}
    for key, over in above.items():
        below.setdefault(over, []).append(key)
    order = _downward(below)
    days = _days(order, tasks, above, yardstick.zone)
    found: dict[str, Goal] = {}
    for key in reversed(order):
        parts = [found[each] for each in below.get(key, ())]
        found[key] = _measured(_plain(key, outline, tasks[key], above[key]), work[key], parts)
        found[key] = _judged(found[key], days[key], yardstick)
    return {key: found[key] for key in order}


def _plain(key: str, outline: Outline, task: Task | None, above: str) -> Goal:
    """A goal as its item says it."""
    return Goal(
        key=key,
        task=task,
        category=outline.pieces[outline.numbers[key]].category if task else "open",
        above=above,
        weight=weight(task) if task else None,
        metric=metric(task) if task else None,
    )


def _measured(goal: Goal, work: Sequence[Piece], below: Sequence[Goal]) -> Goal:
    """A goal with its efforts and its score, of the work that serves it and the goals below it."""
    direct = total(map(effort, work))
    whole = total([direct, *(each.effort for each in below)])
    parts = [
        (1.0 if each.weight is None else each.weight, each.score)
        for each in below
        if each.score is not None and each.category != "cancelled"
    ]
    own = reached(goal.metric) if goal.metric else None
    done = progress(whole)
    return goal._replace(
        direct=direct,
        effort=whole,
        open=sum(not piece.closed for piece in work) + sum(each.open for each in below),
        progress=done,
        score=score(own, parts, done, goal.category == "done"),
    )


def _judged(goal: Goal, days: tuple[date | None, date | None], yardstick: Yardstick) -> Goal:
    """A goal with its days and its health."""
    start, due = days
    found = goal._replace(start=start, due=due)
    if goal.closed:
        return found
    time = passed(start, due, yardstick.today)
    overdue = due is not None and due < yardstick.today
    return found._replace(passed=time, health=health(goal.score, time, overdue, yardstick.bands))


def _tasks(outline: Outline) -> dict[str, Task | None]:
    """The goals by folded id: the items, then the names that are none."""
    found: dict[str, Task | None] = {}
    for piece in outline.pieces:
        if piece.task.text("type") == GOAL and piece.task.id:
            found.setdefault(fold(piece.task.id), piece.task)
    names = {key for key in outline.goals if key and key not in found}
    return found | dict.fromkeys(sorted(names))


def _above(outline: Outline, tasks: Mapping[str, Task | None]) -> dict[str, str]:
    """The goal above each; of goals in a circle the first by id has none."""
    found = {
        key: "" if task is None else outline.goals[outline.numbers[key]]
        for key, task in tasks.items()
    }
    settled: set[str] = {""}
    for first in sorted(found):
        way: dict[str, None] = {}
        key = first
        while key not in settled and key not in way:
            way[key] = None
            key = found[key]
        if key not in settled:
            circle = list(way)
            found[min(circle[circle.index(key) :])] = ""
        settled.update(way)
    return found


def _downward(below: Mapping[str, Iterable[str]]) -> list[str]:
    """The goals, each before those below it."""
    found: list[str] = []
    waiting = list(below.get("", ()))[::-1]
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting += list(below.get(key, ()))[::-1]
    return found


def _days(
    order: Iterable[str],
    tasks: Mapping[str, Task | None],
    above: Mapping[str, str],
    zone: str,
) -> dict[str, tuple[date | None, date | None]]:
    """The start and the due date of each goal; without a due date those of the goal above it,
    without a start the day it was created.
    """
    found: dict[str, tuple[date | None, date | None]] = {}
    for key in order:
        task, over = tasks[key], found.get(above[key], (None, None))
        start, due, created = (
            day(task.text(name), zone) if task else None for name in ("start", "due", "created")
        )
        if due:
            found[key] = start or created, due
        else:
            found[key] = start or over[0] or created, over[1]
    return found


class Row(NamedTuple):
    """A goal in its place: how deep it lies, and whether it is the last one below its own."""

    goal: Goal
    level: int
    last: bool


class Standing(NamedTuple):
    """How things stand with the goals: those asked for, the open work that serves no goal (oldest
    first), and the open work of all kinds with that of operations.
    """

    rows: Sequence[Row]
    orphans: Sequence[Piece]
    orphaned: Effort
    idle: Sequence[Goal]
    """Open goals of the rows without open work below them."""
    whole: Effort
    operations: Effort


def standing(
    outline: Outline,
    found: Mapping[str, Goal],
    chosen: Sequence[str],
) -> Standing:
    """How the goals stand that are ``chosen``, in this order, with the done ones below them."""
    rows = list(_rows(found, chosen))
    orphans = [
        outline.pieces[at]
        for at in outline.work
        if not outline.goals[at] and not outline.pieces[at].closed
    ]
    orphans.sort(key=lambda piece: (piece.task.text("created"), piece.task.id))
    return Standing(
        rows,
        orphans,
        total(map(effort, orphans)),
        [row.goal for row in rows if not row.goal.closed and not row.goal.open],
        *operations(outline),
    )


def _rows(found: Mapping[str, Goal], chosen: Sequence[str]) -> Iterable[Row]:
    places = {key: at for at, key in enumerate(chosen)}
    below: dict[str, list[str]] = {}
    shown = set(places)
    for key, goal in found.items():  # each before those below it
        if goal.category == "done" and goal.above in shown:
            shown.add(key)
        if key in shown:
            below.setdefault(goal.above if goal.above in shown else "", []).append(key)
    for keys in below.values():
        keys.sort(key=lambda key: (places.get(key, len(places)), found[key].due or date.max, key))
    waiting = _branches(below.get("", ()), found, 0)
    while waiting:
        row = waiting.pop()
        yield row
        waiting += _branches(below.get(row.goal.key, ()), found, row.level + 1)


def _branches(keys: Sequence[str], found: Mapping[str, Goal], level: int) -> list[Row]:
    """The rows right below a goal, the first one last."""
    last = len(keys) - 1
    return [Row(found[key], level, at == last) for at, key in enumerate(keys)][::-1]
