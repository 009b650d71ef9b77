"""Checks of dates: those that contradict each other, and those that have come."""

from collections.abc import Iterator
from datetime import timedelta

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import Found, Options, Row, Work, at
from plaintrack.model.count import plural
from plaintrack.when.moments import key as moment_key

GROUPS = ("project", "milestone", "parent")


@check("PT301", "due-before-start", "error")
def due_before_start(work: Work, _options: Options) -> Iterator[Found]:
    """An open item is due before its work is to start.

    Why: both dates cannot be kept; one was moved and the other forgotten.

    Fix: move `start` back or `due` forth.

    Bad:
        start: 2026-12-10
        due: 2026-12-01

    Good:
        start: 2026-11-25
        due: 2026-12-01
    """
    for row in work.open:
        due, start = work.date(row.due), work.date(row.start)
        if due and start and due < start:
            yield at(
                row,
                "due",
                f"it is due on {due}, before its start on {start}",
                "move start back or due forth",
            )


@check("PT302", "due-before-dependency", "error")
def due_before_dependency(work: Work, _options: Options) -> Iterator[Found]:
    """An open item is due before something open that it depends on.

    Why: it waits for work that is planned to be done later, so its own date cannot be kept.

    Fix: move one of the two dates, or remove the dependency.

    Bad:
        due: 2026-12-01, and it depends on an item that is due on 2026-12-15

    Good:
        due: 2026-12-20
    """
    for number, field, key in work.links:
        row = work.by_number.get(number) if field == "depends_on" else None
        other = work.by_id.get(key) if row and row.due else None
        due, later = (work.date(row.due), work.date(other.due)) if row and other else (None, None)
        if row and other and due and later and due < later:
            message = f"it is due on {due}, but depends on {other.id}, which is due on {later}"
            yield at(
                row,
                "due",
                message,
                "move one of the two dates, or remove the dependency",
                about=key,
            )


@check("PT303", "closed-before-created", "error")
def closed_before_created(work: Work, _options: Options) -> Iterator[Found]:
    """An item was closed before it was made.

    Why: one of the two times is wrong, and every figure made of them too.

    Fix: correct `created` or `closed`.

    Bad:
        created: 2026-11-22T10:00:00+01:00
        closed: 2026-11-20T10:00:00+01:00

    Good:
        created: 2026-11-20T10:00:00+01:00
        closed: 2026-11-22T10:00:00+01:00
    """
    for row in work.source.rows("early"):
        if _before(work, row.closed, row.created):
            yield at(
                row,
                "closed",
                f"it was closed at {row.closed}, before it was created at {row.created}",
                "correct one of the two",
            )


def _before(work: Work, one: str, two: str) -> bool:
    """Whether one moment is before another; where one is a whole day, whether their days are."""
    if len(one) > 10 and len(two) > 10:
        zone = work.schema.timezone
        first, second = moment_key(one, zone), moment_key(two, zone)
        return first is not None and second is not None and first < second
    early, late = work.date(one), work.date(two)
    return early is not None and late is not None and early < late


@check("PT304", "due-before-created", "note", on=False)
def due_before_created(work: Work, _options: Options) -> Iterator[Found]:
    """An open item was due before it was made.

    Why: it was late on the day it was written down; often the year is wrong.

    Fix: correct `due`.

    Bad:
        created: 2026-11-22T10:00:00+01:00
        due: 2025-12-01

    Good:
        created: 2026-11-22T10:00:00+01:00
        due: 2026-12-01
    """
    for row in work.open:
        due, made = work.date(row.due), work.date(row.created)
        if due and made and due < made:
            yield at(
                row, "due", f"it was due on {due}, before it was created on {made}", "correct due"
            )


@check("PT305", "overdue", "error", days=Option("number", 0, "days of grace"))
def overdue(work: Work, options: Options) -> Iterator[Found]:
    """An open item should have been done by now.

    Why: someone counts on a date that has passed, and no one has told them.

    Fix: finish it, or agree on a new date and set `due`.

    Bad:
        status: todo
        due: 2026-11-01

    Good:
        status: todo
        due: 2026-12-15
    """
    last = work.today - timedelta(days=min(options["days"], work.today.toordinal() - 1))
    for row in work.open:
        due = work.date(row.due)
        if due and due < last:
            yield at(
                row,
                "due",
                f"it was due on {due}, {plural(work.days(row.due), 'day')} ago",
                "finish it, or agree on a new date",
            )


@check(
    "PT306", "due-soon", "note", on=False, days=Option("number", 3, "how many days ahead to look")
)
def due_soon(work: Work, options: Options) -> Iterator[Found]:
    """An open item is due in the next days.

    Why: a reminder while there is time.

    Fix: finish it, or agree on a new date.

    Bad:
        due: 2026-11-25, and it is the 23rd

    Good:
        status: done
    """
    for row in work.open:
        due = work.date(row.due)
        if due and -options["days"] <= work.days(row.due) <= 0:
            left = -work.days(row.due)
            when = f"in {plural(left, 'day')}" if left else "today"
            yield at(
                row,
                "due",
                f"it is due {when} ({due})",
                "finish it, or agree on a new date",
            )


@check("PT307", "due-after-group", "note")
def due_after_group(work: Work, _options: Options) -> Iterator[Found]:
    """An open item is due after the project, milestone or parent that it belongs to.

    Why: the whole cannot be done before its part.

    Fix: move one of the two dates, or take the item out.

    Bad:
        due: 2026-12-15, and its milestone is due on 2026-12-01

    Good:
        due: 2026-11-28
    """
    for row in work.open:
        due = work.date(row.due)
        if due:
            for name, target in zip(GROUPS, (row.project, row.milestone, row.parent), strict=True):
                above = work.by_id.get(target.lower()) if target else None
                end = work.date(above.due) if above else None
                if above and end and end < due:
                    message = (
                        f"it is due on {due}, after its {name} {above.id}, which is due on {end}"
                    )
                    yield at(row, "due", message, "move one of the two dates", about=name)


@check("PT308", "past-project-end", "note")
def past_project_end(work: Work, _options: Options) -> Iterator[Found]:
    """A project or milestone is past its end, and work in it is still open.

    Why: the date has passed without anybody saying what becomes of the rest.

    Fix: close it and move the rest elsewhere, or give it a new date.

    Bad:
        type: milestone
        due: 2026-11-01, and 3 items in it are open

    Good:
        due: 2026-12-15
    """
    for row in work.open:
        due = work.date(row.due)
        if due and due < work.today and row.children > row.children_closed and _group(row):
            left = row.children - row.children_closed
            message = (
                f"its end was on {due}, and {left} of its {row.children} items"
                f" {'is' if left == 1 else 'are'} open"
            )
            yield at(
                row, "due", message, "close it and move the rest elsewhere, or give it a new date"
            )


def _group(row: Row) -> bool:
    return row.type in ("project", "milestone", "goal")
