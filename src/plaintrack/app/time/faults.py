"""What can be in the way of a time record, one class a failure."""

from collections.abc import Sequence

from plaintrack.errors import PlaintrackError, command
from plaintrack.timeclock.entry import Entry, stamp
from plaintrack.timeclock.hours import clock

_MOST = 4


def told(entry: Entry) -> str:
    """An entry in a message: ``2026-11-27 09:00 to 10:30 PT-7k3 (a1b2c3)``."""
    start = stamp(entry.start, entry.offset)
    end = "" if entry.end is None else stamp(entry.end, entry.end_offset)
    until = end[11:16] if end[:10] == start[:10] else end[:16]
    return f"{start[:16]} to {until} {entry.item} ({entry.key[:6]})"


class Overlapping(PlaintrackError):
    """The time is taken by other entries of the person."""

    slug = "overlapping-time"

    def __init__(self, others: Sequence[str], rest: str) -> None:
        more = f" and {len(others) - _MOST} more" if len(others) > _MOST else ""
        super().__init__(
            f"this overlaps with {', '.join(others[:_MOST])}{more}",
            f"--adjust logs what is free: {rest}" if rest else "nothing of it is free",
        )


class LongerThanADay(PlaintrackError):
    """Longer than a day."""

    slug = "entry-longer-than-a-day"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"{clock(seconds)} is longer than a day", "log each day, or correct the times"
        )


class InTheFuture(PlaintrackError):
    """The time has not come yet."""

    slug = "time-in-the-future"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is in the future", "log it when it is done")


class NoTime(PlaintrackError):
    """It ends before it begins, or at once."""

    slug = "no-time"

    def __init__(self, start: str, end: str) -> None:
        super().__init__(f"{start} to {end} has no length", "correct one of the two")


class BadMoment(PlaintrackError):
    """Not a moment."""

    slug = "bad-moment"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is not a time", "write 09:30, `yesterday 09:30`, -20m or 2026-11-27T09:30"
        )


class NoTimer(PlaintrackError):
    """No timer runs."""

    slug = "no-timer"
    exit_code = 1

    def __init__(self, person: str) -> None:
        super().__init__(
            f"no timer of {person} is running here", f"start one with {command('time', 'start')}"
        )


class Elsewhere(PlaintrackError):
    """The timer belongs to another workspace of the repository."""

    slug = "timer-elsewhere"

    def __init__(self, item: str, inside: str) -> None:
        where = inside.removeprefix("at-").replace("%2F", "/") or "the repository's top"
        super().__init__(
            f"the timer on {item} belongs to the workspace in {where}", "stop it there"
        )


class Forgotten(PlaintrackError):
    """A timer has run so long that it may have been forgotten."""

    slug = "forgotten-timer"

    def __init__(self, item: str, since: str, length: str) -> None:
        at = command("time", "stop", "--at", "17:30")
        super().__init__(
            f"the timer on {item} has run since {since}, {length}: when did you stop?",
            f"say so with {at}; --at now if you have just stopped",
        )


class NoPerson(PlaintrackError):
    """It is not known whose time it is."""

    slug = "no-person"

    def __init__(self) -> None:
        super().__init__(
            "git does not know who you are",
            "run `git config user.email YOU@EXAMPLE.ORG`, or --person",
        )


class UnknownEntry(PlaintrackError):
    """No entry, or more than one, is called so."""

    slug = "unknown-entry"
    exit_code = 1

    def __init__(self, key: str, found: Sequence[Entry]) -> None:
        if found:
            message = f"{key!r} may be {', '.join(told(each) for each in found[:_MOST])}"
        else:
            message = f"there is no time entry {key!r}"
        super().__init__(message, f"{command('time', 'list')} shows them, the name first")


class NothingToContinue(PlaintrackError):
    """No entry can be about that."""

    slug = "nothing-to-continue"
    exit_code = 1

    def __init__(self, person: str) -> None:
        super().__init__(
            f"{person} has logged nothing yet", f"begin with {command('time', 'start')}"
        )
