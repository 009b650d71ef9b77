"""Draws Documents for programs: JSON, JSON lines, CSV, TSV, and bare ids.

JSON is exact and typed. A cell of CSV or TSV is text that no spreadsheet takes for a formula.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from plaintrack.render.chart import Bar, Timeline
from plaintrack.render.document import Document, Records, Table, Value
from plaintrack.render.figures import Board, Branch, Card, Counts, Figure, Progress, Tree
from plaintrack.render.loads import Load, Loads
from plaintrack.render.plot import Plot, label
from plaintrack.render.sections import Alert, Fields, Heading, Prose, Section, Sentences
from plaintrack.render.visible import encoded, safe

Data = Table | Records | Board | Counts | Tree | Progress | Figure | Timeline | Loads | Plot
"""Parts that programs can be given."""
SCHEMA = 1
"""The version of the JSON, which only grows."""
_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rows(NamedTuple):
    """What a part is as rows: what programs find them under, their columns, and the cells."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def draw(document: Document, form: str) -> Iterable[str]:
    """A Document in one of FORMS, in pieces that each end a line."""
    return _FORMS[form](document)


def _data(document: Document) -> Iterator[Data]:
    """The parts that are for programs."""
    return (part for part in document.parts if isinstance(part, Data))


def _json(document: Document) -> Iterator[str]:
    """One object: the version, what is told beside the rows, and the rows of each part."""
    found: dict[str, Value] = {"schema": SCHEMA, **document.about}
    for part in _data(document):
        name, value = _named(part)
        found[name] = value
    yield encoded(found, 2)


def sections(document: Document) -> list[dict[str, Value]]:
    """The parts of a Document one after the other, for programs: each with its kind, and the rows
    or texts that it has. ``title`` is that of the heading above.
    """
    found: list[dict[str, Value]] = []
    title = ""
    for part in document.parts:
        kind = type(part).__name__.lower()
        if isinstance(part, Heading):
            title = " ".join(filter(None, (part.name, part.title)))
            continue
        about: dict[str, Value] = {"kind": kind, "title": title}
        if isinstance(part, Data):
            about["rows"] = [_plain(row) for row in _records(part)]
            if isinstance(part, Plot):
                about |= {"title": part.title, "x": part.x, "y": part.y, "definition": part.explain}
        elif isinstance(part, Section):
            about["title"] = part.title
            about["rows"] = [each._asdict() for each in part.entries]
        elif isinstance(part, Fields):
            about["rows"] = [{"name": name, "value": value} for name, value in part.rows]
        elif isinstance(part, Sentences):
            about["lines"] = list(part.lines)
        elif isinstance(part, Prose | Alert):
            about["text"] = part.text
        else:
            continue
        found.append(about)
    return found


def _plain(row: Mapping[str, Value]) -> dict[str, Value]:
    """A row with days as texts."""
    return {name: _undated(value) for name, value in row.items()}


def _undated(value: Value) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_undated(each) for each in value]
    return value


def _jsonl(document: Document) -> Iterator[str]:
    """One object a line, for each row."""
    for part in _data(document):
        yield from map(encoded, _records(part))


def _csv(document: Document) -> Iterator[str]:
    """The rows below the names of their columns, as spreadsheets read them."""
    import csv
    import io

    for part in _data(document):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(_cells(part))
        yield text.getvalue()[:-1]


def _tsv(document: Document) -> Iterator[str]:
    """As CSV, with tabs between the cells and no quotation marks."""
    for part in _data(document):
        yield from map("\t".join, _cells(part))


def _ids(document: Document) -> Iterator[str]:
    """The ids of the rows, one a line."""
    for part in _data(document):
        found = _rows(part)
        at = list(found.columns).index("id")
        yield from (safe(row[at]) for row in found.rows)


def told(value: Value) -> str:
    """A typed value in words: nothing for None and False, ``yes`` for True, a list with commas."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Mapping):
        return encoded(value)
    if isinstance(value, Sequence):
        return ", ".join(map(told, value))
    return str(value)


def cell(text: str) -> str:
    """A cell of CSV or TSV that no spreadsheet takes for a formula; a number stays one."""
    plain = safe(text)
    if _NUMBER.fullmatch(plain):
        return plain
    return "'" + plain if plain.startswith(_FORMULA) else plain


def _cells(part: Data) -> Iterator[list[str]]:
    """The names of the columns, then the rows, as cells."""
    found = _rows(part)
    yield list(map(cell, found.columns))
    for row in found.rows:
        yield [cell(told(value)) for value in row]


def _named(part: Data) -> tuple[str, Value]:
    """What a part is called in JSON, and what stands there."""
    if isinstance(part, Board):
        columns = [
            {
                "name": name,
                "count": part.count(name),
                "items": [_card(each) for each in cards[: part.limit]],
                **({"sums": part.rolled[name]} if name in part.rolled else {}),
            }
            for name, cards in part.columns.items()
        ]
        return "columns", columns
    if isinstance(part, Records):
        return part.name, list(part.rows)
    return _rows(part).name, list(_records(part))


def _records(part: Data) -> Iterator[Mapping[str, Value]]:
    if isinstance(part, Records):
        yield from part.rows
        return
    found = _rows(part)
    for row in found.rows:
        yield dict(zip(found.columns, row, strict=True))


def _rows(part: Data) -> Rows:
    match part:
        case Table():
            return Rows(part.name, part.columns, part.rows)
        case Records():
            rows = list(part.rows)
            named = (name for row in rows for name in row)
            columns = list(dict.fromkeys(chain(part.columns, named)))
            return Rows(part.name, columns, [[row.get(name) for name in columns] for row in rows])
        case Board():
            cards = [
                (name, *_card(card).values())
                for name, column in part.columns.items()
                for card in column[: part.limit]
            ]
            return Rows("items", (part.name, *_CARD), cards)
        case Counts():
            if part.summed:
                pairs = zip(part.rows, part.sums, strict=False)
                summed = [(value, count, told or None) for (value, count), told in pairs]
                return Rows("items", ("value", "count", part.summed), summed)
            return Rows("items", ("value", "count"), part.rows)
        case Tree():
            return Rows("items", _BRANCH, [_branch(each) for each in part.branches])
        case Progress():
            return Rows("progress", part._fields, [part])
        case Timeline():
            bars = [(name, *bar) for name, some in part.groups for bar in some]
            return Rows("items", ("group", *Bar._fields), bars)
        case Loads():
            loads = [
                (name, column, *load)
                for name, row in part.rows
                for column, load in zip(part.columns, row, strict=True)
            ]
            return Rows("loads", (part.name, "period", *Load._fields), loads)
        case Plot():
            points = [(each.name, label(x), y) for each in part.series for x, y in each.points]
            return Rows("points", ("series", "x", "y"), points)
        case Figure():
            return Rows("count", part._fields, [part])


_CARD = ("id", "title", "assignee", "path")
_BRANCH = ("level", "id", "title", "status", "assignee", "note", "below")


def _card(card: Card) -> dict[str, Value]:
    return dict(zip(_CARD, (card.id, card.title, card.who or None, card.path), strict=True))


def _branch(branch: Branch) -> tuple[Value, ...]:
    texts = (branch.title, branch.status, branch.who, branch.note)
    return (branch.level, branch.id, *(text or None for text in texts), branch.rolled)


_FORMS: dict[str, Callable[[Document], Iterable[str]]] = {
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "tsv": _tsv,
    "ids": _ids,
}
FORMS = tuple(_FORMS)
