"""Checks of goals and projects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import Found, Options, Row, Work, at
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold

if TYPE_CHECKING:
    from plaintrack.plan.outline import Outline

_METRIC = ("initial", "target", "current")


@check("PT611", "goal-weight", "note")
def goal_weight(work: Work, _options: Options) -> Iterator[Found]:
    """A goal has no weight although goals beside it have one, or a negative one.

    Why: it counts 1 then, which is next to nothing beside a weight of 40.

    Fix: give it a weight, 0 if it is not to count; or remove the weights of the others.

    Bad:
        type: goal
        goal: PT-m2v8rd, of which another sub-goal has `weight: 40`

    Good:
        type: goal
        goal: PT-m2v8rd
        weight: 60
    """
    weighed = _having(work, "weight")
    if not weighed:
        return
    goals = {row.number: row for row in work.open if row.type == "goal"}
    above: dict[int, str] = {}
    for item, field, key in work.source.links("goal", "parent"):
        if item in goals and (field == "goal" or item not in above):
            above[item] = key
    beside = {above[item] for item in weighed if item in above}
    for item, row in goals.items():
        if item in weighed:
            weight = _number(work, row, "weight")
            if weight is not None and weight < 0:
                yield at(row, "weight", "its weight is negative", "write 0 or more")
        elif above.get(item) in beside:
            yield at(
                row,
                "goal" if item in above else "id",
                "it has no weight, and goals beside it have one",
                "set weight; 0 if it is not to count",
            )


@check("PT612", "goal-metric", "note")
def goal_metric(work: Work, _options: Options) -> Iterator[Found]:
    """The metric of an open goal cannot be computed.

    Why: `goals` then shows the progress of its work instead, or nothing.

    Fix: set both `target` and `current`, and an `initial` that is not the target.

    Bad:
        target: 10

    Good:
        target: 10
        current: 7
        unit: customers
    """
    given = {name: _having(work, name) for name in _METRIC}
    some = given["initial"] | given["target"] | given["current"]
    for row in work.open if some else ():
        if row.type != "goal" or row.number not in some:
            continue
        missing = [name for name in _METRIC[1:] if row.number not in given[name]]
        have = next(name for name in _METRIC[::-1] if row.number in given[name])
        if missing:
            what = " and no ".join(missing)
            yield at(row, have, f"it has {have} and no {what}", f"set {' and '.join(missing)}")
        elif _number(work, row, "target") == (_number(work, row, "initial") or 0.0):
            yield at(
                row,
                "target",
                "its target is where it began (`initial`, else 0)",
                "set initial to where the metric began",
            )


@check("PT613", "unaccepted-deliverable", "warning")
def unaccepted_deliverable(work: Work, _options: Options) -> Iterator[Found]:
    """A project is closed, and a deliverable below it is not accepted.

    Why: what the project was for has not been handed over, and no one is looking at it any more.

    Fix: accept it (`plaintrack done ID`), cancel it, or reopen the project.

    Bad:
        type: deliverable
        status: review
        project: PT-m2v8rd, which is done

    Good:
        type: deliverable
        status: done
    """
    closed = {row.number: row for row in work.source.rows("closed projects")}
    deliverables = closed and [row for row in work.open if row.type == "deliverable"]
    if not deliverables:
        return
    above: dict[int, list[int]] = {}
    for item, field, key in work.links:
        if field in UPWARD and key in work.numbers:
            above.setdefault(item, []).append(work.numbers[key])
    for row in deliverables:
        number = _project(work, row.number, above, closed)
        if number in closed:
            project = closed[number]
            yield at(
                row,
                "status",
                f"it is {row.status or 'open'}, and its project {project.id} is {project.status}",
                "accept it, cancel it, or reopen the project",
            )


def _project(
    work: Work, number: int, above: Mapping[int, Sequence[int]], closed: Mapping[int, Row]
) -> int:
    """The nearest project above an item; -1 without one."""
    seen = {number}
    waiting = list(above.get(number, ()))
    for over in waiting:  # grows while it is read
        open_row = work.by_number.get(over)
        if over in closed or (open_row and open_row.type == "project"):
            return over
        if over not in seen:
            seen.add(over)
            waiting += above.get(over, ())
    return -1


@check("PT614", "over-budget", "warning")
def over_budget(work: Work, _options: Options) -> Iterator[Found]:
    """The work below an open project is estimated at more than its `budget`.

    Why: the project will take more than was agreed, and it is known today.

    Fix: drop or shrink something, or agree on another budget. A budget in money is not compared.

    Bad:
        budget: 10d, and the estimates of the work below it add up to 13d

    Good:
        budget: 15d
    """
    having = _having(work, "budget")
    rows = [row for row in work.open if row.type == "project" and row.number in having]
    if not rows:
        return
    from plaintrack.plan.outline import total
    from plaintrack.when.durations import BadDuration, minutes, show

    day, week = work.schema.day, work.schema.week
    outline = _outline(work)
    pieces = {*outline.work}
    for row in rows:
        try:
            budget = minutes("".join(work.source.values(row.number, "budget")), day, week)
        except BadDuration:
            continue
        below = pieces & {*outline.below(outline.numbers[fold(row.id)])} if row.id else set()
        planned = total(map(outline.effort, below)).planned
        if planned > budget:
            more = show(planned - budget, day, week)
            message = f"the work below it is estimated at {show(planned, day, week)}, {more} more"
            yield at(row, "budget", message, "drop something, or agree on another budget")


def _outline(work: Work) -> "Outline":
    """All items, with their links and estimates."""
    from plaintrack.plan.outline import Outline, Piece

    links: dict[int, dict[str, tuple[str, ...]]] = {}
    for item, field, key in work.links:
        if field in UPWARD:
            fields = links.setdefault(item, {})
            fields[field] = (*fields.get(field, ()), key)
    return Outline(
        [
            Piece(
                Task(row.path, row.id, {"type": row.type, **links.get(row.number, {})}),
                row.category,
                row.estimate,
            )
            for row in [*work.open, *work.source.rows("closed")]
        ]
    )


def _having(work: Work, field: str) -> frozenset[int]:
    """The items with a field of goals or projects; none where the workspace has its own of that
    name.
    """
    return frozenset() if field in work.schema.own else work.source.having(field)


def _number(work: Work, row: Row, field: str) -> float | None:
    """The number that a field has, if it has one."""
    from plaintrack.plan.goals import number

    return number("".join(work.source.values(row.number, field)))
