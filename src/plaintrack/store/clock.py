"""The clock: the only place that asks what time it is."""

import os
import time
from datetime import datetime, timedelta, timezone, tzinfo

from plaintrack.store.remember import recall, remember
from plaintrack.when.moments import BadClock, zone

__all__ = ["BadClock", "machine", "now", "zone"]

OFFSET = "offset.cache"
DAY = 86_400


class BadNow(BadClock):
    """The variable that fixes the clock holds no moment."""

    slug = "bad-now"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"PLAINTRACK_NOW={text!r} is not an ISO date and time",
            "for example 2026-11-23T09:00:00+01:00",
        )


def now(place: str, cache: str | None = None) -> datetime:
    """Now in the time zone ``place``, in whole seconds; ``PLAINTRACK_NOW`` stops the clock.

    The offset is remembered in the folder ``cache`` for as long as it is sure to hold.
    """
    fixed = os.environ.get("PLAINTRACK_NOW")
    if fixed:
        try:
            moment = datetime.fromisoformat(fixed)
        except ValueError as error:
            raise BadNow(fixed) from error
        return moment.astimezone(zone(place)) if moment.tzinfo or place else moment.astimezone()
    seconds = int(time.time())
    if not place:
        return datetime.fromtimestamp(seconds).astimezone()
    return datetime.fromtimestamp(seconds, _offset(place, seconds, cache))


def machine() -> tuple[object, ...]:
    """What tells this machine's time zone from others."""
    return (time.tzname, time.timezone)


def _offset(name: str, seconds: int, cache: str | None) -> tzinfo:
    """The offset of a zone at a time (s); remembered for a day without a change, since ``zoneinfo``
    costs 3 ms to load.
    """
    known = recall(cache, OFFSET, name.encode())
    if known and known[0] <= seconds < known[1]:
        return timezone(timedelta(seconds=known[2]), known[3])
    place = zone(name)
    times = [
        datetime.fromtimestamp(each, place) for each in range(seconds, seconds + DAY + 1, 3600)
    ]
    offset, short = times[0].utcoffset() or timedelta(), times[0].tzname() or name
    if len({each.utcoffset() for each in times}) == 1:
        remember(
            cache, OFFSET, name.encode(), (seconds, seconds + DAY, offset.total_seconds(), short)
        )
    return timezone(offset, short)
