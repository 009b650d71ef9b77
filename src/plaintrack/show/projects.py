"""Projects: each whole, or one line for each."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.model.fields import Schema
from plaintrack.plan.outline import Effort, Piece, share
from plaintrack.plan.projects import (
    Outlook,
    Phase,
    Portfolio,
    Project,
    Step,
    accepted,
    allowance,
    budget,
    owners,
)
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Fields, Heading
from plaintrack.show.goals import Length, length, percent
from plaintrack.show.items import Where

if TYPE_CHECKING:
    from plaintrack.plan.cost import Money
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

_STATUS = (
    "id", "project", "status", "health", "progress", "phase", "owner", "due", "late", "open",
    "planned", "left", "no estimate", "budget", "kind",
)  # fmt: skip
_LISTS = ("deliverables", "phases", "milestones", "late", "risks", "decisions")
Cell = Callable[[Piece], str]


def status(found: Portfolio, schema: Schema, where: Where | None = None) -> Document:
    """A line for each project, and the share of operations."""
    parts: list[Part] = []
    if found.projects:
        rows = [_line(each, schema) for each in found.projects]
        links = [where(each.task.path) for each in found.projects] if where else None
        late = frozenset(at for at, each in enumerate(found.projects) if each.overdue)
        parts.append(Table(_STATUS, rows, links=links, late=late))
    running = percent(share(found.whole, found.operations))
    if running:
        long = length(schema)
        ours = f"{long(found.operations.left)} of {long(found.whole.left)}"
        parts.append(
            Fields([("operations", f"{running} of what is left of all open work ({ours})")])
        )
    return Document(parts)


def _line(found: Project, schema: Schema) -> tuple[str, ...]:
    long = length(schema)
    task, effort = found.task, found.effort
    estimated = effort.items > effort.unestimated
    return (
        task.id,
        task.text("title"),
        task.text("status"),
        f"{found.health} ({found.told[:10]})" if found.told else found.health,
        percent(found.progress),
        task.text("phase"),
        ", ".join(owners(task)),
        found.due.isoformat() if found.due else "",
        str(len(found.late) or ""),
        str(found.open),
        long(effort.planned) if estimated else "",
        long(effort.left) if estimated else "",
        str(effort.unestimated or ""),
        task.text("budget"),
        found.kind,
    )


def projects(found: Portfolio, schema: Schema, where: Where | None = None) -> Document:
    """Projects for people, each whole."""
    return Document(
        [part for each in found.projects for part in _parts(each, found, schema, where)]
    )


def _parts(
    found: Project, portfolio: Portfolio, schema: Schema, where: Where | None
) -> Iterator["Part"]:
    task = found.task
    yield Heading(task.id, task.text("title"), where(task.path) if where else "")
    yield Fields([row for row in _fields(found, portfolio, schema) if row[1]])
    if found.deliverables:
        ready = sum(map(accepted, found.deliverables))
        yield Heading("Deliverables", f"{ready} of {len(found.deliverables)} accepted")
        yield _table(found.deliverables, where, accepted=_accepted, criteria=_steps, due=_due)
    if found.outlook:
        yield Heading("Plan", _about(found.outlook))
        yield _plan(found.outlook, where)
    if found.phases:
        yield Heading("Phases", str(len(found.phases)))
        yield _phases(found.phases, length(schema))
    if found.milestones:
        done = sum(piece.category == "done" for piece in found.milestones)
        yield Heading("Milestones", f"{done} of {len(found.milestones)} done")
        yield _table(found.milestones, where, status=_status, due=_due)
    if found.late:
        yield Heading("Late", str(len(found.late)))
        yield _table(found.late, where, status=_status, assignee=_who, due=_due)
    for title, pieces in (("Risks", found.risks), ("Decisions", found.decisions)):
        if pieces:
            live = sum(not piece.closed for piece in pieces)
            yield Heading(title, f"{live} of {len(pieces)} open")
            yield _table(pieces, where, status=_status, priority=_priority, owner=_owner, due=_due)


def _fields(found: Project, portfolio: Portfolio, schema: Schema) -> Iterator[tuple[str, str]]:
    task, effort, long = found.task, found.effort, length(schema)
    goal = task.text("goal")
    yield "objective", task.text("objective")
    yield "goal", f"{goal}  {portfolio.titles.get(goal.lower(), '')}".rstrip()
    yield "owner", ", ".join(owners(task))
    for name in ("sponsor", "stakeholders", "status", "phase"):
        yield name, task.text(name)
    yield "kind", found.kind
    yield "start", found.start.isoformat() if found.start else ""
    yield "due", _end(found)
    yield "progress", _progress(found, long)
    yield "health", _health(found)
    if effort.items > effort.unestimated:
        unknown = f", not known of {plural(effort.unknown, 'item')}" if effort.unknown else ""
        yield "effort", f"{long(effort.planned)} planned, {long(effort.left)} left"
        yield "spent", f"{long(effort.spent)}{unknown}"
    yield "budget", _budget(found, schema)


def _end(found: Project) -> str:
    if found.due is None:
        return ""
    return f"{found.due.isoformat()} (passed)" if found.overdue else found.due.isoformat()


def _progress(found: Project, long: Length) -> str:
    effort = found.effort
    if not effort.items:
        return ""
    text = f"{effort.closed} of {effort.items} items done"
    if found.progress is not None:
        done = f"{long(effort.done)} of {long(effort.planned)}"
        text = f"{percent(found.progress)} ({done}); {text}"
    return f"{text}, {effort.unestimated} without an estimate" if effort.unestimated else text


def _health(found: Project) -> str:
    if found.told:
        return f"{found.health} (update of {found.told})"
    if not found.health or found.passed is None or found.progress is None:
        return ""
    return (
        f"{found.health} ({percent(found.progress)} done, {percent(found.passed)} of the time"
        " passed)"
    )


def _budget(found: Project, schema: Schema) -> str:
    text = found.task.text("budget")
    used = _used(found, schema)
    if used is None or used[0] is None:
        return text
    amounts = ""
    if found.cost:
        currency = _money(text).currency
        amounts = f": {found.cost.planned:.0f} and {found.cost.spent:.0f} {currency}"
        if found.cost.unpriced:
            amounts += f"; {plural(found.cost.unpriced, 'item')} without a rate"
    return f"{text} ({percent(used[0])} planned, {percent(used[1])} spent{amounts})"


def _used(found: Project, schema: Schema) -> tuple[float | None, float | None] | None:
    """Which parts of its budget are planned and spent; None without a budget that is known."""
    text = found.task.text("budget")
    allowed = allowance(text, schema.day, schema.week)
    if allowed is not None:
        used = budget(found, allowed)
        return used.planned, used.spent
    if found.cost is None or not _money(text).amount:
        return None
    if not found.cost.planned:
        return None, None
    amount = _money(text).amount
    return float(found.cost.planned / amount), float(found.cost.spent / amount)


def _money(text: str) -> "Money":
    from plaintrack.plan.cost import money

    found = money(text)
    assert found is not None  # there is a cost only of such a budget
    return found


def _accepted(piece: Piece) -> str:
    return "yes" if accepted(piece) else piece.task.text("status") or "no"


def _steps(piece: Piece) -> str:
    return f"{piece.ticked} of {piece.steps}" if piece.steps else ""


def _due(piece: Piece) -> str:
    return piece.task.text("due")


def _status(piece: Piece) -> str:
    return piece.task.text("status")


def _who(piece: Piece) -> str:
    return piece.task.text("assignee")


def _owner(piece: Piece) -> str:
    return ", ".join(owners(piece.task))


def _priority(piece: Piece) -> str:
    return piece.task.text("priority")


def _table(pieces: Sequence[Piece], where: Where | None, **columns: Cell) -> Table:
    """Items with some of what there is to say of them."""
    rows = [
        (piece.task.id, piece.task.text("title"), *(cell(piece) for cell in columns.values()))
        for piece in pieces
    ]
    links = [where(piece.task.path) for piece in pieces] if where else None
    return Table(("id", "title", *columns), rows, links=links)


def _about(outlook: Outlook) -> str:
    """What a plan is compared with, and what it does not contain."""
    parts = []
    if outlook.revision:
        parts.append(f"compared with {outlook.revision}")
    whole = outlook.steps[0].line
    if whole and whole.end and whole.why:
        parts.append(whole.why)
    return ", ".join(parts)


def _plan(outlook: Outlook, where: Where | None) -> Table:
    """When the project, its deliverables and milestones begin and end by the plan."""
    names = ["id", "title", "start", "end", "agreed", "due", "late"]
    if outlook.revision:
        names[4:4] = ["was", "moved"]
    if any(step.line and step.line.reason for step in outlook.steps):
        names.append("undated")
    rows = []
    for step in outlook.steps:
        told = _step(step)
        shown = {**told, "late": _days(told["late"]), "moved": _days(told["moved"], signed=True)}
        rows.append([str(shown[name] or "") for name in names])
    links = [where(step.piece.task.path) for step in outlook.steps] if where else None
    late = frozenset(at for at, step in enumerate(outlook.steps) if step.line and step.line.late)
    return Table(names, rows, links=links, late=late)


def _step(step: Step) -> "outputs.Step":
    """What there is to say of one step; the end of what is closed is the day it was closed."""
    task, line = step.piece.task, step.line
    closed = task.text("closed")[:10] if step.piece.closed else ""
    return {
        "id": task.id,
        "title": task.text("title"),
        "start": line.start or None if line else None,
        "end": closed or (line.end if line else "") or None,
        "was": step.before.end or None if step.before else None,
        "moved": step.days,
        "agreed": task.text("target_end") or None,
        "due": task.text("due") or None,
        "late": line.late if line else None,
        "undated": line.reason or None if line else None,
    }


def _days(count: int | None, signed: bool = False) -> str:
    if not count or (count < 0 and not signed):
        return ""
    return f"{count:+}d" if signed else f"{count}d"


def _phases(phases: Sequence[Phase], long: Length) -> Table:
    rows = [
        (
            f"{phase.name} (now)" if phase.present else phase.name,
            f"{phase.effort.closed} of {phase.effort.items}",
            percent(phase.progress),
            long(phase.effort.planned) if phase.effort.planned else "",
            str(phase.effort.unestimated or ""),
        )
        for phase in phases
    ]
    return Table(("phase", "done", "progress", "planned", "no estimate"), rows, flexible=0)


_PROJECT = (
    "id", "title", "objective", "status", "phase", "goal", "owner", "sponsor", "stakeholders",
    "kind", "start", "due", "progress", "passed", "health", "health_from", "open",
    *Effort._fields, "budget", "budget_minutes", "budget_planned", "budget_spent", "cost",
    "cost_spent", "unpriced", "deliverables", "plan", "phases", "milestones", "late", "risks",
    "decisions", "path",
)  # fmt: skip


def records(found: Portfolio, schema: Schema, flat: bool = False) -> Document:
    """Projects for programs, each whole; times are minutes, parts run from 0 to 1, and what is not
    known is null. ``flat``: only the number of deliverables, risks and so on.
    """
    about = {
        "operations": {
            "left": found.operations.left,
            "of": found.whole.left,
            "share": share(found.whole, found.operations),
            "unestimated": found.operations.unestimated,
        }
    }
    rows = [_record(each, schema) for each in found.projects]
    if flat:
        rows = [{**row, **{name: len(row[name]) for name in _LISTS}} for row in rows]
    return Document((Records(rows, "projects", _PROJECT),), about)


def _record(found: Project, schema: Schema) -> dict[str, Any]:
    task = found.task
    allowed = allowance(task.text("budget"), schema.day, schema.week)
    planned, spent = _used(found, schema) or (None, None)
    return {
        "id": task.id,
        "title": task.text("title"),
        **{name: task.text(name) or None for name in ("objective", "status", "phase", "goal")},
        "owner": list(owners(task)),
        "sponsor": list(task.many("sponsor")),
        "stakeholders": list(task.many("stakeholders")),
        "kind": found.kind,
        "start": found.start.isoformat() if found.start else None,
        "due": found.due.isoformat() if found.due else None,
        "progress": found.progress,
        "passed": found.passed,
        "health": found.health or None,
        "health_from": found.told or ("rule" if found.health else None),
        "open": found.open,
        **found.effort._asdict(),
        "budget": task.text("budget") or None,
        "budget_minutes": allowed,
        "budget_planned": planned,
        "budget_spent": spent,
        **_cost(found),
        "deliverables": [
            {**_item(each), "accepted": accepted(each), "steps": each.steps, "ticked": each.ticked}
            for each in found.deliverables
        ],
        "plan": [_step(step) for step in found.outlook.steps] if found.outlook else None,
        "phases": [_phase(phase) for phase in found.phases],
        "milestones": list(map(_item, found.milestones)),
        "late": list(map(_item, found.late)),
        "risks": list(map(_item, found.risks)),
        "decisions": list(map(_item, found.decisions)),
        "path": task.path,
    }


def _cost(found: Project) -> dict[str, Any]:
    cost = found.cost
    return {
        "cost": float(round(cost.planned, 2)) if cost else None,
        "cost_spent": float(round(cost.spent, 2)) if cost else None,
        "unpriced": cost.unpriced if cost else None,
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "present": phase.present,
        "progress": phase.progress,
        **phase.effort._asdict(),
    }


def _item(piece: Piece) -> dict[str, Any]:
    task = piece.task
    found = {name: task.text(name) or None for name in ("id", "title", "status", "due")}
    return {**found, "owner": list(owners(task)), "path": task.path}
