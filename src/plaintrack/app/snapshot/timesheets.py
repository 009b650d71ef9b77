"""Timesheets of a snapshot: what was submitted, and whether it still holds."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import NamedTuple

from plaintrack.app.snapshot import timelog
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.text.sheet import sheet
from plaintrack.timeclock.entry import Entry
from plaintrack.timeclock.hours import Days, week
from plaintrack.timeclock.sheet import Day, Period, Sheet, Standing, belonging, differing, frozen
from plaintrack.when import dates
from plaintrack.when.moments import zone

_NAME = re.compile(r"\d{4}-(?:W\d\d|\d\d)", re.ASCII)


class NotAPeriod(PlaintrackError):
    """Neither a week nor a month."""

    slug = "not-a-period"

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is neither a week nor a month", "write 2026-W48 or 2026-11")


def period(text: str, today: date) -> Period:
    """The week or month that is meant; a day means its week, nothing this week. Raises NotAPeriod,
    BadDate.
    """
    if not text.strip():
        text = week(today)
    first, last = (date.fromisoformat(each[:10]) for each in dates.past(text, today))
    if first == last:
        first, last = (date.fromisoformat(each[:10]) for each in dates.span(week(first), today))
    length = (last - first).days
    if length == 6 and first.weekday() == 0:
        return Period(week(first), first, last)
    if first.day == 1 and 27 <= length <= 30 and first.month == last.month:
        return Period(first.isoformat()[:7], first, last)
    raise NotAPeriod(text)


def named(name: str) -> Period | None:
    """The period that a file is named after; None if it is none."""
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return period(name, date(2000, 1, 1))
    except PlaintrackError:
        return None


class Sheets(NamedTuple):
    """The sheets there are, and the files that cannot be read, with why."""

    sheets: tuple[Sheet, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def sheets(snapshot: Snapshot, person: str = "") -> Sheets:
    """All timesheets, or those of one person."""
    room = snapshot.settings.rooms.get("timesheets")
    if not room:
        return Sheets()
    found, faults = [], []
    for path, data in snapshot.contents(room, lambda path: path.endswith((".md", "/"))):
        parts = path[len(room) + 1 :].split("/")
        who = timelog.handle(snapshot, parts[0])
        if len(parts) != 2 or (person and fold(who) != fold(person)):
            continue
        made = sheet(path, data, who)
        if isinstance(made, str):
            faults.append((path, made))
        elif named(made.period) is None or parts[1] != f"{made.period}.md":
            faults.append((path, f"it is about {made.period}, and its name says something else"))
        else:
            found.append(made)
    return Sheets(tuple(found), tuple(faults))


def covering(
    snapshot: Snapshot, person: str, days: Iterable[date], periods: Container[str] = ()
) -> list[Sheet]:
    """The sheets of a person whose periods hold one of these days, or are called so."""
    if not snapshot.settings.rooms.get("timesheets"):
        return []
    wanted = list(days)
    found = []
    for each in sheets(snapshot, person).sheets:
        span = named(each.period)
        if span and (
            each.period in periods or any(span.first <= day <= span.last for day in wanted)
        ):
            found.append(each)
    return found


def frozen_now(
    snapshot: Snapshot, person: str, span: Period, timezone: str, entries: Iterable[Entry]
) -> tuple[str, tuple[Day, ...]]:
    """The hash and the days of a period, as these entries have it."""
    days = Days(zone(timezone or snapshot.schema.timezone))
    mine = [each for each in entries if fold(each.person) == fold(person)]
    return frozen(list(belonging(mine, span, days)))


def standing(snapshot: Snapshot, made: Sheet, entries: Iterable[Entry]) -> Standing:
    """Whether a sheet still holds, among all entries of its person."""
    span = named(made.period)
    assert span is not None
    now, days = frozen_now(snapshot, made.person, span, made.timezone, entries)
    return Standing(made, now, days, tuple(differing(made, days)))
