"""Scores of items by the scoring models of the settings."""

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.ids import natural
from plaintrack.model.scores import Score, Scores
from plaintrack.model.task import Task, fold
from plaintrack.query.bind import Question
from plaintrack.query.score import BadModel, Scoring, score, scoring


def scores(snapshot: Snapshot, asked: Question, model: str = "") -> Scores:
    """The items that answer, by the model of that name or the first; raises UnknownModel, BadModel,
    BadQuery.
    """
    chosen = scoring(snapshot.settings.scores, snapshot.schema, model)
    found = [_score(snapshot, chosen, task) for task in answers.tasks(snapshot, asked)]
    found.sort(key=lambda each: (natural(fold(each.item.id)), each.item.id, each.item.path))
    found.sort(key=lambda each: (each.value is None, -(each.value or 0.0)))
    places: dict[float, int] = {}
    rows = [
        each._replace(place=places.setdefault(each.value, number))
        for number, each in enumerate(found, 1)
        if each.value is not None
    ]
    return _scores(chosen, [*rows, *found[len(rows) :]])


def by_all(snapshot: Snapshot, task: Task) -> list[Scores]:
    """One item by every model that can be used."""
    found = []
    for name in snapshot.settings.scores:
        try:
            model = scoring(snapshot.settings.scores, snapshot.schema, name)
        except BadModel:
            continue
        rows = [_score(snapshot, model, task)]
        found.append(_scores(model, rows))
    return found


def _scores(model: Scoring, rows: list[Score]) -> Scores:
    names = [each.name for each in model.inputs]
    hours = frozenset(each.name for each in model.inputs if each.hours)
    return Scores(model.name, model.formula, rows, names, hours)


def _score(snapshot: Snapshot, model: Scoring, task: Task) -> Score:
    return Score(task, *score(model, task, snapshot.schema))
