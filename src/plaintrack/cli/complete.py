"""Completion: ids with their titles, fields, values and query terms, from the index."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.output import safe
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

KEYWORDS = ("is:", "has:", "no:", "under:", "sort:", "limit:")


def _item(value: str, help: str | None = None) -> "CompletionItem":
    from click.shell_completion import CompletionItem

    return CompletionItem(safe(value), help=help)


def items(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The ids that hold ``incomplete``, with their titles as help."""
    from plaintrack.app.workspace import Workspace

    try:
        sql = "SELECT id, title FROM item WHERE id LIKE ? ESCAPE '\\' ORDER BY category IN ('done', 'cancelled'), id LIMIT 200"
        pattern = incomplete.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        place = Workspace()
        found = place.index.connection.execute(sql, (f"%{pattern}%",)).fetchall()
    except PlaintrackError:
        return []
    starting = [row for row in found if row[0].lower().startswith(incomplete.lower())]
    return [_item(safe(item), help=safe(title)) for item, title in starting or found]


def assignments(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids, ``field=`` and ``field=value``."""
    name, equals, _ = incomplete.partition("=")
    if equals:
        return [_item(f"{name}={value}") for value in _values(name.rstrip("+-")) if f"{name}={value}".startswith(incomplete)]
    fields = [_item(f"{field}=") for field in _fields() if field.startswith(incomplete) and incomplete]
    return [*items(ctx, param, incomplete), *fields]


def words(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """``field=`` and ``field=value`` for a new item."""
    name, equals, _ = incomplete.partition("=")
    if equals:
        return [_item(f"{name}={value}") for value in _values(name) if f"{name}={value}".startswith(incomplete)]
    return [_item(f"{field}=") for field in _fields() if field.startswith(incomplete)]


def query(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Query terms: fields, keywords and, behind a colon, values."""
    sign = incomplete[: len(incomplete) - len(incomplete.lstrip("-("))]
    name, colon, last = incomplete[len(sign) :].partition(":")
    if not colon:
        return [_item(f"{sign}{each}") for each in (*KEYWORDS, *(f"{field}:" for field in _fields())) if each.startswith(name)]
    kept, comma, start = last.rpartition(",")
    return [_item(f"{sign}{name}:{kept}{comma}{value}") for value in _values(name) if value.startswith(start)]


def template(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of the item templates."""
    from plaintrack.app.add import templates
    from plaintrack.app.workspace import Workspace

    try:
        return [_item(name) for name in templates(Workspace()) if name.startswith(incomplete)]
    except PlaintrackError:
        return []


def view(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of the views, with their queries as help."""
    from plaintrack.app.workspace import Workspace

    try:
        views = Workspace().settings.views
    except PlaintrackError:
        return []
    return [_item(name, help=safe(each.query)) for name, each in views.items() if name.startswith(incomplete)]


def field(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Field names, also the last of several separated by commas."""
    kept, comma, start = incomplete.rpartition(",")
    return [_item(f"{kept}{comma}{name}") for name in _fields() if name.startswith(start)]


def _fields() -> list[str]:
    from plaintrack.app.workspace import Workspace

    try:
        return list(Workspace().schema.fields)
    except PlaintrackError:
        return []


def _values(name: str) -> list[str]:
    from plaintrack.app.workspace import Workspace
    from plaintrack.query.nodes import STATES

    try:
        workspace = Workspace()
        field = workspace.schema.fields.get(name)
        if name == "is":
            return list(STATES)
        if name in ("has", "no", "sort"):
            return list(workspace.schema.fields)
        if field is None or field.choices:
            return list(field.choices) if field else []
        if name == "under" or field.kind == "link":
            return [row[0] for row in workspace.index.connection.execute("SELECT id FROM item ORDER BY id LIMIT 500")]
        found = workspace.index.connection.execute(
            "SELECT DISTINCT key FROM value WHERE field = ? ORDER BY key LIMIT 500", (name,)
        )
        people = ["me", *workspace.settings.people] if field.kind == "person" else []
        return list(dict.fromkeys([*people, *(safe(row[0]) for row in found)]))
    except PlaintrackError:
        return []
