"""What the SLAs of the settings say of each item: its cycles, by the history of its status."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from plaintrack import __version__
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.calendar import calendar
from plaintrack.app.snapshot.folded import series, tip
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command
from plaintrack.flow.series import Categories, Series, State, states
from plaintrack.flow.sla import NEW, Hours, Life, Run, Terms, Week, clocks, lived, met_share
from plaintrack.model.count import plural
from plaintrack.model.fields import Schema
from plaintrack.model.sla import Clock, Clocks
from plaintrack.model.task import Task, fold
from plaintrack.query import columns, nodes
from plaintrack.query.bind import Names, bind
from plaintrack.query.evaluate import holds
from plaintrack.query.facts import Facts
from plaintrack.query.parser import parse
from plaintrack.store.digest import digest
from plaintrack.store.refusals import NoGit
from plaintrack.store.remember import forget, recall, remember, slot
from plaintrack.when import moments

KEPT = 4
"""Histories of SLAs that are remembered."""
FORMAT = 1
"""Of what is remembered."""
KNOWN_STATES = ("open", "closed", "active", "done", "cancelled", "unassigned", "recurring")
"""What the fields of an item alone say of it."""


class NoSlas(PlaintrackError):
    """The settings have no SLA."""

    slug = "no-slas"

    def __init__(self) -> None:
        super().__init__(
            "plaintrack.yml has no `sla:`",
            "add one, such as `sla: {response: {start: 'status:todo', stop: 'is:active', goal:"
            f" 4h}}}}`; {command('explain', 'sla')} says what it is",
        )


class BadCondition(PlaintrackError):
    """A condition of an SLA cannot be asked of the history of an item."""

    slug = "bad-sla-condition"

    def __init__(self, place: str, why: str, hint: str = "") -> None:
        super().__init__(f"plaintrack.yml: {place}: {why}", hint)
        self.place, self.why = place, why


class SameConditions(BadCondition):
    """Start and stop are the same condition."""

    slug = "same-sla-conditions"

    def __init__(self, place: str) -> None:
        super().__init__(
            place,
            "start and stop are the same condition",
            "the clock would stop as it starts: let `stop` be what ends the wait",
        )


class NotTold(BadCondition):
    """History does not tell of an item what the condition asks for."""

    slug = "not-told-by-history"

    def __init__(self, place: str, what: str) -> None:
        super().__init__(
            place,
            f"{what} cannot be asked of an item as it was then",
            "ask for its own fields, or is:open, is:closed, is:active, is:unassigned, is:recurring",
        )


class Line(NamedTuple):
    """One cycle of an item."""

    sla: str
    item: str
    title: str
    number: int
    clock: Clock


class Report(NamedTuple):
    """One SLA: its goals (minutes by priority), the cycles that go on (what is left the least
    first) and those that stopped, and the share that was met by week.
    """

    name: str
    about: Mapping[str, Any]
    running: Sequence[Line]
    ended: Sequence[Line]
    weeks: Sequence[Week]

    @property
    def late(self) -> int:
        """The cycles that go on although their goal has passed."""
        return sum(each.clock.state == "breached" for each in self.running)


class Told(NamedTuple):
    """The SLAs of a snapshot, and what must be said of them."""

    reports: Sequence[Report]
    notes: Sequence[str]


class _Then(Facts):
    """Facts of one item as it was: its category is that of the settings of the time."""

    known = "open"

    def category(self, task: Task) -> str:  # noqa: ARG002  # there is one
        """The category at the time."""
        return self.known


class _Known(NamedTuple):
    """All that SLAs rest on: their terms, the lives of clocks by folded id, ids as they are spelt,
    and the present states.
    """

    terms: Mapping[str, Terms]
    lives: Mapping[str, Mapping[str, Life]]
    present: Mapping[str, State]
    spelt: Mapping[str, str]
    now: int
    git: bool


def latest(snapshot: Snapshot) -> Mapping[str, Clocks]:
    """Folded id → SLA → the latest cycle of each item that is there; empty without SLAs."""
    if not snapshot.settings.sla:
        return {}
    known = _known(snapshot)
    found: dict[str, dict[str, Clock]] = {}
    for name, terms in known.terms.items():
        for key, life in known.lives[name].items():
            state = known.present.get(key)
            if state is None:
                continue
            cycles = clocks(terms, life, state, known.now)
            if cycles:
                found.setdefault(key, {})[name] = cycles[-1]
    return found


def report(snapshot: Snapshot, query: str = "") -> Told:
    """The cycles of all SLAs, of the items that answer a query. Raises NoSlas, BadQuery,
    BadCondition.
    """
    if not snapshot.settings.sla:
        raise NoSlas
    chosen = None
    if query.strip():
        asked = answers.question(snapshot, query)
        chosen = {fold(item) for _, item, _ in answers.rows_raw(snapshot, asked)}
    known = _known(snapshot)
    zone = moments.zone(snapshot.schema.timezone)
    reports = []
    imported: set[str] = set()
    for name, terms in known.terms.items():
        lines: list[Line] = []
        for key, life in known.lives[name].items():
            if chosen is not None and key not in chosen:
                continue
            if life.imported:
                imported.add(key)
            lines += _lines(known, name, terms, key, life)
        running = [each for each in lines if each.clock.open]
        ended = [each for each in lines if not each.clock.open]
        running.sort(key=lambda each: (each.clock.left, each.item))
        ended.sort(key=lambda each: (each.clock.stop or 0, each.item))
        weeks = met_share([each.clock for each in ended], zone)
        reports.append(Report(name, snapshot.settings.sla[name], running, ended, weeks))
    return Told(reports, [*_notes(snapshot, known, len(imported))])


def _lines(known: _Known, name: str, terms: Terms, key: str, life: Life) -> Iterator[Line]:
    state = known.present.get(key)
    cycles = clocks(terms, life, state, known.now) if state else life.ended
    title = str(state.fields.get("title") or "") if state else ""
    for number, clock in enumerate(cycles, 1):
        yield Line(name, known.spelt.get(key, key), title, number, clock)


def _notes(snapshot: Snapshot, known: _Known, imported: int) -> Iterator[str]:
    if known.git:
        how = "when each change reached the first-parent line of the branch"
        if by_author(snapshot):
            how = "the authors' dates of the commits, those on merged branches included"
        yield (
            f"dated by {how}, so not finer than people commit; what is not committed counts as now"
        )
    else:
        yield "there is no history: every item counts as seen now for the first time"
    if imported:
        yield (
            f"{plural(imported, 'item')} first seen stopped, and closed on an earlier day: not"
            " counted, since no one knows when the clock began"
        )
    if known.git and snapshot.repo.shallow:
        yield "this clone is shallow: history begins where it was cut"


# What SLAs rest on


def by_author(snapshot: Snapshot) -> bool:
    """Whether changes are dated by their authors, as those of metrics are."""
    return snapshot.settings.metrics["dates"] == "author"


def _known(snapshot: Snapshot) -> _Known:
    now = int(snapshot.now.timestamp())
    categories = snapshot.schema.category
    present: dict[str, State] = {}
    spelt: dict[str, str] = {}
    for task in answers.tasks(snapshot, nodes.Question(nodes.Everything())):
        if task.id:
            category = categories(task.text("status"))
            spelt[fold(task.id)] = task.id
            present[fold(task.id)] = State(now, "", True, task.fields, category)
    try:
        end = tip(snapshot)
    except NoGit as error:
        snapshot.miss(error)
        end = ""
    past, git = _past(snapshot, end) if end else ({}, False)
    terms = _terms(snapshot, past.get("", {}).get("first", now) if past else now)
    lives: dict[str, dict[str, Life]] = {}
    for name, each in terms.items():
        mine = past.get(name, {}) if past else {}
        found = {}
        for key in sorted({*mine, *present}):
            before = _life(mine[key]) if key in mine else NEW
            state = present.get(key) or State(now, "", False, {}, "open")
            found[key] = lived(each, [state], before)
        lives[name] = found
    if past:
        spelt = {**past[""]["ids"], **spelt}
    return _Known(terms, lives, present, spelt, now, git)


def _past(snapshot: Snapshot, end: str) -> tuple[dict[str, Any], bool]:
    """What became of the clocks up to a commit, remembered: SLA → folded id → Life; under an empty
    name the first moment and the ids as they are spelt.
    """
    settings, schema = snapshot.settings, snapshot.schema
    parts = (
        *(__version__, FORMAT, end, settings.sla, settings.calendar, settings.calendars),
        *(schema.statuses, schema.fields, schema.timezone, schema.day, schema.priorities),
        *(snapshot.today.isoformat(), settings.people, settings.groups),
        *(settings.folders, settings.archive, settings.rooms, settings.ignore),
        settings.metrics["dates"],
        *(snapshot.repo.ancestry, snapshot.repo.trail),
    )
    source = digest(repr(parts).encode("utf-8", "backslashreplace"))
    name = slot("sla", source)
    found = recall(snapshot.cache, name, source)
    if found is None:
        found = _folded(snapshot, series(snapshot, end))
        remember(snapshot.cache, name, source, found)
        forget(snapshot.cache, "sla-", KEPT)
    return found, True


def _folded(snapshot: Snapshot, folded: Series) -> dict[str, Any]:
    categories = Categories(folded, snapshot.schema.statuses)
    terms = _terms(snapshot, folded.first)
    found: dict[str, Any] = {name: {} for name in terms}
    ids = {}
    for key, steps in folded.lives.items():
        past = states(steps, categories, folded.commits - 1, by_author(snapshot))
        ids[key] = str(next((each.fields["id"] for each in past if "id" in each.fields), key))
        for name, each in terms.items():
            life = lived(each, past)
            if life != NEW:
                found[name][key] = life
    return {**found, "": {"first": folded.first, "ids": ids}}


def _life(given: Sequence[Any]) -> Life:
    run, ended, *rest = given
    return Life(run and Run(*run), tuple(Clock(*each) for each in ended), *rest)


# Conditions


def _terms(snapshot: Snapshot, first: int) -> dict[str, Terms]:
    """The SLAs of the settings, ready to be asked; no moment before ``first`` counts."""
    names = answers.names(snapshot)
    zone = moments.zone(snapshot.schema.timezone)
    found = {}
    for name, about in snapshot.settings.sla.items():
        hours = Hours(
            calendar(snapshot, about["calendar"]),
            snapshot.schema.day,
            about["begins"],
            zone,
            first,
        )
        query, start, stop, pauses = conditions(name, about, names)
        found[name] = Terms(
            chosen=_asked(query, snapshot.schema),
            starts=_asked(start, snapshot.schema),
            pauses=_asked(pauses, snapshot.schema),
            stops=_asked(stop, snapshot.schema),
            goal=_goal(about["goal"]),
            hours=hours,
            imported=_imported(snapshot.schema.timezone),
        )
    return found


def conditions(
    name: str, about: Mapping[str, Any], names: Names
) -> tuple[nodes.Node, nodes.Node, nodes.Node, nodes.Node]:
    """Query, start, stop and pauses of an SLA; raises BadCondition."""
    query, start, stop = (
        bound(f"sla.{name}.{key}", about[key], names) for key in ("query", "start", "stop")
    )
    if start == stop:
        raise SameConditions(f"sla.{name}.stop")
    pauses = (bound(f"sla.{name}.pause", each, names) for each in about["pause"])
    return query, start, stop, nodes.Or(tuple(pauses))


def faults(
    slas: Mapping[str, Mapping[str, Any]], names: Names
) -> list[tuple[str, tuple[str, str]]]:
    """Place, message and hint of the conditions that cannot be asked."""
    found = []
    for name, about in slas.items():
        try:
            conditions(name, about, names)
        except BadCondition as error:
            found.append((error.place, (error.why, error.hint)))
    return found


def bound(place: str, text: str, names: Names) -> nodes.Node:
    """A condition of an SLA; raises BadCondition with its place in the settings."""
    try:
        node = bind(parse(text, condition=True), names).where
    except PlaintrackError as error:
        raise BadCondition(place, error.message, error.hint) from error
    for part in answers.parts(node):
        _check(place, part, names.schema)
    return node


def _check(place: str, node: nodes.Node, schema: Schema) -> None:
    """Check that the fields of an item alone answer a part of a condition."""
    field = getattr(node, "field", "")
    if isinstance(node, nodes.Text):
        raise NotTold(place, "its text")
    if isinstance(node, nodes.Under):
        raise NotTold(place, "under:")
    if isinstance(node, nodes.State) and node.name not in KNOWN_STATES:
        raise NotTold(place, f"is:{node.name}")
    if field in columns.derived(schema) or columns.inherited(field, schema):
        raise NotTold(place, field)


def _asked(node: nodes.Node, schema: Schema) -> Callable[[State], bool]:
    """The condition, asked of a state; items that agree in what it names are asked once."""
    names = sorted({getattr(part, "field", "") for part in answers.parts(node)} - {""})
    names += ["assignee", "repeat"]  # what is:unassigned and is:recurring look at
    facts = _Then((), schema, datetime.min.date())
    known: dict[tuple[Any, ...], bool] = {}

    def asked(state: State) -> bool:
        fields = {name: _plain(state.fields[name]) for name in names if name in state.fields}
        key = (state.category, *fields.items())
        if key not in known:
            facts.known = state.category
            known[key] = holds(node, Task("", str(fields.get("id", "")), fields), facts)
        return known[key]

    return asked


def _plain(value: Any) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def _goal(goals: Mapping[str, float]) -> Callable[[State], float | None]:
    """The goal in seconds of an item with the priority that it has in a state."""

    def goal(state: State) -> float | None:
        found = goals.get(str(state.fields.get("priority") or ""), goals.get("default"))
        return None if found is None else found * 60

    return goal


def _imported(timezone: str) -> Callable[[State], bool]:
    """Whether an item that is first seen in a state was closed on an earlier day."""
    zone = moments.zone(timezone)

    def imported(state: State) -> bool:
        closed = moments.day(str(state.fields.get("closed") or ""), timezone)
        seen = datetime.fromtimestamp(state.time, zone).date()
        return closed is not None and closed < seen

    return imported
