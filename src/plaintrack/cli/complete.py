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

    return CompletionItem(value, help=help)  # exact: each shell's class quotes it, or leaves it out


def items(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The ids that hold ``incomplete``, with their titles as help."""
    from plaintrack.app.snapshot import answers
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        found = answers.offered(Workspace(), incomplete)
    except PlaintrackError:
        return []
    starting = [row for row in found if row[0].lower().startswith(incomplete.lower())]
    return [
        _item(item, help=safe(title))
        for item, title in starting or found
        if not item.startswith("-")
    ]


def assignments(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """Ids, ``field=`` and ``field=value``."""
    if "=" in incomplete:
        return words(ctx, param, incomplete)
    return [*items(ctx, param, incomplete), *(words(ctx, param, incomplete) if incomplete else ())]


def words(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """``field=`` and ``field=value`` for an item: the spelling of values is data, and only what is
    typed goes on.
    """
    from plaintrack.model.listed import joined, split

    name, equals, typed = incomplete.partition("=")
    if not equals:
        return [_item(f"{field}=") for field in _fields() if field.startswith(incomplete)]
    name = name.rstrip("+-")
    lead = incomplete[: len(incomplete) - len(typed)]
    if not _many(name):
        return [
            _item(lead + each)
            for each in _values(name)
            if each.startswith(typed) and each == each.strip()
        ]
    kept = _kept(typed)
    begun = typed[len(kept) :]
    wanted = [(each, joined([each])) for each in _values(name)]
    good = [
        text
        for each, text in wanted
        if (each.startswith(begun) or text.startswith(begun)) and split(kept + text)[-1] == each
    ]
    return [_item(f"{lead}{kept}{text}") for text in good]


def _kept(typed: str) -> str:
    """What stands before the last of several values, the last comma with it."""
    inside, end = False, 0
    for at, char in enumerate(typed):
        if char == '"' and (inside or not typed[end:at].strip()):
            inside = not inside
        elif char == "," and not inside:
            end = at + 1
    return typed[:end]


def query(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Query terms: fields, keywords and, behind a colon, values, written so that the term means the
    value.
    """
    from plaintrack.query.written import continued, last_term, last_value

    start = last_term(incomplete)
    while incomplete.startswith("-", start):
        start += 1
    sign, term = incomplete[:start], incomplete[start:]
    name = term.replace("=", ":").partition(":")[0]
    if name == term:
        return [
            _item(f"{sign}{each}")
            for each in (*KEYWORDS, *(f"{field}:" for field in _fields()))
            if each.startswith(name)
        ]
    found = _values(name)
    terms = [continued(term, value) for value in found]
    me = term[: last_value(term)[0]] + "me"
    if found[:1] == ["me"] and me.startswith(term):
        terms[0] = me  # the word, not somebody of that name
    return [_item(f"{sign}{each}") for each in dict.fromkeys(terms) if each]


def template(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """The names of the item templates."""
    from plaintrack.app.items.template import templates
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        return [_item(name) for name in templates(Workspace()) if name.startswith(incomplete)]
    except PlaintrackError:
        return []


def view(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The names of the views, with their queries as help."""
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        views = Workspace().settings.views
    except PlaintrackError:
        return []
    return [
        _item(name, help=safe(each.query))
        for name, each in views.items()
        if name.startswith(incomplete)
    ]


def field(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Field names, also the last of several separated by commas."""
    kept, comma, start = incomplete.rpartition(",")
    return [_item(f"{kept}{comma}{name}") for name in _fields() if name.startswith(start)]


def _fields() -> list[str]:
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        return list(Workspace().schema.fields)
    except PlaintrackError:
        return []


def _many(name: str) -> bool:
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        found = Workspace().schema.fields.get(name)
    except PlaintrackError:
        return False
    return bool(found and found.many)


def _values(name: str) -> list[str]:
    from plaintrack.app.snapshot import answers
    from plaintrack.app.snapshot.workspace import Workspace
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
            return [item for item, _ in answers.offered(workspace, "", 500)]
        if name == "title":
            return []
        people = ["me", *workspace.settings.people] if field.kind == "person" else []
        return list(dict.fromkeys([*people, *answers.used(workspace, name)]))
    except PlaintrackError:
        return []
