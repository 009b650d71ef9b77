"""Comments: read as strictly as items, though they have fields of their own."""

from plaintrack.model.problem import Problem
from plaintrack.model.task import Task

_OF_ITEMS = frozenset(("no-id", "bad-id", "missing", "no-title", "field-value", "field-type", "unknown-choice", "hash"))


def broken(comment: Task) -> Problem | None:
    """Why a comment cannot be read; None if it can. It needs no id, title or status."""
    wrong = (each for each in comment.problems if each.severity == "error" and each.code not in _OF_ITEMS)
    return next(wrong, None)


def said(comment: Task | None) -> str:
    """The first line of a comment, or in brackets why there is none; empty only where there is no comment."""
    if comment is None:
        return ""
    problem = broken(comment)
    if problem is not None:
        return f"(cannot be read: {problem.message})"
    return next((line.strip() for line in comment.body.splitlines() if line.strip()), "(empty)")
