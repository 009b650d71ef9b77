"""Rows that only people are told in sentences, as a Document for programs and for Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from plaintrack.render.data import told
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Sentences


def rows(
    found: Sequence[Any],
    name: str,
    columns: Sequence[str],
    form: str,
    about: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> Document:
    """Rows that all have the ``columns``: typed ones for programs, for Markdown a table of texts
    with the ``notes`` below it.
    """
    if form != "markdown":
        return Document((Records(found, name, columns),), about or {})
    cells = [tuple(told(row[column]) for column in columns) for row in found]
    table = Table(columns, cells, name)
    return Document((table, Sentences(notes)) if notes else (table,))
