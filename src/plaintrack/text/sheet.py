"""A timesheet's file as text."""

import re
from datetime import date
from typing import Any

from plaintrack.text.document import Unreadable, read
from plaintrack.text.nodes import BadYaml, mapping
from plaintrack.timeclock.hours import clock
from plaintrack.timeclock.sheet import APPROVED, REJECTED, Day, Sheet, Verdict

_DAY = re.compile(r"(\d{4}-\d\d-\d\d) (\d+):(\d\d)(?::(\d\d))? ([0-9a-f]{12})", re.ASCII)
_VERDICT = re.compile(
    rf"({APPROVED}|{REJECTED}) (\S+) (\S+) ([0-9a-f]{{64}})(?: · (.*))?", re.ASCII
)


def sheet(path: str, data: bytes, person: str) -> Sheet | str:
    """The sheet in a file of a person, or why it cannot be read."""
    try:
        document = read(data, path)
        found = mapping(document.front, path)
    except (Unreadable, BadYaml) as error:
        return str(error)
    try:
        made = _sheet(path, found, person)
    except (KeyError, ValueError, TypeError, AttributeError):
        return "it does not say period, sha256 and days as `plaintrack time submit` writes them"
    lines = document.text.split("\n")
    places = [
        number
        for number, line in enumerate(lines, 1)
        if line.startswith("- ") and _VERDICT.fullmatch(line[2:].strip())
    ]
    return made._replace(lines=tuple(places))


def _sheet(path: str, found: Any, person: str) -> Sheet:
    days = []
    for text in found.get("days") or ():
        match = _DAY.fullmatch(text)
        if match is None:
            raise ValueError(text)
        seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
        days.append(Day(date.fromisoformat(match[1]), seconds, match[5]))
    verdicts = []
    for text in found.get("verdicts") or ():
        match = _VERDICT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        verdicts.append(Verdict(match[1], match[2], match[3], match[4], match[5] or ""))
    return Sheet(
        person,
        str(found["period"]),
        str(found.get("timezone") or ""),
        str(found["sha256"]),
        tuple(days),
        str(found.get("submitted") or ""),
        tuple(verdicts),
        path,
    )


def text(made: Sheet, body: str = "") -> str:
    """The text of a sheet's file."""
    lines = [
        "---",
        f"period: {made.period}",
        f"person: {made.person}",
        f"timezone: {made.timezone}",
        f"total: '{clock(made.total)}'",
        f"sha256: {made.sha256}",
        f"submitted: {made.submitted}",
        "",
        "days:",
        *(f"- {each.day} {clock(each.seconds)} {each.digest}" for each in made.days),
    ]
    if made.verdicts:
        lines += ["", "verdicts:", *(f"- {_verdict(each)}" for each in made.verdicts)]
    return "\n".join([*lines, "---", ""]) + body


def _verdict(each: Verdict) -> str:
    note = f" · {each.note}" if each.note else ""
    return f"{each.what} {each.by} {each.when} {each.sha256}{note}"


def body(path: str, data: bytes) -> str:
    """What stands below the front matter of a sheet."""
    document = read(data, path)
    return document.text[document.body :]
