"""How a text looks: what can be folded, what its words are, and how values are written."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.app.editor.goto import symbols
from plaintrack.app.editor.sheet import Sheet
from plaintrack.app.items.assign import choice
from plaintrack.app.snapshot import answers
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Splice
from plaintrack.model.fields import Field
from plaintrack.store.index import ask
from plaintrack.text.draft import Element
from plaintrack.when import dates

TOKENS = ("property", "variable", "parameter", "enumMember", "number")
"""The kinds of words: fields, ids, people, choices, dates and durations."""
CLOSED = "deprecated"
"""What marks the id of a closed item; editors strike it through."""
_KINDS = {"choice": "enumMember", "date": "number", "datetime": "number", "duration": "number"}


class Word(NamedTuple):
    """The characters of a word, its kind (one of TOKENS), and whether its item is closed."""

    start: int
    end: int
    kind: str
    closed: bool = False


class Fold(NamedTuple):
    """Characters that can be folded; ``region``: they are not a comment but a part of the text."""

    start: int
    end: int
    region: bool = True


def folds(sheet: Sheet) -> Iterator[Fold]:
    """The front matter, entries of several lines, sections below headings, generated blocks."""
    draft, text = sheet.draft, sheet.text
    if draft.head is not None and not draft.whole:
        yield Fold(0, max(draft.body - 1, 0))
    for entry in draft.entries:
        stop = len(text[: entry.stop].rstrip())
        if "\n" in text[entry.start : stop]:
            yield Fold(entry.start, stop)
    open_: list[tuple[int, int]] = []
    for each in symbols(sheet):
        if each.kind != "heading":
            continue
        while open_ and open_[-1][0] >= each.depth:
            yield Fold(open_.pop()[1], len(text[: each.start].rstrip()))
        open_.append((each.depth, each.start))
    for _, start in open_:
        yield Fold(start, len(text.rstrip()))
    for start, end, _ in sheet.blocks:
        yield Fold(text.rfind("\n", 0, max(start - 1, 0)) + 1, end, region=False)


def words(sheet: Sheet) -> list[Word]:
    """The words of a text that mean something, in order and apart from each other."""
    connection = sheet.snapshot.index.connection
    found = [Word(each.start, each.end, "property") for each in sheet.draft.entries if sheet.keys]
    for each in sheet.names():
        if each.kind == "person":
            found.append(Word(each.start, each.end, "parameter"))
            continue
        category = ask.category(connection, each.name)
        if category is not None or each.field:
            closed = category in ("done", "cancelled")
            found.append(Word(each.start, each.end, "variable", closed))
    for _, field, element in sheet.values():
        kind = _KINDS.get(field.kind)
        if kind and element.text and (kind != "enumMember" or element.text in field.choices):
            found.append(Word(element.start, element.end, kind))
    found.sort()
    apart: list[Word] = []
    for word in found:
        if word.end > word.start and (not apart or word.start >= apart[-1].end):
            apart.append(word)
    return [each for each in apart if "\n" not in sheet.text[each.start : each.end]]


def formatted(sheet: Sheet, start: int, end: int) -> list[Splice]:
    """The replacements that write the values between two places as plaintrack does: days in words
    as dates, choices in their spelling, no blanks at the ends of lines of the front matter. The
    body stays as it is, and so does a file that cannot be read.
    """
    shown = sheet.desk.open.get(sheet.path)
    if not sheet.keys or sheet.draft.head is None or shown is None or shown.broken:
        return []
    found = []
    for _, field, element in sheet.values():
        if start <= element.end and element.start <= end and element.text:
            new = _written(sheet, field, element)
            if new != element.text:
                found.append(Splice(element.start, element.end, new))
    first, last = sheet.draft.head
    blocks = [
        (each.value, each.stop)
        for each in sheet.draft.entries
        if sheet.text[each.value : each.stop].lstrip(" ")[:1] in ("|", ">")
    ]
    for blank in re.finditer(r"[ \t]+(?=\r?\n)", sheet.text[first:last]):
        at, stop = first + blank.start(), first + blank.end()
        inside = any(one <= at < two for one, two in blocks)
        key = sheet.text[at - 1 : at] == ":"
        if start <= stop and at <= end and not inside and not key:
            found.append(Splice(at, stop, ""))
    return sorted(found)


def _written(sheet: Sheet, field: Field, element: Element) -> str:
    """A value in its one spelling; as it is where that is not sure."""
    try:
        if field.kind == "date" or (field.kind == "datetime" and len(element.text) < 11):
            works = answers.works(sheet.snapshot)
            slashes = re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", element.text)
            if slashes:
                year, month, day = slashes.groups()
                return dates.read(f"{year}-{month:0>2}-{day:0>2}", sheet.snapshot.today, works)
            return dates.read(element.text, sheet.snapshot.today, works)
        if field.kind == "choice":
            return choice(field, element.text)
    except (PlaintrackError, ValueError):
        pass
    return element.text
