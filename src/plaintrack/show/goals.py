"""Goals: how they stand, and what was done for them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.plan.alignment import Alignment, Share
from plaintrack.plan.goals import Goal, Metric, Row, Standing
from plaintrack.plan.outline import Effort, share
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Alert, Fields, Heading
from plaintrack.show.items import Where
from plaintrack.when.durations import show as duration

if TYPE_CHECKING:
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

Length = Callable[[float], str]
"""Minutes as a duration of the workspace."""
MOST = 10
"""Items that serve no goal that people are shown; programs get all."""
_COLUMNS = (
    "id", "goal", "score", "health", "metric", "weight", "progress", "planned", "spent", "open",
    "no estimate", "due",
)  # fmt: skip


def length(schema: Schema) -> Length:
    """How the workspace writes durations."""
    return lambda minutes: duration(minutes, schema.day, schema.week)


_DEEP = 20
"""Levels of the tree that are drawn to the left of a goal."""
_ITEM = ("id", "title", "type", "assignee", "estimate", "due")


def percent(part: float | None) -> str:
    """A part as whole percents, not rounded up; nothing for None."""
    return "" if part is None else f"{int(part * 100 + 1e-9)}%"


def goals(standing: Standing, schema: Schema, where: Where | None = None) -> Document:
    """The goals for people: a tree, then what serves none, and what no one works on."""
    return Document(list(_parts(standing, length(schema), where)))


def _parts(standing: Standing, length: Length, where: Where | None) -> Iterator["Part"]:
    if standing.rows:
        guided = zip(standing.rows, _guides(standing.rows), strict=True)
        rows = [_row(row, guide, length) for row, guide in guided]
        links = None
        if where:
            links = [where(row.goal.task.path) if row.goal.task else "" for row in standing.rows]
        late = frozenset(
            at for at, row in enumerate(standing.rows) if row.goal.health == "off track"
        )
        yield Table(_COLUMNS, rows, links=links, late=late)
    if standing.orphans:
        yield Heading("Open work for no goal:", amount(standing.orphaned, length))
        yield _tasks([piece.task for piece in standing.orphans], where)
        if len(standing.orphans) > MOST:
            yield Alert(f"… {len(standing.orphans) - MOST} more")
    if standing.idle:
        yield Heading("Goals without open work:", str(len(standing.idle)))
        yield _tasks([goal.task for goal in standing.idle if goal.task], where)
    part = percent(share(standing.whole, standing.operations))
    if part:
        ours = f"{length(standing.operations.left)} of {length(standing.whole.left)}"
        yield Fields([("operations", f"{part} of what is left of all open work ({ours})")])


def amount(effort: Effort, length: Length) -> str:
    """Open work in words: how much is left, of how many items, and what is not estimated."""
    text = plural(effort.items, "item")
    if effort.items > effort.unestimated:
        text += f", {length(effort.left)} left"
    return f"{text}, {effort.unestimated} without an estimate" if effort.unestimated else text


def _tasks(tasks: Sequence[Task], where: Where | None) -> Table:
    """The first MOST of some items."""
    shown = tasks[:MOST]
    rows = [tuple(task.text(name) for name in _ITEM) for task in shown]
    return Table(_ITEM, rows, links=[where(task.path) for task in shown] if where else None)


def _health(goal: Goal) -> str:
    if goal.closed and goal.task:
        return goal.task.text("status")
    return f"{goal.health} ({goal.told[:10]})" if goal.told else goal.health


def _row(row: Row, guide: str, length: Length) -> tuple[str, ...]:
    goal = row.goal
    effort = goal.effort
    spent = length(effort.spent) if effort.items else ""
    return (
        goal.task.id if goal.task else "",
        guide + (goal.task.text("title") if goal.task else goal.key),
        "" if goal.score is None else f"{goal.score:.2f}",
        _health(goal),
        _metric(goal.metric),
        "" if goal.weight is None else f"{goal.weight:g}",
        percent(goal.progress),
        length(effort.planned) if effort.planned else "",
        f"{spent} (+{effort.unknown} unknown)" if effort.unknown else spent,
        str(goal.open),
        str(effort.unestimated or ""),
        goal.due.isoformat() if goal.due else "",
    )


def _guides(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of a tree that lead to each row; of the way to a deep one only the end."""
    trunk: list[bool] = []  # for each level above: whether its branch is the last one
    for row in rows:
        del trunk[row.level :]
        above = "".join("   " if last else "│  " for last in trunk[1:][-_DEEP:])
        yield above + ("└─ " if row.last else "├─ ") if row.level else ""
        trunk.append(row.last)


def _metric(metric: Metric | None) -> str:
    if metric is None:
        return ""
    start = f"{metric.initial:g} → " if metric.initial else ""
    return f"{start}{metric.current:g} / {metric.target:g} {metric.unit}".rstrip()


_GOAL = (
    "level", "id", "title", "above", "status", "owner", "weight", "initial", "target", "current",
    "unit", "score", "progress", "health", "health_from", "passed", "start", "due", "open",
    *Effort._fields, "path",
)  # fmt: skip


def records(standing: Standing) -> Document:
    """The goals for programs; times are minutes, parts run from 0 to 1, and what is not known is
    null.
    """
    about: outputs.Standing = {
        "orphans": [
            {
                "id": piece.task.id,
                "title": piece.task.text("title"),
                "path": piece.task.path,
                "left": piece.left,
            }
            for piece in standing.orphans
        ],
        "orphaned": standing.orphaned._asdict(),  # type: ignore[typeddict-item]  # its keys
        "without_work": [goal.key if goal.task is None else goal.task.id for goal in standing.idle],
        "operations": {
            "left": standing.operations.left,
            "of": standing.whole.left,
            "share": share(standing.whole, standing.operations),
            "unestimated": standing.operations.unestimated,
        },
    }
    return Document((Records(list(map(_record, standing.rows)), "goals", _GOAL),), about)


def _record(row: Row) -> dict[str, Any]:
    goal, task = row.goal, row.goal.task
    metric = goal.metric._asdict() if goal.metric else {}
    return {
        "level": row.level,
        "id": task.id if task else None,
        "title": task.text("title") if task else goal.key,
        "above": goal.above or None,
        "status": task.text("status") if task else None,
        "owner": list(task.many("owner") or task.many("assignee")) if task else [],
        "weight": goal.weight,
        **{name: metric.get(name) for name in ("initial", "target", "current", "unit")},
        "score": goal.score,
        "progress": goal.progress,
        "health": goal.health or None,
        "health_from": goal.told or ("rule" if goal.health else None),
        "passed": goal.passed,
        "start": goal.start.isoformat() if goal.start else None,
        "due": goal.due.isoformat() if goal.due else None,
        "open": goal.open,
        **goal.effort._asdict(),
        "path": task.path if task else None,
    }


def alignment(found: Alignment, schema: Schema, where: Where | None = None) -> Document:
    """What was done for which goal, a group for each week or month."""
    rows = [_share(each, found, length(schema)) for each in found.shares]
    groups = [each.period for each in found.shares]
    links = None
    if where:
        tasks = [_task(each, found) for each in found.shares]
        links = [where(task.path) if task else "" for task in tasks]
    names = ("id", "goal", "share", "effort", "items", "no estimate")
    return Document((Table(names, rows, groups=groups, links=links),))


def _task(share: Share, found: Alignment) -> Task | None:
    goal = found.goals.get(share.goal)
    return goal.task if goal else None


def _share(each: Share, found: Alignment, length: Length) -> tuple[str, ...]:
    task = _task(each, found)
    return (
        task.id if task else "",
        task.text("title") if task else each.goal or "(no goal)",
        percent(each.share),
        length(each.effort) if each.items > each.unestimated else "",
        str(each.items),
        str(each.unestimated or ""),
    )


def notes(found: Alignment) -> Iterator[str]:
    """What the reader should know of it, a line each."""
    if not found.shares:
        yield f"nothing was done since {found.since}"
    elif found.why:
        yield f"by the stamps `closed`: {found.why}"
    elif found.stamped:
        yield (
            f"{plural(found.stamped, 'item')} counted on the day of `closed`: not committed, or"
            " done before the first commit"
        )


_ALIGNMENT = ("period", "goal", "title", "share", "effort", "items", "unestimated")


def alignment_records(found: Alignment) -> Document:
    """What was done for which goal, for programs; efforts are minutes."""
    rows: list[outputs.Served] = []
    for each in found.shares:
        task = _task(each, found)
        rows.append(
            {
                "period": each.period,
                "goal": task.id if task else each.goal or None,
                "title": task.text("title") if task else None,
                "share": each.share,
                "effort": each.effort,
                "items": each.items,
                "unestimated": each.unestimated,
            }
        )
    about: outputs.Since = {
        "since": found.since.isoformat(),
        "per": found.per,
        "stamped": found.stamped,
    }
    return Document((Records(rows, "alignment", _ALIGNMENT),), about)
