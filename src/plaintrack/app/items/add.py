"""Makes new items, from nothing or from a template."""

from plaintrack.app.items.assign import BadAssignment, declared, value
from plaintrack.app.items.template import NoTemplate, Template
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.stamps import stamp, stamps
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.change import Change
from plaintrack.model.edit import Add, Edit, Set, Unset
from plaintrack.model.listed import split
from plaintrack.model.task import Task, Value, fold
from plaintrack.text.format import document, filename, form


class NotHeld(PlaintrackError):
    """What was asked for would be read as something else."""

    slug = "not-held"


def add(
    workspace: Workspace,
    writer: Writer,
    title: str,
    wanted: tuple[Edit, ...],
    base: Template | None,
    body: str | None = None,
    fixed: tuple[str, str] | None = None,
) -> tuple[str, str, tuple[Change, ...]]:
    """Make one item; (id, path, Changes). Fields come from the template, then from the Sets in
    ``wanted``.

    A ``body`` that is given stands as it is, instead of the template's. ``fixed`` is the id and the
    time of creation, where they are not to be made here and now.
    """
    schema = workspace.schema
    used = taken(workspace)
    names = {fold(each) for each in used} if schema.named is not None else set()
    template, where = workspace.settings.filename, folder(workspace, base, wanted)
    for attempt in range(50):
        item = fixed[0] if fixed else new_id(workspace, used)
        name = filename(template, item, title)
        if attempt and "{id" not in template:
            name += f" {attempt + 1}"
        path = f"{where}/{name}.md"
        if schema.named is not None:
            item = ids.of_file(path, schema.named)
            if not fixed and fold(item) in names:
                continue
        fields = _fields(workspace, item, title, wanted, base)
        if fixed and "created" in fields:
            fields["created"] = fixed[1][:10] if len(str(fields["created"])) == 10 else fixed[1]
        from_template = _filled(workspace, base.body, item, title) if base else ""
        text = _whole(workspace, path, fields, from_template if body is None else body)
        if not workspace.followed(path):  # `ignore` would hide it
            used.add(item)
            continue
        try:
            return item, path, writer.create(path, text.encode())
        except FileExistsError:
            used.add(item)
    raise NoTemplate("no free id was found", "raise ids.length in plaintrack.yml")


def new_id(workspace: Workspace, taken: set[str]) -> str:
    """An id of the workspace's scheme that is not in ``taken``."""
    settings = workspace.settings
    return ids.fresh(settings.scheme, settings.prefix, settings.length, taken)


def _whole(workspace: Workspace, path: str, fields: dict[str, Value], body: str) -> str:
    """The new file's text, which read again is the item that was asked for; raises NotHeld.

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
            return text
    raise NotHeld(
        f"a file cannot hold the title {title!r}",
        "use another one; `title:` in the settings says where titles stand",
    )


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
    workspace: Workspace, item: str, title: str, wanted: tuple[Edit, ...], base: Template | None
) -> dict[str, Value]:
    schema = workspace.schema
    fields: dict[str, Value] = {
        "id": item,
        "title": title,
        "status": next(name for name, kind in schema.statuses.items() if kind == "open"),
    }
    for field in schema.fields.values():
        if field.default:
            defaults = split(field.default) if field.many else [field.default]
            known = tuple(value(workspace, field, each) for each in defaults if each)
            fields[field.name] = known if field.many else known[0]
    for name, given in (base.fields if base else {}).items():
        field = declared(workspace, name)
        texts = [
            _filled(workspace, each, item, title)
            for each in ((given,) if isinstance(given, str) else given)
        ]
        values = tuple(value(workspace, field, each) for each in texts if each)
        if values:
            fields[name] = values if field.many else values[0]
    for edit in wanted:
        if isinstance(edit, Set):
            fields[edit.field] = edit.value
        elif isinstance(edit, Add):
            fields[edit.field] = (*_many(fields.get(edit.field, ())), *edit.values)
        elif isinstance(edit, Unset):
            fields.pop(edit.field, None)
    fields.update(stamp(workspace, "created"))
    if not fields.get("closed"):
        closing = stamps(workspace, Task("", "", {}), (Set("status", fields.get("status", "")),))
        fields.update({each.field: each.value for each in closing if isinstance(each, Set)})
    missing = [
        field.name
        for field in schema.fields.values()
        if field.required and not fields.get(field.name)
    ]
    if missing:
        raise BadAssignment(f"{missing[0]} is required", f"add {missing[0]}=…")
    return fields


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


def comment_bytes(workspace: Workspace, path: str, document: str, text: str) -> bytes:
    """The bytes of a new comment, read again before they are written; raises BadAssignment if they
    do not say ``text``.
    """
    from plaintrack.app.snapshot.spoken import comment as read

    data = document.encode("utf-8", "replace")
    again = read(path, data, workspace.schema)
    if again.problem is not None:
        raise BadAssignment(
            f"the comment could not be read again: {again.problem.message}", "say it in other words"
        )
    if again.body.strip() != text.encode("utf-8", "replace").decode().strip():
        raise BadAssignment(
            "the comment would not be read as it was written", "say it in other words"
        )
    return data
