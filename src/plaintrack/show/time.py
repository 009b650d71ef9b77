"""Time records as Documents: entries, reports, the weekly grid, timers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Alert, Heading
from plaintrack.timeclock.entry import Entry
from plaintrack.timeclock.hours import clock
from plaintrack.when.durations import show

if TYPE_CHECKING:
    from plaintrack.app.snapshot.hours import Answer, Chosen, Row, Span, Week
    from plaintrack.app.time.timer import Running
    from plaintrack.render.document import Part
    from plaintrack.show import outputs
    from plaintrack.timeclock.accuracy import Accuracy

NOTHING = {
    "item": "(no item)",
    "project": "(no project)",
    "goal": "(no goal)",
    "tag": "(no tag)",
    "person": "(no one)",
    "week": "",
}


def _moment(moment: int, offset: int) -> datetime:
    return datetime.fromtimestamp(moment, timezone(timedelta(seconds=offset)))


def entries(found: "Chosen") -> Document:
    """Entries as a table, each with what it is called."""
    rows = [_cells(each, found.ahead) for each in found.entries]
    columns = ("entry", "person", "day", "from", "to", "time", "item", "note", "tags")
    total = sum(each.seconds for each in found.entries)
    said = f"{clock(total)} in {plural(len(rows), 'entry', 'entries')}"
    return Document((Table(columns, rows, name="entries", flexible=7), Alert(said)))


def _cells(each: Entry, ahead: "Callable[[int], int]") -> tuple[str, ...]:
    """By the clock of the entry; where that is not the workspace's, with its offset."""
    start = _moment(each.start, each.offset)
    end = "" if each.end is None else _time(_moment(each.end, each.end_offset), start)
    elsewhere = each.offset != ahead(each.start)
    tags = ", ".join(each.tags)
    if each.counted:
        tags = f"{tags} (counted in {each.counted})".strip()
    length = "running" if each.end is None else clock(each.seconds)
    return (
        each.key[:6],
        each.person,
        start.date().isoformat(),
        _time(start, start) + (start.strftime("%z") if elsewhere else ""),
        end,
        length,
        each.item,
        each.note,
        tags,
    )


def _time(moment: datetime, beside: datetime) -> str:
    text = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    days = (moment.date() - beside.date()).days
    return f"{text} +{days}d" if days else text


_ENTRY = (
    "entry", "person", "start", "end", "seconds", "item", "note", "tags", "counted", "path", "line",
)  # fmt: skip


def entry_records(found: "Chosen") -> Document:
    """Entries for programs: moments with their offsets, seconds."""
    rows: list[outputs.TimeEntry] = [
        {
            "entry": each.key,
            "person": each.person,
            "start": _moment(each.start, each.offset).isoformat(),
            "end": None if each.end is None else _moment(each.end, each.end_offset).isoformat(),
            "seconds": None if each.end is None else each.seconds,
            "item": each.item,
            "note": each.note,
            "tags": list(each.tags),
            "counted": each.counted or None,
            "path": each.path,
            "line": each.line,
        }
        for each in found.entries
    ]
    total = sum(each.seconds for each in found.entries)
    return Document((Records(rows, "entries", _ENTRY),), {**_span(found.span), "seconds": total})


def _span(span: "Span") -> dict[str, Any]:
    return {
        "from": span.first.isoformat() if span.first else None,
        "until": span.last.isoformat() if span.last else None,
    }


def report(answer: "Answer", day: int, length: int) -> Document:
    """A report as a table, with its total; ``day`` and ``length`` are the working day and week in
    minutes.
    """
    titled = answer.by in ("item", "project", "goal")
    columns = [answer.by, *(["title"] if titled else []), "time"]
    if answer.planned:
        columns += ["estimate", "of it", "no estimate"]
    rows = []
    for row in answer.rows:
        cells = [row.name or NOTHING[answer.by], *([row.title] if titled else [])]
        rows.append((*cells, clock(row.seconds), *(_planned(answer, row, day, length))))
    return Document(tuple(_report(answer, columns, rows)))


def _planned(answer: "Answer", row: "Row", day: int, length: int) -> Sequence[str]:
    if not answer.planned:
        return ()
    unknown = str(row.unestimated) if row.unestimated else ""
    if not row.estimate:
        return "", "", unknown
    part = f"{round(row.seconds / 60 / row.estimate * 100)}%"
    return show(row.estimate, day, length), part, unknown


def _report(
    answer: "Answer", columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> "Iterator[Part]":
    yield Table(columns, rows, name="time")
    summed = sum(row.seconds for row in answer.rows)
    several = f"; the rows add up to {clock(summed)}, an entry counts for each {answer.by} it has"
    counted = plural(answer.entries, "entry", "entries")
    yield Alert(
        f"{clock(answer.total)} in {counted}{_during(answer.span)}"
        + (several if summed != answer.total else "")
    )


def _during(span: "Span") -> str:
    first, last = span.first, span.last
    since = f", from {first}" if first else ""
    return since + (f"{' ' if first else ', '}until {last}" if last else "")


def report_records(answer: "Answer") -> Document:
    """A report for programs: seconds, and minutes of estimates."""
    columns = [answer.by, *(["title"] if answer.by in ("item", "project", "goal") else [])]
    columns += ["seconds", *(["estimate_minutes", "unestimated"] if answer.planned else [])]
    rows = []
    for row in answer.rows:
        told = {
            answer.by: row.name or None,
            "title": row.title,
            "seconds": row.seconds,
            "estimate_minutes": row.estimate,
            "unestimated": row.unestimated,
        }
        rows.append({name: told[name] for name in columns})
    about = {"by": answer.by, **_span(answer.span), "seconds": answer.total}
    return Document((Records(rows, "time", columns),), {**about, "entries": answer.entries})


def sheet(found: "Week") -> Document:
    """A person's period as a grid of days."""
    return Document(tuple(_sheet(found)))


def _sheet(found: "Week") -> "Iterator[Part]":
    days = found.grid.days
    yield Heading(found.person, found.period.name)
    columns = ["item", "title", *(day.strftime("%a %d") for day in days), "total"]
    rows = [
        (
            name or NOTHING["item"],
            found.titles.get(name, ""),
            *(clock(each) if each else "" for each in seconds),
            clock(sum(seconds)),
        )
        for name, seconds in found.grid.rows
    ]
    totals = [clock(each) if each else "" for each in found.grid.totals]
    rows.append(("total", "", *totals, clock(found.grid.total)))
    yield Table(columns, rows, name="sheet")
    yield Alert(_state(found))


def _state(found: "Week") -> str:
    standing = found.standing
    if standing is None:
        return "not submitted"
    made = standing.sheet
    verdict = made.verdict()
    said = f"submitted {made.submitted[:16].replace('T', ' ')}"
    if standing.changed:
        days = ", ".join(map(str, standing.changed))
        return f"{said}; entries of {days} have changed since, so that no verdict holds"
    if verdict is None:
        return f"{said}, no verdict yet"
    note = f": {verdict.note}" if verdict.note else ""
    return f"{said}, {verdict.what} by {verdict.by}{note}"


def sheet_records(found: "Week") -> Document:
    """A person's period for programs: a record for each item and day with time on it."""
    rows: list[outputs.Cell] = [
        {
            "item": name or None,
            "title": found.titles.get(name, ""),
            "day": day.isoformat(),
            "seconds": each,
        }
        for name, seconds in found.grid.rows
        for day, each in zip(found.grid.days, seconds, strict=True)
        if each
    ]
    standing = found.standing
    verdict = standing.sheet.verdict() if standing else None
    about: outputs.Sheet = {
        "person": found.person,
        "period": found.period.name,
        "seconds": found.grid.total,
        "state": standing.state if standing else "open",
        "sha256": standing.sheet.sha256 if standing else None,
        "changed": [day.isoformat() for day in standing.changed] if standing else [],
        "by": verdict.by if verdict else None,
    }
    return Document((Records(rows, "sheet", ("item", "title", "day", "seconds")),), about)


def accuracy(rows: Sequence["Accuracy"], by: str) -> Document:
    """How estimates compare with logged time, as a table."""
    cells = [
        (
            each.name or f"(no {by})",
            str(each.items),
            f"{each.bias:.2f}",
            f"{each.low:.2f}",
            f"{each.middle:.2f}",
            f"{each.high:.2f}",
            f"{round(each.close * 100)}%",
        )
        for each in rows
    ]
    columns = (by, "items", "bias", "25%", "50%", "75%", "within a quarter")
    said = "logged time divided by the estimate, of items that are done"
    return Document((Table(columns, cells, name="accuracy", flexible=0), Alert(said)))


def accuracy_records(rows: Sequence["Accuracy"], by: str) -> Document:
    """The same for programs."""
    columns = (by, "items", "bias", "p25", "p50", "p75", "within_quarter")
    told = [
        {
            by: each.name or None,
            "items": each.items,
            "bias": round(each.bias, 4),
            "p25": round(each.low, 4),
            "p50": round(each.middle, 4),
            "p75": round(each.high, 4),
            "within_quarter": round(each.close, 4),
        }
        for each in rows
    ]
    return Document((Records(told, "accuracy", columns),), {"by": by})


def status(running: Sequence["Running"]) -> Document:
    """The running timers."""
    return Document(tuple(_running(running)))


def _running(running: Sequence["Running"]) -> "Iterator[Part]":
    rows = [
        (
            each.timer.person,
            each.timer.item,
            each.since,
            clock(each.seconds),
            clock(each.today),
            each.timer.note,
        )
        for each in running
    ]
    yield Table(("person", "item", "since", "time", "before it today", "note"), rows, name="timers")
    for each in running:
        if each.forgotten:
            yield Alert(
                f"has {each.timer.person} forgotten the timer on {each.timer.item}? it has run"
                f" since {each.since}"
            )


def status_records(running: Sequence["Running"]) -> Document:
    """The running timers for programs."""
    columns = ("person", "item", "start", "seconds", "today_seconds", "note", "tags", "forgotten")
    rows: list[outputs.Timer] = [
        {
            "person": each.timer.person,
            "item": each.timer.item,
            "start": _moment(each.timer.start, each.timer.offset).isoformat(),
            "seconds": each.seconds,
            "today_seconds": each.today,
            "note": each.timer.note,
            "tags": list(each.timer.tags),
            "forgotten": each.forgotten,
        }
        for each in running
    ]
    return Document((Records(rows, "timers", columns),))
