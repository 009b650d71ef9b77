"""Metrics and forecasts as Documents: numbers, a chart, a table, and what one must know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from plaintrack.errors import command
from plaintrack.flow.answer import Chart
from plaintrack.flow.catalogue import ENTRIES, paragraphs
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.plot import Mark, Plot, Series
from plaintrack.render.sections import Fields, Heading, Sentences

if TYPE_CHECKING:
    from plaintrack.app.flow.metrics import Told
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

MOST = 20
"""Rows of a table for people; programs get all."""
BARS, PERIODS = 40, 400
"""Bars of a chart: of items the largest, which come first; of periods and iterations the last."""
CHARTED = frozenset(("wip", "cfd", "burnup", "burndown", "throughput", "little"))
"""Metrics whose rows are all in their chart or their facts."""
_HEAD = """# Metrics

Made from the code by `make docs`. `plaintrack explain NAME` says the same on the command line.
"""


def metrics(found: Sequence["Told"], brief: bool = False) -> Document:
    """Metrics for people, one below the other; what holds for all is said once, at the end.
    ``brief``: nothing that another commit alone would change.
    """
    parts: list[Part] = []
    for told in found:
        parts += _metric(told)
    if found:
        basis = found[0].basis
        lines = [_basis(basis) + ("" if brief else f", {basis['commits']} commits")]
        parts.append(Sentences([*lines, *found[0].notes, _explained(found)]))
    return Document(parts)


def _metric(told: "Told") -> "Iterator[Part]":
    answer = told.answer
    yield Heading(told.title, "")
    facts = [(name, text(value)) for name, value in answer.facts.items()]
    if facts:
        yield Fields(facts)
    if told.groups:
        columns = (told.field, *answer.facts)
        rows = [
            (each.value or "(none)", *(text(each.facts.get(name)) for name in answer.facts))
            for each in told.groups
        ]
        yield Table(columns, rows, flexible=0)
    for chart in answer.charts:
        if any(chart.series.values()):
            yield plot(chart, told.title, told.name)
    shown = answer.rows[-MOST:] if told.name in _LATEST else answer.rows[:MOST]
    if told.name not in CHARTED and shown:
        # Lists of ids are for programs: they are wider than any screen.
        kept = [at for at, name in enumerate(answer.columns) if not name.endswith(" ids")]
        heads = tuple(answer.columns[at] for at in kept)
        yield Table(heads, [tuple(text(row[at]) for at in kept) for row in shown], flexible=1)
    left = len(answer.rows) - len(shown)
    lines = [f"{left} more rows: --format csv"] if left and told.name not in CHARTED else []
    if any(name.endswith(" ids") for name in answer.columns):
        lines.append("which items: --format csv")
    lines += answer.notes
    if lines:
        yield Sentences(lines)


_LATEST = ("cycle-time", "lead-time", "on-time", "xmr", "scope", "accuracy")
"""Metrics whose last rows are the interesting ones."""


def plot(chart: Chart, title: str, explain: str) -> Plot:
    """A chart, ready to be drawn."""
    series = [Series(name, list(points)) for name, points in chart.series.items()]
    marks = [Mark(name, value) for name, value in chart.marks.items()]
    longest = max((len(each.points) for each in series), default=0)
    note = ""
    if chart.kind == "bar" and chart.x in ("period", "iteration") and longest > PERIODS:
        series = [each._replace(points=each.points[-PERIODS:]) for each in series]
        note = f"The last {PERIODS} of {longest:,}."
    elif chart.kind == "bar" and chart.x not in ("period", "iteration") and longest > BARS:
        series = [each._replace(points=each.points[:BARS]) for each in series]
        note = f"The first {BARS} of {longest:,}."
    return Plot(title, chart.kind, chart.x, chart.y, series, marks, note, explain)


def _basis(basis: Mapping[str, Any]) -> str:
    line = "the present branch" if not basis["branch"] else f"branch {basis['branch']}"
    return f"{basis['from']} to {basis['until']}, sizes: {basis['size']}, {line}"


def _explained(found: Sequence["Told"]) -> str:
    return f"defined by {command('explain', *(told.name for told in found))}"


def text(value: Any) -> str:
    """A typed value as a cell."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    return value.isoformat() if isinstance(value, date) else str(value)


def records(found: Sequence["Told"], form: str) -> Document:
    """Metrics for programs: JSON whole; as a table the rows of one, or the facts of several."""
    if form == "json":
        told = [_record(each) for each in found]
        return Document((), told[0] if len(told) == 1 else {"metrics": told})
    if len(found) == 1 and found[0].answer.columns:
        answer = found[0].answer
        rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
        return Document((Table(answer.columns, [tuple(row.values()) for row in rows]),))
    facts = [
        {"metric": each.name, "name": name, "value": _plain(value)}
        for each in found
        for name, value in each.answer.facts.items()
    ]
    return Document((Records(facts, columns=("metric", "name", "value")),))


def _record(told: "Told") -> "outputs.Metric":
    answer = told.answer
    rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    found: outputs.Metric = {
        "metric": told.name,
        "title": told.title,
        "basis": {name: _plain(value) for name, value in told.basis.items()},
        "facts": {name: _plain(value) for name, value in answer.facts.items()},
        "rows": rows,
        "notes": [*answer.notes, *told.notes],
    }
    if told.field:
        found["by"] = told.field
        found["groups"] = [
            {"value": each.value or None, "facts": dict(each.facts)} for each in told.groups
        ]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# The catalogue


def names() -> list[str]:
    """What the catalogue defines."""
    return [*ENTRIES]


def explain(name: str) -> Iterator[str]:
    """An entry in lines."""
    yield f"{name} ({ENTRIES[name].title})"
    for title, words in paragraphs(name):
        if title:
            yield ""
        head = f"{title}: " if title else ""
        yield from wrap(head + words, 100)


def page(chosen: Iterable[str], more: str = "", pictures: Mapping[str, str] = {}) -> str:
    """The catalogue as a page of Markdown; ``pictures`` has the addresses of some charts."""
    parts = [_HEAD.strip(), more.strip()]
    for name in chosen:
        parts.append(f"## {name}")
        parts += [f"**{title}.** {words}" if title else words for title, words in paragraphs(name)]
        if name in pictures:
            parts.append(f"![{ENTRIES[name].title} of the example]({pictures[name]})")
    return "\n\n".join(part for part in parts if part) + "\n"
