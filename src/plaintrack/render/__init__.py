"""Draws Documents; knows no tasks. A new drawing is one module, and one line here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plaintrack.render.document import Document, Paint
    from plaintrack.render.plot import Plot

PROGRAMS = ("json", "jsonl", "csv", "tsv", "ids")
"""Forms that programs read: whole, without colours, on no pager."""


NO_PAINT: "Paint" = {}
CHARTS = ("mermaid", "svg")
"""Forms of what stands on a time axis."""


def draw(
    document: "Document", form: str, width: int | None = None, paint: "Paint" = NO_PAINT
) -> Iterable[str]:
    """A Document in a form, line by line or in larger pieces.

    What is neither for programs nor Markdown is for a terminal, ``width`` columns wide.
    """
    if form in PROGRAMS:
        from plaintrack.render import data

        return data.draw(document, form)
    if form in CHARTS:
        return _chart(document, form)
    if form == "markdown":
        from plaintrack.render import markdown

        return markdown.draw(document)
    from plaintrack.render import terminal

    return terminal.draw(document, width, paint)


def _chart(document: "Document", form: str) -> Iterable[str]:
    """The first Timeline, Loads or Plot of a Document."""
    from plaintrack.render.chart import Timeline
    from plaintrack.render.loads import Loads
    from plaintrack.render.loads import svg as bars
    from plaintrack.render.plot import Plot

    chart = next(part for part in document.parts if isinstance(part, Timeline | Loads | Plot))
    if isinstance(chart, Plot):
        return _plot(chart, form)
    if isinstance(chart, Loads):
        return bars(chart)
    if form == "svg":
        from plaintrack.render import svg

        return svg.draw(chart)
    from plaintrack.render import mermaid

    return mermaid.timeline(chart)[1:-1]


def _plot(chart: "Plot", form: str) -> Iterable[str]:
    if form == "svg":
        from plaintrack.render import vega

        return vega.svg(chart).split("\n")
    from plaintrack.render import mermaid

    return mermaid.plot(chart)[1:-1]
