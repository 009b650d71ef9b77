"""Assignments: ``field=value`` words into Edits, checked against the schema."""

import re

from plaintrack.app.snapshot.answers import works
from plaintrack.app.snapshot.find import resolve
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.edit import Add, Edit, Remove, Set, Unset
from plaintrack.model.fields import Field
from plaintrack.model.listed import split
from plaintrack.model.task import fold
from plaintrack.store.index import ask
from plaintrack.when import dates, durations

DERIVED = (
    "updated",
    "age",
    "ready",
    "blocked",
    "overdue",
    "progress",
    "urgency",
    "path",
    "folder",
    "category",
)
_ASSIGNMENT = re.compile(r"([^\W\d][\w.-]*?)(\+=|-=|=)(.*)", re.DOTALL)


class BadAssignment(PlaintrackError):
    """An assignment that cannot be made."""

    slug = "bad-assignment"


def is_assignment(word: str) -> bool:
    """Whether ``word`` has the form ``field=value``, ``field+=value`` or ``field-=value``."""
    return _ASSIGNMENT.fullmatch(word) is not None


def edits(workspace: Workspace, words: list[str]) -> tuple[Edit, ...]:
    """The Edits that the words ask for; raises BadAssignment, BadDate, BadDuration, UnknownId."""
    return tuple(edit(workspace, word) for word in words)


def edit(workspace: Workspace, word: str) -> Edit:
    """The Edit that one ``field=value`` word asks for; an empty value unsets."""
    match = _ASSIGNMENT.fullmatch(word)
    if match is None:
        raise BadAssignment(
            f"{word!r} is no assignment", "write field=value, field+=value, field-=value or field="
        )
    name, sign, text = match.groups()
    field = declared(workspace, name)
    if field.name == "id":
        raise BadAssignment("an id never changes", "`plaintrack doctor --fix` fixes duplicate ids")
    texts = split(text) if field.many else [text.strip()]
    if sign == "-=":
        return Remove(field.name, tuple(texts))
    values = tuple(value(workspace, field, each) for each in texts if each)
    if sign == "+=":
        if not field.many:
            raise BadAssignment(f"{name} holds one value, not a list", f"write {name}=value")
        return Add(field.name, values)
    if not values:
        return Unset(field.name)
    return Set(field.name, values if field.many else values[0])


def declared(workspace: Workspace, name: str) -> Field:
    """The field of that name or front matter key; a key that items already use counts as text."""
    schema = workspace.schema
    found = schema.fields.get(name) or schema.keys().get(name)
    if found:
        return found
    in_use = ask.in_use(workspace.index.connection, name)
    if in_use:
        return Field(name)
    if name in DERIVED:
        raise BadAssignment(
            f"{name} is worked out from other fields and never set",
            "`plaintrack show ID --why` explains an urgency",
        )

    near = suggestion(name, schema.fields)
    raise BadAssignment(
        f"there is no field {name!r}",
        (f"{near} " if near else "") + "declare new fields under `fields:` in plaintrack.yml",
    )


def value(workspace: Workspace, field: Field, text: str) -> str:
    """One value of a field as it is written: dates from words, ids in full, choices in their
    spelling.
    """
    if field.kind in ("date", "datetime"):
        return dates.read(text, workspace.today, works(workspace))
    if field.kind == "duration":
        durations.minutes(text, workspace.schema.day, workspace.schema.week)
        return text
    if field.kind == "link":
        return resolve(workspace, text)
    if field.kind == "person" and fold(text) in ("me", "@me"):
        names = me(workspace)
        if not names:
            raise BadAssignment(
                "git does not say who you are", "run `git config user.name NAME`, or write the name"
            )
        return names[0]
    if field.kind == "choice":
        return choice(field, text)
    if field.kind == "repeat":
        from plaintrack.when.repeat import read

        read(text)
        return text
    if field.kind in ("integer", "number", "boolean"):
        return _typed(field, text)
    return text


def choice(field: Field, text: str) -> str:
    """The choice that ``text`` names, whatever its case; raises BadAssignment with the nearest."""
    for each in field.choices:
        if fold(each) == fold(text):
            return each

    near = suggestion(text, field.choices)
    raise BadAssignment(
        f"{text!r} is no {field.name}",
        (f"{near} " if near else "") + f"the choices are {', '.join(field.choices)}",
    )


def _typed(field: Field, text: str) -> str:
    from plaintrack.text.parse import canonical

    found = canonical(field.kind, text)
    if found is None:
        raise BadAssignment(
            f"{text!r} is no {field.kind}", f"{field.name} is of the type {field.kind}"
        )
    return found
