"""Plans as Documents: tables, charts, and what they say in sentences."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.plan.answer import Line, Planned
from plaintrack.plan.compare import Comparison, Moved
from plaintrack.plan.result import PLAINTRACK
from plaintrack.render.chart import Bar, Timeline
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Sentences
from plaintrack.when.durations import show as duration

if TYPE_CHECKING:
    from plaintrack.show import outputs

COLUMNS = ("id", "title", "who", "start", "end", "due", "late", "slack", "why")
GROUPS = ("person", "project", "none")
WEEKS = 12
"""The weeks that a chart shows by default."""


def table(planned: Planned, lines: Sequence[Line], day: int) -> Document:
    """Items with their dates and why; ``day`` are the minutes of a working day."""
    rows = [_row(line, day) for line in lines]
    late = frozenset(number for number, line in enumerate(lines) if line.late)
    return Document((Table(COLUMNS, rows, late=late), Sentences(sentences(planned))))


def plain_table(lines: Sequence[Line]) -> Document:
    """Items for CSV: the same columns, typed."""
    columns = (
        "id", "title", "type", "status", "project", "who", "start", "end", "due", "late",
        "slack_minutes", "critical", "waits_for", "why", "reason", "assumed", "occurrence",
        "summary",
    )  # fmt: skip
    rows = [tuple(_record(line)[name] for name in columns) for line in lines]
    return Document((Table(columns, rows),))


def records(planned: Planned, lines: Sequence[Line]) -> Document:
    """Items for programs, and what the plan says as a whole."""
    about = {
        "today": planned.today.isoformat(),
        "end": planned.end or None,
        "objective": planned.plan.objective,
        "solver": planned.plan.solver,
        "solver_version": planned.plan.version,
        "chain": list(planned.chain),
        "circle": list(planned.circle),
        "clashes": [clash._asdict() for clash in planned.clashes],
        "notes": sentences(planned),
    }
    return Document((Records([_record(line) for line in lines]),), about)


def _record(line: Line) -> dict[str, Any]:
    found = line._asdict()
    found["slack_minutes"] = found.pop("slack")
    for name in ("start", "end", "due", "project", "reason"):
        found[name] = found[name] or None
    return found


def _row(line: Line, day: int) -> tuple[str, ...]:
    mark = "~" if line.assumed else ""
    slack = "" if line.slack is None else duration(line.slack, day, day * 5)
    why = line.reason and f"no dates: {line.reason}"
    return (
        line.id,
        line.title,
        ", ".join(line.who),
        line.start,
        mark + line.end,
        line.due,
        f"{line.late}d" if line.late else "",
        slack if line.end and not line.summary else "",
        why or line.why,
    )


def gantt(planned: Planned, lines: Sequence[Line], by: str, weeks: int = WEEKS) -> Document:
    """A chart by person or project, with the most telling sentences below it."""
    end = max((date.fromisoformat(line.end) for line in lines if line.end), default=planned.today)
    last = max(planned.today + timedelta(days=6), end)
    last = min(last, planned.today + timedelta(days=7 * weeks - 1))
    shown = [line for line in lines if not line.start or date.fromisoformat(line.start) <= last]
    bars = [(name, _bars(some)) for name, some in _groups(shown, by)]
    hidden = sum(not line.occurrence for line in lines) - sum(not line.occurrence for line in shown)
    begin = "begins" if hidden == 1 else "begin"
    after = [f"{plural(hidden, 'item')} {begin} after {last}."] if hidden else []
    chart = Timeline(bars, planned.today, last, planned.today)
    return Document((chart, Sentences((*after, *sentences(planned)))))


def _groups(lines: Sequence[Line], by: str) -> list[tuple[str, list[Line]]]:
    """The lines by group; with summaries only where the grouping is not theirs."""
    keys: dict[str, Callable[[Line], tuple[str, ...]]] = {
        "person": lambda line: line.who or ("unassigned",),
        "project": lambda line: (line.project or "no project",),
        "none": lambda _line: ("",),
    }
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.summary and by == "person":
            continue
        if not line.end and by == "person":
            continue
        for name in keys[by](line):
            found.setdefault(name, []).append(line)
    return sorted(
        found.items(), key=lambda group: (group[0] in ("unassigned", "no project"), group[0])
    )


def _bars(lines: Sequence[Line]) -> list[Bar]:
    """A bar for each item; the occurrences of a series are on one line."""
    bars: dict[str, Bar] = {}
    for line in lines:
        item = line.id.partition("@")[0]
        known = bars.get(item)
        if known is None or not line.occurrence:
            bars[item] = _bar(line)._replace(id=item)
        elif line.start:
            span = (date.fromisoformat(line.start), date.fromisoformat(line.end))
            bars[item] = known._replace(again=(*known.again, span))
    return list(bars.values())


def _bar(line: Line) -> Bar:
    kind = "work"
    if line.milestone:
        kind = "milestone"
    elif line.summary:
        kind = "summary"
    elif line.critical:
        kind = "critical"
    elif line.occurrence:
        kind = "occurrence"
    mark = "~ " if line.assumed else ""
    return Bar(
        line.id,
        mark + line.title,
        _date(line.start),
        _date(line.end),
        _date(line.due),
        kind,
        line.late,
        line.reason,
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def sentences(planned: Planned) -> list[str]:
    """What a plan says, the most telling first, and what it assumed last."""
    found = []
    if planned.end:
        found.append(_end(planned))
    if planned.late:
        found.append(_late(planned.late))
    if planned.circle:
        found.append(f"{', '.join(planned.circle[:6])} wait for each other and have no dates.")
    for clash in planned.clashes[:3]:
        found.append(f"{clash.id} is pinned to a time that {clash.other} does not leave free.")
    found += _undated(planned)
    assumed = []
    if planned.unseen:
        what = "the folder of people's files is empty here, so hours and leave are unknown"
        assumed.append(f"{what} and everyone works the workspace's week")
    elif not planned.staffed:
        assumed.append("everyone works the workspace's week")
    if not planned.equipped:
        assumed.append("no equipment is scarce")
    guessed = sum(line.assumed for line in planned.lines if not line.summary)
    if guessed:
        assumed.append(f"{plural(guessed, 'item')} marked ~ take the assumed estimate")
    if assumed:
        found.append(f"Assumed: {'; '.join(assumed)}.")
    found += _made_by(planned)
    return found


def _made_by(planned: Planned) -> list[str]:
    """Who made a plan, if it is not plaintrack alone."""
    plan = planned.plan
    return [] if plan.solver == PLAINTRACK else [f"Planned by {plan.solver} {plan.version}."]


def _end(planned: Planned) -> str:
    text = f"All that has dates is done by {planned.end}"
    if not planned.chain:
        return f"{text}."
    driver = planned.chain[-1]
    line = next((line for line in planned.lines if line.id == driver), None)
    why = f": {line.why}" if line and line.why else ""
    return f"{text}; {driver} ends last{why}."


def _late(late: Sequence[Line]) -> str:
    worst = late[0]
    why = f" ({worst.why})" if worst.why else ""
    days = plural(worst.late, "day")
    if len(late) == 1:
        return f"{worst.id} will be {days} late{why}."
    return f"{plural(len(late), 'item')} will be late, most of all {worst.id} by {days}{why}."


_OTHER = "for other reasons"
_REASONS = {"no estimate": "without an estimate", "no one is assigned": "with no one assigned"}


def _undated(planned: Planned) -> list[str]:
    """How many items have no dates, by reason."""
    undated = [line for line in planned.undated if not line.summary and not line.occurrence]
    if not undated:
        return []
    reasons = Counter(_REASONS.get(line.reason, _OTHER) for line in undated)
    waiting = sum(line.reason.startswith("waits for ") for line in undated)
    reasons[_OTHER] -= waiting
    reasons["that wait for these"] = waiting
    counts = [f"{number} {reason}" for reason, number in reasons.items() if number > 0]
    have = "has" if len(undated) == 1 else "have"
    said = f"{plural(len(undated), 'item')} {have} no dates: {', '.join(counts)}"
    if reasons[_REASONS["no estimate"]]:
        said += "; `plaintrack plan --assume 1d` plans what has no estimate"
    return [f"{said}."]


# Comparisons

MOVES = ("id", "title", "how", "before", "after", "days", "why")


def comparison(compared: Comparison) -> Document:
    """What moves between two plans."""
    rows = [_moved(moved) for moved in compared.moved]
    late = frozenset(number for number, moved in enumerate(compared.moved) if moved.late)
    said = Sentences(told(compared))
    if not rows:
        return Document((said,))
    return Document((Table(MOVES, rows, "moved", late=late), said))


def comparison_records(compared: Comparison) -> Document:
    """The same for programs."""
    about = moved_records(compared)
    return Document((Records(about.pop("moved"), "moved"),), about)


def comparison_table(compared: Comparison) -> Document:
    """The same for CSV: a row an item, typed."""
    columns = (
        "id", "title", "how", "newly_late", "freed", "days", "start_before", "end_before",
        "late_before", "start_after", "end_after", "late_after", "why", "reason",
    )  # fmt: skip
    rows = [
        (
            moved.line.id, moved.line.title, moved.how, moved.late, moved.freed, moved.days,
            *_cells(moved.before), *_cells(moved.after),
            moved.after.why if moved.after else None,
            (moved.after.reason or None) if moved.after else None,
        )
        for moved in compared.moved
    ]  # fmt: skip
    return Document((Table(columns, rows, "moved"),))


def _cells(line: Line | None) -> tuple[str | int | None, ...]:
    """First day, last day and days late of a side."""
    return (line.start or None, line.end or None, line.late) if line else (None, None, None)


def moved_records(compared: Comparison) -> dict[str, Any]:
    """What moves, and what there is to say of the whole, as values of JSON."""
    rows: list[outputs.Moved] = [
        {
            "id": moved.line.id,
            "title": moved.line.title,
            "how": moved.how,
            "newly_late": moved.late,
            "freed": moved.freed,
            "days": moved.days,
            "before": _side(moved.before),
            "after": _side(moved.after),
            "why": moved.after.why if moved.after else None,
        }
        for moved in compared.moved
    ]
    before, after = compared.before, compared.after
    return {
        "from": compared.names[0],
        "to": compared.names[1],
        "end_before": before.end or None,
        "end_after": after.end or None,
        "days": compared.days,
        "solver": after.plan.solver,
        "solver_version": after.plan.version,
        "notes": told(compared),
        "moved": rows,
    }


def _side(line: Line | None) -> "outputs.Side | None":
    if line is None:
        return None
    return {"start": line.start or None, "end": line.end or None, "late": line.late}


def _moved(moved: Moved) -> tuple[str, ...]:
    how = moved.how
    if moved.late:
        how += ", newly late"
    if moved.freed:
        how += ", no longer late"
    return (
        moved.line.id,
        moved.line.title,
        how,
        _dates(moved.before),
        _dates(moved.after),
        f"{moved.days:+d}" if moved.days else "",
        (moved.after.why or moved.after.reason) if moved.after else "",
    )


def _dates(line: Line | None) -> str:
    if line is None:
        return ""
    return f"{line.start}..{line.end}" if line.end else "no dates"


def told(compared: Comparison) -> list[str]:
    """A comparison in sentences."""
    made_by = _made_by(compared.after)
    if not compared.moved:
        return ["Nothing moves.", *made_by]
    found = []
    before, after = compared.before.end, compared.after.end
    if compared.days:
        way = "later" if compared.days > 0 else "earlier"
        days = plural(abs(compared.days), "working day")
        found.append(f"All is done by {after} instead of {before}: {days} {way}.")
    late = [moved.line.id for moved in compared.moved if moved.late]
    freed = [moved.line.id for moved in compared.moved if moved.freed]
    if late:
        found.append(f"Newly late: {_some(late)}.")
    if freed:
        found.append(f"No longer late: {_some(freed)}.")
    milestones = [
        f"{moved.line.id} by {moved.days:+d}"
        for moved in compared.moved
        if moved.line.milestone and moved.days
    ]
    if milestones:
        found.append(f"Milestones move: {_some(milestones)} working days.")
    counted = Counter(moved.how for moved in compared.moved)
    ways = ("later", "earlier", "new", "gone", "dated", "undated")
    counts = [f"{counted[how]} {how}" for how in ways if how in counted]
    if counts:
        found.append(f"Moved: {', '.join(counts)}.")
    return [*found, *made_by]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more


def why(line: Line, day: int) -> list[str]:
    """Everything a plan knows of one item."""
    if line.reason:
        return [f"{line.id} has no dates: {line.reason}."]
    lines = [f"{line.id} {line.title}: {line.start} to {line.end}"]
    if line.who:
        lines.append(f"  by {', '.join(line.who)}")
    lines.append(f"  {line.why or ('in progress' if line.begun else 'nothing keeps it')}")
    if line.due:
        late = f", {plural(line.late, 'day')} late" if line.late else ""
        lines.append(f"  due {line.due}{late}")
    if line.slack is not None and not line.begun:
        lines.append(f"  slack {duration(line.slack, day, day * 5)}")
    if line.critical:
        lines.append("  it is on the chain that drives the end")
    return lines
