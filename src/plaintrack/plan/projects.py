"""Projects: what they are for, what they deliver, how far they are, and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.model.task import Task
from plaintrack.plan.goals import Yardstick, health, passed
from plaintrack.plan.outline import Effort, Outline, Piece, effort, progress, total
from plaintrack.when.durations import BadDuration, minutes
from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.plan.answer import Line
    from plaintrack.plan.cost import Cost

PROJECT, DELIVERABLE, MILESTONE = "project", "deliverable", "milestone"


class Phase(NamedTuple):
    """The items below a project that name the same ``phase``."""

    name: str
    effort: Effort
    progress: float | None
    present: bool
    """Whether it is the phase that the project is in."""


class Step(NamedTuple):
    """A project, a deliverable or a milestone in the plan, and in the plan it is compared with;
    ``days`` are the working days by which its end moved. None where it is not planned.
    """

    piece: Piece
    line: "Line | None"
    before: "Line | None" = None
    days: int | None = None


class Outlook(NamedTuple):
    """What the plan says of a project, and the revision that it is compared with (empty: none);
    the first step is the project itself.
    """

    revision: str
    steps: Sequence[Step]


class Project(NamedTuple):
    """One project, and what is below it. Numbers that cannot be told are None."""

    piece: Piece
    kind: str
    effort: Effort
    progress: float | None
    passed: float | None
    health: str
    start: date | None
    due: date | None
    deliverables: Sequence[Piece] = ()
    phases: Sequence[Phase] = ()
    milestones: Sequence[Piece] = ()
    risks: Sequence[Piece] = ()
    decisions: Sequence[Piece] = ()
    late: Sequence[Piece] = ()
    """Open items below it whose due date has passed, the oldest first."""
    open: int = 0
    """Open items below it."""
    work: Sequence[Piece] = ()
    """The pieces of work below it."""
    cost: "Cost | None" = None
    """What they cost in the currency of its budget; None for a budget in effort, or none."""
    outlook: Outlook | None = None
    """What the plan says, if it was asked."""
    told: str = ""
    """Who said its health and when, if an update did; else a rule tells it."""

    @property
    def task(self) -> Task:
        """The project's own item."""
        return self.piece.task

    @property
    def overdue(self) -> bool:
        """Whether it is open, and its own due date has passed."""
        return any(each is self.piece for each in self.late)


class Portfolio(NamedTuple):
    """Projects, the titles of all items by folded id, and the open work of all kinds with that of
    operations.
    """

    projects: Sequence[Project]
    titles: Mapping[str, str]
    whole: Effort
    operations: Effort


class Budget(NamedTuple):
    """What a project may take: minutes, and which part of it is planned, and spent as far as that
    is known; None for what is not known.
    """

    minutes: float
    planned: float | None
    spent: float | None


def accepted(deliverable: Piece) -> bool:
    """Whether a deliverable is accepted: an item of type `deliverable` below a project, in a status
    of the category done.

    Its steps are what it is accepted by; they are shown beside it and decide nothing. A cancelled
    deliverable is not to be delivered any more.
    """
    return deliverable.category == "done"


def project(outline: Outline, at: int, yardstick: Yardstick) -> Project:
    """A project by its number in the outline."""
    piece = outline.pieces[at]
    numbers = outline.below(at)
    below = [outline.pieces[number] for number in numbers]
    work = sorted({*numbers} & {*outline.work})
    whole = total(map(outline.effort, work))
    zone, today = yardstick.zone, yardstick.today
    start = day(piece.task.text("start") or piece.task.text("created"), zone)
    due = day(piece.task.text("due"), zone)
    time = None if piece.closed else passed(start, due, today)
    done = progress(whole)
    overdue = due is not None and due < today
    return Project(
        piece=piece,
        kind=outline.kinds[at],
        effort=whole,
        progress=done,
        passed=time,
        health="" if piece.closed else health(done, time, overdue, yardstick.bands),
        start=start,
        due=due,
        deliverables=_of_type(below, DELIVERABLE),
        phases=_phases(outline, work, piece),
        milestones=_of_type(below, MILESTONE),
        risks=_of_type(below, "risk"),
        decisions=_of_type(below, "decision"),
        late=_late([piece, *below], today),
        open=sum(not each.closed for each in below),
        work=[outline.pieces[number] for number in work],
    )


def _of_type(pieces: Iterable[Piece], name: str) -> list[Piece]:
    found = [piece for piece in pieces if piece.task.text("type") == name]
    return sorted(found, key=_order)


def _order(piece: Piece) -> tuple[bool, int, str, str]:
    """By due date, those without one last."""
    return piece.due is None, piece.due or 0, piece.task.id, piece.task.path


def _late(pieces: Iterable[Piece], today: date) -> list[Piece]:
    now = today.toordinal()
    found = [each for each in pieces if not each.closed and each.due is not None and each.due < now]
    return sorted(found, key=_order)


def _phases(outline: Outline, work: Sequence[int], owner: Piece) -> list[Phase]:
    """The phases that work below a project names, in the order of their last due dates; that of the
    project itself is one even if nothing names it.
    """
    efforts: dict[str, list[Effort]] = {}
    ends: dict[str, int] = {}
    for number in work:
        piece = outline.pieces[number]
        name = outline.phases[number]
        if name:
            efforts.setdefault(name, []).append(effort(piece))
            ends[name] = max(ends.get(name, 0), piece.due or 0)
    present = owner.task.text("phase")
    if present:
        efforts.setdefault(present, [])
    names = sorted(efforts, key=lambda name: (not ends.get(name), ends.get(name, 0), name))
    return [_phase(name, total(efforts[name]), name == present) for name in names]


def _phase(name: str, found: Effort, present: bool) -> Phase:
    return Phase(name, found, progress(found), present)


def unaccepted(found: Project) -> list[Piece]:
    """The deliverables that have yet to be accepted."""
    return [
        piece
        for piece in found.deliverables
        if not accepted(piece) and piece.category != "cancelled"
    ]


def budget(found: Project, minutes: float) -> Budget:
    """How much of the effort that a project may take is planned and spent.

    `budget` is an effort, as `40d`. Planned is the sum of the estimates of all work below that is
    not cancelled, divided by it; spent likewise, see `explain spent`. Without an estimate there is
    no such number. With a budget in money, as `12000 EUR`, it is what the work costs, see `explain
    cost`.
    """
    effort = found.effort
    if not minutes or not effort.items or effort.items == effort.unestimated:
        return Budget(minutes, None, None)
    return Budget(minutes, effort.planned / minutes, effort.spent / minutes)


def allowance(text: str, day: int, week: int) -> float | None:
    """The minutes of a budget in effort; None for one in money, or none."""
    try:
        return minutes(text, day, week)
    except BadDuration:
        return None


def owners(task: Task) -> tuple[str, ...]:
    """Who answers for an item: its `owner`, else who it is assigned to."""
    return task.many("owner") or task.many("assignee")
