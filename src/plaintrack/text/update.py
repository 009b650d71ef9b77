"""The files of status updates: read to values, and written."""

from plaintrack.model.fields import Field, Schema
from plaintrack.model.problem import Problem
from plaintrack.model.update import HEALTHS, Update
from plaintrack.text.document import locate
from plaintrack.text.format import document
from plaintrack.text.parse import parse

FIELDS = (
    Field("health", doc="How it stands: on-track, at-risk or off-track."),
    Field("by", doc="Who says so."),
    Field("date", "datetime", doc="When."),
)
SCHEMA = Schema(
    {each.name: each for each in (*FIELDS, Field("id"), Field("title"))},
    {"": "open"},
    (),
    (),
    named="",
    untitled=True,
)


def update(path: str, data: bytes) -> Update:
    """The Update in a file's bytes."""
    found = parse(path, data, SCHEMA)
    errors = [
        each
        for each in found.problems
        if each.severity == "error" and each.code not in ("bad-id", "no-id", "missing")
    ]
    if errors:
        return Update(path, problem=errors[0])
    health = found.text("health").replace("-", " ")
    if health not in HEALTHS:
        text = data.decode("utf-8-sig", "replace")
        spot = locate(text, max(text.find("health:"), 0))
        hint = "write on-track, at-risk or off-track"
        return Update(path, problem=Problem("field-value", path, "health is none", hint, *spot))
    if not found.text("date"):
        hint = "write a line such as `date: 2026-11-28T10:00:00+01:00`"
        return Update(path, problem=Problem("missing", path, "it has no date", hint))
    return Update(path, health, found.text("by"), found.text("date"), found.body.strip("\r\n"))


def written(given: Update) -> str:
    """The text of an update's file."""
    fields = [("health", given.health.replace(" ", "-")), ("by", given.by), ("date", given.date)]
    body = given.text.strip("\n")
    return document(fields, f"{body}\n" if body else "", SCHEMA)
