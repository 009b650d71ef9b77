"""Changes the files of people and equipment, and makes them."""

from collections.abc import Sequence

from plaintrack.app.snapshot.roster import UnknownName
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.room import room_for
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.edit import Add, Edit, Remove, Set, Unset
from plaintrack.model.fields import Field, Schema
from plaintrack.model.listed import split
from plaintrack.model.task import fold


class BadValue(PlaintrackError):
    """A value that a field of such a file does not take, or a field that it does not have."""

    slug = "bad-value"


class BadHandle(PlaintrackError):
    """A name that no file can have."""

    slug = "bad-handle"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot be the name of a file",
            "use letters, digits, `.`, `_` and `-`, and a letter first",
        )


class HandleTaken(PlaintrackError):
    """A file of that name is there."""

    slug = "handle-taken"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is there already", "leave out --new to change it")


def change(
    workspace: Workspace, room: str, handle: str, words: Sequence[str], new: bool, dry: bool = False
) -> Done:
    """Make the edits that words such as ``leave+=2026-12-09 pm sick`` ask for in the file of a
    person or equipment; with ``new`` make the file, and its folder if there is none. Raises
    BadValue, UnknownName, HandleTaken.
    """
    from plaintrack.text.staff import schema_of

    schema = schema_of(room)
    edits = [_edit(schema, word) for word in words]
    with verb(workspace, f"{room} {handle} {' '.join(words)}".rstrip(), dry) as work:
        path = _path(workspace, room, handle)
        if new:
            if path:
                raise HandleTaken(path)
            folder = room_for(workspace, work.writer, room)
            path = _made(work.writer, folder, handle, edits, schema)
            work.item(handle, path, (Change(handle, path, "created", new=_name(edits, handle)),))
        elif not path:
            known = workspace.staff.people if room == "people" else workspace.staff.equipment
            raise UnknownName(handle, room, [each.handle for each in known.values()])
        else:
            work.item(handle, path, work.writer.edit(path, edits))
    return work.done()


def _name(edits: Sequence[Edit], handle: str) -> str:
    return next(
        (str(each.value) for each in edits if isinstance(each, Set) and each.field == "name"),
        handle,
    )


def _path(workspace: Workspace, room: str, handle: str) -> str:
    """The path of the file of that handle; empty if there is none."""
    folder = workspace.settings.rooms.get(room)
    names = workspace.names(folder) if folder else []
    wanted = fold(f"{handle}.md")
    return next((f"{folder}/{name}" for name in names if fold(name) == wanted), "")


def _edit(schema: Schema, word: str) -> Edit:
    """The Edit that one ``field=value`` asks for."""
    name, sign, text = word.partition("=")
    how = name[-1:] if name[-1:] in ("+", "-") else ""
    name = name.removesuffix(how) if how else name
    field = schema.fields.get(name)
    if not sign or field is None or name in ("id", "title"):
        known = [each for each in schema.fields if each not in ("id", "title")]
        hint = suggestion(name, known, f"the fields are {', '.join(known)}")
        what = f"there is no field {name!r}" if sign else f"{word!r} is not field=value"
        raise BadValue(what, hint)
    if how and not field.many:
        raise BadValue(f"{name} holds one value, not a list", f"write {name}=value")
    # a line of leave or hours may hold commas, so it is one value; names are separated by them
    texts = [text] if field.element else split(text) if field.many else [text]
    texts = [each.strip() for each in texts if each.strip()]
    if how == "-":
        return Remove(name, tuple(texts))
    for each in texts:
        _check(field, each)
    if how == "+":
        return Add(name, tuple(texts))
    if not texts:
        return Unset(name)
    return Set(name, tuple(texts) if field.many else texts[0])


def _check(field: Field, text: str) -> None:
    """Raise BadValue for a value that the field does not take."""
    from plaintrack.text import elements
    from plaintrack.text.parse import canonical
    from plaintrack.text.staff import MOST_UNITS

    if field.element:
        (fault,) = elements.read(field.element, [text]).faults
        if fault:
            raise BadValue(f"{field.name}: {text!r}: {fault.message}", fault.hint)
    elif field.name == "units" and not (text.isdecimal() and 1 <= int(text) <= MOST_UNITS):
        raise BadValue(f"units: {text[:40]!r} is not a number of units", f"1 to {MOST_UNITS:,}")
    elif canonical(field.kind, text) is None:
        raise BadValue(f"{field.name}: {text!r} is not a {field.kind}", "write days as 2026-12-01")


def _made(
    writer: Writer,
    folder: str,
    handle: str,
    edits: Sequence[Edit],
    schema: Schema,
) -> str:
    """Write a new file; its path."""
    from plaintrack.text.edit import edited

    plain = handle.translate(dict.fromkeys(map(ord, "._-"), "x"))
    if not plain.isalnum() or not handle[0].isalpha() or len(handle) > 64:
        raise BadHandle(handle)
    path = f"{folder}/{handle}.md"
    data = b"---\nname:\n---\n"
    if not any(isinstance(each, Set) and each.field == "name" for each in edits):
        edits = [Set("name", handle), *edits]
    order = list(schema.fields)
    edits = sorted(edits, key=lambda each: order.index(getattr(each, "field", "name")))
    writer.create(path, edited(data, path, tuple(edits), schema))
    return path
