"""Answers how the work stands against a baseline commit."""

from collections.abc import Mapping
from typing import NamedTuple

from plaintrack.app.flow.view import Measured
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.past import at
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.flow.answer import Answer
from plaintrack.flow.value import Left, Work, value
from plaintrack.model.task import fold
from plaintrack.plan.outline import Piece, spent

KINDS = ("project", "milestone", "goal")


class NoBaseline(PlaintrackError):
    """There is no baseline to compare with."""

    slug = "no-baseline"

    def __init__(self) -> None:
        super().__init__(
            "metrics value compares with a baseline",
            "name a commit, tag or date: `--baseline v1.0`, `--baseline '4 weeks ago'`",
        )


class Against(NamedTuple):
    """Earned value, also of the items that had each value of a field in the baseline."""

    answer: Answer
    groups: Mapping[str, Answer]


def against(
    snapshot: Snapshot, found: Measured, query: str, baseline: str, rule: str, field: str = ""
) -> Against:
    """Earned value of the items that matched in the baseline. Raises NoBaseline, NoSuchTime."""
    if not baseline:
        raise NoBaseline
    before = at(snapshot, baseline)
    chosen = {
        fold(item)
        for _, item, _ in answers.rows_raw(before, answers.question(before, query))
        if item
    }
    now = {fold(piece.task.id): piece for piece in outline(snapshot).pieces if piece.task.id}
    passages = {each.key: each for each in found.known}
    renamed: dict[str, str] = {}
    for key, each in passages.items():
        for state in each.states:
            renamed.setdefault(fold(str(state.fields.get("id") or "")), key)
    works, unestimated, undated = [], 0, 0
    groups: dict[str, list[Work]] = {}
    for piece in outline(before).pieces:
        key = fold(piece.task.id)
        if key not in chosen or piece.task.text("type") in KINDS or piece.category == "cancelled":
            continue
        start, due = _dates(found, piece)
        if not piece.estimate:
            unestimated += 1
        elif due is None:
            undated += 1
        else:
            present = now.get(key) or now.get(renamed.get(key, ""))
            passage = passages.get(key) or passages.get(renamed.get(key, ""))
            done = None if passage is None or passage.done is None else found.view.day(passage.done)
            works.append(_work(piece, start or due, due, present, done))
            for name in (piece.task.many(field) or ("",)) if field else ():
                groups.setdefault(name, []).append(works[-1])
    left = Left(unestimated, undated)
    against_ = f"{baseline} ({getattr(before, 'commit', '')[:10]})"
    today = found.view.today
    parts = {
        name: value(some, Left(0, 0), rule, today, against_)
        for name, some in sorted(groups.items())
    }
    return Against(value(works, left, rule, today, against_), parts)


def _dates(found: Measured, piece: Piece) -> tuple[int | None, int | None]:
    """The days on which an item was to be worked on: those agreed on, else its own."""
    on = found.view.on
    due = on(piece.task.text("target_end")) or on(piece.task.text("due"))
    start = on(piece.task.text("target_start")) or on(piece.task.text("start"))
    if due is not None and start is not None and start > due:
        start = due
    return start, due


def _work(piece: Piece, start: int, due: int, present: Piece | None, done: int | None) -> Work:
    used = spent(present) if present is not None else None
    gone = present is None or present.category == "cancelled"
    left = present.left if present is not None else None
    return Work(
        piece.task.id,
        piece.task.text("title"),
        (piece.estimate or 0.0) / 60,
        start,
        due,
        present is not None and present.category in ("active", "done"),
        present is not None and present.category == "done",
        None if left is None else left / 60,
        None if used is None else used / 60,
        gone,
        done,
    )
