"""Makes new items, from nothing or from a template."""

from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.app.items.assign import declared, value
from plaintrack.app.items.template import Template
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.stamps import formed, stamp, stamps
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.change import Change
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.edit import Add, Edit, Remove, Set, Unset
from plaintrack.model.listed import split
from plaintrack.model.task import Task, Value, fold
from plaintrack.text.format import document, filename, form

_ATTEMPTS = 50
"""Ids, or names of files, that are tried for a new item."""

UNTITLED = "(title)"
"""What stands in an editor in the place of a title that is still to be written."""


class NotHeld(PlaintrackError):
    """What was asked for would be read as something else."""

    slug = "not-held"

    def __init__(self, title: str) -> None:
        super().__init__(
            f"a file cannot hold the title {title!r}",
            "use another one; `title:` in the settings says where titles stand",
        )


class NoTitle(PlaintrackError):
    """An item has a title."""

    slug = "no-title"

    def __init__(self) -> None:
        super().__init__("an item needs a title", "write the title before the fields")


class NoFreeId(PlaintrackError):
    """Every id that was tried is taken."""

    slug = "no-free-id"

    def __init__(self, follows: str = "") -> None:
        what = f"the item after {follows}" if follows else "the new item"
        super().__init__(f"no free id was found for {what}", "raise ids.length in plaintrack.yml")


class Required(PlaintrackError):
    """A field that every item must have would be empty."""

    slug = "required-field"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is required", f"add {field}=…")


class NothingToRemove(PlaintrackError):
    """A value is to be taken from a list of an item that is only being made."""

    slug = "nothing-to-remove"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"{field}-= takes from what an item has, and this one is new",
            f"write {field}=… with all that it should have",
        )


class IdInUse(PlaintrackError):
    """The id of a new item was changed to that of another."""

    slug = "id-in-use"

    def __init__(self, item: str) -> None:
        super().__init__(f"the id {item} is that of another item", "leave the id as it was")


class NewItem(NamedTuple):
    """One of several items to add; ``depth``: 0 at the top, one more below the item above it."""

    title: str
    edits: tuple[Edit, ...]
    depth: int = 0


def add(
    workspace: Workspace,
    title: str,
    edits: Sequence[Edit] = (),
    base: Template | None = None,
    body: str | None = None,
    dry: bool = False,
    notes: Sequence[str] = (),
) -> Done:
    """Add one item, by ``edits`` of what the template ``base`` begins with, with its ``body`` or
    this one; ``notes`` go into the answer. Raises NoTitle, NotHeld, Required, NothingToRemove.
    """
    title = titled(title, base)
    with verb(workspace, f"add {title}", dry) as work:
        work.notes += notes
        item, path, changes = make(workspace, work.writer, title, tuple(edits), base, body)
        work.item(item, path, changes, written(workspace, work.writer, path))
    return work.done()


def add_all(
    workspace: Workspace,
    items: Sequence[NewItem],
    base: Template | None = None,
    dry: bool = False,
    notes: Sequence[str] = (),
) -> Done:
    """Add several items as one command, each below the one above it that stands less deep; raises
    what ``add`` raises, before anything is written.
    """
    for each in items:
        _apply({}, each.edits)
    with verb(workspace, f"add {plural(len(items), 'item')}", dry) as work:
        work.notes += notes
        used = taken(workspace)
        above: list[str] = []
        for each in items:
            del above[each.depth :]
            edits = each.edits
            if above and not any(getattr(edit, "field", "") == "parent" for edit in edits):
                edits = (*edits, Set("parent", above[-1]))
            title = titled(each.title, base)
            item, path, changes = make(workspace, work.writer, title, edits, base, used=used)
            used.add(item)
            above.append(item)
            work.item(item, path, changes, written(workspace, work.writer, path))
    return work.done()


def draft(
    workspace: Workspace,
    title: str,
    edits: Sequence[Edit] = (),
    base: Template | None = None,
    body: str | None = None,
) -> bytes:
    """The file that ``add`` would write for an item; nothing is written."""
    with verb(workspace, f"add {title}", dry=True) as work:
        _, path, _ = make(workspace, work.writer, title, tuple(edits), base, body)
    return next(file.after or b"" for file in work.writer.written if file.path == path)


def problems(workspace: Workspace, data: bytes) -> tuple[tuple[str, ...], bool]:
    """What is wrong with the text of a new item, a line each; whether it cannot be added so."""
    from plaintrack.text.parse import parse

    found = parse("new item", data, workspace.schema)
    wrong = [each.describe() for each in found.problems]
    bad = any(each.severity == "error" for each in found.problems)
    if not bad and found.text("title") in ("", UNTITLED):
        return (*wrong, NoTitle().message), True
    return tuple(wrong), bad


def adopt(workspace: Workspace, data: bytes, dry: bool = False) -> Done:
    """Add the item whose file is to hold ``data``, which has no ``problems``; raises IdInUse,
    NotApproved, NotMover.
    """
    from plaintrack.text.parse import parse

    found = parse("new item", data, workspace.schema)
    title = found.text("title")
    where = folder(workspace, None, (Set("type", found.text("type")),))
    with verb(workspace, f"add {title}", dry) as work:
        if found.id and found.id in taken(workspace):
            raise IdInUse(found.id)
        for attempt in range(_ATTEMPTS):
            path = f"{where}/{_name(workspace, found.id, title, attempt)}.md"
            if not workspace.followed(path):
                continue
            _check_allowed(workspace, work.writer, path, data)
            try:
                changes = work.writer.create(path, data)
            except FileExistsError:
                continue
            item = found.id or ids.of_file(path, workspace.schema.named or "")
            work.item(item, path, changes, written(workspace, work.writer, path))
            return work.done()
    raise NoFreeId


def written(workspace: Workspace, writer: Writer, path: str) -> tuple[str, ...]:
    """The fields of a new item as they stand in its file, in words: all but what every item has."""
    from plaintrack.text.parse import parse

    data = next(file.after for file in writer.written if file.path == path and file.after)
    found = parse(path, data, workspace.schema)
    first = _first(workspace)
    return tuple(
        f"{name}: {', '.join(_many(each))}"
        for name, each in found.fields.items()
        if each
        and name not in ("id", "title", "created", "closed")
        and (name, each) != ("status", first)
    )


def _first(workspace: Workspace) -> Value:
    """The status of new items, unless they are given another."""
    from plaintrack.app.items.workflow import moved

    return next(each.value for each in moved(workspace, "open") if isinstance(each, Set))


def titled(title: str, base: Template | None) -> str:
    """The title of a new item: the one given, else the template's; raises NoTitle."""
    if title:
        return title
    default = base.fields.get("title") if base else None
    if isinstance(default, str) and default and "{title}" not in default:
        return default
    raise NoTitle


def make(
    workspace: Workspace,
    writer: Writer,
    title: str,
    wanted: tuple[Edit, ...],
    base: Template | None,
    body: str | None = None,
    fixed: tuple[str, str] | None = None,
    used: set[str] | None = None,
    foreign: bool = False,
) -> tuple[str, str, tuple[Change, ...]]:
    """Make one item as a part of a command; (id, path, Changes). Fields come from the template,
    then from ``wanted``.

    A ``body`` that is given stands as it is, instead of the template's. ``fixed`` is the id and the
    time of creation, where they are not to be made here and now. ``foreign``: it was made
    elsewhere, so what the settings ask of new items holds nothing back.
    """
    schema = workspace.schema
    used = taken(workspace) if used is None else used
    names = {fold(name) for name in used} if schema.named is not None else set()
    where = folder(workspace, base, wanted)
    for attempt in range(_ATTEMPTS):
        item = fixed[0] if fixed else new_id(workspace, used)
        path = f"{where}/{_name(workspace, item, title, attempt)}.md"
        if schema.named is not None:
            item = ids.of_file(path, schema.named)
            if not fixed and fold(item) in names:
                continue
        fields = _fields(workspace, item, title, wanted, base, foreign)
        if fixed and "created" in fields:
            fields["created"] = formed(workspace, "created", fixed[1])
        mine = _body(workspace, base, item, title) if body is None else body
        text, task = _whole(workspace, path, fields, mine)
        if not workspace.followed(path):  # `ignore` would hide it
            used.add(item)
            continue
        if not foreign:
            _check_allowed(workspace, writer, path, text.encode(), moved=not fixed)
        try:
            return item, path, writer.create(path, text.encode(), task)
        except FileExistsError:
            used.add(item)
    raise NoFreeId


def _check_allowed(
    workspace: Workspace, writer: Writer, path: str, data: bytes, moved: bool = True
) -> None:
    """Raise NotApproved if a new item would need approvals, NotMover if it was ``moved`` to its
    status by the user, who may not do that.
    """
    if workspace.settings.approvals["needs"]:
        writer.check_agreed(path, None, data)
    if workspace.settings.checks and moved:
        from plaintrack.app.write.movers import guard
        from plaintrack.text.parse import parse

        task = parse(path, data, workspace.schema)
        guard(workspace, task._replace(id=""), task.text("status"), "add it with another status")


def _name(workspace: Workspace, item: str, title: str, attempt: int) -> str:
    """The file's name; one without the id in it gets a number after the first ``attempt``."""
    template = workspace.settings.filename
    name = filename(template, item, title)
    if attempt and "{id" not in template:
        return f"{name} {attempt + 1}"
    return name


def _body(workspace: Workspace, base: Template | None, item: str, title: str) -> str:
    return _filled(workspace, base.body, item, title) if base else ""


def new_id(workspace: Workspace, taken: set[str]) -> str:
    """An id of the workspace's scheme that is not in ``taken``."""
    settings = workspace.settings
    return ids.fresh(settings.scheme, settings.prefix, settings.length, taken)


def _whole(
    workspace: Workspace, path: str, fields: dict[str, Value], body: str
) -> tuple[str, Task]:
    """The new file's text, and the item that it is, read again: the one that was asked for; raises
    NotHeld.

    A title that a file's name or a heading cannot hold stands in the front matter.
    """
    from plaintrack.text.parse import parse

    title = str(fields["title"])
    for plain in (False, True):
        text = _text(workspace, fields, body, plain)
        found = parse(path, text.encode("utf-8", "surrogatepass"), workspace.schema)
        if found.text("title") == title and (
            found.id == fields["id"] or workspace.schema.named is not None
        ):
            return text, found
    raise NotHeld(title)


def _text(workspace: Workspace, fields: dict[str, Value], body: str, plain: bool = False) -> str:
    """The new file: what the settings keep in the file's name or in a heading stays out of the
    front matter, unless that is to be ``plain``.
    """
    kept = "key" if plain else workspace.settings.title
    if kept == "heading":
        body = f"# {fields['title']}\n" + (f"\n{body}" if body else "")
    out = {"title"} if kept != "key" else set()
    if workspace.schema.named is not None:
        out.add("id")
    write = form if workspace.settings.form else document
    return write(
        [(name, each) for name, each in fields.items() if name not in out], body, workspace.schema
    )


def folder(workspace: Workspace, base: Template | None, wanted: tuple[Edit, ...]) -> str:
    """The folder a new item goes to: that of its type if there is one (``projects``, ``goals``),
    else the first.
    """
    kind = base.fields.get("type", "") if base else ""
    for edit in wanted:
        if isinstance(edit, Set) and edit.field == "type":
            kind = edit.value
    folders = workspace.settings.folders
    return f"{kind}s" if f"{kind}s" in folders else folders[0]


def _fields(
    workspace: Workspace,
    item: str,
    title: str,
    wanted: tuple[Edit, ...],
    base: Template | None,
    foreign: bool = False,
) -> dict[str, Value]:
    """The fields of a new item, the later ones in place of the earlier: the settings' defaults,
    the template's, those ``wanted``, and the stamps. Raises Required, unless it is ``foreign``.
    """
    schema = workspace.schema
    fields: dict[str, Value] = {"id": item, "title": title, "status": _first(workspace)}
    fields.update(_defaults(workspace))
    if base:
        fields.update(_of_template(workspace, base, item, title))
    _apply(fields, wanted)
    fields.update(stamp(workspace, "created"))
    if not fields.get("closed"):
        closing = stamps(workspace, Task("", "", {}), (Set("status", fields.get("status", "")),))
        fields.update({each.field: each.value for each in closing if isinstance(each, Set)})
    for field in () if foreign else schema.fields.values():
        if field.required and not fields.get(field.name):
            raise Required(field.name)
    return fields


def _defaults(workspace: Workspace) -> dict[str, Value]:
    """What the settings give to each new item."""
    fields: dict[str, Value] = {}
    for field in workspace.schema.fields.values():
        if field.default:
            texts = split(field.default) if field.many else [field.default]
            values = tuple(value(workspace, field, text) for text in texts if text)
            fields[field.name] = values if field.many else values[0]
    return fields


def _of_template(workspace: Workspace, base: Template, item: str, title: str) -> dict[str, Value]:
    """What a template gives to its items, with its blanks filled in."""
    fields: dict[str, Value] = {}
    for name, given in base.fields.items():
        if name == "title" and given != title and "{title}" not in str(given):
            continue  # a title that was typed comes before the template's
        field = declared(workspace, name)
        filled = [_filled(workspace, text, item, title) for text in _many(given)]
        values = tuple(value(workspace, field, text) for text in filled if text)
        if values:
            fields[name] = values if field.many else values[0]
    return fields


def _apply(fields: dict[str, Value], wanted: tuple[Edit, ...]) -> None:
    for edit in wanted:
        if isinstance(edit, Remove):
            raise NothingToRemove(edit.field)
        if isinstance(edit, Set):
            fields[edit.field] = edit.value
        elif isinstance(edit, Add):
            values = (*_many(fields.get(edit.field, ())), *edit.values)
            fields[edit.field] = tuple(dict.fromkeys(values))
        elif isinstance(edit, Unset):
            fields.pop(edit.field, None)


def _many(given: Value) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _filled(workspace: Workspace, text: str, item: str, title: str) -> str:
    if "{" not in text:
        return text
    who = (me(workspace) or ("",))[0] if "{me}" in text else ""
    for name, each in (
        ("id", item),
        ("today", workspace.today.isoformat()),
        ("me", who),
        ("title", title),
    ):
        text = text.replace("{" + name + "}", each)
    return text
