"""Assignments: ``field=value`` words into Edits, checked against the schema."""

import re
from collections.abc import Iterable, Sequence

from plaintrack.app.snapshot.find import linked, resolve
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.model import dependency
from plaintrack.model.edit import Add, Edit, Remove, Set, Unset
from plaintrack.model.fields import Field
from plaintrack.model.listed import split
from plaintrack.model.task import fold
from plaintrack.query.columns import MENTIONS
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
    "mentions",
    "state",
    *("planned_start", "planned_end", "slack", "critical", "slipping", "waits_for"),
)
_ASSIGNMENT = re.compile(r"([^\W\d][\w.-]*?)(\+=|-=|=)(.*)", re.DOTALL)


class BadAssignment(PlaintrackError):
    """An assignment that cannot be made."""

    slug = "bad-assignment"


class NotAnAssignment(BadAssignment):
    """A word that has not the form of an assignment."""

    slug = "not-an-assignment"

    def __init__(self, word: str) -> None:
        super().__init__(
            f"{word!r} is not an assignment",
            "write field=value, field+=value, field-=value or field=",
        )


class FixedId(BadAssignment):
    """Ids are not assigned."""

    slug = "fixed-id"

    def __init__(self) -> None:
        super().__init__(
            "an id never changes",
            f"{command('renumber', 'ID')} gives another one, {command('doctor', '--fix')} to one of"
            " two with the same id",
        )


class OneValue(BadAssignment):
    """A value is added to a field that is not a list."""

    slug = "one-value"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} holds one value, not a list", f"write {field}=value")


class DerivedField(BadAssignment):
    """The field is computed from others."""

    slug = "derived-field"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"{field} is worked out from other fields and never set",
            f"{command('show', 'ID', '--why')} explains an urgency or a score",
        )


class UnknownField(BadAssignment):
    """Neither the settings nor an item has such a field."""

    slug = "unknown-field"

    def __init__(self, field: str, known: Iterable[str]) -> None:
        near = suggestion(field, known)
        declare = "declare new fields under `fields:` in plaintrack.yml"
        super().__init__(f"unknown field {field!r}", f"{near} {declare}".strip())


class AmbiguousField(BadAssignment):
    """The beginning of the names of several fields."""

    slug = "ambiguous-field"

    def __init__(self, begun: str, names: Sequence[str]) -> None:
        super().__init__(f"{begun!r} could be {', '.join(names)}", "type more of the name")


class Nobody(BadAssignment):
    """Git does not know the user's name."""

    slug = "nobody"

    def __init__(self) -> None:
        super().__init__(
            "git does not know who you are", "run `git config user.name NAME`, or write the name"
        )


class BadElement(BadAssignment):
    """A value that the grammar of its field does not read."""

    slug = "bad-element"

    def __init__(self, field: str, text: str, message: str, hint: str) -> None:
        super().__init__(f"{text!r} cannot be put into {field}: {message}", hint)


class LagRefused(BadAssignment):
    """A lag for a field that another program reads, too."""

    slug = "lag-refused"

    def __init__(self, field: Field) -> None:
        super().__init__(
            f"{field.name} stands under the key {field.key} here and takes ids alone: the tracker"
            " these files belong to could not read a lag",
            "leave the lag out, or give plaintrack a key of its own under `fields:`",
        )


class NotAChoice(BadAssignment):
    """The field has choices, and the value is none of them."""

    slug = "not-a-choice"

    def __init__(self, text: str, field: Field) -> None:
        near = suggestion(text, field.choices)
        choices = f"the choices are {', '.join(field.choices)}"
        super().__init__(f"{text!r} is not a {field.name}", f"{near} {choices}".strip())


class WrongType(BadAssignment):
    """The value is not of the field's type."""

    slug = "wrong-type"

    def __init__(self, text: str, field: Field) -> None:
        article = "an" if field.kind == "integer" else "a"
        super().__init__(
            f"{text!r} is not {article} {field.kind}",
            f"{field.name} is of the type {field.kind}",
        )


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
        raise NotAnAssignment(word)
    name, sign, text = match.groups()
    field = declared(workspace, name)
    if field.name == "id":
        raise FixedId
    texts = split(text) if field.many else [text.strip()]
    if sign == "-=":
        return Remove(field.name, tuple(texts))
    values = tuple(value(workspace, field, each) for each in texts if each)
    if sign == "+=":
        if not field.many:
            raise OneValue(name)
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
    if name == dependency.LAGS:
        raise DerivedField(name)
    in_use = name != MENTIONS and ask.in_use(workspace.index.connection, name)
    if in_use:
        return Field(name)
    if name in DERIVED or name in schema.slas or (name == "score" and schema.scored):
        raise DerivedField(name)
    raise UnknownField(name, schema.fields)


def value(workspace: Workspace, field: Field, text: str) -> str:
    """One value of a field as it is written: dates from words, ids in full, choices in their
    spelling.
    """
    if field.kind in ("date", "datetime"):
        from plaintrack.app.snapshot.answers import works

        return dates.read(text, workspace.today, works(workspace))
    if field.kind == "duration":
        durations.minutes(text, workspace.schema.day, workspace.schema.week)
        return text
    if field.element:
        return _element(workspace, field, text)
    if field.kind == "link":
        if field.name == "depends_on" and field.key and dependency.says_more(text):
            raise LagRefused(field)
        return linked(workspace, field.name, text)
    if field.kind == "person" and fold(text) in ("me", "@me"):
        names = me(workspace)
        if not names:
            raise Nobody
        return names[0]
    if field.kind == "person":
        return text[1:] if text.startswith("@") and len(text) > 1 else text
    if field.kind == "choice":
        return choice(field, text)
    if field.kind == "repeat":
        from plaintrack.when.repeat import read

        read(text)
        return text
    if field.kind in ("integer", "number", "boolean"):
        return _typed(field, text)
    return text


def person(workspace: Workspace, name: str) -> str:
    """The person or team that a name means, in its spelling: of the people here, of those that
    items are assigned to, or ``me``; empty if there is none. Raises Nobody.
    """
    if fold(name) == "me":
        return value(workspace, workspace.schema.fields["assignee"], "me")
    known = workspace.staff
    found = known.people.get(fold(name))
    if found:
        return found.handle
    if fold(name) in known.spelled:
        return known.spelled[fold(name)]
    used = ask.spellings(workspace.index.connection, "assignee")
    return next((each for each in used if fold(each) == fold(name)), "")


def assignment(workspace: Workspace, text: str, more: bool) -> tuple[tuple[Edit, ...], list[str]]:
    """The Edits that assign items to people, whose names commas separate, or to no one (`none`);
    and what to say of names that no one has here. ``more``: beside those who are assigned already.
    """
    if fold(text) == "none":
        return (Unset("assignee"),), []
    names, notes = [], []
    for each in split(text):
        name = each.removeprefix("@")
        found = person(workspace, name)
        if not found:
            near = suggestion(name, [who.handle for who in workspace.staff.people.values()])
            notes.append(f"no person or team here has the name {name!r}; {near}".rstrip("; "))
        names.append(found or name)
    field = workspace.schema.fields["assignee"]
    if more and field.many:
        return (Add(field.name, tuple(names)),), notes
    return (Set(field.name, tuple(names) if field.many else names[0]),), notes


def _element(workspace: Workspace, field: Field, text: str) -> str:
    """An element of a field with a grammar of its own, in its one spelling."""
    from plaintrack.text import elements

    if field.element == "dependency":
        rest = text.strip()[len(dependency.item(text.strip())) :]
        item = dependency.item(text.strip())
        abroad = workspace.settings.elsewhere(item)
        text = (item if abroad else resolve(workspace, item)) + rest
    (fault,) = elements.read(field.element, [text]).faults
    if fault:
        raise BadElement(field.name, text, fault.message, fault.hint)
    return (dependency.canonical(text) or text) if field.element == "dependency" else text


def choice(field: Field, text: str) -> str:
    """The choice that ``text`` names, whatever its case; raises BadAssignment with the nearest."""
    for each in field.choices:
        if fold(each) == fold(text):
            return each
    raise NotAChoice(text, field)


def _typed(field: Field, text: str) -> str:
    from plaintrack.text.parse import canonical

    found = canonical(field.kind, text)
    if found is None:
        raise WrongType(text, field)
    return found
