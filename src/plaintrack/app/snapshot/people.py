"""Who is who: the user, authors of commits, people and teams as files and settings have them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import Settings
from plaintrack.model.fields import Schema

if TYPE_CHECKING:
    from plaintrack.model.problem import Problem
    from plaintrack.model.staff import Equipment, Person, Staff
    from plaintrack.model.task import Task


def me(workspace: Snapshot) -> tuple[str, ...]:
    """The names git's user goes by here: the short name of the person with that e-mail or name,
    else name, e-mail and its local part.
    """
    from plaintrack.store.plumbing import user

    name, email = user(workspace.root)
    found = [short for short, names in _known(workspace) if _is(names, name, email)]
    return tuple(found) or tuple(each for each in (name, email, email.partition("@")[0]) if each)


def author(workspace: Snapshot, name: str) -> frozenset[str]:
    """The names and e-mail addresses, in lower case, that someone commits under: ``me``, a short
    name or team, or as it is.
    """
    names = {name.lower()}
    if name == "me":
        names |= {each.lower() for each in me(workspace)}
    for short, (called, emails) in _known(workspace):
        if short.lower() in names:
            names |= {each.lower() for each in (called, *emails) if each}
    return frozenset(names)


def person(workspace: Snapshot, name: str, email: str) -> str:
    """Who an author is: the short name of the person, else the name."""
    for short, names in _known(workspace):
        if _is(names, name, email):
            return short
    return name


def _is(names: tuple[str, tuple[str, ...]], name: str, email: str) -> bool:
    called, emails = names
    return bool(
        (email and email.lower() in (each.lower() for each in emails)) or (name and called == name)
    )


def _known(workspace: Snapshot) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Short name → name and e-mail addresses of everybody who is known."""
    if "people" in workspace.settings.rooms:
        for each in workspace.staff.people.values():
            yield each.handle, (each.name, each.emails)
        return
    for short, about in workspace.settings.people.items():
        email = about.get("email", "")
        yield short, (about.get("name", ""), (email,) if email else ())


def staff(workspace: Snapshot) -> "Staff":
    """People, equipment and teams of a snapshot; ``Snapshot.staff`` keeps the answer."""
    from plaintrack.model.staff import Person, Staff
    from plaintrack.model.task import fold
    from plaintrack.text import staff as text

    settings = workspace.settings
    faults: list[Problem] = []
    people: dict[str, Person] = {}
    equipment: dict[str, Equipment] = {}
    for path, data in files(workspace, "people", faults):
        one, wrong = text.person(path, data)
        faults += wrong
        if one is not None:
            people.setdefault(fold(one.handle), one)
    there = bool(people)
    for path, data in files(workspace, "equipment", faults):
        piece, wrong = text.equipment(path, data)
        faults += wrong
        if piece is not None:
            equipment.setdefault(fold(piece.handle), piece)
    for short, about in settings.people.items():
        filed = people.get(fold(short))
        email = about.get("email", "")
        if filed is None:
            people[fold(short)] = Person(short, about.get("name", ""), (email,) if email else ())
        else:
            people[fold(short)] = filed._replace(
                name=filed.name or about.get("name", ""),
                emails=filed.emails or ((email,) if email else ()),
            )
    teams, spelled = _teams(people.values(), settings.groups)
    return Staff(
        people, equipment, teams, spelled, "people" in settings.rooms, there, tuple(faults)
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


def named(workspace: Snapshot, handle: str) -> str:
    """The name of a person or of equipment with a file of that handle; empty if there is none."""
    if not workspace.settings.rooms:
        return ""
    from plaintrack.model.task import fold

    known = workspace.staff
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


def schema_for(settings: Settings, path: str) -> Schema:
    """The schema by which a file is edited and merged."""
    room = settings.room(path) if settings.rooms else ""
    if not room:
        return settings.schema
    from plaintrack.text.staff import schema_of

    return schema_of(room)


def files(workspace: Snapshot, room: str, faults: "list[Problem]") -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file in a room of the settings; what cannot be read goes to
    ``faults``.
    """
    from plaintrack.errors import PlaintrackError
    from plaintrack.model.problem import Problem

    folder = workspace.settings.rooms.get(room)
    if folder is None:
        return
    for name in workspace.names(folder):
        path = f"{folder}/{name}"
        if name in workspace.settings.ignore:
            continue
        try:
            yield path, workspace.read(path)
        except PlaintrackError as error:
            faults.append(Problem("unreadable", path, error.message, error.hint))
        except OSError as error:
            faults.append(Problem("unreadable", path, f"cannot be read: {error.strerror}"))
