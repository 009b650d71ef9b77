"""What people type for a new item: which words set fields, and which are its title."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.items import assign
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import NEARER, PlaintrackError, nearest, suggestion
from plaintrack.model.edit import Add, Edit, Set, Shift
from plaintrack.store.index import ask

if TYPE_CHECKING:
    from plaintrack.app.items.add import NewItem

WITHIN = "in"
"""The word for what an item is a part of, whatever that is."""
SHORTEST = 2
"""Letters that the beginning of a field's name has."""
WHOLE = frozenset(
    ("id", "formerly", "follows", "series", "occurrence", "waive", "time", "created", "closed")
)
"""Fields that are seldom typed: only by their whole names."""
_FIELD = re.compile(r"([^\W\d][\w.-]*?)(\+=|-=|=|:)(.*)", re.DOTALL)
_TAG = re.compile(r"\+([^\W\d_][\w./-]*)")
_PERSON = re.compile(r"@(\w[\w.+-]*)")
_SETS = re.compile(r"[^\W\d][\w.-]*(\+=|-=|=|:)|\+[^\W\d_]|@\w")
_WORD = re.compile(r'"[^"]*"|`[^`]*`|\S+')


class TwoTitles(PlaintrackError):
    """A title among the words, and one as a field."""

    slug = "two-titles"

    def __init__(self, words: str, field: str) -> None:
        super().__init__(
            f"there are two titles: {words!r} and {field!r}", "write one of them, as plain words"
        )


class Captured(NamedTuple):
    """A new item as it was typed: its title, what is set, and what the user should know."""

    title: str
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


class _Word(NamedTuple):
    """What one word was taken for: an Edit, or a part of the title with a note about it."""

    edit: Edit | None = None
    note: str = ""


TEXT = _Word()


def capture(workspace: Workspace, words: Sequence[str], plain: Sequence[str] = ()) -> Captured:
    """Take the words apart; those that are ``plain`` belong to the title as they are. Raises
    BadAssignment and the like for a field with a value that it cannot have, and TwoTitles.
    """
    title: list[str] = []
    edits: list[Edit] = []
    notes: list[str] = []
    for word in words:
        found = _read(workspace, word)
        if found.edit is None:
            title.append(word)
        else:
            edits.append(found.edit)
        if found.note:
            notes.append(found.note)
    text = " ".join((*title, *plain)).strip()
    given = [each for each in edits if isinstance(each, Set) and each.field == "title"]
    if given and text:
        raise TwoTitles(text, str(given[-1].value))
    if given:
        text = str(given[-1].value)
    # what is added to a list comes after what it is set to, in whatever order they were typed
    edits.sort(key=lambda each: isinstance(each, Add))
    return Captured(text, tuple(each for each in edits if each not in given), tuple(notes))


def sets(word: str) -> bool:
    """Whether a word can only be meant to set a field, where items are named by ids."""
    return _SETS.match(word) is not None


def changes(workspace: Workspace, words: Sequence[str]) -> tuple[Edit | Shift, ...]:
    """The Edits of words that all set fields; raises BadAssignment and the like."""
    return tuple(_change(workspace, word) for word in words)


def _change(workspace: Workspace, word: str) -> Edit | Shift:
    tag, person = _TAG.fullmatch(word), _PERSON.fullmatch(word)
    if tag:
        return assign.edit(workspace, f"tags+={tag[1]}")
    if person:
        return assign.edit(
            workspace, f"assignee+={assign.person(workspace, person[1]) or person[1]}"
        )
    match = _FIELD.fullmatch(word)
    if match is None:
        raise assign.NotAnAssignment(word)
    name, sign, text = match.groups()
    names = _names(workspace, name, whole=False)
    if name == WITHIN and not names and text.strip():
        return _within(workspace, text)
    if len(names) > 1:
        raise assign.AmbiguousField(name, names)
    field = workspace.schema.fields.get(names[0]) if names else None
    if field and sign in ("+=", "-=") and field.kind in ("date", "datetime") and not field.many:
        return Shift(field.name, sign[0] + text.strip())
    sign = "=" if sign == ":" else sign
    return assign.edit(workspace, f"{names[0] if names else name}{sign}{text}")


def capture_line(workspace: Workspace, number: int, text: str) -> Captured:
    """One line of several, whose words blanks separate; what stands in quotes, and all behind a
    ``--``, is text. An error names the line.
    """
    from plaintrack.app.items.add import NoTitle

    words, plain = split(_WORD.findall(text))
    try:
        found = capture(workspace, words, plain)
        if not found.title:
            raise NoTitle
        return found
    except PlaintrackError as error:
        error.message = f"line {number}: {error.message}"
        raise


def items(
    workspace: Workspace, text: str, common: Captured
) -> "tuple[list[NewItem], tuple[str, ...]]":
    """The items that lines stand for, each with the ``common`` fields, and what the user should
    know; an error names its line.
    """
    from plaintrack.app.items.add import NewItem
    from plaintrack.app.items.workflow import moved
    from plaintrack.text.pasted import pasted

    lines, headings = pasted(text)
    notes = [*common.notes]
    if headings:
        numbers = ", ".join(map(str, headings))
        notes.append(f"headings are not items; passed over: line {numbers}")
    found = []
    for line in lines:
        each = capture_line(workspace, line.number, line.text)
        ticked = moved(workspace, "done") if line.done else ()
        found.append(NewItem(each.title, (*common.edits, *ticked, *each.edits), line.depth))
        notes += (f"line {line.number}: {note}" for note in each.notes)
    return found, tuple(notes)


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words before the first ``--``, and those behind it, which are text."""
    if "--" not in words:
        return list(words), []
    at = list(words).index("--")
    return list(words[:at]), list(words[at + 1 :])


def _read(workspace: Workspace, word: str) -> _Word:
    """What one word is."""
    tag, person = _TAG.fullmatch(word), _PERSON.fullmatch(word)
    if tag and workspace.schema.fields["tags"].many:
        return _Word(Add("tags", (tag[1],)))
    if person:
        return _person(workspace, person[1])
    match = _FIELD.fullmatch(word)
    return _field(workspace, word, match) if match else TEXT


def _field(workspace: Workspace, word: str, match: re.Match[str]) -> _Word:
    """What a word is that may set a field."""
    name, sign, text = match.groups()
    colon = sign == ":"
    # `Start: crash at boot`, `https://…`, `std::vector`, and whatever has a blank in it
    if colon and (not text.strip() or text[:1] == ":" or text[:2] == "//" or _blank(word)):
        return TEXT
    names = _names(workspace, name, whole=_blank(word))
    if name == WITHIN and WITHIN not in names and not _blank(word):
        return _Word(_asked(word, lambda: _within(workspace, text)))
    if len(names) == 1:
        plain = f"{names[0]}{'=' if colon else sign}{text}"
        return _Word(_asked(word, lambda: assign.edit(workspace, plain)))
    if colon:
        return _Word(note=_doubt(workspace, word, name, names))
    return _equation(workspace, word, name, names)


def _blank(word: str) -> bool:
    return any(each.isspace() for each in word)


def _names(workspace: Workspace, name: str, whole: bool) -> list[str]:
    """The fields that ``name`` may mean: that of the whole name or key, else those it begins."""
    schema = workspace.schema
    if name in schema.fields or schema.keys().get(name) is not None:
        return [name]
    if name == WITHIN:
        return []
    if name.isascii() and ask.in_use(workspace.index.connection, name):
        return [name]
    if whole or len(name) < SHORTEST:
        return []
    return [each for each in schema.fields if each.startswith(name) and each not in WHOLE]


def _equation(workspace: Workspace, word: str, name: str, names: Sequence[str]) -> _Word:
    """A word with a ``=`` whose name is not that of one field: a slip, or a title such as E=mc2."""

    def refused() -> Edit:
        if names:
            raise assign.AmbiguousField(name, names)
        return assign.edit(workspace, word)

    derived = name in assign.DERIVED or name in workspace.schema.slas
    if names or derived or nearest(name, workspace.schema.fields, NEARER):
        return _Word(_asked(word, refused))
    return _Word(note="" if _blank(word) else f"{word!r} is in the title: no field is {name!r}")


def _asked(word: str, make: Callable[[], Edit]) -> Edit:
    """The Edit that a word asks for; its error says how to have the word in the title."""
    try:
        return make()
    except PlaintrackError as error:
        way = f"to have {word!r} in the title, write it behind --"
        error.hint = f"{error.hint}; {way}" if error.hint else way
        raise


def _doubt(workspace: Workspace, word: str, name: str, names: Sequence[str]) -> str:
    """What to say of a word that is a part of the title and was perhaps meant to set a field."""
    if names:
        return f"{word!r} is in the title: {name!r} could be {', '.join(names)}"
    near = suggestion(name, workspace.schema.fields, write=lambda each: f"{each}:")
    return f"{word!r} is in the title; {near}" if near else ""


def _person(workspace: Workspace, name: str) -> _Word:
    """Whom ``@name`` means, if that is a person or a team here."""
    found = assign.person(workspace, name)
    if found:
        return _Word(Add("assignee", (found,)))
    known = [each.handle for each in workspace.staff.people.values()]
    hint = suggestion(name, known, write=lambda each: f"@{each}")
    hint = hint or f"assignee={name} assigns it all the same"
    return _Word(note=f"'@{name}' is in the title: no person or team here has that name; {hint}")


def _within(workspace: Workspace, text: str) -> Edit:
    """The Edit that makes an item a part of what ``text`` names, by the type of that."""
    item = find.linked(workspace, "parent", text)
    kind = ask.kind(workspace.index.connection, item)
    return Set(kind if kind in ("project", "milestone", "goal") else "parent", item)
