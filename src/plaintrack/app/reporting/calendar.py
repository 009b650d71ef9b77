"""The dates of the work as a calendar: due dates, planned work, milestones, who is away."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from plaintrack.app.reporting.forge import source
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.exchange.ical import Entry, calendar
from plaintrack.model.task import Task, fold
from plaintrack.render.visible import masked
from plaintrack.store.pages import Pages
from plaintrack.when.moments import day

PARTS = ("due", "planned", "milestones", "leave")
"""What a calendar can hold."""
_BACK = timedelta(days=31)
"""How long ago leave may have ended that is still told."""
_MOST = 9  # the priorities of RFC 5545


class NoSuchDates(PlaintrackError):
    """A calendar holds no such dates."""

    slug = "no-such-dates"

    def __init__(self, part: str) -> None:
        super().__init__(
            f"a calendar has no {part!r}", suggestion(part, PARTS, f"write {', '.join(PARTS)}")
        )


def ical(snapshot: Snapshot, query: str, parts: Sequence[str] = PARTS, within: str = "") -> bytes:
    """The open items that answer a query, and who is away, as one calendar. Raises NoSuchDates,
    IcalMissing, BadQuery.
    """
    return calendar(entries(snapshot, query, parts, within), title(snapshot))


def vdir(
    snapshot: Snapshot, query: str, parts: Sequence[str], folder: str, within: str = ""
) -> Pages:
    """The same as a folder with a file for each entry, as calendar programs synchronise it; only
    what differs is written.
    """
    pages = Pages(folder)
    for entry in entries(snapshot, query, parts, within):
        name = quote(entry.uid, safe="@ .-_")
        pages.put(f"{name}.ics", calendar([entry], "").decode())
    pages.finish()
    return pages


def title(snapshot: Snapshot) -> str:
    """What the calendar is called."""
    found = str(snapshot.settings.site["title"])
    return found or snapshot.root.replace("\\", "/").rpartition("/")[2]


def entries(
    snapshot: Snapshot, query: str, parts: Sequence[str] = PARTS, within: str = ""
) -> list[Entry]:
    """The entries, by what they are and their day."""
    for part in parts:
        if part not in PARTS:
            raise NoSuchDates(part)
    snapshot.discreet = not snapshot.settings.site["private"]
    asked = answers.question(snapshot, query, within=within, state="open", shown="due,id")
    tasks = [task for task in answers.tasks(snapshot, asked) if task.id]
    links = source(snapshot)
    found: list[Entry] = []
    for task in tasks:
        found += _item(snapshot, task, parts, links)
    if "leave" in parts:
        found += _leave(snapshot)
    if snapshot.discreet:
        found = [each._replace(summary=masked(each.summary)) for each in found]
    return found


def _item(snapshot: Snapshot, task: Task, parts: Sequence[str], links: str) -> Iterator[Entry]:
    """What the calendar has of one item."""
    about = _about(snapshot, task, links)
    milestone = fold(task.text("type")) == "milestone"
    due = _due(snapshot, task)
    planned = _planned(snapshot, task) if "planned" in parts or milestone else None
    if milestone:
        when = day(task.text("due"), snapshot.schema.timezone) or (planned and planned[1])
        if "milestones" in parts and when:
            yield about._replace(uid=f"milestone-{about.uid}", first=when, last=when)
        return
    if "due" in parts and due is not None:
        yield about._replace(
            uid=f"due-{about.uid}",
            todo=True,
            due=due,
            active=snapshot.schema.category(task.text("status")) == "active",
        )
    if "planned" in parts and planned:
        who = task.text("assignee")
        summary = f"{about.summary} ({who})" if who else about.summary
        first, last = planned
        yield about._replace(uid=f"planned-{about.uid}", summary=summary, first=first, last=last)


def _about(snapshot: Snapshot, task: Task, links: str) -> Entry:
    schema = snapshot.schema
    names = list(schema.priorities)
    priority = task.text("priority")
    rank = names.index(priority) if priority in names else None
    created = _moment(task.text("created"))
    return Entry(
        uid=f"{task.id}@plaintrack",
        summary=f"{task.id} {task.text('title')}",
        stamp=created,
        priority=0 if rank is None else min(_MOST, 1 + rank * 8 // max(1, len(names) - 1)),
        categories=task.many("tags"),
        url=links + quote(task.path) if links else "",
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _due(snapshot: Snapshot, task: Task) -> date | datetime | None:
    """The day or moment on which an item is due, a moment in UTC."""
    text = task.text("due")
    found = _moment(text) if "T" in text else None
    return found.astimezone(UTC) if found else day(text, snapshot.schema.timezone)


def _planned(snapshot: Snapshot, task: Task) -> tuple[date, date] | None:
    """The first and the last day that the plan has for an item."""
    known = snapshot.expected.get(fold(task.id))
    if known is None or not known.planned_end:
        return None
    return date.fromisoformat(known.planned_start), date.fromisoformat(known.planned_end)


def _leave(snapshot: Snapshot) -> Iterator[Entry]:
    """Who is away, from a month ago on."""
    for person in sorted(snapshot.staff.people.values()):
        for leave in person.leave:
            if leave.last < snapshot.today - _BACK:
                continue
            half = f" ({leave.half})" if leave.half else ""
            yield Entry(
                uid=f"leave-{person.handle}-{leave.first}{leave.half}@plaintrack",
                summary=f"{person.handle}: {leave.kind}{half}",
                first=leave.first,
                last=leave.last,
                tentative=leave.asked,
            )
