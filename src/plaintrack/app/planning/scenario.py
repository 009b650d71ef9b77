"""What-ifs: the work with some fields, absences or units changed, in no file."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from plaintrack.app.items.assign import edits, is_assignment
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.buffers import Buffers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.task import fold
from plaintrack.plan.answer import WhatIf
from plaintrack.store.index import ask
from plaintrack.text.edit import edited
from plaintrack.when import dates

_MORE = re.compile(r"(.+)=\+?(\d{1,5})")


class BadWhatIf(PlaintrackError):
    """What is to be supposed cannot be understood."""

    slug = "bad-what-if"


class NotSupposable(BadWhatIf):
    """A word of ``--set`` that is no field with a value."""

    slug = "not-supposable"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--set {text!r} is not an item with fields",
            "write `--set 'PT-7 estimate=8d'`",
        )


class BadAbsence(BadWhatIf):
    """A word of ``--without`` that is not somebody with days."""

    slug = "bad-absence"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--without {text!r} does not say who is away and when",
            "write `--without ana:2027-01-11..2027-01-22`",
        )


class BadUnits(BadWhatIf):
    """A word of ``--add`` that is not equipment with a number."""

    slug = "bad-units"

    def __init__(self, text: str) -> None:
        super().__init__(f"--add {text!r} does not say how many of what", "write `--add rig=1`")


class NooneAway(BadWhatIf):
    """A name of ``--without`` that no person, team or equipment has."""

    slug = "no-one-away"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"there is no person, team or equipment {name!r}",
            suggestion(name, known, "`plaintrack people` and `plaintrack equipment` list them"),
        )


class NoSuchEquipment(BadWhatIf):
    """More units are supposed of what the workspace does not have."""

    slug = "no-such-equipment"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"there is no equipment {name!r}",
            suggestion(name, known, "`plaintrack equipment` lists what there is"),
        )


class OnlyNow(BadWhatIf):
    """Fields can be supposed of the work tree only."""

    slug = "only-now"

    def __init__(self) -> None:
        super().__init__("--set changes the work as it is now, not as it was", "leave out --at")


def supposed(snapshot: Snapshot, given: Sequence[str]) -> Snapshot:
    """The snapshot with the items changed as ``--set`` says: ``ID field=value …``."""
    if not given:
        return snapshot
    if not isinstance(snapshot, Workspace):
        raise OnlyNow
    texts: dict[str, bytes | None] = {}
    for text in given:
        name, *words = text.split()
        if not words or not all(map(is_assignment, words)):
            raise NotSupposable(text)
        path = find.locate(snapshot, name)
        data = texts.get(path) or snapshot.read(path)
        texts[path] = edited(data, path, edits(snapshot, words), snapshot.schema)
    return Buffers(snapshot, texts)


def what_if(snapshot: Snapshot, without: Sequence[str], add: Sequence[str], assume: str) -> WhatIf:
    """What the options of ``plan`` suppose."""
    away = tuple(absence for text in without for absence in _absences(snapshot, text))
    more = tuple(_units(snapshot, text) for text in add)
    return WhatIf(away, more, assume)


def _absences(snapshot: Snapshot, text: str) -> list[tuple[str, date, date]]:
    """The absence of a person, of everyone in a team, or of all units of a pool of equipment."""
    name, colon, span = text.partition(":")
    if not name or not colon:
        raise BadAbsence(text)
    works = answers.works(snapshot)
    try:
        first, _, last = span.partition("..")
        start = dates.span(first, snapshot.today, works)[0][:10]
        end = dates.span(last or first, snapshot.today, works)[1][:10]
    except dates.BadDate as error:
        raise BadAbsence(text) from error
    if end < start:
        raise BadAbsence(text)
    days = date.fromisoformat(start), date.fromisoformat(end)
    return [(each, *days) for each in _named(snapshot, name.removeprefix("@"))]


def _named(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """Whom or what a name of ``--without`` stands for. Without people's files everyone who is
    assigned is someone. Raises NooneAway.
    """
    staff = snapshot.staff
    if staff.known(name) or fold(name) in staff.equipment:
        return staff.members(name)
    assigned = ask.values(snapshot.index.connection, "assignee")
    if fold(name) in (fold(each.removeprefix("@")) for each in assigned):
        return (name,)
    raise NooneAway(name, [*staff.people, *staff.teams, *staff.equipment, *assigned])


def _units(snapshot: Snapshot, text: str) -> tuple[str, int]:
    found = _MORE.fullmatch(text)
    if found is None:
        raise BadUnits(text)
    equipment = snapshot.staff.equipment
    if fold(found[1]) not in equipment:
        raise NoSuchEquipment(found[1], equipment)
    return found[1], int(found[2])
