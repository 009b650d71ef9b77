"""Draws Documents as HTML: the one place where text is escaped for it. Styles are in ``page.css``;
no element has a style of its own, so that a strict policy of the page can forbid them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape as _escape
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.render.plot import Plot, table
from plaintrack.render.visible import safe

if TYPE_CHECKING:
    from plaintrack.render.chart import Timeline
    from plaintrack.render.document import Document, Table
    from plaintrack.render.figures import (
        Board,
        Card,
        Comparison,
        Counts,
        Figure,
        Gantt,
        Graph,
        Progress,
        Tree,
    )
    from plaintrack.render.loads import Loads
    from plaintrack.render.sections import (
        Alert,
        Code,
        Entry,
        Fields,
        Heading,
        Prose,
        Section,
        Sentences,
    )
    from plaintrack.render.vega import Drawn

NONE = "(none)"
_STEPS = 20
"""The lengths that a bar in a table can have, see ``page.css``."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ITEM = re.compile(r"(\S+)(  .*)?", re.DOTALL)


def escape(text: str) -> str:
    """``text`` as HTML that shows just that, with control characters made visible."""
    return _escape(safe(text))


class Ways(NamedTuple):
    """Where a page leads: ``item`` has the address of an item's page (empty: it has none),
    ``target`` that of a link in a text, and ``picture`` draws a chart as an element.
    """

    item: Callable[[str], str]
    target: Callable[[str], str]
    picture: Callable[["Drawn", str], str]
    level: int = 2
    """Of the headings of parts: below the title of the page, or below a Heading."""


def draw(document: "Document", ways: Ways) -> Iterator[str]:
    """The parts of a Document as elements."""
    for part in document.parts:
        kind = type(part).__name__
        yield from _DRAWINGS[kind](part, ways)
        if kind in ("Heading", "Comparison"):
            ways = ways._replace(level=3)


def _title(html: str, ways: Ways) -> str:
    """A heading of a part."""
    return f"<h{ways.level}>{html}</h{ways.level}>"


def linked(text: str, ways: Ways) -> str:
    """A text in which the ids of items lead to their pages."""
    found, at = [], 0
    for word in _WORD.finditer(text):
        name = word[0].rstrip(".-_")
        address = ways.item(name) if any(map(str.isdigit, name)) or "-" in name else ""
        if address:
            found.append(escape(text[at : word.start()]))
            found.append(f'<a href="{_escape(address)}">{escape(name)}</a>')
            at = word.start() + len(name)
    found.append(escape(text[at:]))
    return "".join(found)


def grid(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str = "",
    late: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """A table of cells that are HTML already; it scrolls by itself where it is too wide."""
    name = _escape(caption or columns[0])
    yield f'<div class="wide" role="group" tabindex="0" aria-label="{name}"><table>'
    if caption:
        yield f"<caption>{_escape(caption)}</caption>"
    heads = (f'<th scope="col">{escape(each.replace("_", " "))}</th>' for each in columns)
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for number, row in enumerate(rows):
        kind = ' class="late"' if number in late else ""
        yield f"<tr{kind}>{''.join(map(_cell, row))}</tr>"
    yield "</tbody></table></div>"


_LONG = 16
"""Characters of a cell that stay on one line: a day or an id is not broken at its hyphens."""
_TAG = re.compile(r"<[^>]*>")


def _cell(cell: str) -> str:
    wraps = len(cell) > _LONG and len(unescape(_TAG.sub("", cell))) > _LONG
    return f'<td class="long">{cell}</td>' if wraps else f"<td>{cell}</td>"


def _table(part: "Table", ways: Ways) -> Iterator[str]:
    if not part.rows:
        yield _nothing()
        return
    from plaintrack.render.data import told

    names = list(part.columns)
    address = names.index("id") if part.links and "id" in names else None
    title = names.index("title") if "title" in names else None

    def cells(number: int) -> list[str]:
        row = [told(cell) for cell in part.rows[number]]
        found = [escape(cell) if at == title else linked(cell, ways) for at, cell in enumerate(row)]
        if address is not None and part.links and part.links[number]:
            found[address] = _link(row[address], part.links[number])
        return found

    if part.groups is None:
        yield from grid(names, map(cells, range(len(part.rows))), late=part.late)
        return
    numbers: dict[str, list[int]] = {}
    for number, group in enumerate(part.groups):
        numbers.setdefault(group, []).append(number)
    for group, some in numbers.items():
        late = frozenset(at for at, number in enumerate(some) if number in part.late)
        sums = f" ({part.sums[group]})" if part.sums.get(group) else ""
        yield from grid(names, map(cells, some), (group or NONE) + sums, late)


def _nothing() -> str:
    return '<p class="nothing">Nothing.</p>'


def _link(text: str, address: str) -> str:
    return f'<a href="{_escape(address)}">{escape(text)}</a>' if address else escape(text)


def _board(board: "Board", ways: Ways) -> Iterator[str]:
    yield '<div class="board" role="group" tabindex="0" aria-label="Board">'
    for name, cards in board.columns.items():
        shown = cards[: board.limit]
        yield f"<section>{_title(f'{escape(name or NONE)} ({board.count(name)})', ways)}"
        if board.sums.get(name):
            yield f"<p>{escape(board.sums[name])}</p>"
        yield "<ul>"
        yield from (_card(card, ways) for card in shown)
        yield "</ul>"
        if len(shown) < board.count(name):
            yield f"<p>… {board.count(name) - len(shown)} more</p>"
        yield "</section>"
    yield "</div>"


def _card(card: "Card", ways: Ways) -> str:
    who = f'<span class="who">{escape(card.who)}</span>' if card.who else ""
    name = _link(card.id, card.link or ways.item(card.id))
    return f"<li>{name} {escape(card.title)} {who}</li>"


def bar(part: float, over: bool = False) -> str:
    """A bar for a part of the whole; what it says stands beside it."""
    steps = max(0, min(_STEPS, round(part * _STEPS)))
    return f'<span class="bar w{steps}{" over" if over else ""}" aria-hidden="true"></span>'


def _counts(counts: "Counts", _ways: Ways) -> Iterator[str]:
    if not counts.rows:
        yield _nothing()
        return
    most = max(number for _, number in counts.rows) or 1
    rows = [
        (escape(value or NONE), f"{bar(number / most)} {number}") for value, number in counts.rows
    ]
    yield from grid((counts.name, "items"), [*rows, ("total", str(counts.total))])


def _tree(tree: "Tree", ways: Ways) -> Iterator[str]:
    if not tree.branches:
        yield _nothing()
        return
    level = -1
    yield '<div class="tree">'
    for branch in tree.branches:
        while level < branch.level:
            yield "<ul>"
            level += 1
        while level > branch.level:
            yield "</ul>"
            level -= 1
        texts = [branch.status, branch.title, branch.who, branch.sums, branch.note]
        name = _link(branch.id, ways.item(branch.id))
        yield f"<li>{name} {escape(' · '.join(filter(None, texts)))}</li>"
    yield "</ul>" * (level + 1) + "</div>"


def _progress(progress: "Progress", _ways: Ways) -> Iterator[str]:
    done, total = progress
    part = done / total if total else 0.0
    yield f"<p>{bar(part)} {done} of {total} done ({int(part * 100)} %)</p>"


def _figure(figure: "Figure", _ways: Ways) -> Iterator[str]:
    yield f'<p class="figure">{figure.number}</p>'


def _heading(heading: "Heading", ways: Ways) -> Iterator[str]:
    name = _link(heading.name, heading.link or ways.item(heading.name))
    yield f"<h2>{f'{name} {escape(heading.title)}'.rstrip()}</h2>"


def _comparison(comparison: "Comparison", _ways: Ways) -> Iterator[str]:
    yield f"<h2>{escape(comparison.title)}: {escape(comparison.text)}</h2>"
    yield f"<p>From {escape(comparison.old)} to {escape(comparison.new)}.</p>"


def _alert(alert: "Alert", ways: Ways) -> Iterator[str]:
    yield f"<p><strong>{linked(alert.text, ways)}</strong></p>"


def _fields(fields: "Fields", ways: Ways) -> Iterator[str]:
    yield "<dl>"
    for name, text in fields.rows:
        yield f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{linked(text, ways)}</dd>"
    yield "</dl>"


def _section(section: "Section", ways: Ways) -> Iterator[str]:
    mark = f"<code>{escape(section.mark)}</code> " if section.mark else ""
    count = "" if section.mark else f" ({len(section.entries)})"
    yield f"{_title(f'{mark}{escape(section.title)}{count}', ways)}<ul>"
    yield from (_entry(entry, ways) for entry in section.entries)
    yield "</ul>"


def _entry(entry: "Entry", ways: Ways) -> str:
    lines = [linked(line, ways) for line in entry.lines]
    if not entry.name and not entry.title:
        return f"<li>{'<br>'.join(lines)}</li>"
    name = _link(entry.name, entry.link or ways.item(entry.name))
    below = f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else ""
    return f"<li>{name} {escape(entry.title)}{below}</li>"


def _prose(prose: "Prose", ways: Ways) -> Iterator[str]:
    from plaintrack.render.marked import html

    text = html(prose.text, ways.target, ways.level - (0 if prose.title else 1))
    if prose.title:
        said = f"<article>{_title(escape(prose.title), ways)}{text}</article>"
        yield "<blockquote>" * prose.depth + said + "</blockquote>" * prose.depth
    else:
        yield text


def _sentences(sentences: "Sentences", ways: Ways) -> Iterator[str]:
    yield f"<ul>{''.join(f'<li>{linked(line, ways)}</li>' for line in sentences.lines)}</ul>"


def _code(code: "Code", _ways: Ways) -> Iterator[str]:
    yield f'<pre tabindex="0"><code>{escape_lines(code.lines)}</code></pre>'


def escape_lines(lines: Iterable[str]) -> str:
    """Lines that stand as they are."""
    return "\n".join(map(escape, lines))


# Charts: a picture, and its data beside it


def _chart(
    chart: "Drawn", ways: Ways, text: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    from plaintrack.render.vega import MOST

    name = '<div class="wide" role="group" tabindex="0" aria-label="Chart">'
    yield f"<figure>{name}{ways.picture(chart, text)}</div>"
    if not isinstance(chart, Plot) and len(rows) > MOST:
        yield f'<p class="aside">The picture ends after {MOST} rows; the table has all.</p>'
    yield f"<details><summary>The same as a table ({len(rows)} rows)</summary>"
    yield from grid(columns, ([linked(cell, ways) for cell in row] for row in rows))
    yield "</details></figure>"


def _plot(plot: Plot, ways: Ways) -> Iterator[str]:
    yield _title(escape(plot.title), ways)
    if not plot.axis:
        yield '<p class="nothing">No data.</p>'
        return
    if plot.note:
        yield f"<p>{linked(plot.note, ways)}</p>"
    columns, rows = table(plot)
    yield from _chart(plot, ways, plot.summary, columns, rows)
    if plot.explain:
        name = escape(plot.explain)
        yield f'<p class="aside">Defined by <code>plaintrack explain {name}</code>.</p>'


def _timeline(chart: "Timeline", ways: Ways) -> Iterator[str]:
    rows = [
        (group, bar.id, bar.title, _day(bar.start), _day(bar.end), _day(bar.due), bar.note)
        for group, bars in chart.groups
        for bar in bars
    ]
    dated = sum(bool(row[3]) for row in rows)
    if not dated:
        yield '<p class="nothing">Nothing has dates.</p>'
        return
    text = f"Gantt chart of {dated} items from {chart.first} to {chart.last}; the table has each."
    columns = ("group", "id", "title", "start", "end", "due", "note")
    yield '<p class="aside">A red line is a due date, the dashed line is today.</p>'
    yield from _chart(chart, ways, text, columns, rows)


def _gantt(chart: "Gantt", ways: Ways) -> Iterator[str]:
    if not chart.spans:
        yield _nothing()
        return
    rows = [
        (span.section or chart.rest, span.text, _day(span.first), _day(span.last), span.state)
        for span in chart.spans
    ]
    text = f"Gantt chart of {len(rows)} items; the table has each."
    yield from _chart(chart, ways, text, ("group", "item", "start", "end", "state"), rows)


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _loads(loads: "Loads", ways: Ways) -> Iterator[str]:
    rows = [
        [
            linked(name, ways),
            *(
                (f"{bar(load.part, load.over)} " if load.part is not None else "")
                + escape(load.text)
                + (" <strong>over</strong>" if load.over else "")
                for load in row
            ),
        ]
        for name, row in loads.rows
    ]
    yield from grid((loads.name, *loads.columns), rows)


def _graph(graph: "Graph", ways: Ways) -> Iterator[str]:
    if not graph.arrows:
        yield _nothing()
        return
    rows = [
        [linked(graph.nodes[one].text, ways), linked(graph.nodes[other].text, ways)]
        for one, other in graph.arrows
    ]
    yield from grid(("first", "then"), rows)


_DRAWINGS: dict[str, Callable[[Any, Ways], Iterator[str]]] = {
    "Table": _table,
    "Board": _board,
    "Counts": _counts,
    "Tree": _tree,
    "Progress": _progress,
    "Figure": _figure,
    "Heading": _heading,
    "Comparison": _comparison,
    "Alert": _alert,
    "Fields": _fields,
    "Section": _section,
    "Prose": _prose,
    "Sentences": _sentences,
    "Code": _code,
    "Graph": _graph,
    "Gantt": _gantt,
    "Timeline": _timeline,
    "Loads": _loads,
    "Plot": _plot,
}
