"""SLAs as Documents: what runs, what was met by week, and what one must know."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from plaintrack.errors import command
from plaintrack.model.count import plural
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Fields, Heading, Sentences
from plaintrack.when.durations import show
from plaintrack.when.moments import zone

if TYPE_CHECKING:
    from plaintrack.app.snapshot.sla import Line, Report, Told
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

MOST = 20
"""Cycles and weeks of a table for people; programs get all."""
DEFINITION = """The working time that an item has used of an SLA's goal, from start to stop, without
    its pauses.

    `sla:` in the settings names each SLA with conditions, which are queries asked of the item as it
    was then. A cycle begins in the first commit in which `start` holds and `stop` does not, and
    ends in the first in which `stop` holds. While one of the `pause` conditions holds, the clock
    does not run; several that overlap are one pause. A start after a stop is a new cycle. An item
    that is deleted, or does not answer `query` any more, has no running cycle.

    Moments are when a change reached the first-parent line of the branch (that of the setting
    metrics.branch, else the present one), so they are not finer than people commit; what is not
    committed counts as now. What comes to its stop without a start that was seen did both in one
    commit: it is a met cycle of 0. An item that is first seen stopped, and was closed on an earlier
    day, was imported, and is in no cycle.

    Time counts on the working days of `calendar`, from the hour `begins` on for as long as that
    calendar says, at the latest until midnight; the calendar `always` counts around the clock. The
    goal is that of the item's priority, else `default`; without one there is no cycle. A goal that
    changes, by the settings or the priority, counts for the running cycle from its start; a cycle
    that ended has the goal of the present settings for the priority that it had at its stop.

    `sla.NAME` is used time / goal in percent (none if the clock never left pause), `sla.NAME.left`
    the goal less used time (below 0 after it), and `sla.NAME.state` one of running, paused, met and
    breached; each of the item's latest cycle. More than the goal is breached, exactly the goal is
    met. `is:breached` finds items with a latest cycle that is breached, in any SLA."""


def clocks(told: "Told", day: int, week: int, timezone: str) -> Document:
    """SLAs for people, one below the other."""
    parts: list[Part] = []
    for each in told.reports:
        parts += _report(each, day, week, timezone)
    parts.append(Sentences([*told.notes, f"defined by {command('explain', 'sla', 'sla-met')}"]))
    return Document(parts)


def _report(report: "Report", day: int, week: int, timezone: str) -> "Iterator[Part]":
    goals = ", ".join(
        show(goal, day, week) if name == "default" else f"{name} {show(goal, day, week)}"
        for name, goal in report.about["goal"].items()
    )
    yield Heading(report.name, f"goal {goals}")
    ended = report.ended
    met = sum(each.clock.state == "met" for each in ended)
    facts = [("running", f"{len(report.running)}, of which {report.late} past the goal")]
    if ended:
        share = round(100 * met / len(ended))
        facts.append(("stopped", f"{len(ended)}, of which {met} met ({share}%)"))
    yield Fields(facts)
    if report.running:
        rows = [_running(each, day, week, timezone) for each in report.running[:MOST]]
        yield Table(("id", "title", "state", "used", "left", "until"), rows, flexible=1)
    if report.weeks:
        weeks = [
            (each.monday.isoformat(), str(each.stopped), str(each.met), str(each.breached),
             f"{each.share:.0f}%")
            for each in report.weeks[-MOST:]
        ]  # fmt: skip
        yield Table(("week", "stopped", "met", "breached", "share"), weeks, flexible=0)
    more = len(report.running) - MOST
    if more > 0:
        yield Sentences([f"{plural(more, 'more cycle')} running: --format csv"])


def _running(line: "Line", day: int, week: int, timezone: str) -> tuple[str, ...]:
    clock = line.clock
    used = "" if clock.used is None else show(clock.used, day, week)
    until = ""
    if clock.ends is not None:
        until = datetime.fromtimestamp(clock.ends, zone(timezone)).strftime("%Y-%m-%d %H:%M")
    return line.item, line.title, clock.state, used, show(clock.left, day, week), until


def records(told: "Told", form: str) -> Document:
    """SLAs for programs: every cycle; JSON also has the weeks and the notes."""
    if form != "json":
        lines = [line for each in told.reports for line in (*each.ended, *each.running)]
        return Document((Records([_record(line) for line in lines], columns=_CYCLE),))
    found = [
        {
            "sla": each.name,
            "goals": dict(each.about["goal"]),
            "running": [_record(line) for line in each.running],
            "stopped": [_record(line) for line in each.ended],
            "weeks": [{**week._asdict(), "monday": week.monday.isoformat()} for week in each.weeks],
        }
        for each in told.reports
    ]
    return Document((), {"slas": found, "notes": list(told.notes)})


_CYCLE = (
    "sla", "id", "title", "cycle", "state", "start", "stop", "used_minutes", "goal_minutes",
    "left_minutes", "share", "ends",
)  # fmt: skip


def _record(line: "Line") -> "outputs.Cycle":
    clock = line.clock
    return {
        "sla": line.sla,
        "id": line.item,
        "title": line.title,
        "cycle": line.number,
        "state": clock.state,
        "start": _moment(clock.start),
        "stop": _moment(clock.stop),
        "used_minutes": None if clock.used is None else round(clock.used, 2),
        "goal_minutes": clock.goal,
        "left_minutes": round(clock.left, 2),
        "share": None if clock.share is None else round(clock.share, 1),
        "ends": _moment(clock.ends),
    }


def _moment(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat()
