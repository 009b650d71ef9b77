"""How the rows of a list stand, for who looks at it."""

from collections.abc import Sequence

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.listing import Standing
from plaintrack.model.task import fold
from plaintrack.query.bind import Question

COLUMNS = ("category", "due", "blocked", "assignee", "status", "priority")
"""What is asked for of each row."""


def by_path(snapshot: Snapshot, asked: Question) -> dict[str, Standing]:
    """Path → how the item stands, of those that answer."""
    rows = answers.rows(snapshot, asked, ["path", *COLUMNS])
    found = standings(snapshot, [row[1:] for row in rows])
    return {row[0]: each for row, each in zip(rows, found, strict=True)}


def standings(snapshot: Snapshot, rows: Sequence[tuple[str, ...]]) -> list[Standing]:
    """How each row stands, by its COLUMNS."""
    from plaintrack.query.facts import overdue

    schema, today = snapshot.schema, snapshot.today
    mine = _mine(snapshot, rows)
    ranks = _ranks(schema.priorities)
    return [
        Standing(
            bool(due) and overdue(category, due, schema, today),
            bool(blocked),
            mine.get(assignee, False),
            category,
            fold(status),
            fold(priority),
            ranks.get(fold(priority), ""),
        )
        for category, due, blocked, assignee, status, priority in rows
    ]


def _mine(snapshot: Snapshot, rows: Sequence[tuple[str, ...]]) -> dict[str, bool]:
    """Which assignees are the user, or the user and others."""
    texts = {row[3] for row in rows} - {""}
    if not texts:
        return {}
    from plaintrack.app.snapshot.people import me

    names = set(map(fold, me(snapshot)))
    return {text: not names.isdisjoint(map(fold, text.split(", "))) for text in texts}


def _ranks(priorities: Sequence[str]) -> dict[str, str]:
    """Folded priority → its place among them, where that has a name."""
    found = {fold(name): "second" for name in priorities[1:2]}
    found |= {fold(name): "last" for name in priorities[-1:]}
    return found | {fold(name): "first" for name in priorities[:1]}
