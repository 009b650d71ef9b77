"""The settings of people, equipment and calendars: ``rooms:``, ``groups:`` and ``calendars:``."""

from collections.abc import Mapping
from typing import Any

from plaintrack.config import recurring
from plaintrack.config.fault import fail
from plaintrack.config.values import inside
from plaintrack.errors import suggestion
from plaintrack.model.task import fold

ROOMS = ("people", "equipment", "time", "timesheets", "updates", "approvals", "reports")
"""What a folder of files other than items can hold."""
TAKEN = ("comments", "automations", "templates")


def rooms(name: str, value: Any) -> Mapping[str, str]:
    """Room → folder."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise fail(name, "must be a mapping (key: value)", "such as `rooms: {people: people}`")
    found: dict[str, str] = {}
    for room, folder in value.items():
        if room not in ROOMS:
            hint = suggestion(room, ROOMS, f"one of {', '.join(ROOMS)}")
            raise fail(f"{name}.{room}", "is not a room", hint)
        if not isinstance(folder, str) or not inside(folder):
            raise fail(f"{name}.{room}", f"{folder!r} is not a folder inside the workspace")
        clean = folder.strip("/")
        for other in (*found.values(), *TAKEN):
            if f"{clean}/".startswith(f"{other}/") or f"{other}/".startswith(f"{clean}/"):
                raise fail(f"{name}.{room}", f"{folder!r} is in use by {other}/")
        found[room] = clean
    return found


def groups(name: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    """Name → people."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise fail(name, "must be a mapping (key: value)", "such as `groups: {leads: [ana, bob]}`")
    found = {}
    for group, people in value.items():
        listed = [people] if isinstance(people, str) else people
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise fail(f"{name}.{group}", "must be a list of people")
        found[group] = tuple(listed)
    if len({fold(each) for each in found}) < len(found):
        raise fail(name, "two groups differ only in case", "keep one of them")
    return found


def calendars(name: str, value: Any) -> Mapping[str, Mapping[str, Any]]:
    """Name → calendar; ``teams`` are the teams it is the calendar of."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise fail(
            name, "must be a mapping (key: value)", "such as `calendars: {pt: {country: PT}}`"
        )
    found: dict[str, Mapping[str, Any]] = {}
    teams: dict[str, str] = {}
    for each, about in value.items():
        if each == "always":
            raise fail(f"{name}.{each}", "is a calendar that is there: every day, around the clock")
        given = dict(about) if isinstance(about, dict) else about
        listed = given.pop("teams", []) if isinstance(given, dict) else []
        listed = [listed] if isinstance(listed, str) else listed
        if not isinstance(listed, list) or not all(isinstance(team, str) for team in listed):
            raise fail(f"{name}.{each}.teams", "must be a list of teams")
        for team in listed:
            if teams.setdefault(fold(team), each) != each:
                raise fail(
                    f"{name}.{each}.teams", f"{team!r} has the calendar {teams[fold(team)]} already"
                )
        found[each] = {**recurring.calendar(f"{name}.{each}", given), "teams": tuple(listed)}
    return found
