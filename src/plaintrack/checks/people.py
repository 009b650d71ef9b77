"""Checks of people, equipment and what items ask of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import SETTINGS, Found, Options, Row, Work, at
from plaintrack.errors import suggestion
from plaintrack.model.task import fold

if TYPE_CHECKING:
    from plaintrack.model.need import Need, Option
    from plaintrack.model.staff import Equipment, Person
    from plaintrack.plan.availability import Availability

_TIMES = ("estimate", "duration", "elapsed")
FAR = timedelta(days=3660)
"""How far ahead leave is looked for."""


@check("PT601", "unknown-name", "warning")
def unknown_name(work: Work, _options: Options) -> Iterator[Found]:
    """A team is named that does not exist, or a group has someone unknown in it.

    Why: work of a misspelt team is in no team's load.

    Fix: write the name as it is declared, in people's files or under `groups:`.

    Bad:
        team: platfrom

    Good:
        team: platform
    """
    staff = work.staff
    known = {*staff.people, *staff.teams}
    for group, members in work.settings.groups.items():
        for name in members:
            if staff.people and fold(name) not in staff.people:
                key = f"groups.{group}"
                hint = suggestion(name, staff.people, "name people, not groups")
                message = f"the group {group} has {name!r} in it, who is not known"
                yield Found(SETTINGS, "", key, "", message, hint, about=name)
    for name, about in work.settings.calendars.items():
        for team in about["teams"]:
            if staff.teams and fold(team) not in staff.teams:
                hint = suggestion(team, staff.teams, "no one is in it")
                message = f"the calendar {name} is that of {team!r}, which is not a team"
                yield Found(SETTINGS, "", f"calendars.{name}.teams", "", message, hint, about=team)
    if not staff.teams or "team" in work.schema.own:
        return
    for number, _, key in sorted(work.source.links("team")):
        if key.removeprefix("@") not in staff.teams and number in work.by_number:
            row = work.by_number[number]
            hint = suggestion(key, known, "name it in people's files or under `groups:`")
            value = work.typed(number, "team", key)
            yield at(row, "team", f"{value!r} is not a team", hint, value=value)


@check("PT602", "unknown-skill", "warning")
def unknown_skill(work: Work, _options: Options) -> Iterator[Found]:
    """An item needs a skill that no one has.

    Why: it can be planned for no one; often the skill is spelt differently in people's files.

    Fix: write the skill as in `skills:` of a person's file, or add it there.

    Bad:
        needs:
        - skill:weldign

    Good:
        needs:
        - skill:welding
    """
    if not work.staff.there:
        return
    skills = work.staff.skills()
    for one in _needs(work):
        for option in one.need.options:
            if option.skill and fold(option.name) not in skills:
                hint = suggestion(option.name, skills, "add it to `skills:` of someone's file")
                message = f"no one has the skill {option.name!r}"
                yield one.found(work, message, hint)


@check("PT603", "leave-overlaps", "warning")
def leave_overlaps(work: Work, _options: Options) -> Iterator[Found]:
    """Two lines of a person's leave have days in common.

    Why: only one of them can be meant, and days are taken off the balance twice.

    Fix: end the first line before the second begins; or remove one.

    Bad:
        leave:
        - 2026-12-21..2027-01-06 annual
        - 2027-01-04..2027-01-08 sick

    Good:
        leave:
        - 2026-12-21..2027-01-03 annual
        - 2027-01-04..2027-01-08 sick
    """
    for person in work.staff.people.values():
        lines = sorted(zip(person.leave, person.lines, strict=False))
        last = None
        for leave, line in lines:
            if last is not None and leave.first <= last.last:
                halves = {leave.half, last.half}
                if halves != {"am", "pm"}:
                    message = f"this leave overlaps with {last.first}..{last.last} {last.kind}"
                    hint = "end one of them before the other begins"
                    yield Found(person.path, "", "leave", line, message, hint)
            if last is None or leave.last >= last.last:
                last = leave


@check("PT604", "assigned-away", "warning")
def assigned_away(work: Work, _options: Options) -> Iterator[Found]:
    """An open item is to be done while its assignee is away, on all its days, or after the
    assignee's last day.

    Why: the date will not be kept; leave was entered after the date was agreed, or the other way
    round.

    Fix: move `start` or `due`, or assign it to someone who is there.

    Bad:
        assignee: ana
        start: 2026-12-22
        due: 2026-12-24, and ana is away from 2026-12-21 to 2027-01-06

    Good:
        assignee: ana
        due: 2026-12-18
    """
    people = _leaving(work)
    if not people:
        return

    there: dict[str, _Presence] = {}
    for row, person in _assigned(work, people):
        due = work.date(row.due)
        if due is None or (person.until and person.until < work.today):
            continue
        if person.until and due > person.until:
            message = f"it is due on {due}, after the last day of {person.handle}, {person.until}"
            hint = "assign it to someone else, or move due"
            yield at(row, "due", message, hint, about=person.handle)
            continue
        if not _may_be_away(work, row, person, due):
            continue
        if person.handle not in there:
            there[person.handle] = _presence(work.source.availability(person))
        presence = there[person.handle]
        last = min(due, work.today + FAR)
        if last >= work.today and _certainly_works(presence, last, last):
            continue  # whenever it may begin
        days = _days(work, row, due)
        if days is None or days[1] < work.today:
            continue
        away = _away(presence, days[0], last)
        if away:
            message = f"{person.handle} is away on all its days, {days[0]}..{days[1]} ({away})"
            hint = "move start or due, or assign it to someone who is there"
            yield at(row, "due", message, hint, about=person.handle)


@check("PT605", "left-with-work", "warning")
def left_with_work(work: Work, _options: Options) -> Iterator[Found]:
    """An open item is assigned to someone whose last day has passed.

    Why: no one will do it.

    Fix: assign it to someone else.

    Bad:
        assignee: bob, and people/bob.md has `until: 2026-10-31`

    Good:
        assignee: ana
    """
    people = work.staff.people.values()
    left = [each for each in people if each.until and each.until < work.today]
    for row, person in _assigned(work, left):
        if person.until:
            message = f"{person.handle} has left: the last day was {person.until}"
            yield at(row, "assignee", message, "assign it to someone else", value=person.handle)


@check("PT606", "double-booked", "error")
def double_booked(work: Work, _options: Options) -> Iterator[Found]:
    """Items with fixed dates need more of some equipment than there is on a day.

    Why: one of them cannot be done on its days. Dates are fixed where an item has `start` and
    `due`; maintenance takes units away.

    Fix: move one of the items, use other equipment, or add units.

    Bad:
        needs: rig, from 2026-12-01 to 2026-12-03, while another item needs it on 2026-12-02

    Good:
        start: 2026-12-04
        due: 2026-12-06
    """
    booked: dict[str, list[_Booking]] = {}
    pools = work.staff.equipment
    if not pools:
        return
    for one in _needs(work):
        start, due = work.date(one.row.start), work.date(one.row.due)
        option = one.need.options[0]
        if start is None or due is None or due < start or due < work.today:
            continue  # which are other findings, or past
        if len(one.need.options) == 1 and not option.skill and fold(option.name) in pools:
            booking = _Booking(max(start, work.today), due, option.units, one)
            booked.setdefault(fold(option.name), []).append(booking)
    for key, bookings in sorted(booked.items()):
        yield from _clashes(work, pools[key], bookings)


@check("PT607", "unmet-need", "warning")
def unmet_need(work: Work, _options: Options) -> Iterator[Found]:
    """An item needs what there is not: equipment or people no file knows, or more of them than
    there are.

    Why: it can never be planned.

    Fix: write the name as that of a file in the folder of equipment or people, or ask for fewer
    units.

    Bad:
        needs:
        - 3 van, and equipment/van.md has `units: 2`

    Good:
        needs:
        - 2 van
    """
    rooms = work.settings.rooms
    if not work.staff.equipment and not (work.staff.there or "equipment" in rooms):
        return
    for one in _needs(work):
        lacks = [_lack(work, option) for option in one.need.options]
        if lacks and all(message for message, _ in lacks):
            message, hint = lacks[0]
            yield one.found(work, message, hint)


@check("PT608", "people-differ", "warning")
def people_differ(work: Work, _options: Options) -> Iterator[Found]:
    """A person's file and `people:` in the settings say different things.

    Why: the file's value holds; who reads the settings believes the other.

    Fix: remove the key from the settings.

    Bad:
        people: {ana: {email: ana@old.example}}, and people/ana.md has ana@example.org

    Good:
        people: {}, and people/ana.md alone
    """
    for each in work.staff.differing:
        message = f"{each.key} is {each.filed!r} here and {each.set!r} in plaintrack.yml"
        hint = f"remove `people: {each.handle}: {each.key}` from plaintrack.yml"
        yield Found(each.path, "", each.key, "", message, hint, about=each.set)


@check("PT609", "name-clash", "error")
def name_clash(work: Work, _options: Options) -> Iterator[Found]:
    """A person, a team and equipment may not share a name.

    Why: `assignee: platform` or `needs: van` would mean two things at once.

    Fix: rename the file or the team.

    Bad:
        people/platform.md, and `team: platform` in people/ana.md

    Good:
        people/pat.md
    """
    staff = work.staff
    for name in ("me", "@me"):
        if name in staff.people or name in staff.teams:
            path = staff.people[name].path if name in staff.people else ""
            message = f"{name!r} means whoever asks, and is the name of a person or team here"
            yield Found(path or SETTINGS, "", "name", "", message, "rename it", about=name)
    for key, person in staff.people.items():
        if key in staff.teams:
            message = f"{person.handle} is the name of a person and of a team"
            yield Found(person.path or SETTINGS, "", "name", "", message, "rename one of them")
    for key, pool in staff.equipment.items():
        if key in staff.people or key in staff.teams:
            what = "a person" if key in staff.people else "a team"
            message = f"{pool.handle} is the name of equipment and of {what}"
            yield Found(pool.path, "", "name", "", message, "rename one of them")


@check("PT610", "several-times", "error")
def several_times(work: Work, _options: Options) -> Iterator[Found]:
    """An item has more than one of `estimate`, `duration` and `elapsed`.

    Why: each of them alone says when the work ends. `estimate` is the time of people, `duration` is
    working time whoever does it, `elapsed` is calendar time; two of them contradict each other as
    soon as someone is away.

    Fix: keep the one that is meant.

    Bad:
        estimate: 3d
        duration: 5d

    Good:
        estimate: 3d
    """
    names = [
        name for name in _TIMES[1:] if name in work.schema.fields and name not in work.schema.own
    ]
    given: dict[int, list[str]] = {}
    for number, name, _ in sorted(work.source.links(*names)):
        given.setdefault(number, []).append(name)
    for number, found in given.items():
        row = work.by_number.get(number)
        if row is None:
            continue
        said = [*(["estimate"] if row.estimate is not None else []), *found]
        if len(said) > 1:
            message = f"it has {' and '.join(said)}, which say its length in different ways"
            yield at(row, said[-1], message, f"keep one of {', '.join(said)}")


class _Needed(NamedTuple):
    """One line of ``needs`` of an open item; ``key`` is its folded text."""

    row: Row
    key: str
    need: "Need"

    def found(self, work: Work, message: str, hint: str, about: str = "") -> Found:
        """A finding at this line."""
        text = work.typed(self.row.number, "needs", self.key)
        return at(self.row, "needs", message, hint, text, about)


class _Booking(NamedTuple):
    """Units of a pool on all days from ``first`` to ``last``."""

    first: date
    last: date
    units: int
    by: _Needed


def _needs(work: Work) -> Iterator[_Needed]:
    """What open items need; lines that cannot be read are other findings."""
    if "needs" in work.schema.own or "needs" not in work.schema.fields:
        return
    from plaintrack.model.need import BadNeed, need

    known: dict[str, Need | None] = {}
    for number, _, key in sorted(work.source.links("needs")):
        row = work.by_number.get(number)
        if row is None:
            continue
        if key not in known:
            try:
                known[key] = need(key)
            except BadNeed:
                known[key] = None
        found = known[key]
        if found is not None:
            yield _Needed(row, key, found)


def _assigned(work: Work, some: "Iterable[Person]") -> Iterator[tuple[Row, "Person"]]:
    """Open items with each of their assignees who is one of these people, and has a file."""
    filed = {fold(each.handle): each for each in some if each.path}
    if not filed:
        return
    for number, _, key in sorted(work.source.links("assignee")):
        person = filed.get(key.removeprefix("@"))
        row = work.by_number.get(number) if person is not None else None
        if row is not None and person is not None:
            yield row, person


def _leaving(work: Work) -> "list[Person]":
    """The people who have leave to come, or a last day, with that leave alone."""
    coming = (
        person._replace(leave=tuple(leave for leave in person.leave if leave.last >= work.today))
        for person in work.staff.people.values()
        if person.path
    )
    return [person for person in coming if person.leave or person.until]


class _Presence(NamedTuple):
    """When one is there; ``sure`` are the weekdays that every line of hours has as worked."""

    there: "Availability | None"
    sure: frozenset[int] = frozenset()


def _presence(there: "Availability | None") -> _Presence:
    from plaintrack.plan.availability import week

    if there is None:
        return _Presence(None)
    weeks = [week((line,), there.calendar, there.day, date.max) for line in there.hours]
    days = (day for day in range(7) if all(each[day] for each in weeks))
    return _Presence(there, frozenset(days))


def _may_be_away(work: Work, row: Row, person: "Person", due: date) -> bool:
    """Whether an item's assignee has leave on its days: most items are far from any leave, and what
    they wait for need not be read.
    """
    first = max(work.today, work.date(row.start) or work.today)
    last = min(due, work.today + FAR)
    return any(leave.first <= last and leave.last >= first for leave in person.leave)


def _days(work: Work, row: Row, due: date) -> tuple[date, date] | None:
    """The days on which an item is to be worked on."""
    from plaintrack.plan.workload import window

    return window(work.today, work.date(row.start), _wait(work, row), due)


def _wait(work: Work, row: Row) -> date | None:
    values = work.source.values(row.number, "wait")
    return work.date(values[0]) if values else None


def _away(presence: _Presence, first: date, last: date) -> str:
    """The types of leave that take all the days on which one would work; empty if some are left, or
    none are worked anyway.
    """
    there = presence.there
    if there is None or _certainly_works(presence, first, last) or there.minutes(first, last):
        return ""
    if not there._replace(leave=()).minutes(first, last):
        return ""
    kinds = (each.kind for each in there.leave if each.first <= last and each.last >= first)
    return ", ".join(dict.fromkeys(kinds))


def _certainly_works(presence: _Presence, first: date, last: date) -> bool:
    """Whether one of the first days is no leave, and worked by every line of hours: a quick answer
    for nearly all items.
    """
    there = presence.there
    if there is None:
        return False
    calendar = there.calendar
    for number in range(first.toordinal(), min(last.toordinal(), first.toordinal() + 6) + 1):
        day = date.fromordinal(number)
        if day.weekday() not in presence.sure or not calendar.works(day) or day in calendar.own:
            continue
        if any(each.first <= day <= each.last for each in there.leave):
            continue
        if _here(there, day):
            return True
    return False


def _here(there: "Availability", day: date) -> bool:
    return (there.since or day) <= day <= (there.until or day)


def _lack(work: Work, option: "Option") -> tuple[str, str]:
    """Why an option can never be had, and what to do; empty if it can."""
    staff, key = work.staff, fold(option.name)
    if option.skill:
        able = len(staff.skills().get(key, ()))
        if not staff.there or not able or able >= option.units:
            return "", ""  # that no one has it is another finding
        return f"{able} have the skill {option.name!r}, not {option.units}", "ask for fewer"
    pool = staff.equipment.get(key)
    if pool is not None:
        if pool.units >= option.units:
            return "", ""
        return f"there are {pool.units} of {pool.handle}, not {option.units}", "ask for fewer units"
    if key in staff.teams or key in staff.people:
        there = len(staff.teams.get(key, (key,)))
        if there >= option.units:
            return "", ""
        return f"{option.name} has {there} people, not {option.units}", "ask for fewer"
    known = [*staff.equipment, *staff.people, *staff.teams]
    hint = suggestion(option.name, known, "add a file to the folder of equipment")
    return f"there is nothing called {option.name!r}", hint


def _clashes(work: Work, pool: "Equipment", bookings: Sequence[_Booking]) -> Iterator[Found]:
    """The stretches of days on which a pool is overbooked, each told at the item that begins last,
    with the others.
    """
    for first, last, there in _stretches(pool, bookings):
        held = [each for each in bookings if each.first <= last and each.last >= first]
        asked = sum(each.units for each in held)
        if asked <= there:
            continue
        held.sort(key=lambda each: (each.first, each.by.row.id, each.by.row.path))
        latest = held[-1].by
        others = ", ".join(dict.fromkeys(each.by.row.id or each.by.row.path for each in held[:-1]))
        days = f"on {first}" if first == last else f"from {first} to {last}"
        because = f", with {others}" if others else ""
        less = f" (of {pool.units}, less maintenance)" if there < pool.units else ""
        message = f"{asked} of {pool.handle} are needed {days}{because}; there are {there}{less}"
        hint = "wait, take another day or other equipment, or add units"
        yield latest.found(work, message, hint, about=f"{pool.handle} {first}")


def _stretches(pool: "Equipment", bookings: Sequence[_Booking]) -> Iterator[tuple[date, date, int]]:
    """The days of all bookings, cut where a booking or maintenance begins or ends, those that are
    overbooked in the same way joined; with the units there are.
    """
    changes: dict[date, int] = {}
    lows: dict[date, int] = {}
    for each in bookings:
        _add(changes, each.first, each.last, each.units)
    away: Mapping[date, int] = lows
    begin, end = min(each.first for each in bookings), max(each.last for each in bookings)
    for leave in pool.maintenance:
        if not leave.asked and leave.first <= end and leave.last >= begin and not leave.half:
            first, last = max(leave.first, begin), min(leave.last, end)
            _add(lows, first, last, leave.units or pool.units)
    asked = gone = 0
    held: tuple[date, int, int] | None = None
    for day in sorted({*changes, *away}):
        asked, gone = asked + changes.get(day, 0), gone + lows.get(day, 0)
        there = max(0, pool.units - gone)
        over = (asked, there) if asked > there else None
        if held is not None and over != (held[1], held[2]):
            yield held[0], day - timedelta(days=1), held[2]
            held = None
        if over is not None and held is None:
            held = day, asked, there


def _add(changes: dict[date, int], first: date, last: date, units: int) -> None:
    changes[first] = changes.get(first, 0) + units
    if last < date.max:
        after = last + timedelta(days=1)
        changes[after] = changes.get(after, 0) - units
