"""What time records add up to: entries by query, reports, a weekly grid, accuracy."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.app.snapshot import answers, timelog
from plaintrack.app.snapshot.outline import above, outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.timesheets import period, sheets, standing
from plaintrack.model.task import fold
from plaintrack.plan.outline import Outline
from plaintrack.timeclock.accuracy import Accuracy, Case, grouped
from plaintrack.timeclock.entry import Entry, Fault
from plaintrack.timeclock.hours import Grid, Piece, by_week, grid, report, week
from plaintrack.timeclock.sheet import Period, Standing, belonging
from plaintrack.when import dates


class Question(NamedTuple):
    """Which entries are meant: on items that answer a query, in days, of people."""

    query: str = ""
    first: str = ""
    last: str = ""
    people: tuple[str, ...] = ()
    whole: bool = False
    """Without days: all there are, not this week."""


class Span(NamedTuple):
    """The days that are asked about; None: without end."""

    first: date | None
    last: date | None


class Chosen(NamedTuple):
    """Entries, whose items are called as they are now, in a span, with what is wrong."""

    entries: tuple[Entry, ...]
    span: Span
    faults: tuple[Fault, ...]
    ahead: Callable[[int], int]
    """What the workspace's clock is ahead of UTC at a moment, in seconds."""


def span_of(snapshot: Snapshot, asked: Question) -> Span:
    """The days that are meant, `mon` being the latest Monday; raises BadDate, RangeReversed."""
    if not (asked.first or asked.last or asked.whole):
        week = period("", snapshot.today)
        return Span(week.first, week.last)
    works = answers.works(snapshot)
    first = _day(dates.past(asked.first, snapshot.today, works)[0]) if asked.first else None
    last = _day(dates.past(asked.last, snapshot.today, works)[1]) if asked.last else None
    if first and last and last < first:  # `--from mon --until fri`, on a Wednesday
        last = _day(dates.span(asked.last, snapshot.today, works)[1])
    if first and last and last < first:
        from plaintrack.app.snapshot.workload import RangeReversed

        raise RangeReversed(first, last)
    return Span(first, last)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def chosen(snapshot: Snapshot, asked: Question) -> Chosen:
    """The entries that are meant, by their start; raises BadQuery, BadDate, UnknownPerson."""
    span = span_of(snapshot, asked)
    handles = timelog.chosen(snapshot, asked.people)
    log = timelog.log(snapshot, span.first, span.last, handles)
    old = [each for each in timelog.old(snapshot) if not handles or each.person in handles]
    now = timelog.renamed(snapshot)
    days = timelog.days(snapshot)
    low = days.start(span.first) if span.first else None
    high = days.end(span.last) if span.last else None
    wanted = _items(snapshot, asked.query) if asked.query else None
    found = []
    for entry in sorted((*log.entries, *old), key=lambda each: (each.start, each.person)):
        if low is not None and (entry.end or entry.start) <= low:
            continue
        if high is not None and entry.start >= high:
            continue
        item = now(entry.item)
        if wanted is not None and fold(item) not in wanted:
            continue
        found.append(entry if item == entry.item else entry._replace(item=item))
    return Chosen(tuple(found), span, log.faults, days.ahead)


def _items(snapshot: Snapshot, query: str) -> frozenset[str]:
    """Folded ids of the items that answer a query, closed and archived ones too."""
    asked = answers.question(snapshot, query)
    return frozenset(fold(item) for _, item, _ in answers.rows_raw(snapshot, asked))


class Row(NamedTuple):
    """A row of a report: seconds; the title of an item; minutes of the estimates of its items, and
    how many have none.
    """

    name: str
    title: str
    seconds: int
    estimate: float | None = None
    unestimated: int = 0


class Answer(NamedTuple):
    """A report: its rows, the total in seconds, how many entries, the days, and what is wrong."""

    by: str
    rows: tuple[Row, ...]
    total: int
    entries: int
    span: Span
    faults: tuple[Fault, ...]
    planned: bool = False


def add_up(snapshot: Snapshot, asked: Question, by: str, planned: bool = False) -> Answer:
    """The time logged, by item, person, project, goal, tag or week; ``planned``: beside the
    estimates of the items. Raises BadQuery, BadDate.
    """
    found = chosen(snapshot, asked)
    pieces = list(timelog.days(snapshot).pieces(found.entries, found.span.first, found.span.last))
    work = None
    if planned or by in ("project", "goal"):
        work = above(snapshot, {piece.entry.item for piece in pieces})
    names = _names(by, work)
    made = report(pieces, names)
    rows = by_week(made.rows) if by == "week" else made.rows
    titles = _titles(snapshot, by)
    estimates = _estimates(pieces, names, work) if planned and work else {}
    told = tuple(
        Row(_spelt(name, work), titles(name), seconds, *estimates.get(name, (None, 0)))
        for name, seconds in rows
    )
    return Answer(by, told, made.total, made.entries, found.span, found.faults, planned)


def _titles(snapshot: Snapshot, by: str) -> Callable[[str], str]:
    if by not in ("item", "project", "goal"):
        return lambda _name: ""
    titles = {fold(item): title for item, title in answers.titles(snapshot).items()}
    return lambda name: titles.get(fold(name), "")


def _spelt(name: str, work: Outline | None) -> str:
    """A folded id as it is written."""
    number = work.numbers.get(name) if work else None
    return name if number is None or work is None else work.pieces[number].task.id


def _names(by: str, work: Outline | None) -> Callable[[Piece], Sequence[str]]:
    """What a piece of an entry counts for."""
    if by == "item":
        return lambda piece: (piece.entry.item,)
    if by == "person":
        return lambda piece: (piece.entry.person,)
    if by == "week":
        return lambda piece: (week(piece.day),)
    if by == "tag":
        return lambda piece: piece.entry.tags
    assert work is not None
    served = work.served if by == "goal" else [[each] if each else [] for each in work.projects]
    numbers = work.numbers

    def named(piece: Piece) -> Sequence[str]:
        number = numbers.get(fold(piece.entry.item))
        return () if number is None else served[number]

    return named


def _estimates(
    pieces: Iterable[Piece], names: Callable[[Piece], Sequence[str]], work: Outline
) -> dict[str, tuple[float | None, int]]:
    """Name → minutes of the estimates of its items, and how many have none."""
    items: dict[str, set[str]] = {}
    for piece in pieces:
        for name in names(piece) or ("",):
            items.setdefault(name, set()).add(fold(piece.entry.item))
    found: dict[str, tuple[float | None, int]] = {}
    for name, some in items.items():
        known = [work.pieces[work.numbers[each]].estimate for each in some if each in work.numbers]
        given = [each for each in known if each is not None]
        found[name] = (sum(given) if given else None, len(some) - len(given))
    return found


class Week(NamedTuple):
    """A person's period as a grid, with the timesheet if there is one."""

    person: str
    period: Period
    grid: Grid
    titles: dict[str, str]
    standing: Standing | None
    faults: tuple[Fault, ...]


def sheet(snapshot: Snapshot, person: str, text: str) -> Week:
    """A person's week or month: what the sheet of it counts, each day. Raises NotAPeriod."""
    span = period(text, snapshot.today)
    log = timelog.log(snapshot, persons=[person])
    days = timelog.days(snapshot)
    pieces = list(belonging(log.entries, span, days))
    now = timelog.renamed(snapshot)
    shown = sorted({*span.days(), *(piece.day for piece in pieces)})
    made = grid(pieces, shown, lambda piece: now(piece.entry.item))
    named = {fold(item): title for item, title in answers.titles(snapshot).items()}
    titles = {name: named.get(fold(name), "") for name, _ in made.rows}
    there = [each for each in sheets(snapshot, person).sheets if each.period == span.name]
    state = standing(snapshot, there[0], log.entries) if there else None
    return Week(person, span, made, titles, state, log.faults)


def accuracies(snapshot: Snapshot, query: str, by: str) -> list[Accuracy]:
    """How estimates compare with logged time, by ``person`` or ``type``; raises BadQuery."""
    return grouped(cases(snapshot, query), by)


def cases(snapshot: Snapshot, query: str = "") -> list[Case]:
    """The items that are done, with an estimate and logged time."""
    found = chosen(snapshot, Question(query, whole=True))
    seconds: dict[str, dict[str, int]] = {}
    for entry in found.entries:
        mine = seconds.setdefault(fold(entry.item), {})
        mine[entry.person] = mine.get(entry.person, 0) + entry.seconds
    made = []
    for piece in outline(snapshot, timed=False).pieces:
        mine = seconds.get(fold(piece.task.id), {}) if piece.task.id else {}
        actual = sum(mine.values()) / 60
        if piece.category != "done" or not piece.estimate or not actual:
            continue
        most = max(sorted(mine), key=lambda person: mine[person])
        kind = piece.task.text("type")
        made.append(Case(piece.task.id, piece.estimate, actual, most, kind))
    return made
