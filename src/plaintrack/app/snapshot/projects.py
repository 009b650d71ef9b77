"""How the projects of a snapshot stand."""

from collections.abc import Sequence

from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.goals import yardstick
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task, fold
from plaintrack.plan.outline import operations
from plaintrack.plan.projects import PROJECT, Portfolio, Project, project


class NotAProject(PlaintrackError):
    """The item is of another type."""

    slug = "not-a-project"

    def __init__(self, task: Task) -> None:
        kind = task.text("type")
        super().__init__(
            f"{task.id} is a {kind}, not a project" if kind else f"{task.id} is not a project",
            "name an item of type project",
        )


def projects(snapshot: Snapshot, names: Sequence[str] = ()) -> Portfolio:
    """The projects that are named, or all open ones by due date. Raises UnknownId, AmbiguousId,
    NotAProject.
    """
    work = outline(snapshot)
    if names:
        found = [fold(find.resolve(snapshot, name)) for name in names]
    else:
        asked = answers.question(snapshot, "", state="open", shown="due,created,id")
        found = [fold(item) for _, item, _ in answers.rows_raw(snapshot, asked)]
    numbers = [work.numbers[key] for key in dict.fromkeys(found) if key in work.numbers]
    chosen: list[Project] = []
    for number in numbers:
        task = work.pieces[number].task
        if task.text("type") == PROJECT:
            chosen.append(project(work, number, yardstick(snapshot)))
        elif names:
            raise NotAProject(task)
    titles = {key: work.pieces[at].task.text("title") for key, at in work.numbers.items()}
    return Portfolio(chosen, titles, *operations(work))
