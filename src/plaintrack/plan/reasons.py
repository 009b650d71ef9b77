"""Why an item is planned when it is, in words."""

from collections.abc import Sequence
from datetime import date

from plaintrack.plan.days import Days
from plaintrack.plan.explain import Cause
from plaintrack.plan.problem import Link
from plaintrack.plan.result import Placed
from plaintrack.when.durations import show

_ENDS = {
    "FS": "for {} to end",
    "SS": "for {} to start",
    "FF": "for {} to end, to end itself",
    "SF": "for {} to start, to end itself",
}


def sentence(
    causes: Sequence[Cause], placed: dict[str, Placed], days: Days, pinned: date | None = None
) -> str:
    """One sentence that names the causes; empty where there are none."""
    words = [phrase(cause, placed, days, pinned) for cause in causes]
    return "; and ".join(word for word in words if word)


def phrase(cause: Cause, placed: dict[str, Placed], days: Days, pinned: date | None) -> str:
    """One cause in words."""
    if cause.kind == "link":
        return _waits(cause, placed, days)
    if cause.kind == "holder":
        until = _until(cause.activity, placed, days)
        return f"{cause.resource} is taken by {_item(cause.activity)}{until}"
    if cause.kind == "off":
        if cause.off:
            return f"{cause.resource} is off: {cause.off.label}"
        return f"{cause.resource} is off"
    if cause.kind == "release":
        return "not before its start date"
    if cause.kind == "pinned":
        return f"pinned to {pinned.isoformat()}" if pinned else "pinned"
    if cause.kind == "calendar":
        return "there is no working time before"
    return "as soon as possible"


def _waits(cause: Cause, placed: dict[str, Placed], days: Days) -> str:
    link = cause.link
    kind = link.kind if link else "FS"
    lag = _lag(link, days) if link and link.lag else ""
    until = _until(cause.activity, placed, days) if kind in ("FS", "FF") else ""
    return f"waits {_ENDS[kind].format(_item(cause.activity))}{until}{lag}"


def _item(activity: str) -> str:
    """An activity as people name it: of a marker the item it marks."""
    return activity.removesuffix(" begins").removesuffix(" ends")


def _until(activity: str, placed: dict[str, Placed], days: Days) -> str:
    known = placed.get(activity)
    return f" (until {days.last(known.end).isoformat()})" if known else ""


def _lag(link: Link, days: Days) -> str:
    length = show(days.minutes(abs(link.lag)))
    clock = "elapsed" if link.calendar is None else "working time"
    return f", {length} {clock} {'earlier' if link.lag < 0 else 'later'}"
