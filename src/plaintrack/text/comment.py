"""Comments: read as strictly as items, though they have fields of their own."""

import re

from plaintrack.model.problem import Problem
from plaintrack.model.task import Task

_OF_ITEMS = frozenset(
    (
        "no-id",
        "bad-id",
        "missing",
        "no-title",
        "field-value",
        "field-type",
        "unknown-choice",
        "hash",
    )
)
_PLAIN = re.compile(
    rb"---\n(?:author: [A-Za-z][A-Za-z ]*[a-z]\n)?date:"
    rb" ('?)\d{4}-\d\d-\d\dT[0-9:]+(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\1\n"
    rb"(?:answers: [0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}\n)?(?:resolved: true\n)?---\n"
)
"""How plaintrack writes most comments: `check` reads them all, and the parser would be most of its
time.
"""
_LARGE = 65_536


def broken(comment: Task) -> Problem | None:
    """Why a comment cannot be read; None if it can. It needs no id, title or status."""
    wrong = (
        each for each in comment.problems if each.severity == "error" and each.code not in _OF_ITEMS
    )
    return next(wrong, None)


def said(comment: Task | None) -> str:
    """The first line of a comment, or in brackets why there is none; empty without a comment."""
    if comment is None:
        return ""
    problem = broken(comment)
    if problem is not None:
        return f"(cannot be read: {problem.message})"
    without = "(resolved)" if comment.text("resolved") == "true" else "(empty)"
    return next((line.strip() for line in comment.body.splitlines() if line.strip()), without)


def plain(data: bytes) -> bool:
    """Whether a comment can be read, told without parsing it; False where that takes the parser."""
    return (
        _PLAIN.match(data) is not None
        and b"<<<<<<<" not in data
        and b"\0" not in data
        and data.isascii()
        and len(data) < _LARGE
    )
