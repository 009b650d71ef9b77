"""iCalendar (RFC 5545): to-dos and all-day events, by icalendar (the extra ``ical``)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from icalendar import Component

_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_ESCAPED = re.compile(r"[\\;,\n]")
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
        found.add("x-wr-calname", exact(_plain(name)))
    for entry in entries:
        found.add_component(_component(icalendar, entry))
    data: bytes = found.to_ical()
    return data


def _component(icalendar: Any, entry: Entry) -> "Component":
    part: Component = icalendar.Todo() if entry.todo else icalendar.Event()
    part.add("uid", entry.uid)
    part.add("summary", exact(_plain(entry.summary)))
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
        part.add("categories", categories(map(_plain, entry.categories)))
    if entry.url:
        part.add("url", entry.url)
    if entry.text:
        part.add("description", exact(_plain(entry.text)))
    return part


def _plain(text: str) -> str:
    """``text`` without what a calendar cannot hold."""
    return "".join(each if each.isprintable() else " " for each in text).strip()


@cache
def _exact() -> Any:
    """The type of texts. Those of icalendar end a line where a backslash stands before an N."""
    from icalendar import vText

    class Exact(vText):
        """A text that is read again as it is."""

        def to_ical(self) -> bytes:
            """The text with its escapes."""
            return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], self).encode()

    return Exact


def exact(text: str) -> Any:
    """A text as the value of a property."""
    return _exact()(text)


def categories(names: Iterable[str]) -> Any:
    """Names as the value of CATEGORIES."""
    from icalendar import vCategory

    found = vCategory([])
    found.cats = [exact(each) for each in names]
    return found
