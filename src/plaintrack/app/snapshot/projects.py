"""How the projects of a snapshot stand."""

from collections.abc import Iterable, Sequence

from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.goals import yardstick
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task, fold
from plaintrack.plan.outline import Outline, operations
from plaintrack.plan.projects import PROJECT, Portfolio, Project, allowance, project


class NotAProject(PlaintrackError):
    """The item is of another type."""

    slug = "not-a-project"

    def __init__(self, task: Task) -> None:
        kind = task.text("type")
        super().__init__(
            f"{task.id} is a {kind}, not a project" if kind else f"{task.id} is not a project",
            "name an item of type project",
        )


def projects(snapshot: Snapshot, names: Sequence[str]) -> Portfolio:
    """The projects that are named. Raises UnknownId, AmbiguousId, NotAProject."""
    work = outline(snapshot)
    keys = dict.fromkeys(fold(find.resolve(snapshot, name)) for name in names)
    for key in keys:
        task = work.pieces[work.numbers[key]].task
        if task.text("type") != PROJECT:
            raise NotAProject(task)
    return _portfolio(snapshot, work, keys)


def matching(snapshot: Snapshot, query: str = "") -> Portfolio:
    """The projects that answer a query, by due date: the open ones, unless it asks for others.
    Raises BadQuery.
    """
    work = outline(snapshot)
    asked = answers.question(snapshot, query, state="open?", shown="due,created,id")
    keys = [fold(item) for _, item, _ in answers.rows_raw(snapshot, asked)]
    return _portfolio(snapshot, work, keys)


def _portfolio(snapshot: Snapshot, work: Outline, keys: Iterable[str]) -> Portfolio:
    """The projects among some items, by folded id."""
    numbers = [work.numbers[key] for key in keys if key in work.numbers]
    found = [at for at in numbers if work.pieces[at].task.text("type") == PROJECT]
    measured = [
        _said(snapshot, _priced(snapshot, project(work, at, yardstick(snapshot)))) for at in found
    ]
    titles = {key: work.pieces[at].task.text("title") for key, at in work.numbers.items()}
    return Portfolio(measured, titles, *operations(work))


def _said(snapshot: Snapshot, found: Project) -> Project:
    """A project with the health that its latest update has, if there is one."""
    update = None if found.piece.closed else snapshot.said(found.task)
    return found._replace(health=update.health, told=update.told) if update else found


def _priced(snapshot: Snapshot, found: Project) -> Project:
    """A project with what its work costs, if its budget is in money."""
    text = found.task.text("budget")
    if not text or not snapshot.settings.rooms:
        return found
    from plaintrack.plan.cost import Terms, cost, money

    schema = snapshot.schema
    budget = money(text)
    if budget is None or allowance(text, schema.day, schema.week) is not None:
        return found
    terms = Terms(schema.day, schema.week, snapshot.today, schema.timezone)
    return found._replace(cost=cost(found.work, snapshot.staff, budget.currency, terms))
