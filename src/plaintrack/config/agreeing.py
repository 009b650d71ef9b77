"""The setting ``sla:``: how long work may take from a start to a stop, without its pauses."""

import re
from collections.abc import Mapping
from typing import Any

from plaintrack.config import fault
from plaintrack.when.durations import BadDuration, minutes

SLA: Mapping[str, Any] = {
    "query": "",
    "start": "",
    "pause": (),
    "stop": "",
    "goal": {},
    "calendar": "",
    "begins": "09:00",
}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TAKEN = ("before", "below", "after", "above", "by")
"""What means something else behind the dot of a field in a query."""


class BadSlaName(fault.BadSetting):
    """An SLA cannot be called so."""

    slug = "bad-sla-name"

    def __init__(self, name: str) -> None:
        super().__init__(
            name,
            "cannot be the name of an SLA",
            f"lower-case letters, digits, - and _; not {', '.join(_TAKEN)}",
        )


class StartIsStop(fault.BadSetting):
    """A clock would stop when it starts."""

    slug = "start-is-stop"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(
            name,
            f"start and stop are the same condition: {text}",
            "the clock would stop as it starts: let `stop` be what ends the wait",
        )


class BadGoal(fault.BadSetting):
    """How long it may take cannot be read."""

    slug = "bad-sla-goal"

    def __init__(self, name: str, text: object) -> None:
        super().__init__(
            name, f"{text!r} is not a length of working time", "write 4h, 2d or 1w, more than 0"
        )


class UnknownGoal(fault.BadSetting):
    """A goal is for a priority that there is not."""

    slug = "unknown-sla-priority"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, "is not a priority", f"one of {', '.join(known)}, default")


class BadBegin(fault.BadSetting):
    """The hour at which work begins cannot be read."""

    slug = "bad-sla-hour"

    def __init__(self, name: str, text: object) -> None:
        super().__init__(name, f"{text!r} is not a time of day", "write it as 09:00")


class UnknownSlaCalendar(fault.BadSetting):
    """There is no calendar of that name."""

    slug = "unknown-sla-calendar"

    def __init__(self, name: str, text: str, known: tuple[str, ...]) -> None:
        super().__init__(
            name, f"there is no calendar {text!r}", f"one of {', '.join(known)}; see `calendars:`"
        )


class NoWorkingDay(fault.BadSetting):
    """The calendar has no working day, so the clock would never run."""

    slug = "no-working-day"

    def __init__(self, name: str, calendar: str) -> None:
        super().__init__(
            name,
            f"the calendar {calendar} has no working day, so the clock would never run",
            "give one of its `working_days` hours",
        )


def sla(name: str, value: Any) -> Mapping[str, Mapping[str, Any]]:
    """Name of each SLA → ``query``, ``start``, ``pause``, ``stop``, ``goal`` (minutes are read
    later, with the working day), ``calendar`` and ``begins``.
    """
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise fault.NotMapping(name, example="sla: {response: {start: ..., stop: ..., goal: 4h}}")
    return {each: _one(f"{name}.{each}", each, about) for each, about in value.items()}


def _one(place: str, name: str, about: Any) -> Mapping[str, Any]:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise BadSlaName(place)
    if not isinstance(about, dict):
        raise fault.NotMapping(place, SLA)
    for key in about:
        if key not in SLA:
            raise fault.UnknownKey(f"{place}.{key}", SLA)
    for key in ("start", "stop", "goal"):
        if not about.get(key):
            raise fault.KeyMissing(place, key)
    found = {**SLA, "pause": _pauses(f"{place}.pause", about.get("pause") or [])}
    for key in ("query", "start", "stop", "calendar"):
        found[key] = _text(f"{place}.{key}", about.get(key) or "")
    if " ".join(found["start"].split()) == " ".join(found["stop"].split()):
        raise StartIsStop(f"{place}.stop", found["stop"])
    goal = about["goal"]
    found["goal"] = goal if isinstance(goal, dict) else {"default": goal}
    found["begins"] = _minute(f"{place}.begins", about.get("begins") or SLA["begins"])
    return found


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise fault.NotOneText(name)
    return value.strip()


def _pauses(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise fault.NotTexts(name)
    return tuple(each for each in values if each.strip())


def _minute(name: str, value: Any) -> int:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value if isinstance(value, str) else "")
    if not found:
        raise BadBegin(name, value)
    return int(found[1]) * 60 + int(found[2])


def settled(
    slas: Mapping[str, Mapping[str, Any]],
    priorities: tuple[str, ...],
    day: int,
    week: int,
    calendars: Mapping[str, Mapping[str, Any]],
) -> Mapping[str, Mapping[str, Any]]:
    """The SLAs with goals in minutes, once priorities, working day and calendars are known
    (``calendars`` has the workspace's under an empty name); raises BadSetting.
    """
    found = {}
    for name, about in slas.items():
        place = f"sla.{name}"
        goal = {
            each: _goal(f"{place}.goal", each, text, priorities, day, week)
            for each, text in about["goal"].items()
        }
        _check_calendar(f"{place}.calendar", about["calendar"], calendars)
        found[name] = {**about, "goal": goal}
    return found


def _goal(
    place: str, priority: str, text: Any, priorities: tuple[str, ...], day: int, week: int
) -> float:
    if priority not in (*priorities, "default"):
        raise UnknownGoal(f"{place}.{priority}", priorities)
    try:
        length = minutes(text if isinstance(text, str) else "", day, week)
    except BadDuration as error:
        raise BadGoal(f"{place}.{priority}", text) from error
    if not length:
        raise BadGoal(f"{place}.{priority}", text)
    return length


def _check_calendar(place: str, name: str, calendars: Mapping[str, Mapping[str, Any]]) -> None:
    if name == "always":
        return
    known = "" if name == "default" and name not in calendars else name
    if known not in calendars:
        raise UnknownSlaCalendar(place, name, (*filter(None, calendars), "always"))
    about = calendars[known]
    hours, days = about.get("hours") or {}, about.get("days") or {}
    if not any(hours.get(each, 1) for each in about["working_days"]) and not any(days.values()):
        raise NoWorkingDay(place, name or "of the workspace")
