"""One clock: the calendar day of a date or a moment, and the instant by which it is ordered.

A *date* (``2026-12-01``) is a calendar day of the workspace's time zone. A *moment*
(``2026-12-01T09:30:00+09:00``) is an instant, and its day is the day that the workspace's calendar
shows at that instant; one without an offset is the workspace's own time of day. Everything that
orders or compares either of them goes through ``day`` (for what is counted in days: overdue, age,
rules, checks, charts) or through ``key`` (for what is ordered: sorting and ranges).
"""

import re
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from plaintrack.errors import PlaintrackError

LATE = ("due",)
"""Fields whose days are met until their end: there a date is ordered as the last moment of its day,
elsewhere as the first.
"""
_EPOCH = datetime(1970, 1, 1).toordinal()
_SPAN = 100_000.0
"""The room of a day among the keys, in seconds: more than any day has."""
_MIDNIGHT = r"24:00(?::00(?:\.0+)?)?(?![\d:.])"
_BEGIN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BadClock(PlaintrackError):
    """The time or the time zone cannot be used."""

    slug = "bad-clock"


class UnknownZone(BadClock):
    """No time zone has that name."""

    slug = "unknown-zone"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"unknown time zone {name!r}", "set `timezone:` to an IANA name such as Europe/Berlin"
        )


@lru_cache(16)
def zone(name: str) -> tzinfo | None:
    """The time zone of that IANA name; None for the machine's own (an empty name)."""
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UnknownZone(name) from error


def dated(text: str) -> bool:
    """Whether a text begins with a calendar day, as canonical dates and moments do."""
    return _BEGIN.match(text) is not None


def day(text: str, timezone: str) -> date | None:
    """The day of a date or moment in the workspace's time zone; None for other text."""
    if len(text) < 10:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text) if dated(text) else None
        found = _moment(text)
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return found and found.date()
    return _local(found, timezone).date()


def clock(text: str, timezone: str) -> str:
    """A canonical moment as the workspace's clock shows it, ``2026-12-01 09:30``; a date, or
    another text, as it is.
    """
    try:
        found = _moment(text) if len(text) > 10 else None
    except ValueError:
        found = None
    if found is None:
        return text
    shown = _local(found, timezone) if found.tzinfo else found
    return shown.isoformat(" ", "minutes")[:16]


def key(text: str, timezone: str, late: bool = False) -> float | None:
    """What orders a canonical date or moment: the number of its day, and the seconds since that day
    began; None if it is neither.

    Moments are ordered by their instants, in a day of 23 or 25 hours too, and all of a day lie
    within ``bounds``. For dates no time zone is needed. ``late``: a date counts as the end of its
    day, as in LATE; else as the start.
    """
    return placed(text, timezone, late)[1]


def placed(text: str, timezone: str, late: bool = False) -> tuple[int | None, float | None]:
    """The number of the day of a date or moment, and its ``key``; (None, None) for other text."""
    if len(text) == 10:
        of = day(text, timezone)
        return (None, None) if of is None else (of.toordinal(), bounds(of)[late])
    try:
        moment = _moment(text) if len(text) > 10 else None
    except ValueError:
        moment = None
    if moment is None:
        return None, None
    if moment.tzinfo is None:
        of = moment.date()
        moment = _placed(moment, timezone)
    else:
        of = _local(moment, timezone).date()
    number = of.toordinal()
    return number, number * _SPAN + _seconds(moment) - _start(of, timezone)


def bounds(of: date) -> tuple[float, float]:
    """Between which keys all moments of a day lie."""
    first = of.toordinal() * _SPAN
    return first, first + _SPAN - 1


@lru_cache(4096)
def _start(of: date, timezone: str) -> float:
    return _seconds(_placed(datetime(of.year, of.month, of.day), timezone))


def _placed(moment: datetime, timezone: str) -> datetime:
    """A time of day as a moment of the workspace."""
    place = zone(timezone)
    return moment.replace(tzinfo=place) if place else moment


def _moment(text: str) -> datetime | None:
    """The datetime in a text; ``24:00`` is the start of the next day. Raises ValueError."""
    if not dated(text):
        return None
    if text.startswith("24:00", 11) and re.match(_MIDNIGHT, text[11:]):
        return datetime.fromisoformat(f"{text[:11]}00{text[13:]}") + timedelta(days=1)
    return datetime.fromisoformat(text)


def _seconds(moment: datetime) -> float:
    """Seconds since 1970; at the ends of the calendar, where no time zone is known, as if it were
    UTC.
    """
    try:
        return moment.timestamp()
    except (ValueError, OverflowError, OSError):
        return (
            (moment.toordinal() - _EPOCH) * 86_400.0
            + moment.hour * 3600.0
            + moment.minute * 60.0
            + moment.second
        )


def _local(moment: datetime, timezone: str) -> datetime:
    try:
        return moment.astimezone(zone(timezone))
    except (ValueError, OverflowError, OSError):
        return moment


def iso(text: str) -> str | None:
    """The canonical spelling of a moment, ``24:00`` as the next day's start; None if the text is no
    moment.
    """
    try:
        found = _moment(text)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if found else None
