"""Answers what the metrics say of the work."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.app.flow.value import against
from plaintrack.app.flow.view import Asked, Measured, iterations, measured, named
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, nearest, suggestion
from plaintrack.flow import catalogue, metrics, scope
from plaintrack.flow.accuracy import estimates
from plaintrack.flow.answer import Answer, View
from plaintrack.flow.passage import Passage
from plaintrack.flow.value import milestones
from plaintrack.model.task import fold
from plaintrack.timeclock.accuracy import Case

KNOWN: Mapping[str, Callable[[View], Answer]] = {
    "cycle-time": metrics.cycle_time,
    "lead-time": metrics.lead_time,
    "throughput": metrics.throughput,
    "wip": metrics.wip,
    "work-item-age": metrics.work_item_age,
    "cfd": metrics.cfd,
    "status-time": metrics.status_time,
    "blocked": metrics.blocked,
    "burndown": scope.burndown,
    "burnup": scope.burnup,
    "scope": scope.scope,
    "on-time": metrics.on_time,
    "streaks": metrics.streaks,
    "xmr": metrics.xmr,
    "little": metrics.little,
}
"""The metrics of one View alone."""
NAMES = (*KNOWN, "velocity", "milestones", "value", "accuracy")
PAGE = ("throughput", "cycle-time", "wip", "work-item-age", "blocked", "on-time")
"""What is shown when no metric is named."""


class UnknownMetric(PlaintrackError):
    """There is no metric of that name."""

    slug = "unknown-metric"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no metric {name!r}", suggestion(name, NAMES, f"there are {', '.join(NAMES)}")
        )


class MisspeltMetric(PlaintrackError):
    """A word that searches, but is nearly the name of a metric."""

    slug = "misspelt-metric"

    def __init__(self, name: str, near: str) -> None:
        super().__init__(
            f"there is no metric {name!r}",
            f"did you mean {near!r}? `--` before the word makes it a part of the query",
        )


def misspelt(word: str) -> None:
    """Raise MisspeltMetric for a word that is nearly a metric's name."""
    near = nearest(word, NAMES)
    if near and ":" not in word:
        raise MisspeltMetric(word, near)


class Group(NamedTuple):
    """The facts of one metric for the items with one value of a field."""

    value: str
    facts: Mapping[str, Any]


class Told(NamedTuple):
    """A metric with its answer, what it is based on, and (asked for) its facts by a field."""

    name: str
    title: str
    answer: Answer
    basis: Mapping[str, Any]
    notes: Sequence[str]
    field: str = ""
    groups: Sequence[Group] = ()


def metric(snapshot: Snapshot, name: str, asked: Asked, field: str = "") -> Told:
    """What one metric says; ``field``: also for the items of each of its values. Raises
    UnknownMetric and what ``measured`` raises.
    """
    return told(snapshot, [name], asked, field)[0]


def told(snapshot: Snapshot, names: Sequence[str], asked: Asked, field: str = "") -> list[Told]:
    """What several metrics say."""
    for name in names:
        if name not in NAMES:
            raise UnknownMetric(name)
    field = answers.field(snapshot, field) if field else ""
    found = measured(snapshot, asked)
    return [_told(snapshot, name, found, asked, field) for name in names]


def _told(snapshot: Snapshot, name: str, found: Measured, asked: Asked, field: str) -> Told:
    answer, parts = _parts(snapshot, name, found, asked, field)
    if name in ("scope", "milestones"):
        answer = _authors(snapshot, answer)
    groups = [Group(value, each.facts) for value, each in parts.items()]
    title = catalogue.ENTRIES[name].title
    return Told(name, title, answer, found.basis, found.notes, field, groups)


def _parts(
    snapshot: Snapshot, name: str, found: Measured, asked: Asked, field: str
) -> tuple[Answer, Mapping[str, Answer]]:
    """What a metric says of all, and of the items with each value of a field."""
    if name == "value":
        return against(snapshot, found, asked.query, asked.baseline, asked.earn, field)

    cases = _cases(snapshot) if name == "accuracy" else {}

    def answer(items: Sequence[Passage]) -> Answer:
        if name == "milestones":
            return milestones(found.view, items, found.view.on)
        if name == "accuracy":
            return estimates(found.view._replace(items=items), cases)
        return _answer(snapshot, name, found, found.view._replace(items=items))

    items = found.view.items
    if name == "milestones":
        items = found.known
        if asked.query:
            query = f"type:milestone ({asked.query})"
            items = measured(snapshot, asked._replace(query=query)).view.items
    split = _split(snapshot, items, field) if field else {}
    if name == "milestones":
        split = {value: some for value, some in split.items() if answer(some).rows}
    return answer(items), {value: answer(some) for value, some in split.items()}


def _answer(snapshot: Snapshot, name: str, found: Measured, view: View) -> Answer:
    if name == "velocity":
        return scope.velocity(view, iterations(snapshot, found))
    return KNOWN[name](view)


def _cases(snapshot: Snapshot) -> Mapping[str, Case]:
    """The finished items that have an estimate and logged time, by folded id."""
    from plaintrack.app.snapshot.hours import cases

    return {fold(each.item): each for each in cases(snapshot)}


def _split(snapshot: Snapshot, items: Sequence[Passage], field: str) -> dict[str, list[Passage]]:
    """The items by a field; one with several values counts for each, one without for an empty
    text. Work without a team is that of the teams of those it is assigned to.
    """
    by_people = field == "team" and "team" not in snapshot.schema.own
    found: dict[str, list[Passage]] = defaultdict(list)
    for each in items:
        values = each.many(field)
        if by_people and not values:
            values = _teams(snapshot, each.many("assignee"))
        for value in values or [""]:
            found[value].append(each)
    return dict(sorted(found.items()))


def _teams(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """The teams that people are in; a team stands for itself."""
    staff = snapshot.staff
    found: dict[str, None] = {}
    for name in names:
        key = fold(name.removeprefix("@"))
        mine = [team for team, some in staff.teams.items() if key in map(fold, some)]
        for team in [key] if key in staff.teams else mine:
            found[staff.spelled.get(team, team)] = None
    return list(found)


def _authors(snapshot: Snapshot, answer: Answer) -> Answer:
    """With the short names of the authors."""
    at = answer.columns.index("by")
    rows = [
        (*row[:at], named(snapshot, row[at]) if row[at] else "", *row[at + 1 :])
        for row in answer.rows
    ]
    return answer._replace(rows=rows)
