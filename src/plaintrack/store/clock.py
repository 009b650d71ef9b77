"""The clock: the only place that asks what time it is."""

import os
import time
from datetime import date, datetime, tzinfo

from plaintrack.errors import PlaintrackError


class BadClock(PlaintrackError):
    """The time or the time zone cannot be used."""

    slug = "bad-clock"


def zone(name: str) -> tzinfo | None:
    """The time zone of that IANA name; None for the machine's own (an empty name)."""
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise BadClock(f"there is no time zone {name!r}", "set `timezone:` to an IANA name such as Europe/Berlin") from error


def now(timezone: str) -> datetime:
    """This moment in the workspace's time zone, whole seconds, with its offset; ``PLAINTRACK_NOW`` stops the clock."""
    fixed = os.environ.get("PLAINTRACK_NOW")
    if fixed:
        try:
            moment = datetime.fromisoformat(fixed)
        except ValueError as error:
            raise BadClock(
                f"PLAINTRACK_NOW={fixed!r} is no ISO date and time", "for example 2026-11-23T09:00:00+01:00"
            ) from error
        return moment.astimezone(zone(timezone)) if moment.tzinfo or timezone else moment.astimezone()
    return datetime.fromtimestamp(int(time.time()), zone(timezone)).astimezone(zone(timezone))


def today(timezone: str) -> date:
    """The calendar day in the workspace's time zone."""
    return now(timezone).date()
