"""Checks of SLAs; they run where the settings have `sla:`, and not for a change: time alone brings
what they find.
"""

from collections.abc import Iterator

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import Found, Options, Row, Work, at
from plaintrack.errors import command
from plaintrack.model.sla import Clock
from plaintrack.when.durations import show


def _running(work: Work) -> Iterator[tuple[Row, str, Clock]]:
    """The items, with each SLA's cycle that goes on."""
    for item, clocks in sorted(work.source.clocks().items()):
        row = work.by_id.get(item)
        for name, clock in clocks.items():
            if row is not None and clock.open:
                yield row, name, clock


def _hint(name: str) -> str:
    return f"see {command('sla', f'sla.{name}.state:breached,running')}"


@check("PT421", "sla-breached", "warning")
def sla_breached(work: Work, _options: Options) -> Iterator[Found]:
    """More working time than the goal of an SLA is used, and the clock still runs.

    Why: someone was promised that it would not take so long, and waits.

    Fix: do what stops the clock; if it waits for others, let its status say so, so that the clock
    pauses. Runs where the settings have `sla:`.

    Bad:
        status: todo (for 6h; sla: response: goal: 4h)

    Good:
        status: in-progress
    """
    for row, name, clock in _running(work):
        if clock.state == "breached":
            goal = show(clock.goal, work.schema.day, work.schema.week)
            message = f"the goal of {goal} for {name} has passed"
            yield at(row, "status", message, _hint(name))._replace(about=name)


@check("PT422", "sla-near", "note", percent=Option("number", 80, "share of the goal that is used"))
def sla_near(work: Work, options: Options) -> Iterator[Found]:
    """Most of the goal of an SLA is used, and its clock runs.

    Why: there is still time to keep what was promised.

    Fix: take it on next. A rule with `on: {sla-in: {name: response, left: 1h}}` says so in time.
    Runs where the settings have `sla:`.

    Bad:
        status: todo (for 3h 30m; sla: response: goal: 4h)

    Good:
        status: in-progress
    """
    for row, name, clock in _running(work):
        if clock.state == "running" and (clock.share or 0) >= options["percent"]:
            goal = show(clock.goal, work.schema.day, work.schema.week)
            message = f"{options['percent']}% or more of the goal of {goal} for {name} is used"
            yield at(row, "status", message, _hint(name))._replace(about=name)
