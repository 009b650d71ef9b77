"""What happened since a day: done, added, slipped; and what is blocked and comes next."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.change import pairs
from plaintrack.model.count import plural
from plaintrack.model.fields import Schema
from plaintrack.model.task import Task, fold
from plaintrack.query.facts import overdue
from plaintrack.render.document import Table
from plaintrack.render.sections import Heading, Sentences
from plaintrack.show.items import Where
from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.render.document import Part

_NEXT = 10
"""Items of what comes next that are named."""


class Slipped(NamedTuple):
    """An item whose due date is later than it was, or has passed since."""

    task: Task
    before: str
    why: str


class Week(NamedTuple):
    """What happened between a day and today. ``known``: there is a commit from before that day;
    without one only the stamps of the items tell, and not what slipped.
    """

    done: Sequence[Task]
    added: Sequence[Task]
    cancelled: Sequence[Task]
    slipped: Sequence[Slipped]
    known: bool


def weekly(snapshot: Snapshot, first: date, where: Where) -> Iterator["Part"]:
    """The parts of the report; ``first`` is the first day that it is about."""
    week = happened(snapshot, first)
    blocked = answers.tasks(snapshot, answers.question(snapshot, "is:blocked sort:-urgency"))
    active = answers.tasks(snapshot, answers.question(snapshot, "is:active sort:due,-urgency"))
    ready = answers.tasks(
        snapshot, answers.question(snapshot, "is:ready -is:active sort:-urgency", limit=_NEXT)
    )
    yield Sentences(list(_sentences(week, len(blocked), len(active), first, snapshot.today)))
    yield from _listed("Done", week.done, ("assignee", "project"), where)
    yield from _listed("Added", week.added, ("type", "status", "assignee", "due"), where)
    if week.slipped:
        rows = [
            (each.task.id, each.task.text("title"), each.task.text("assignee"), each.why)
            for each in week.slipped
        ]
        links = [where(each.task.path) for each in week.slipped]
        yield Heading("Slipped", str(len(rows)))
        yield Table(("id", "title", "assignee", "why"), rows, "slipped", links=links)
    if blocked:
        closed = _open(snapshot)
        rows = [
            (
                task.id,
                task.text("title"),
                task.text("assignee"),
                ", ".join(each for each in task.many("depends_on") if fold(each) in closed),
            )
            for task in blocked
        ]
        yield Heading("Blocked", str(len(rows)))
        links = [where(task.path) for task in blocked]
        yield Table(("id", "title", "assignee", "waits for"), rows, "blocked", links=links)
    yield from _listed("In progress", active, ("status", "assignee", "due"), where)
    yield from _listed("Next", ready, ("priority", "assignee", "due"), where)


def _listed(
    title: str, tasks: Sequence[Task], fields: Sequence[str], where: Where
) -> Iterator["Part"]:
    if tasks:
        rows = [tuple(map(task.text, ("id", "title", *fields))) for task in tasks]
        yield Heading(title, str(len(tasks)))
        name = title.lower().replace(" ", "-")
        yield Table(
            ("id", "title", *fields), rows, name, links=[where(task.path) for task in tasks]
        )


def _sentences(week: Week, blocked: int, active: int, first: date, today: date) -> Iterator[str]:
    said = [f"{len(week.done)} done", f"{len(week.added)} added"]
    if week.cancelled:
        said.append(f"{len(week.cancelled)} cancelled")
    if week.known:
        said.append(f"{len(week.slipped)} slipped")
    yield f"From {first} to {today}: {', '.join(said)}."
    yield f"Now {plural(active, 'item')} in progress and {blocked} blocked."
    if not week.known:
        yield (
            f"No commit is older than {first}: what was done and added is told by `closed` and"
            " `created`, and what slipped is not known."
        )


def happened(snapshot: Snapshot, first: date) -> Week:
    """What happened from a day on: the snapshot beside the one at the end of the day before."""
    now = answers.all_tasks(snapshot)
    schema, today = snapshot.schema, snapshot.today
    eve = first - timedelta(days=1)
    then = snapshot.ended(eve)
    if then is None:
        return _stamped(now, schema, first, today)
    done, added, cancelled, slipped = [], [], [], list[Slipped]()
    for old, new in pairs(then, now):
        if new is None:
            continue
        before = schema.category(old.text("status")) if old else ""
        after = schema.category(new.text("status"))
        if after == "done" and before != "done":
            done.append(new)
        elif after == "cancelled" and before != "cancelled":
            cancelled.append(new)
        if old is None:
            added.append(new)
        elif why := _slipped(old, new, schema, eve, today):
            slipped.append(Slipped(new, old.text("due"), why))
    slipped.sort(key=lambda each: (each.task.text("due"), each.task.id))
    return Week(done, added, cancelled, slipped, True)


def _slipped(old: Task, new: Task, schema: Schema, then: date, today: date) -> str:
    """Why an open item slipped; empty if it did not."""
    category = schema.category(new.text("status"))
    if category in ("done", "cancelled"):
        return ""
    was, due = (day(task.text("due"), schema.timezone) for task in (old, new))
    if was is not None and due is not None and due > was:
        return f"due moved by {plural((due - was).days, 'day')}, from {was} to {due}"
    late = overdue(category, new.text("due"), schema, today)
    if due is not None and late and not overdue(category, old.text("due"), schema, then):
        return f"due {due}, {plural((today - due).days, 'day')} overdue"
    return ""


def _stamped(tasks: Sequence[Task], schema: Schema, first: date, today: date) -> Week:
    """The same by the items' own stamps."""

    def within(task: Task, field: str) -> bool:
        found = day(task.text(field), schema.timezone)
        return found is not None and first <= found <= today

    closed = [task for task in tasks if within(task, "closed")]
    return Week(
        [task for task in closed if schema.category(task.text("status")) == "done"],
        [task for task in tasks if within(task, "created")],
        [task for task in closed if schema.category(task.text("status")) == "cancelled"],
        (),
        False,
    )


def _open(snapshot: Snapshot) -> frozenset[str]:
    """The folded ids of open items."""
    rows = answers.rows_raw(snapshot, answers.question(snapshot, "is:open"))
    return frozenset(fold(item) for _, item, _ in rows)
