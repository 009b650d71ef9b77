"""The files of verdicts: read to values, and written."""

import re

from plaintrack.model.approval import ALGORITHM, Verdict
from plaintrack.model.fields import Field, Schema
from plaintrack.model.problem import Problem
from plaintrack.text.document import locate
from plaintrack.text.format import document
from plaintrack.text.parse import parse

APPROVED, REJECTED = "approved", "rejected"
FIELDS = (
    Field("verdict", "choice", choices=(APPROVED, REJECTED), doc="What was decided."),
    Field("by", doc="Who decided."),
    Field("as", doc="The group in whose name."),
    Field("date", "datetime", doc="When."),
    Field("content", doc="The digest of what it is on."),
)
SCHEMA = Schema(
    {each.name: each for each in (*FIELDS, Field("id"), Field("title"))},
    {"": "open"},
    (),
    (),
    named="",
    untitled=True,
)
_DIGEST = re.compile(f"{ALGORITHM}[0-9a-f]{{64}}")
_NEEDED = ("verdict", "by", "date", "content")


def verdict(path: str, data: bytes) -> Verdict:
    """The Verdict in a file's bytes."""
    found = parse(path, data, SCHEMA)
    errors = [
        each
        for each in found.problems
        if each.severity == "error" and each.code not in ("bad-id", "no-id", "missing")
    ]
    if errors:
        return Verdict(path, problem=errors[0])
    lacking = [name for name in _NEEDED if not found.text(name)]
    if lacking:
        hint = "delete the file, and give the verdict again"
        return Verdict(path, problem=Problem("missing", path, f"it has no {lacking[0]}", hint))
    if found.text("verdict") not in (APPROVED, REJECTED):
        hint = f"a verdict is `{APPROVED}` or `{REJECTED}`"
        return Verdict(path, problem=_wrong(path, data, "verdict", hint))
    if not _DIGEST.fullmatch(found.text("content")):
        return Verdict(path, problem=_wrong(path, data, "content", "give the verdict again"))
    return Verdict(
        path,
        found.text("verdict") == APPROVED,
        found.text("by"),
        found.text("as"),
        found.text("date"),
        found.text("content"),
        found.body.strip("\r\n"),
    )


def _wrong(path: str, data: bytes, key: str, hint: str) -> Problem:
    """A Problem at the value of a key."""
    text = data.decode("utf-8-sig", "replace")
    place = re.search(rf"(?m)^{key}[ \t]*:[ \t]*", text)
    return Problem(
        "field-value",
        path,
        f"{key} cannot be used",
        hint,
        *locate(text, place.end() if place else 0),
    )


def written(given: Verdict) -> str:
    """The text of a verdict's file."""
    fields = [
        ("verdict", APPROVED if given.approved else REJECTED),
        ("by", given.by),
        ("as", given.role),
        ("date", given.date),
        ("content", given.content),
    ]
    body = given.text.rstrip("\n")
    return document(fields, f"{body}\n" if body else "", SCHEMA)
