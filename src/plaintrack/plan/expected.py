"""What a plan says of each open item, as derived fields: ``planned_end``, ``slack`` and others."""

from collections.abc import Iterable

from plaintrack.model.expected import Expected
from plaintrack.model.task import fold
from plaintrack.plan.answer import Line


def planned_start(line: Line) -> str:
    """The day on which the plan begins an item: the first on which someone works on it, or on
    which its `duration` or `elapsed` time begins; for what is in progress, today.

    A summary (a project, a goal, an item with something below it) begins with the first item below
    it. Closed items, and those that the plan gives no dates, have none; `plaintrack plan --why ID`
    says why.
    """
    return line.start


def planned_end(line: Line) -> str:
    """The day on which the plan ends an item: the last on which someone works on it.

    A summary ends with the last item below it that has dates; `plaintrack plan` says how many have
    none. A milestone lies on the day on which what it waits for ends. Lists mark with `~` an end
    that rests on an assumed estimate (`plan: {estimate: 1d}`). Closed items, and those that the
    plan gives no dates, have none: it is never guessed.
    """
    return line.end


def slack(line: Line) -> float | None:
    """How much later an item may start, in working time, while everything else stays where it is:
    without moving another item, or ending past its due date (without one: past the end of the
    plan). It is negative where the item ends past its due date anyway, by so much.

    What is in progress or pinned does not move, so that it has 0 at most. Summaries and items
    without dates have none.
    """
    if not line.end or line.summary or line.slack is None:
        return None
    return float(line.slack)


def critical(line: Line) -> bool | None:
    """Whether an item is on the chain that drives the end of the whole plan: the item that ends
    last, what keeps that from starting sooner (what it waits for, or what holds the person or
    equipment it needs), and so on back to today. A summary is critical if something below it is.

    It is not the critical path of the network alone, which knows no people. Items without dates
    are neither critical nor not.
    """
    return line.critical if line.end else None


def slipping(line: Line) -> bool | None:
    """Whether the plan ends an item after `target_end`, the day that was agreed on; of an item
    without one, after `due`.

    Items without dates are neither slipping nor not. `is:overdue` is another question: there the
    due date itself has passed.
    """
    if not line.end:
        return None
    return bool(line.slip) if line.target else bool(line.late)


def waits_for(line: Line) -> tuple[str, ...]:
    """The open items that an item directly waits for in the plan: those it depends on, also by
    what it is a part of, and for a milestone the items that belong to it.
    """
    return line.waits_for


def expected(lines: Iterable[Line]) -> dict[str, Expected]:
    """Folded id → what the plan says, of every open item."""
    return {
        fold(line.id): Expected(
            planned_start(line),
            planned_end(line),
            slack(line),
            critical(line),
            slipping(line),
            waits_for(line),
            line.assumed,
        )
        for line in lines
        if line.id and not line.occurrence
    }
