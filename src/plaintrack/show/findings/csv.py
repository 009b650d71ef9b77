"""Findings as CSV: a row for each."""

from plaintrack.checks.report import Report
from plaintrack.render.data import draw
from plaintrack.render.document import Document, Table
from plaintrack.show.findings.json import entry

_COLUMNS = ("severity", "code", "name", "path", "line", "column", "end", "item", "message", "hint")


def write(report: Report) -> str:
    """The names of the columns, then the findings; places are empty for a whole file."""
    entries = map(entry, report.findings)
    table = Table(_COLUMNS, [[found[name] for name in _COLUMNS] for found in entries], "findings")
    return "".join(f"{piece}\n" for piece in draw(Document((table,)), "csv"))
