"""iCalendar (RFC 5545): to-dos and all-day events, by icalendar (the extra ``ical``)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from icalendar import Component

PRODUCT = "-//plaintrack//plaintrack//EN"


class IcalMissing(PlaintrackError):
    """What writes calendars is not installed."""

    slug = "ical-missing"

    def __init__(self) -> None:
        super().__init__("calendars need the extra `ical`", "run `pip install 'plaintrack[ical]'`")


class Entry(NamedTuple):
    """One to-do (``todo``) or event. ``first`` and ``last`` are days, both included; a to-do has
    ``due`` instead, a day or a moment. ``priority`` counts from 1 to 9, 0: none.
    """

    uid: str
    summary: str
    todo: bool = False
    first: date | None = None
    last: date | None = None
    due: date | datetime | None = None
    stamp: datetime | None = None
    active: bool = False
    tentative: bool = False
    priority: int = 0
    percent: int | None = None
    categories: Sequence[str] = ()
    url: str = ""
    text: str = ""


def calendar(entries: Iterable[Entry], name: str) -> bytes:
    """A calendar of entries, the same bytes for the same entries. Raises IcalMissing."""
    try:
        import icalendar
    except ImportError as error:
        raise IcalMissing from error
    found = icalendar.Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    if name:
        found.add("x-wr-calname", _plain(name))
    for entry in entries:
        found.add_component(_component(icalendar, entry))
    data: bytes = found.to_ical()
    return data


def _component(icalendar: Any, entry: Entry) -> "Component":
    part: Component = icalendar.Todo() if entry.todo else icalendar.Event()
    part.add("uid", entry.uid)
    part.add("summary", _plain(entry.summary))
    part.add("dtstamp", (entry.stamp or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC))
    if entry.todo:
        if entry.due is not None:
            part.add("due", entry.due)
        part.add("status", "IN-PROCESS" if entry.active else "NEEDS-ACTION")
        if entry.percent is not None:
            part.add("percent-complete", entry.percent)
    elif entry.first is not None:
        part.add("dtstart", entry.first)
        part.add("dtend", (entry.last or entry.first) + timedelta(days=1))
        part.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
        part.add("transp", "TRANSPARENT")
    if entry.priority:
        part.add("priority", entry.priority)
    if entry.categories:
        part.add("categories", [_plain(each) for each in entry.categories])
    if entry.url:
        part.add("url", entry.url)
    if entry.text:
        part.add("description", _plain(entry.text))
    return part


def _plain(text: str) -> str:
    """``text`` without what a calendar cannot hold."""
    return "".join(each if each.isprintable() else " " for each in text).strip()
