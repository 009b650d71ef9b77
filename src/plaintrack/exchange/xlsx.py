"""A workbook of Excel, by XlsxWriter (the extra ``xlsx``)."""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plaintrack.errors import PlaintrackError
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.record import Record

_FIRST = (
    *("id", "title", "type", "status", "priority", "assignee", "tags", "project", "milestone"),
    *("parent", "depends_on", "estimate", "start", "due", "created", "closed"),
)
_CELL = 32_767
"""Characters that a cell holds."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XlsxMissing(PlaintrackError):
    """What writes workbooks is not installed."""

    slug = "xlsx-missing"

    def __init__(self) -> None:
        super().__init__("workbooks need the extra `xlsx`", "run `pip install 'plaintrack[xlsx]'`")


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A workbook with a row for each item, days as days and durations as hours. No text in it is a
    formula or a link. Raises XlsxMissing.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise XlsxMissing from error
    rows = list(records)
    names = [each for each in _FIRST if each in ("id", "title") or _used(rows, each)]
    names += sorted({name for row in rows for name in row.fields} - {*_FIRST})
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.set_properties({"created": None})
    sheet = book.add_worksheet("Items")
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate((*names, "body")):
        hours = any(name in row.minutes for row in rows)
        sheet.write_string(0, column, f"{name} (hours)" if hours else name, head)
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(names):
            _put(sheet, number, column, row, name, day)
        sheet.write_string(number, len(names), _text(row, "body", row.body.strip()))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(rows)), len(names))
    sheet.set_column(1, 1, 50)
    book.close()
    yield data.getvalue()


def _used(rows: list[Record], name: str) -> bool:
    return any(name in row.fields for row in rows)


def _put(sheet: Any, number: int, column: int, row: Record, name: str, day: Any) -> None:
    text = {"id": row.id, "title": row.title}.get(name) or ", ".join(row.many(name))
    if name in row.minutes:
        sheet.write_number(number, column, row.minutes[name] / 60)
    elif _DAY.match(text) and (found := _date(text[:10])):
        row.tell_dates(name)
        sheet.write_datetime(number, column, found, day)
    elif text:
        sheet.write_string(number, column, _text(row, name, text))


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 1900 else None


def _text(row: Record, name: str, text: str) -> str:
    """A text as a cell can hold it."""
    found = _CONTROL.sub(" ", text)
    if found != text:
        row.tell(name, text, "", "blanks for control characters")
    if len(found) > _CELL:
        row.tell(name, text, "", f"cut after {_CELL:,} characters")
    return found[:_CELL]


CODEC = Codec(
    title="Excel",
    files="a workbook",
    writes=write,
    carries=frozenset(
        (
            "*",
            "body",
            "groups",
        )
    ),
    export_loses={
        "comments, time records": "a sheet has a row for each item",
        "moments": "days are written, without the time of day",
        "texts over 32,767 characters": "a cell holds no more",
    },
)
