"""The facts of a status update: what happened to the work below a project or goal."""

from collections.abc import Iterable
from datetime import timedelta

from plaintrack.app.reporting.weekly import happened
from plaintrack.app.snapshot import answers, updates
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.count import plural
from plaintrack.model.task import Task, fold
from plaintrack.plan.outline import total
from plaintrack.show.goals import length
from plaintrack.when.moments import day

_NAMED = 8
"""Items of one kind that a fact names."""
_FIRST = 14
"""The days that the first update of an item looks back."""


def facts(snapshot: Snapshot, name: str) -> str:
    """What happened to the work below a project or goal since its last update, as Markdown."""
    task = updates.subject(snapshot, name)
    last = updates.latest(snapshot, task)
    zone = snapshot.schema.timezone
    said = day(last.date, zone) if last else None
    first = said + timedelta(days=1) if said else snapshot.today - timedelta(days=_FIRST)
    first = min(first, snapshot.today)
    week = happened(snapshot, first)
    work = outline(snapshot)
    at = work.numbers[fold(task.id)]
    below = {work.pieces[number].task.id for number in work.below(at)}
    lines = [f"Since {first.isoformat()}:", ""]
    for word, tasks in (("done", week.done), ("added", week.added), ("cancelled", week.cancelled)):
        lines += _line(word, (each for each in tasks if each.id in below))
    slipped = [each for each in week.slipped if each.task.id in below]
    lines += [
        f"* slipped: {each.task.id} {each.task.text('title')}: {each.why}" for each in slipped
    ]
    lines += _line("blocked", _blocked(snapshot, below))
    lines += _effort(snapshot, task)
    if len(lines) == 2:
        lines.append("* nothing changed")
    return "\n".join(lines) + "\n"


def _line(word: str, tasks: Iterable[Task]) -> list[str]:
    found = sorted(tasks, key=lambda each: each.id)
    if not found:
        return []
    named = ", ".join(f"{each.id} {each.text('title')}" for each in found[:_NAMED])
    more = f", and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return [f"* {word}: {len(found)} ({named}{more})"]


def _blocked(snapshot: Snapshot, below: set[str]) -> list[Task]:
    found = answers.tasks(snapshot, answers.question(snapshot, "is:blocked"))
    return [each for each in found if each.id in below]


def _effort(snapshot: Snapshot, task: Task) -> list[str]:
    """What is planned, spent and left, and when the plan ends it if there is one."""
    work = outline(snapshot)
    at = work.numbers[fold(task.id)]
    whole = total(work.effort(number) for number in sorted({*work.below(at)} & {*work.work}))
    long = length(snapshot.schema)
    lines = []
    if whole.items > whole.unestimated:
        unknown = f" (not known of {plural(whole.unknown, 'item')})" if whole.unknown else ""
        lengths = [long(each) for each in (whole.planned, whole.spent, whole.left)]
        lines.append(
            f"* effort: {lengths[0]} planned, {lengths[1]} spent{unknown}, {lengths[2]} left"
        )
    if whole.unestimated:
        lines.append(f"* {plural(whole.unestimated, 'item')} without an estimate")
    if snapshot.settings.planned:
        expected = snapshot.expected.get(fold(task.id))
        end = getattr(expected, "planned_end", "") if expected else ""
        if end:
            due = task.text("due")
            lines.append(f"* planned end: {end}" + (f", due {due[:10]}" if due else ""))
    return lines
