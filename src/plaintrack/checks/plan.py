"""Checks of the plan; they run where the settings have `plan:`, and not for what is staged, since
a hook is to be quick.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import Found, Options, Row, Work, at
from plaintrack.errors import command

CODES = ("PT621", "PT622", "PT623", "PT624")
if TYPE_CHECKING:
    from plaintrack.plan.answer import Line


def _planned(work: Work) -> Iterator[tuple[Row, "Line"]]:
    """The open items with their lines of the plan."""
    for line in work.plan:
        row = work.by_id.get(line.id.lower())
        if row is not None:
            yield row, line


@check("PT621", "planned-late", "warning", days=Option("number", 0, "days of grace"))
def planned_late(work: Work, options: Options) -> Iterator[Found]:
    """The plan ends an item after its due date.

    Why: the date will not be met unless something changes, and now there is still time to.

    Fix: `plaintrack plan --why ID` says what keeps the item; move what is in the way, give it to
    someone else, or agree on another date. Runs where the settings have `plan:`.

    Bad:
        due: 2026-12-01, and the plan ends it on 2026-12-09

    Good:
        due: 2026-12-09
    """
    for row, line in _planned(work):
        if line.late > options["days"]:
            why = f": {line.why}" if line.why else ""
            message = f"the plan ends it on {line.end}, {line.late} days after it is due{why}"
            hint = f"see {command('plan', '--why', line.id)}"
            yield at(row, "due", message, hint)._replace(weight=line.late)


@check("PT622", "unplannable", "note")
def unplannable(work: Work, _options: Options) -> Iterator[Found]:
    """An open item cannot be planned.

    Why: neither it nor what waits for it has dates, and the end of the whole is not known.

    Fix: say how long it takes and who does it. What only waits for such an item is not reported.
    Runs where the settings have `plan:`.

    Bad:
        assignee: ana (and no estimate)

    Good:
        assignee: ana
        estimate: 2d
    """
    for row, line in _planned(work):
        if line.reason and not line.summary and not line.reason.startswith("waits for "):
            field = "estimate" if "estimate" in line.reason else "assignee"
            message = f"it has no dates in the plan: {line.reason}"
            yield at(row, field, message, "add what is missing")


@check("PT623", "off-target", "note", days=Option("number", 0, "days of grace"))
def off_target(work: Work, options: Options) -> Iterator[Found]:
    """The plan ends an item later than was agreed on.

    Why: who counts on the agreed date should hear of it.

    Fix: bring the plan back, or agree anew: `plaintrack plan --apply ID`. Runs where the settings
    have `plan:`.

    Bad:
        target_end: 2026-12-01, and the plan ends it on 2026-12-04

    Good:
        target_end: 2026-12-04
    """
    for row, line in _planned(work):
        if line.slip > options["days"]:
            message = f"the plan ends it on {line.end}, {line.slip} days after the day agreed on"
            hint = f"see {command('plan', '--why', line.id)}"
            yield at(row, "target_end", message, hint)._replace(weight=line.slip)


@check("PT624", "pin-clash", "error")
def pin_clash(work: Work, _options: Options) -> Iterator[Found]:
    """A pinned item cannot begin on its day.

    Why: what it waits for has not ended then, or another pinned item has the same person or
    equipment.

    Fix: move one of the two. Runs where the settings have `plan:`.

    Bad:
        start: 2026-12-01
        pinned: true
        depends_on: PT-9x2mfa (planned to end on 2026-12-04)

    Good:
        start: 2026-12-05
        pinned: true
    """
    for row, line in _planned(work):
        if line.clash:
            message = f"it is pinned to a time that {line.clash} does not leave free"
            yield at(row, "pinned", message, f"move it, or {line.clash}")
