"""Reports by name: those that every workspace has, and its own in ``reports/``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.reporting import own, weekly
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.render.document import Document
from plaintrack.render.sections import Sentences
from plaintrack.show.items import Where, address

if TYPE_CHECKING:
    from plaintrack.render.document import Part
from plaintrack.store.refusals import NoGit
from plaintrack.when import dates


class Asked(NamedTuple):
    """What a report is asked for: ``items`` are the words after its name, ``since`` a day as people
    write it, ``where`` gives the addresses of files (None: they have none).
    """

    items: Sequence[str] = ()
    since: str = ""
    where: Where | None = address


class Report(NamedTuple):
    """A report as a value: what it is called, the days that it is about, and what it says;
    ``discreet``: e-mail addresses in it are masked.
    """

    name: str
    title: str
    first: date
    last: date
    document: Document
    discreet: bool = True


class Kind(NamedTuple):
    """A report that every workspace has."""

    title: str
    doc: str
    make: Callable[[Snapshot, Asked], Document]
    item: str = ""
    """What has to be named, if anything."""
    days: int = 0
    """The days before today that it is about, unless ``since`` says so."""


class UnknownReport(PlaintrackError):
    """No report has that name."""

    slug = "unknown-report"
    exit_code = 1

    def __init__(self, name: str, known: Sequence[str]) -> None:
        otherwise = f"{command('report')} lists the reports; your own are files in `reports/`"
        super().__init__(f"there is no report {name!r}", suggestion(name, known, otherwise))


class ItemMissing(PlaintrackError):
    """The report is about an item that has to be named."""

    slug = "item-missing"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"the report {name!r} is about one {what}", f"write {command('report', name, 'ID')}"
        )


class NothingToName(PlaintrackError):
    """The report is about all of the work."""

    slug = "nothing-to-name"

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__(
            f"the report {name!r} is about all work, so {' '.join(words)!r} means nothing here",
            "leave it out",
        )


def report(snapshot: Snapshot, name: str, asked: Asked | None = None) -> Report:
    """The report of that name. Raises UnknownReport, ItemMissing, NothingToName, and what its
    questions raise.
    """
    asked = asked or Asked()
    snapshot.discreet = not snapshot.settings.site["private"]
    kind = KINDS.get(name)
    if kind is None:
        return _own(snapshot, name, asked)
    if kind.item and not asked.items:
        raise ItemMissing(name, kind.item)
    if asked.items and not kind.item:
        raise NothingToName(name, asked.items)
    first = _first(snapshot, asked.since, kind.days)
    asked = asked._replace(since=first.isoformat())
    document = _aged(kind.make(snapshot, asked), snapshot)
    return Report(name, kind.title, first, snapshot.today, document, snapshot.discreet)


def _aged(document: Document, snapshot: Snapshot) -> Document:
    """With how old the data of a portfolio is, at the end."""
    if snapshot.ages is None:
        return document
    from plaintrack.show.ages import lines

    said = Sentences([*snapshot.notes, *lines(snapshot.ages)])
    return document._replace(parts=[*document.parts, said])


def _first(snapshot: Snapshot, since: str, days: int) -> date:
    """The first day that a report is about. Raises BadDate."""
    if not since:
        return snapshot.today - timedelta(days=days)
    return date.fromisoformat(dates.past(since, snapshot.today, answers.works(snapshot))[0][:10])


def _own(snapshot: Snapshot, name: str, asked: Asked) -> Report:
    known = own.names(snapshot)
    if name not in known:
        raise UnknownReport(name, [*KINDS, *known])
    if asked.items:
        raise NothingToName(name, asked.items)
    first = _first(snapshot, asked.since, 7)
    title, document = own.report(snapshot, name, first, asked.where or address)
    return Report(name, title, first, snapshot.today, document, snapshot.discreet)


def reports(snapshot: Snapshot) -> list[tuple[str, str]]:
    """(name, what it says) of every report there is."""
    shipped = [(f"{name} ID" if kind.item else name, kind.doc) for name, kind in KINDS.items()]
    folder = snapshot.settings.rooms.get(own.ROOM, "")
    return [*shipped, *((name, f"{folder}/{name}.md") for name in own.names(snapshot))]


# What each of them says


def _goals(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.snapshot.goals import standing
    from plaintrack.show.goals import goals

    return goals(standing(snapshot), snapshot.schema, asked.where)


def _project(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.planning.outlook import outlook
    from plaintrack.app.planning.plan import chosen, plan
    from plaintrack.app.snapshot.projects import projects
    from plaintrack.show import plan as plans
    from plaintrack.show.projects import projects as drawn

    found = projects(snapshot, asked.items)
    planned = outlook(snapshot, found, "")
    parts = list(drawn(planned, snapshot.schema, asked.where).parts)
    answer = plan(snapshot)
    for each in planned.projects:
        lines = chosen(snapshot, answer, [f"under:{each.task.id}"])
        if any(line.end for line in lines):
            parts += plans.gantt(answer, lines, "none", _FAR).parts
        parts += _burnup(snapshot, each.task.id)
    return Document(parts)


def _burnup(snapshot: Snapshot, item: str) -> Iterable["Part"]:
    """What was done of a project, and its scope, over time; nothing without history."""
    from plaintrack.app.flow.metrics import metric
    from plaintrack.app.flow.view import Asked as Measured
    from plaintrack.app.flow.view import NoFlow
    from plaintrack.show.metrics import metrics

    try:
        return metrics([metric(snapshot, "burnup", Measured(f"under:{item}"))]).parts
    except NoFlow:
        return ()
    except NoGit as error:
        snapshot.miss(error)
        return ()


_FAR = 26
"""Weeks that a chart shows."""


def _people(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.snapshot.roster import people
    from plaintrack.show.roster import roster

    found = people(snapshot)
    parts = list(roster(found.profiles, found.missing, False, snapshot.today).parts)
    return Document([*parts, *_workload(snapshot, asked).parts])


def _workload(snapshot: Snapshot, _asked: Asked) -> Document:
    from plaintrack.app.snapshot.workload import days, workload
    from plaintrack.show.workload import workload as drawn

    found = workload(snapshot, "", "person", days(snapshot, "week"))
    return drawn(found.by, found.rows, found.unknown)


def _board(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.snapshot.board import board
    from plaintrack.show.board import board as drawn

    columns = board(snapshot, answers.question(snapshot, "", shown="-urgency"))
    return drawn(*columns, asked.where, _CARDS)


_CARDS = 30


def _plan(snapshot: Snapshot, _asked: Asked) -> Document:
    from plaintrack.app.planning.plan import plan
    from plaintrack.show import plan as plans

    answer = plan(snapshot)
    return plans.table(answer, answer.lines, snapshot.schema.day)


def _gantt(snapshot: Snapshot, _asked: Asked) -> Document:
    from plaintrack.app.planning.plan import plan
    from plaintrack.show import plan as plans

    answer = plan(snapshot)
    return plans.gantt(answer, answer.lines, "project")


def _roadmap(snapshot: Snapshot, _asked: Asked) -> Document:
    from plaintrack.app.planning.plan import plan
    from plaintrack.show import roadmap

    answer = plan(snapshot)
    return roadmap.chart(answer, roadmap.marks(answer.lines), _FAR)


def _timesheet(snapshot: Snapshot, asked: Asked) -> Document:
    """The week of each person who has logged time in it."""
    from plaintrack.app.snapshot import hours, timelog
    from plaintrack.show.time import sheet

    first = date.fromisoformat(asked.since)
    monday = first - timedelta(days=first.weekday())
    week = "{}-W{:02}".format(*monday.isocalendar())
    log = timelog.log(snapshot, monday, monday + timedelta(days=6))
    parts: list[Part] = []
    for person in sorted({entry.person for entry in log.entries} - {""}):  # not told whose it is
        found = hours.sheet(snapshot, person, week)
        if found.grid.rows:
            parts += sheet(found).parts
    return Document(parts or [Sentences([f"No one has logged time in {week}."])])


def _projects(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.snapshot.projects import matching
    from plaintrack.show.projects import status

    found = matching(snapshot)
    return status(found, snapshot.schema, asked.where)


FLOW = (
    "throughput", "cycle-time", "work-item-age", "wip", "cfd", "burnup", "blocked", "on-time",
    "xmr",
)  # fmt: skip
"""The metrics of the report on flow."""


def _flow(snapshot: Snapshot, asked: Asked) -> Document:
    from plaintrack.app.flow.metrics import told
    from plaintrack.app.flow.view import Asked as Measured
    from plaintrack.show.metrics import metrics

    return metrics(told(snapshot, FLOW, Measured(first=asked.since)))


def _forecast(snapshot: Snapshot, _asked: Asked) -> Document:
    from plaintrack.app.flow.forecast import NothingLeft, Wanted, forecast
    from plaintrack.show.forecast import forecast as drawn

    try:
        all_ = drawn(forecast(snapshot, Wanted()), False)
    except NothingLeft as nothing:
        return Document((Sentences([f"{nothing.message[:1].upper()}{nothing.message[1:]}."]),))
    # when all is done is far off and often cannot be said; the next two weeks mostly can
    soon = drawn(forecast(snapshot, Wanted(day="+2w")), False)
    return Document([*all_.parts, *soon.parts])


def _weekly(snapshot: Snapshot, asked: Asked) -> Document:
    where = asked.where or address
    return Document(list(weekly.weekly(snapshot, date.fromisoformat(asked.since), where)))


KINDS: Mapping[str, Kind] = {
    "weekly": Kind(
        "Weekly report",
        "what was done, added, slipped, is blocked, comes next",
        _weekly,
        "",
        7,
    ),
    "project": Kind("Project", "a project whole, with its plan", _project, "project"),
    "projects": Kind("Projects", "a line for each open project", _projects),
    "goals": Kind("Goals", "how the goals stand", _goals),
    "people": Kind("People", "who is there, and who has how much to do", _people),
    "workload": Kind("Workload", "the work that is left against the time there is", _workload),
    "board": Kind("Board", "a column for each status", _board),
    "flow": Kind(
        "Flow", "throughput, cycle time, work in progress, age and others", _flow, "", 182
    ),
    "forecast": Kind("Forecast", "when the open work will be done, from how it flowed", _forecast),
    "timesheet": Kind("Timesheet", "the week of each person who has logged time", _timesheet),
    "roadmap": Kind("Roadmap", "milestones, projects and goals, and their dates", _roadmap),
    "gantt": Kind("Gantt chart", "the plan as a chart, by project", _gantt),
    "plan": Kind("Plan", "when each item is done, by whom, and why then", _plan),
}
"""The reports that every workspace has."""
