"""People's and equipment's files as text: read to values, with what is wrong and where."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from plaintrack.errors import NEARER, suggestion
from plaintrack.model import person as lines
from plaintrack.model.fields import Field, Schema
from plaintrack.model.problem import Problem
from plaintrack.model.staff import AWAY, Equipment, Person
from plaintrack.model.task import Task, nfc
from plaintrack.text.document import locate
from plaintrack.text.parse import parse

MOST_UNITS = 10_000

PERSON = (
    Field("name", doc="The person's name."),
    Field("email", many=True, doc="Addresses that commits are made under."),
    Field("team", many=True, format="lone", doc="Teams the person is in."),
    Field("since", "date", doc="The first day here."),
    Field("until", "date", doc="The last day here."),
    Field(
        "hours",
        many=True,
        format="apart",
        element="hours",
        doc="Working hours, each from a day on.",
    ),
    Field("calendar", doc="A calendar named under `calendars:`."),
    Field("timezone", doc="The IANA time zone."),
    Field("skills", many=True, format="apart", doc="What the person can do."),
    Field(
        "rate",
        many=True,
        format="apart",
        element="rate",
        doc="What the work costs, each from a day on.",
    ),
    Field(
        "allowance",
        many=True,
        format="apart",
        element="allowance",
        doc="Days of leave of a kind, by year.",
    ),
    Field("leave", many=True, format="apart", element="leave", doc="Days away."),
    Field("formerly", many=True, format="lone", doc="Names of this file before."),
)
EQUIPMENT = (
    Field("name", doc="What it is."),
    Field("units", "integer", doc="How many of them there are (1)."),
    Field("team", many=True, format="lone", doc="Teams it belongs to."),
    Field("since", "date", doc="The first day here."),
    Field("until", "date", doc="The last day here."),
    Field(
        "hours", many=True, format="apart", element="hours", doc="Hours in use, each from a day on."
    ),
    Field("calendar", doc="A calendar named under `calendars:`, or `always`."),
    Field(
        "maintenance", many=True, format="apart", element="maintenance", doc="Days out of order."
    ),
)
_LATER = {"calendars": "calendar", "skill": "skills", "teams": "team", "mail": "email"}
_T = TypeVar("_T")


def schema(fields: tuple[Field, ...]) -> Schema:
    """The schema by which such a file is read and edited: its id is the file's name."""
    known = {field.name: field for field in (*fields, Field("id"), Field("title"))}
    return Schema(known, {"": "open"}, (), (), named="", untitled=True)


_PERSON, _EQUIPMENT = schema(PERSON), schema(EQUIPMENT)


def schema_of(room: str) -> Schema:
    """The schema of the files of the room ``people`` or ``equipment``."""
    return _PERSON if room == "people" else _EQUIPMENT


def handle_of(path: str) -> str:
    """The handle that a file stands for: its name."""
    return nfc(path.rpartition("/")[2].removesuffix(".md"))


def task(path: str, data: bytes, room: str) -> Task:
    """A file's fields and problems, as those of an item whose id is the handle."""
    found = parse(path, data, schema_of(room))
    problems = [each for each in found.problems if each.code not in ("bad-id", "no-id")]
    if found.fields:
        known = [field.name for field in (PERSON if room == "people" else EQUIPMENT)]
        problems += _misspelt(found, known, data)
        fields = {name: each for name, each in found.fields.items() if name not in ("id", "title")}
        found = found._replace(fields={"id": handle_of(path), **fields})
    return found._replace(id=handle_of(path) if found.fields else "", problems=tuple(problems))


def _misspelt(found: Task, known: list[str], data: bytes) -> list[Problem]:
    """Keys that are not fields of such a file and look like one."""
    faults = []
    text = data.decode("utf-8-sig")
    for name in found.fields:
        if name in known or name in ("id", "title"):
            continue
        near = _LATER.get(name, "")
        hint = f"did you mean {near!r}?" if near in known else suggestion(name, known, alike=NEARER)
        if hint:
            message = f"{name} is not a field of this file"
            place = re.search(rf"(?m)^{re.escape(name)}\s*:", text)
            spot = locate(text, place.start() if place else 0)
            faults.append(Problem("field-type", found.path, message, hint, *spot))
    return faults


def person(path: str, data: bytes) -> tuple[Person | None, tuple[Problem, ...]]:
    """The Person in a file (None: it cannot be read), and what is wrong in it."""
    found = task(path, data, "people")
    if not found.fields:
        return None, found.problems
    made = Person(
        found.id,
        found.text("name"),
        found.many("email"),
        found.many("team"),
        _date(found, "since"),
        _date(found, "until"),
        tuple(_each(lines.hours, found.many("hours"))),
        found.text("calendar"),
        found.text("timezone"),
        found.many("skills"),
        tuple(_each(lines.rate, found.many("rate"))),
        tuple(_each(lines.allowance, found.many("allowance"))),
        tuple(_each(lines.leave, found.many("leave"))),
        path,
        tuple(text for text in found.many("leave") if _each(lines.leave, (text,))),
        found.many("formerly"),
    )
    return made, found.problems


def equipment(path: str, data: bytes) -> tuple[Equipment | None, tuple[Problem, ...]]:
    """The Equipment in a file (None: it cannot be read), and what is wrong in it."""
    found = task(path, data, "equipment")
    if not found.fields:
        return None, found.problems
    problems = list(found.problems)
    units = int(found.text("units") or 1)
    if not 1 <= units <= MOST_UNITS:
        text = data.decode("utf-8-sig")
        spot = locate(text, max(text.find("units"), 0))
        message = f"units is {units}"[:60]
        hint = f"write 1 to {MOST_UNITS:,}"
        problems.append(Problem("field-value", path, message, hint, *spot))
        units = 1
    made = Equipment(
        found.id,
        found.text("name"),
        units,
        found.many("team"),
        _date(found, "since"),
        _date(found, "until"),
        tuple(_each(lines.hours, found.many("hours"))),
        found.text("calendar"),
        tuple(_each(_maintenance, found.many("maintenance"))),
        path,
    )
    return made, tuple(problems)


PRIVATE = frozenset(("email", "rate", "allowance"))
"""What only the team may know of a person."""


def told(path: str, data: bytes, room: str, private: bool) -> str:
    """The file of a person or of equipment again, with no more than its fields; unless it is
    ``private`` without what only the team may know, and only that someone is away, not why.
    """
    from plaintrack.text.format import scalar

    lines = ["---"]
    found = task(path, data, room)
    for field in PERSON if room == "people" else EQUIPMENT:
        values = found.many(field.name)
        if not private and field.element in ("leave", "maintenance"):
            values = tuple(_untold(each, field.element) for each in values)
        if field.name in PRIVATE and not private:
            continue
        values = tuple(each for each in values if each)
        if field.many and values:
            lines += [f"{field.name}:", *(f"- {scalar(each)}" for each in values)]
        elif values:
            lines.append(f"{field.name}: {scalar(values[0])}")
    return "\n".join([*lines, "---", ""])


def _untold(text: str, element: str) -> str:
    """A line of leave without its type and note; empty if it cannot be read."""
    try:
        leave = _maintenance(text) if element == "maintenance" else lines.leave(text)
    except lines.BadLine:
        return ""
    words = [leave.first.isoformat()]
    if leave.last != leave.first:
        words = [f"{leave.first}..{leave.last}"]
    words += [leave.half] if leave.half else []
    words += [f"{leave.units} units"] if leave.units else []
    words += [AWAY] if element == "leave" else []
    return " ".join([*words, *(["asked"] if leave.asked else [])])


def _maintenance(text: str) -> lines.Leave:
    return lines.leave(text, "maintenance")


def _date(found: Task, name: str) -> date | None:
    text = found.text(name)
    return date.fromisoformat(text[:10]) if text else None


def _each(read: Callable[[str], _T], texts: tuple[str, ...]) -> list[_T]:
    made: list[_T] = []
    for text in texts:
        try:
            made.append(read(text))
        except lines.BadLine:
            continue  # noted by the parser, at its place
    return made
