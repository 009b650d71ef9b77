"""When projects, their deliverables and milestones end by the plan, beside another plan."""

from collections.abc import Mapping

from plaintrack.app.planning.plan import NOTHING, compared, plan
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import fold
from plaintrack.plan.answer import Line
from plaintrack.plan.projects import Outlook, Portfolio, Project, Step


def outlook(snapshot: Snapshot, found: Portfolio, revision: str = "") -> Portfolio:
    """The projects with what the plan says of them; ``revision`` is what it is compared with, if
    anything. Raises NoSuchTime, PlaintrackError.
    """
    before: Mapping[str, Line] = {}
    days: Mapping[str, int | None] = {}
    if revision:
        comparison = compared(snapshot, revision, NOTHING)
        lines = _by_id(comparison.after.lines)
        before = _by_id(comparison.before.lines)
        days = {fold(moved.line.id): moved.days for moved in comparison.moved}
    else:
        lines = _by_id(plan(snapshot).lines)

    def seen(project: Project) -> Project:
        pieces = [project.piece, *project.deliverables, *project.milestones]
        steps = []
        for piece in pieces:
            key = fold(piece.task.id)
            line, old = lines.get(key), before.get(key)
            unmoved = 0 if line and old and line.end and old.end else None
            steps.append(Step(piece, line, old, days.get(key, unmoved)))
        return project._replace(outlook=Outlook(revision, steps))

    return found._replace(projects=list(map(seen, found.projects)))


def _by_id(lines: tuple[Line, ...]) -> dict[str, Line]:
    """The lines by folded id, without occurrences that have yet to come."""
    return {fold(line.id): line for line in lines if not line.occurrence}
