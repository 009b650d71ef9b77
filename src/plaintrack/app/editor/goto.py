"""Where things are: what a word leads to, where it is named, what a file and the workspace hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.app.editor.complete import fitting
from plaintrack.app.editor.desk import Desk
from plaintrack.app.editor.sheet import Named, Sheet
from plaintrack.app.snapshot.mentions import mentions
from plaintrack.model.task import fold
from plaintrack.store.index import ask
from plaintrack.text.markdown import Fences, boxes

MOST = 200
"""Symbols of the workspace that are told at once."""
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")


class Spot(NamedTuple):
    """Characters of a workspace file."""

    path: str
    start: int
    end: int


class Symbol(NamedTuple):
    """A part of a file: its name and kind (``field``, ``heading``, ``step``, ``item``), what it
    says, all its characters, and those of its name; how deep it is.
    """

    name: str
    kind: str
    detail: str
    start: int
    end: int
    at: int
    stop: int
    depth: int = 0


def definition(sheet: Sheet, offset: int) -> list[Spot]:
    """Where what a word names is: an item's file, a person's, a template."""
    named = sheet.named(offset)
    if named is None:
        return _template(sheet, offset)
    return _home(sheet, named)


def _home(sheet: Sheet, named: Named) -> list[Spot]:
    snapshot = sheet.snapshot
    if named.kind == "item":
        path = ask.path(snapshot.index.connection, named.name)
        return [_top(sheet, path)] if path else []
    who = snapshot.staff.person(named.name.removeprefix("@"))
    if who is not None and who.path:
        return [Spot(who.path, 0, 0)]
    return _setting(sheet, named.name.removeprefix("@"))


def _top(sheet: Sheet, path: str) -> Spot:
    """The place of the id or the title in an item's file."""
    there = Sheet(sheet.desk, path)
    title = next((each for each in there.values() if each[1].name == "title"), None)
    return Spot(path, title[2].start, title[2].end) if title else Spot(path, 0, 0)


def _setting(sheet: Sheet, name: str) -> list[Spot]:
    from plaintrack.store import place

    text = sheet.desk.text(place.SETTINGS)
    found = re.search(rf"^[ ]+({re.escape(name)})[ ]*:", text, re.MULTILINE | re.IGNORECASE)
    return [Spot(place.SETTINGS, *found.span(1))] if found else []


def _template(sheet: Sheet, offset: int) -> list[Spot]:
    """A template that a rule names."""
    if sheet.kind != "rules":
        return []
    from plaintrack.text.draft import way

    here = way(sheet.text, offset)
    path = f"templates/{here.element.text}.md"
    if here.above[-1:] == ("template",) and path.rpartition("/")[2] in sheet.snapshot.names(
        "templates"
    ):
        return [Spot(path, 0, 0)]
    return []


def references(sheet: Sheet, offset: int, declaration: bool = False) -> Iterator[Spot]:
    """Every place that names the same item or person: fields, bodies, comments, rules; found file
    by file.
    """
    named = sheet.named(offset)
    if named is None and sheet.id:
        named = Named("item", sheet.id, 0, 0)
    if named is None:
        return
    home = ask.path(sheet.snapshot.index.connection, named.name) if named.kind == "item" else None
    for each in places(sheet, named):
        if declaration or each.path != home or not _is_id(sheet, each):
            yield each


def _is_id(sheet: Sheet, spot: Spot) -> bool:
    there = Sheet(sheet.desk, spot.path)
    named = there.named(spot.start)
    return named is not None and named.field == "id"


def places(sheet: Sheet, named: Named) -> Iterator[Spot]:
    """The places that name an item or a person, file by file."""
    snapshot = sheet.snapshot
    word = named.name.removeprefix("@")
    paths = {each.path for each in mentions(snapshot, word)} | set(sheet.desk.open)
    for path in sorted(paths):
        if path.endswith(".md"):
            yield from _in_file(sheet, path, named.kind, word)
        elif path in sheet.desk.open or named.kind == "item":
            yield from _as_word(sheet.desk.text(path), path, word)


def _in_file(sheet: Sheet, path: str, kind: str, word: str) -> Iterator[Spot]:
    there = Sheet(sheet.desk, path)
    wanted = fold(word)
    for each in there.names():
        if each.kind == kind and fold(each.name.removeprefix("@")) == wanted:
            lead = len(each.name) - len(each.name.removeprefix("@"))
            yield Spot(path, each.start + lead, each.end)


def _as_word(text: str, path: str, word: str) -> Iterator[Spot]:
    for found in re.finditer(rf"(?<![\w-]){re.escape(word)}(?!\w)(?!-\w)", text, re.IGNORECASE):
        yield Spot(path, *found.span())


def symbols(sheet: Sheet) -> Iterator[Symbol]:
    """The fields, headings and steps of a file, in order."""
    text = sheet.text
    for entry in sheet.draft.entries:
        value = text[entry.value : entry.stop].strip().splitlines()
        detail = value[0][:80] if value else ""
        end = len(text[: entry.stop].rstrip("\r\n"))
        yield Symbol(entry.key, "field", detail, entry.start, end, entry.start, entry.end)
    if sheet.draft.whole:
        return
    at, fences = sheet.draft.body, Fences()
    ticks = {sheet.draft.body + each.offset: each.step for each in boxes(text[sheet.draft.body :])}
    for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text[at:]):
        bare = line.rstrip("\r\n")
        heading = None if fences.code(bare) else _HEADING.match(bare)
        end = at + len(bare)
        if heading and heading[2]:
            depth = len(heading[1])
            yield Symbol(heading[2], "heading", "", at, end, at + heading.start(2), end, depth)
        step = next((each for place, each in ticks.items() if at <= place < end), None)
        if step is not None:
            detail = "done" if step.done else "open"
            yield Symbol(step.text or "(step)", "step", detail, at, end, at, end, 9)
        at += len(line)


def workspace(desk: Desk, typed: str) -> list[tuple[str, str, str]]:
    """(id, title, path) of the items that a text fits, best first."""
    return [(each.id, each.title, each.path) for each in fitting(desk, typed, MOST)]


def links(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Start, end and target of what leads elsewhere: ids to the files of their items, the links of
    the body to files of the workspace, and https addresses. Ids of closed items are no links: VS
    Code underlines a link, and so does not strike it through; their definition leads there, too.
    """
    connection = sheet.snapshot.index.connection
    for each in sheet.names():
        path = ask.path(connection, each.name) if each.kind == "item" else None
        closed = ask.category(connection, each.name) in ("done", "cancelled")
        if path and path != sheet.path and not closed:
            yield each.start, each.end, path
    for start, end, target in sheet.links():
        if target.startswith("https://") or sheet.desk.exists(target):
            yield start, end, target
