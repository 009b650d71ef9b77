"""The sum of a field over items."""

from collections.abc import Sequence
from typing import Any

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.rollup import Rollups
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.query.bind import Question
from plaintrack.query.columns import kind
from plaintrack.when.durations import minutes, show

ROLLED = {"estimate": "estimate", "remaining": "left", "left": "left", "spent": "spent"}
"""What is added up by roll-up, so that no work counts twice."""


class NotSummed(PlaintrackError):
    """The values of a field cannot be added up."""

    slug = "not-summed"

    def __init__(self, field: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{field} has no numbers to add up", f"fields that have some: {', '.join(known)}", field
        )


def sums(
    snapshot: Snapshot, asked: Question, name: str, groups: Sequence[Sequence[int]]
) -> tuple[str, list[str | float | None]]:
    """What is added up, and its sum over each group of the items that answer, which are named by
    their places in the answer. Raises BadQuery, NotSummed.
    """
    field = answers.field(snapshot, name)
    if field in ROLLED and field not in snapshot.schema.own:
        paths = [path for path, _, _ in answers.rows_raw(snapshot, asked)]
        rolled = Rollups(snapshot)
        found = [rolled.together(paths[at] for at in group) for group in groups]
        return ROLLED[field], [getattr(each, ROLLED[field]) or None for each in found]
    numeric = kind(field, snapshot.schema)
    if numeric not in ("number", "integer", "duration"):
        schema = snapshot.schema
        known = [each for each, told in schema.fields.items() if told.kind in _NUMERIC]
        raise NotSummed(field, [*known, *(each for each in ROLLED if each not in known)])
    values = [
        _number(snapshot, value, numeric) for (value,) in answers.values(snapshot, asked, [field])
    ]
    return field, [_sum(snapshot, [values[at] for at in group], numeric) for group in groups]


_NUMERIC = ("number", "integer", "duration")


def _number(snapshot: Snapshot, value: Any, numeric: str) -> float | None:
    if isinstance(value, str) and numeric == "duration":
        return minutes(value, snapshot.schema.day, snapshot.schema.week)
    return value if isinstance(value, int | float) else None


def _sum(snapshot: Snapshot, values: Sequence[float | None], numeric: str) -> str | float | None:
    known = [each for each in values if each is not None]
    if not known:
        return None
    if numeric == "duration":
        return show(sum(known), snapshot.schema.day, snapshot.schema.week)
    return round(sum(known), 6)
