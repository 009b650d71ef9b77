"""Values that are not the same on the other side: each is told, with a count and an example."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time
from typing import NamedTuple

from plaintrack.exchange.source import Source, iso, iso_day
from plaintrack.when import durations

CLOCK = "a day, without its time"
SECONDS = "whole minutes"
LAG = "without the lag"
AUTHORS = "without author"
MOMENTS = "without moment"
FOLDED = "one word for several"
LEFT_OUT = "left out"


class Change(NamedTuple):
    """One value of a field that was ``old`` on the one side and is ``new`` on the other; ``why`` is
    how, in words that many share.
    """

    field: str
    old: str
    new: str
    why: str


class Altered(NamedTuple):
    """What became of values of one field in one way: how many, and the first of them."""

    field: str
    why: str
    items: int
    old: str
    new: str


class Changes:
    """Counts what is told."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], Change] = {}

    def add(self, change: Change) -> None:
        """Count one."""
        kind = (change.field, change.why)
        self._counts[kind] += 1
        self._first.setdefault(kind, change)

    def altered(self) -> tuple[Altered, ...]:
        """What was counted, by field."""
        found = []
        for kind, count in sorted(self._counts.items()):
            first = self._first[kind]
            found.append(Altered(*kind, count, first.old, first.new))
        return tuple(found)


def day(source: Source, field: str, moment: datetime, told: list[Change]) -> str:
    """The day of a moment, in the workspace's zone."""
    local = source.local(moment)
    found = local.date().isoformat()
    if local.time() != time():
        told.append(Change(field, local.isoformat(), found, CLOCK))
    return found


def day_of(field: str, text: str, told: list[Change]) -> str:
    """The day that a text in ISO 8601 begins with; empty if it begins with none."""
    found = iso_day(text)
    moment = iso(text) if found else None
    if found and len(text.strip()) > len(found) and (moment is None or moment.time() != time()):
        told.append(Change(field, text.strip(), found, CLOCK))
    return found


def worked(field: str, minutes: float, told: list[Change]) -> str:
    """Minutes of work as a duration in hours and minutes, which mean the same however long a day of
    work is; empty for none.
    """
    whole = round(minutes)
    found = durations.show(whole, 10**9, 10**9) if whole else ""
    if whole != minutes:
        told.append(Change(field, f"{minutes * 60:g} seconds", found or "0m", SECONDS))
    return found


def folded(field: str, groups: Iterable[tuple[str, Counter[str]]]) -> list[Altered]:
    """What words of ``groups`` (ours, with how often each of theirs stands there) cannot be told
    apart any more, or are left out.
    """
    found = []
    for ours, theirs in groups:
        count = sum(theirs.values())
        if not ours:
            found.append(Altered(field, LEFT_OUT, count, ", ".join(sorted(theirs)), ""))
        elif len(theirs) > 1:
            found.append(Altered(field, FOLDED, count, ", ".join(sorted(theirs)), ours))
    return found
