"""People and equipment as Documents."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.model.person import Hours, Leave
from plaintrack.model.staff import Equipment, Person
from plaintrack.plan.profile import Away, Balance, Profile, Roster
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Alert, Fields, Heading
from plaintrack.show.workload import hours, short
from plaintrack.when.calendars import NAMES

if TYPE_CHECKING:
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

MISSING = (
    "the folder that the settings name has no files here (a private submodule, say), so it is not"
    " known who is there when"
)
FEW = 4
"""Weeks in the table of all; of one person all are shown."""


def roster(profiles: Sequence[Profile], missing: bool, alone: bool, today: date) -> Document:
    """The profiles of a Roster: a table of all, or each of those that were named as a whole."""
    if not alone:
        return Document(list(_table(profiles, missing, today)))
    return Document([part for each in profiles for part in _whole(each)])


def _table(profiles: Sequence[Profile], missing: bool, today: date) -> "Iterator[Part]":
    equipment = any(isinstance(each.who, Equipment) for each in profiles)
    weeks = [short(week.name) for week in profiles[0].weeks[:FEW]] if profiles else []
    second = "units" if equipment else "team"
    rows = [
        (
            each.who.handle,
            each.who.name,
            _second(each.who),
            *(_cell(week.minutes) for week in each.weeks[:FEW]),
            _next(each.away, today),
            str(len(each.work)) if each.work else "",
        )
        for each in profiles
    ]
    yield Table(
        ("equipment" if equipment else "person", "name", second, *weeks, "away next", "open"),
        rows,
        name="equipment" if equipment else "people",
    )
    if missing:
        yield Alert(MISSING)


def _second(who: Person | Equipment) -> str:
    return str(who.units) if isinstance(who, Equipment) else ", ".join(who.teams)


def _cell(minutes: int | None) -> str:
    return "?" if minutes is None else hours(minutes)


def _next(away: Sequence[Away], today: date) -> str:
    coming = [each.leave for each in away if each.leave.last >= today]
    return _span(min(coming)) if coming else ""


def _span(leave: Leave) -> str:
    text = leave.first.isoformat()
    if leave.last != leave.first:
        text += f"..{leave.last.isoformat()}"
    units = f" {plural(leave.units, 'unit')}" if leave.units else ""
    return f"{text}{f' {leave.half}' if leave.half else ''}{units} {leave.kind}"


def _whole(profile: Profile) -> "Iterator[Part]":
    who = profile.who
    yield Heading(who.handle, who.name)
    fields = list(_fields(who))
    if fields:
        yield Fields(fields)
    if profile.known:
        weeks = [
            (week.name, hours(week.minutes or 0), ", ".join(week.why)) for week in profile.weeks
        ]
        yield Heading("Time:", "this week and those after it")
        yield Table(("week", "time", "fewer for"), weeks, name="weeks", flexible=2)
    else:
        yield Alert("it is not known when they are there: there is no file of that name here")
    if profile.away:
        away = [
            (
                _span(each.leave),
                "" if each.days is None else f"{each.days:g}",
                "asked for" if each.leave.asked else "",
                each.leave.note,
            )
            for each in profile.away
        ]
        yield Heading("Away:", str(len(away)))
        yield Table(("when", "days", "", "note"), away, name="away", flexible=3)
    if profile.balances:
        balances = [
            (str(each.year), each.kind, *(f"{number:g}" for number in _numbers(each)))
            for each in profile.balances
        ]
        yield Heading("Leave:", "days of the year")
        names = ("year", "leave", "days", "taken", "planned", "asked for", "left")
        yield Table(names, balances, name="balance")
    if profile.work:
        yield Heading("Open work:", str(len(profile.work)))
        work = [tuple(map(task.text, _ITEM)) for task in profile.work]
        yield Table(_ITEM, work, name="work")


_ITEM = ("id", "title", "status", "estimate", "start", "due")


def _numbers(balance: Balance) -> tuple[float, ...]:
    return balance.allowed, balance.taken, balance.planned, balance.asked, balance.left


def _fields(who: Person | Equipment) -> Iterator[tuple[str, str]]:
    if isinstance(who, Equipment):
        yield "units", str(who.units)
    texts: dict[str, str] = {"team": ", ".join(who.teams)}
    if isinstance(who, Person):
        texts["email"] = ", ".join(who.emails)
        texts["skills"] = ", ".join(who.skills)
    texts["since"] = who.since.isoformat() if who.since else ""
    texts["until"] = who.until.isoformat() if who.until else ""
    texts["hours"] = ", ".join(worked(each) for each in who.hours)
    texts["calendar"] = who.calendar
    if isinstance(who, Person):
        texts["timezone"] = who.timezone
        texts["rate"] = ", ".join(
            f"{f'{each.since} ' if each.since else ''}{each.amount} {each.currency}/{each.unit}"
            for each in who.rates
        )
    yield from ((name, text) for name, text in texts.items() if text)


def worked(line: Hours) -> str:
    """A line of hours as it is written."""
    days = " ".join(NAMES[day] for day in sorted(line.days))
    if line.daily is not None:
        text = " ".join(
            f"{NAMES[day]} {hours(length)}" for day, length in enumerate(line.daily) if length
        )
    elif line.weekly is not None:
        text = f"{hours(line.weekly)}/w"
    elif line.each is not None:
        text = f"{hours(line.each)}/d"
    else:
        text = f"{line.share:.0%}"
    return " ".join(filter(None, (line.since.isoformat() if line.since else "", text, days)))


_WHEN = ("since", "until", "calendar")
_BEFORE = {
    "people": ("name", "title", "path", "team", "email", "skills", *_WHEN),
    "equipment": ("name", "title", "path", "units", "team", *_WHEN),
}
"""The columns before those of the weeks."""


def records(found: Roster, name: str, flat: bool) -> Document:
    """The profiles for programs; ``flat``: in cells without lists."""
    rows = [_record(each, flat) for each in found.profiles]
    columns = (*_BEFORE[name], *found.weeks, "work") if flat else ()
    return Document((Records(rows, name, columns),), {"missing": found.missing})


def _record(profile: Profile, flat: bool) -> dict[str, Any]:
    who = profile.who
    found: dict[str, Any] = {"name": who.handle, "title": who.name, "path": who.path}
    if isinstance(who, Equipment):
        found["units"] = who.units
    lists = {"team": who.teams}
    if isinstance(who, Person):
        lists |= {"email": who.emails, "skills": who.skills}
    found |= {key: ", ".join(each) if flat else list(each) for key, each in lists.items()}
    found |= {
        "since": who.since.isoformat() if who.since else None,
        "until": who.until.isoformat() if who.until else None,
        "calendar": who.calendar or None,
    }
    weeks = {week.name: week.minutes for week in profile.weeks}
    work = [task.id or task.path for task in profile.work]
    if flat:
        return {**found, **weeks, "work": " ".join(work)}
    found["weeks"] = [
        {"week": week.name, "minutes": week.minutes, "why": list(week.why)}
        for week in profile.weeks
    ]
    found["away"] = [_away(each) for each in profile.away]
    if isinstance(who, Person):
        found["balance"] = [_balance(each) for each in profile.balances]
    found["work"] = work
    return found


def _away(away: Away) -> "outputs.Away":
    leave = away.leave
    return {
        "first": leave.first.isoformat(),
        "last": leave.last.isoformat(),
        "half": leave.half or None,
        "type": leave.kind,
        "asked": leave.asked,
        "units": leave.units or None,
        "days": away.days,
        "note": leave.note or None,
    }


def _balance(balance: Balance) -> "outputs.Balance":
    return {
        "year": balance.year,
        "type": balance.kind,
        "allowed": balance.allowed,
        "taken": balance.taken,
        "planned": balance.planned,
        "asked": balance.asked,
        "left": balance.left,
    }
