"""Who is who: the user, authors of commits, people and teams as files and settings have them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import Settings
from plaintrack.model.fields import Schema

if TYPE_CHECKING:
    from plaintrack.model.problem import Problem
    from plaintrack.model.staff import Disagreement, Equipment, Person, Staff
    from plaintrack.model.task import Task
    from plaintrack.text.skim import Skim

Filed = tuple[str, bytes]
"""Path and bytes of a file."""


def me(snapshot: Snapshot) -> tuple[str, ...]:
    """The names git's user goes by here: the short name of the person with that e-mail or name,
    else name, e-mail and its local part.
    """
    from plaintrack.store.plumbing import user

    name, email = user(snapshot.root)
    found = [short for short, names in _known(snapshot) if _is(names, name, email)]
    return tuple(found) or tuple(each for each in (name, email, email.partition("@")[0]) if each)


def author(snapshot: Snapshot, name: str) -> frozenset[str]:
    """The names and e-mail addresses, in lower case, that someone commits under: ``me``, a short
    name, a team, or as it is.
    """
    names = {name.lower(), *(each.lower() for each in members(snapshot, name))}
    if name == "me":
        names |= {each.lower() for each in me(snapshot)}
    for short, (called, emails) in _known(snapshot):
        if short.lower() in names:
            names |= {each.lower() for each in (called, *emails) if each}
    return frozenset(names)


def person(snapshot: Snapshot, name: str, email: str) -> str:
    """Who an author is: the short name of the person, else the name."""
    for short, names in _known(snapshot):
        if _is(names, name, email):
            return short
    return name


def known(snapshot: Snapshot, who: str) -> str:
    """The short name of a person; raises UnknownName where people are known and that is none."""
    from plaintrack.app.snapshot.roster import UnknownName
    from plaintrack.model.task import fold

    there = snapshot.staff.people
    if there and fold(who) not in there:
        raise UnknownName(who, "people", [each.handle for each in there.values()])
    return there[fold(who)].handle if there else who


def members(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """The people of a team; any other name stands for itself."""
    if not snapshot.settings.rooms and not snapshot.settings.groups:
        return (name,)
    return snapshot.staff.members(name)


def _is(names: tuple[str, tuple[str, ...]], name: str, email: str) -> bool:
    called, emails = names
    return bool(
        (email and email.lower() in (each.lower() for each in emails)) or (name and called == name)
    )


def _known(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Short name → name and e-mail addresses of everybody who is known."""
    if "people" in snapshot.settings.rooms:
        for each in snapshot.everyone.people.values():
            yield each.handle, (each.name, each.emails)
        return
    for short, about in snapshot.settings.people.items():
        email = about.get("email", "")
        yield short, (about.get("name", ""), (email,) if email else ())


def staff(snapshot: Snapshot) -> "Staff":
    """People, equipment and teams of a snapshot; ``Snapshot.everyone`` keeps the answer."""
    faults: list[Problem] = []
    found = {room: list(files(snapshot, room, faults)) for room in ("people", "equipment")}
    return made(snapshot.settings, found, faults)


def made(
    settings: Settings, contents: "Mapping[str, Iterable[Filed]]", faults: "list[Problem]"
) -> "Staff":
    """People, equipment and teams of the files in each room and of the settings; what is wrong goes
    to ``faults``.
    """
    from plaintrack.model.staff import Staff
    from plaintrack.model.task import fold
    from plaintrack.text import staff as text

    people: dict[str, Person] = {}
    equipment: dict[str, Equipment] = {}
    for path, data in contents.get("people", ()):
        one, wrong = text.person(path, data)
        faults += wrong
        if one is not None:
            faults += _calendar(settings, path, data, one.calendar)
            faults += _zone(path, data, one.timezone)
            faults += _twice(people.setdefault(fold(one.handle), one).path, path)
    for path, data in contents.get("equipment", ()):
        pool, wrong = text.equipment(path, data)
        faults += wrong
        if pool is not None:
            faults += _calendar(settings, path, data, pool.calendar)
            faults += _twice(equipment.setdefault(fold(pool.handle), pool).path, path)
    there = bool(people)
    differing = tuple(_declared(settings.people, people))
    teams, spelled = _teams(people.values(), settings.groups)
    named = "people" in settings.rooms
    return Staff(people, equipment, teams, spelled, named, there, tuple(faults), differing)


def _calendar(settings: Settings, path: str, data: bytes, name: str) -> "list[Problem]":
    """A fault if a file names a calendar that the settings do not."""
    known = ("", "default", "always", *settings.calendars)
    if name in known:
        return []
    from plaintrack.errors import suggestion
    from plaintrack.model.problem import Problem
    from plaintrack.text.document import locate

    text = data.decode("utf-8-sig")
    start = text.find("\ncalendar:") + 1
    spot = locate(text, text.find(name, start) if start else 0)
    hint = suggestion(name, known[1:], "name it under `calendars:` in plaintrack.yml")
    return [Problem("field-value", path, f"there is no calendar {name!r}", hint, *spot)]


def _zone(path: str, data: bytes, name: str) -> "list[Problem]":
    """A fault if a file names a time zone that there is not."""
    if not name:
        return []
    from plaintrack.model.problem import Problem
    from plaintrack.store.clock import BadClock, zone
    from plaintrack.text.document import locate

    try:
        zone(name)
    except BadClock as error:
        text = data.decode("utf-8-sig")
        start = text.find("\ntimezone:") + 1
        spot = locate(text, text.find(name, start) if start else 0)
        hint = "write an IANA name such as Europe/Berlin"
        return [Problem("field-value", path, error.message, hint, *spot)]
    return []


def _twice(first: str, path: str) -> "list[Problem]":
    from plaintrack.model.problem import Problem

    if first == path:
        return []
    hint = "names are compared without regard to case; rename one of the files"
    return [Problem("bad-id", path, f"its name is that of {first}, too", hint, 1, 1)]


def _declared(
    declared: Mapping[str, Mapping[str, str]], people: "dict[str, Person]"
) -> "Iterator[Disagreement]":
    """Put those whom the settings declare among the people; a file's keys win, and where the
    settings say something else, that is told.
    """
    from plaintrack.model.staff import Disagreement, Person
    from plaintrack.model.task import fold

    for short, about in declared.items():
        filed = people.get(fold(short))
        name, email = about.get("name", ""), about.get("email", "")
        if filed is None:
            people[fold(short)] = Person(short, name, (email,) if email else ())
            continue
        if name and filed.name and name != filed.name:
            yield Disagreement(filed.path, filed.handle, "name", filed.name, name)
        addresses = [each.lower() for each in filed.emails]
        if email and addresses and email.lower() not in addresses:
            yield Disagreement(filed.path, filed.handle, "email", ", ".join(filed.emails), email)
        people[fold(short)] = filed._replace(
            name=filed.name or name, emails=filed.emails or ((email,) if email else ())
        )


def _teams(
    people: "Iterable[Person]", groups: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Folded name → members of every team and group, and folded name → its spelling."""
    from plaintrack.model.task import fold

    members: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    pairs = [(team, each.handle) for each in people for team in each.teams]
    pairs += [(group, handle) for group, handles in groups.items() for handle in handles]
    for team, handle in pairs:
        spelled.setdefault(fold(team), team)
        members.setdefault(fold(team), []).append(handle)
    for group in groups:
        spelled.setdefault(fold(group), group)
        members.setdefault(fold(group), [])
    return {team: tuple(dict.fromkeys(some)) for team, some in members.items()}, spelled


def named(snapshot: Snapshot, handle: str) -> str:
    """The name of a person or of equipment with a file of that handle; empty if there is none."""
    if not snapshot.settings.rooms:
        return ""
    from plaintrack.model.task import fold

    known = snapshot.staff
    found = known.people.get(fold(handle)) or known.equipment.get(fold(handle))
    return (found.name or found.handle) if found and found.path else ""


def parsed(settings: Settings, path: str, data: bytes) -> "Task":
    """The Task in the bytes of an item's file, or of a person's or equipment's, which has the
    handle for its id and no title.
    """
    from plaintrack.text.parse import parse

    room = settings.room(path) if settings.rooms else ""
    if not room:
        return parse(path, data, settings.schema)
    from plaintrack.text.staff import task

    return task(path, data, room)


def skim(settings: Settings) -> "Callable[[str, bytes], Task]":
    """What reads many versions of files as ``parsed`` does, but for steps and problems."""
    known: list[Skim] = []

    def read(path: str, data: bytes) -> "Task":
        if settings.rooms and settings.room(path):
            return parsed(settings, path, data)
        if not known:
            from plaintrack.text.skim import Skim

            known.append(Skim(settings.schema))
        return known[0](path, data)

    return read


def schema_for(settings: Settings, path: str) -> Schema:
    """The schema by which a file is edited and merged."""
    room = settings.room(path) if settings.rooms else ""
    if not room:
        return settings.schema
    from plaintrack.text.staff import schema_of

    return schema_of(room)


def files(snapshot: Snapshot, room: str, faults: "list[Problem]") -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file in a room of the settings; what cannot be read goes to
    ``faults``.
    """
    from plaintrack.errors import PlaintrackError
    from plaintrack.model.problem import Problem

    folder = snapshot.settings.rooms.get(room)
    if folder is None:
        return
    for name in snapshot.names(folder):
        path = f"{folder}/{name}"
        if name in snapshot.settings.ignore:
            continue
        try:
            yield path, snapshot.read(path)
        except PlaintrackError as error:
            faults.append(Problem("unreadable", path, error.message, error.hint))
        except OSError as error:
            faults.append(Problem("unreadable", path, f"cannot be read: {error.strerror}"))
