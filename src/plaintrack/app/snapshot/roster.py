"""People and equipment of a snapshot, each with the time there is, leave and work."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from plaintrack.app.snapshot.capacity import Capacities
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.model.need import BadNeed, need
from plaintrack.model.person import Leave
from plaintrack.model.staff import Equipment, Person
from plaintrack.model.task import Task, fold
from plaintrack.plan.availability import Availability, leave_days
from plaintrack.plan.profile import Away, Balance, Profile, Roster, Week
from plaintrack.plan.workload import Period, periods

WEEKS = 8


class UnknownName(PlaintrackError):
    """A name that no file and no setting has."""

    slug = "unknown-name"
    exit_code = 1

    def __init__(self, name: str, room: str, known: Iterable[str]) -> None:
        what = "person or team" if room == "people" else "equipment"
        make = f"{command(room)} shows those there are, and makes one with --new and its fields"
        super().__init__(f"there is no {what} {name!r}", suggestion(name, known, make))


def people(snapshot: Snapshot, names: Sequence[str] = ()) -> Roster:
    """The people that are named, also by their teams; all without a name. Raises UnknownName."""
    staff = snapshot.staff
    chosen: dict[str, Person] = {}
    for name in names:
        if not staff.known(name.removeprefix("@")):
            known = [*staff.people, *staff.teams]
            raise UnknownName(name, "people", known)
        for handle in staff.members(name):
            chosen[fold(handle)] = staff.people.get(fold(handle)) or Person(handle)
    found = chosen if names else staff.people
    assigned = _assigned(snapshot)
    capacities = Capacities(snapshot)
    made = [
        _profile(snapshot, each, capacities.person(each.handle), assigned.get(key, ()))
        for key, each in sorted(found.items())
    ]
    return Roster(tuple(made), staff.named and not staff.there, _names(snapshot))


def equipment(snapshot: Snapshot, names: Sequence[str] = ()) -> Roster:
    """The equipment that is named, all without a name. Raises UnknownName."""
    known = snapshot.staff.equipment
    for name in names:
        if fold(name) not in known:
            raise UnknownName(name, "equipment", [each.handle for each in known.values()])
    found = {fold(name): known[fold(name)] for name in names} if names else known
    needed = _needed(snapshot)
    capacities = Capacities(snapshot)
    made = [
        _profile(snapshot, each, capacities.equipment(each.handle), needed.get(key, ()))
        for key, each in sorted(found.items())
    ]
    missing = "equipment" in snapshot.settings.rooms and not known
    return Roster(tuple(made), missing, _names(snapshot))


def weeks_of(snapshot: Snapshot) -> list[Period]:
    """This week and those after it."""
    start = snapshot.today - timedelta(days=snapshot.today.weekday())
    return periods("week", start, start + timedelta(days=7 * WEEKS - 1))


def _names(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(name for name, _, _ in weeks_of(snapshot))


def _profile(
    snapshot: Snapshot,
    who: Person | Equipment,
    there: Availability | None,
    work: Iterable[Task],
) -> Profile:
    weeks = tuple(_week(there, period) for period in weeks_of(snapshot))
    lines = who.leave if isinstance(who, Person) else who.maintenance
    away = tuple(
        Away(each, None if there is None else leave_days(there, each, each.first, _end(each)))
        for each in sorted(lines)
    )
    balances: tuple[Balance, ...] = ()
    if isinstance(who, Person) and there is not None:
        balances = tuple(_balances(who, there, snapshot.today))
    return Profile(who, there is not None, weeks, away, balances, tuple(work))


def _end(leave: Leave) -> date:
    """The last day that is counted: of leave that goes on for years the first ten."""
    try:
        return min(leave.last, leave.first + timedelta(days=3660))
    except OverflowError:
        return leave.last


def _week(there: Availability | None, period: Period) -> Week:
    name, first, last = period
    if there is None:
        return Week(name, first, None)
    spans = there.spans(first, last)
    whys = tuple(dict.fromkeys(span.why for span in spans if span.why))
    return Week(name, first, sum(span.minutes(first, last) for span in spans), whys)


def _balances(person: Person, there: Availability, today: date) -> Iterable[Balance]:
    for each in person.allowances:
        first, last = date(each.year, 1, 1), date(each.year, 12, 31)
        yesterday = today - timedelta(days=1)
        mine = [leave for leave in person.leave if leave.kind == each.kind]
        granted = [leave for leave in mine if not leave.asked]
        taken = sum(leave_days(there, leave, first, min(last, yesterday)) for leave in granted)
        planned = sum(leave_days(there, leave, max(first, today), last) for leave in granted)
        asked = sum(leave_days(there, leave, first, last) for leave in mine if leave.asked)
        yield Balance(each.year, each.kind, each.days, taken, planned, asked)


def _open(snapshot: Snapshot) -> Iterable[Task]:
    work = outline(snapshot)
    return [work.pieces[number].task for number in work.work if not work.pieces[number].closed]


def _assigned(snapshot: Snapshot) -> dict[str, list[Task]]:
    """Folded handle → open work assigned to it."""
    found: dict[str, list[Task]] = {}
    for task in _open(snapshot):
        for name in {fold(each.removeprefix("@")) for each in task.many("assignee") if each}:
            found.setdefault(name, []).append(task)
    return found


def _needed(snapshot: Snapshot) -> dict[str, list[Task]]:
    """Folded name → open work that needs it, alternatives included."""
    found: dict[str, list[Task]] = {}
    if "needs" in snapshot.schema.own:
        return found
    for task in _open(snapshot):
        for text in task.many("needs"):
            try:
                options = need(text).options
            except BadNeed:
                continue
            for name in {fold(each.name) for each in options if not each.skill}:
                found.setdefault(name, []).append(task)
    return found
