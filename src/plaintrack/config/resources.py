"""The settings of people, equipment and calendars: ``rooms:``, ``groups:`` and ``calendars:``."""

from collections.abc import Mapping
from typing import Any

from plaintrack.config import recurring
from plaintrack.config.fault import (
    BuiltInCalendar,
    CalendarTaken,
    FolderInUse,
    NotInside,
    NotListOf,
    NotMapping,
    OnlyCase,
    UnknownRoom,
)
from plaintrack.config.values import inside
from plaintrack.model.task import fold

ROOMS = (
    *("people", "equipment", "time", "timesheets", "updates", "approvals", "reports"),
    "imports",
)
"""What a folder of files other than items can hold."""
TAKEN = ("comments", "automations", "templates")


def rooms(name: str, value: Any) -> Mapping[str, str]:
    """Room → folder."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise NotMapping(name, example="rooms: {people: people}")
    found: dict[str, str] = {}
    for room, folder in value.items():
        if room not in ROOMS:
            raise UnknownRoom(f"{name}.{room}", room, ROOMS)
        if not isinstance(folder, str) or not inside(folder):
            raise NotInside(f"{name}.{room}", folder)
        clean = folder.strip("/")
        for other in (*found.values(), *TAKEN):
            if f"{clean}/".startswith(f"{other}/") or f"{other}/".startswith(f"{clean}/"):
                raise FolderInUse(f"{name}.{room}", folder, other)
        found[room] = clean
    return found


def groups(name: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    """Name → people."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise NotMapping(name, example="groups: {leads: [ana, bob]}")
    found = {}
    for group, people in value.items():
        listed = [people] if isinstance(people, str) else people
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise NotListOf(f"{name}.{group}", "people")
        found[group] = tuple(listed)
    spellings: dict[str, str] = {}
    for group in found:
        other = spellings.setdefault(fold(group), group)
        if other != group:
            raise OnlyCase(name, other, group)
    return found


def calendars(name: str, value: Any) -> Mapping[str, Mapping[str, Any]]:
    """Name → calendar; ``teams`` are the teams it is the calendar of."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise NotMapping(name, example="calendars: {pt: {country: PT}}")
    found: dict[str, Mapping[str, Any]] = {}
    teams: dict[str, str] = {}
    for each, about in value.items():
        if each == "always":
            raise BuiltInCalendar(f"{name}.{each}")
        given = dict(about) if isinstance(about, dict) else about
        listed = given.pop("teams", []) if isinstance(given, dict) else []
        listed = [listed] if isinstance(listed, str) else listed
        if not isinstance(listed, list) or not all(isinstance(team, str) for team in listed):
            raise NotListOf(f"{name}.{each}.teams", "teams")
        for team in listed:
            other = teams.setdefault(fold(team), each)
            if other != each:
                raise CalendarTaken(f"{name}.{each}.teams", team, other)
        calendar = recurring.calendar(f"{name}.{each}", given, ("teams",))
        found[each] = {**calendar, "teams": tuple(listed)}
    return found
