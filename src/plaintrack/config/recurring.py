"""The settings of recurring work: ``recur:`` and ``calendar:``, checked and read."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from plaintrack.config import fault
from plaintrack.config.values import Settings

RECUR: Mapping[str, Any] = Settings._field_defaults["recur"]
CALENDAR: Mapping[str, Any] = Settings._field_defaults["calendar"]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHOICES = {
    "catch_up": ("latest", "all", "skip"),
    "shift": ("none", "next", "previous"),
    "passing": ("true", "false"),
}


def _mapping(name: str, value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise fault.NotMapping(name, keys)
    for key in value:
        if key not in keys:
            raise fault.UnknownKey(f"{name}.{key}", keys)
    return value


def recur(name: str, value: Any) -> Mapping[str, Any]:
    """``catch_up``, ``shift`` and ``passing``."""
    found = dict(RECUR)
    for key, each in _mapping(name, value, tuple(_CHOICES)).items():
        if each not in _CHOICES[key]:
            raise fault.NotOneOf(f"{name}.{key}", each, _CHOICES[key])
        found[key] = each == "true" if key == "passing" else each
    return found


def calendar(name: str, value: Any, others: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """``working_days`` as ``mon`` …, ``holidays`` as texts, ``country``; ``others`` are further
    keys, which the caller has taken.
    """
    given = _mapping(name, value, (*CALENDAR, "hours", "days", *others))
    found = dict(CALENDAR)
    for key in ("hours", "days"):
        if given.get(key):
            found[key] = _lengths(f"{name}.{key}", given[key], key == "days")
    if "working_days" in given:
        found["working_days"] = _week(f"{name}.working_days", given["working_days"])
    if "holidays" in given:
        found["holidays"] = _holidays(f"{name}.holidays", given["holidays"])
    if given.get("country"):
        country = given["country"]
        if not isinstance(country, str) or not re.fullmatch(
            r"[A-Z]{2}(?:-[A-Z0-9]{1,5})?", country
        ):
            raise fault.BadCountry(f"{name}.country", country)
        found["country"] = country
    return found


def _texts(name: str, value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise fault.NotTexts(name, "see docs/recurring.md")
    return values


def _week(name: str, value: Any) -> tuple[str, ...]:
    days = [each.lower()[:3] for each in _texts(name, value)]
    if not days or not set(days) <= set(_DAYS):
        raise fault.BadWeek(name, _DAYS)
    return tuple(each for each in _DAYS if each in days)


def _lengths(name: str, value: Any, dated: bool) -> Mapping[str, int]:
    """Minutes by weekday (``mon`` …), or by day."""
    from plaintrack.when.durations import BadDuration, minutes

    found: dict[str, int] = {}
    for key, text in _mapping(name, value, tuple(value) if isinstance(value, dict) else ()).items():
        day = key if dated else key.lower()[:3]
        try:
            if dated:
                day = datetime.date.fromisoformat(key).isoformat()
            elif day not in _DAYS:
                raise ValueError(day)
        except ValueError as error:
            what = "a day such as 2026-12-24" if dated else f"one of {', '.join(_DAYS)}"
            raise fault.NotThatDay(f"{name}.{key}", key, what) from error
        try:
            length = minutes(text if isinstance(text, str) else "")
        except BadDuration as error:
            raise fault.NotADayLength(f"{name}.{key}", text) from error
        if length > 1440:
            raise fault.TooLong(f"{name}.{key}", text)
        found[day] = round(length)
    return found


def _holidays(name: str, value: Any) -> tuple[str, ...]:
    found = []
    for text in _texts(name, value):
        word = (
            text.split()[0] if text.split() else ""
        )  # the name of the holiday may stand behind the day
        try:
            datetime.date.fromisoformat(word if len(word) != 5 else f"2024-{word}")
            if not re.fullmatch(r"(?:\d{4}-)?\d\d-\d\d", word, re.ASCII):
                raise ValueError(word)
        except ValueError as error:
            raise fault.BadHoliday(name, text) from error
        found.append(word)
    return tuple(found)
