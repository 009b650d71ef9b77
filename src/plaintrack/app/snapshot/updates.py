"""Status updates of a snapshot: what people said of projects and goals, and what is due."""

from collections.abc import Sequence
from datetime import date

from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fold
from plaintrack.model.update import Told, Update
from plaintrack.when.moments import day, key

KINDS = ("project", "goal")


class NoHealth(PlaintrackError):
    """Only projects and goals have updates."""

    slug = "no-health"

    def __init__(self, task: Task) -> None:
        kind = task.text("type")
        what = f"a {kind}" if kind else "an item without a type"
        super().__init__(
            f"{task.id} is {what}, and only projects and goals have status updates",
            "comment on it instead, or name its project",
        )


def folder(snapshot: Snapshot) -> str:
    """The folder of updates; empty where the settings name none."""
    return snapshot.settings.rooms.get("updates", "")


def files(snapshot: Snapshot, task: Task) -> list[str]:
    """The paths of the updates of an item, under its id and those that it had before."""
    return find.beside(snapshot, "updates", task)


def updates(snapshot: Snapshot, task: Task) -> list[Update]:
    """The updates of an item, the latest first; those that cannot be used last."""
    paths = files(snapshot, task)
    if not paths:
        return []
    from plaintrack.text.update import update

    found = []
    for path in paths:
        try:
            found.append(update(path, snapshot.read(path)))
        except PlaintrackError as error:
            found.append(
                Update(path, problem=Problem("unreadable", path, error.message, error.hint))
            )
        except OSError as error:
            wrong = Problem("unreadable", path, f"cannot be read: {error.strerror}")
            found.append(Update(path, problem=wrong))
    zone = snapshot.schema.timezone
    found.sort(
        key=lambda each: (not each.problem, key(each.date, zone) or 0.0, each.path), reverse=True
    )
    return found


def latest(snapshot: Snapshot, task: Task | None) -> Update | None:
    """The latest update of an item that can be used."""
    if task is None or not folder(snapshot):
        return None
    return next((each for each in updates(snapshot, task) if not each.problem), None)


def subject(snapshot: Snapshot, name: str) -> Task:
    """The project or goal that ``name`` names; raises NoHealth."""
    task = find.load(snapshot, find.locate(snapshot, name))
    if task.text("type") not in KINDS:
        raise NoHealth(task)
    return task


def told(snapshot: Snapshot, names: Sequence[str] = (), today: date | None = None) -> list[Told]:
    """How the projects and goals stand that are named, else all open ones, projects first, on a
    day (the snapshot's own).
    """
    today = today or snapshot.today
    from plaintrack.app.snapshot import goals, projects

    if names:
        tasks = [subject(snapshot, name) for name in names]
    else:
        there = [each for each in KINDS if each in snapshot.schema.fields["type"].choices]
        query = " or ".join(f"type:{each}" for each in there)
        asked = answers.question(snapshot, query, within="is:open", shown="due,created,id")
        tasks = answers.tasks(snapshot, asked) if there else []
    stands = {fold(each.task.id): each.health for each in projects.matching(snapshot, "").projects}
    for row in goals.standing(snapshot).rows:
        if row.goal.task is not None:
            stands[row.goal.key] = row.goal.health
    found = [_told(snapshot, task, stands.get(fold(task.id), ""), today) for task in tasks]
    return found if names else sorted(found, key=lambda each: KINDS.index(each.kind))


def _told(snapshot: Snapshot, task: Task, health: str, today: date) -> Told:
    update = latest(snapshot, task)
    zone = snapshot.schema.timezone
    said = day(update.date, zone) if update else None
    days = (today - said).days if said else None
    return Told(
        task.path,
        task.id,
        task.text("title"),
        task.text("type"),
        update.health if update else health,
        update,
        days,
        _overdue(snapshot, task, days, today),
    )


def _overdue(snapshot: Snapshot, task: Task, days: int | None, today: date) -> bool:
    """Whether an update is due: the settings say how often, and the last, or the start of the work,
    is longer ago.
    """
    every = snapshot.settings.health["days"]
    if not every or snapshot.schema.closed(task.text("status")):
        return False
    if days is None:
        start = day(task.text("start") or task.text("created"), snapshot.schema.timezone)
        days = (today - start).days if start else 0
    return days > every
