"""Draws Documents for a terminal or a pipe: in a given width, with colours if they are wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from plaintrack.render.visible import lines as visible
from plaintrack.render.visible import safe

if TYPE_CHECKING:
    from plaintrack.render.chart import Timeline
    from plaintrack.render.document import Document, Table
    from plaintrack.render.figures import (
        Board,
        Branch,
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
    from plaintrack.render.plot import Plot
    from plaintrack.render.sections import Alert, Code, Fields, Heading, Prose, Section, Sentences

RED, YELLOW, BOLD, OFF = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
NONE = "(none)"
_BAR = 30  # the longest bar of counts
_PLAIN = 120  # the width of a board in a pipe
_PROSE = 100  # the width of prose in a pipe


def draw(document: "Document", width: int | None = None, paint: bool = False) -> Iterable[str]:
    """The lines of a Document, part by part; without a ``width`` nothing is cut."""
    return chain.from_iterable(_drawings(document, width, paint))


def _drawings(document: "Document", width: int | None, paint: bool) -> Iterator[Iterable[str]]:
    for number, part in enumerate(document.parts):
        kind = type(part).__name__
        if number and kind in _APART:
            yield ("",)
        yield _DRAWINGS[kind](part, width, paint)


def bold(text: str, paint: bool) -> str:
    """``text`` in bold, if there are colours."""
    return f"{BOLD}{text}{OFF}" if paint else text


def _table(table: "Table", width: int | None, paint: bool) -> list[str]:
    from plaintrack.render.table import draw as columns

    rows = table.rows
    if not all(map(str.isprintable, map("".join, rows))):
        rows = [tuple(map(safe, row)) for row in rows]
    header = [safe(name.upper()) for name in table.columns]
    lines = columns(header, rows, width, table.flexible)
    for number in table.late if paint else ():
        lines[number + 1] = f"{RED}{lines[number + 1]}{OFF}"
    lines[0] = bold(lines[0], paint)
    if table.groups is None:
        return lines
    return _grouped(lines, table.groups, table.sums, paint)


def _grouped(
    lines: list[str], groups: Iterable[str], sums: Mapping[str, str], paint: bool
) -> list[str]:
    """The lines of a table, with the name of each group above its rows, and what they are
    together.
    """
    drawn = [lines[0]]
    previous: str | None = None
    for group, line in zip(groups, lines[1:], strict=True):
        if group != previous:
            told = f"  ({sums[group]})" if sums.get(group) else ""
            drawn += ["", bold(safe(group) or NONE, paint) + told]
            previous = group
        drawn.append(line)
    return drawn


def _board(board: "Board", width: int | None, paint: bool) -> list[str]:
    from plaintrack.render.board import draw as stacks

    limit = board.limit or max(map(len, board.columns.values()), default=0)
    cards = {
        # those above the limit are only counted
        safe(name): [*map(_card, column[:limit]), *[""] * (len(column) - limit)]
        for name, column in board.columns.items()
    }
    sums = {safe(name): told for name, told in board.sums.items()}
    lines = stacks(cards, width or _PLAIN, limit, 3 if width else None, sums)
    rules = [line.startswith("─") for line in [*lines[1:], ""]]
    return [bold(line, paint and rule) for line, rule in zip(lines, rules, strict=True)]


def _card(card: "Card") -> str:
    return safe(f"{card.id} {card.title}" + (f" @{card.who.removeprefix('@')}" if card.who else ""))


def _counts(counts: "Counts", width: int | None, _paint: bool) -> list[str]:
    from plaintrack.render.data import told
    from plaintrack.render.table import draw as columns

    widest = max((number for _, number in counts.rows), default=1)
    rows = [
        (safe(value or NONE), f"{number:5}", "█" * max(1, round(number * _BAR / widest)))
        for value, number in counts.rows
    ]
    rows.append(("total", f"{counts.total:5}", ""))
    if not counts.summed:
        return columns(("", "", ""), rows, width, 0)[1:]
    sums = [told(each) for each in counts.sums]
    widest = max(map(len, (counts.summed, *sums)))
    summed = [
        (value, number, f"{length:>{widest}}", line)
        for (value, number, line), length in zip(rows, sums, strict=True)
    ]
    return columns(("", "ITEMS", f"{counts.summed.upper():>{widest}}", ""), summed, width, 0)


def guided(tree: "Tree") -> Iterable[tuple[str, "Branch"]]:
    """Each branch with the lines that lead to it."""
    trunk: list[bool] = []  # for each level above: whether its branch is the last one
    for branch in tree.branches:
        del trunk[branch.level :]
        above = "".join("   " if last else "│  " for last in trunk[1:])
        if branch.level == 0:
            yield "", branch
        else:
            yield above + ("└─ " if branch.last else "├─ "), branch
        trunk.append(branch.last)


def branches(tree: "Tree") -> list[str]:
    """The lines of a tree, as they stand."""
    return [f"{guide}{_branch(branch)}" for guide, branch in guided(tree)]


def _branch(branch: "Branch") -> str:
    if branch.note == "missing":
        return f"{branch.id}  (no such item)"
    who = f"  ({branch.who})" if branch.who else ""
    told = f"  [{branch.sums}]" if branch.sums else ""
    return f"{branch.id}  {branch.status:12}  {branch.title}{who}{told}{_NOTES[branch.note]}"


_NOTES = {"": "", "cycle": "  ↺ cycle", "repeated": "  (see above)"}


def _tree(tree: "Tree", _width: int | None, _paint: bool) -> list[str]:
    return list(map(safe, branches(tree)))


def _progress(progress: "Progress", _width: int | None, _paint: bool) -> list[str]:
    return [f"{progress.done} of {progress.total}"]


def _figure(figure: "Figure", _width: int | None, _paint: bool) -> list[str]:
    return [str(figure.number)]


def _heading(heading: "Heading", _width: int | None, paint: bool) -> list[str]:
    return [bold(safe(f"{heading.name}  {heading.title}".rstrip()), paint)]


def _comparison(comparison: "Comparison", _width: int | None, _paint: bool) -> list[str]:
    return [safe(f"{comparison.old} → {comparison.new}: {comparison.text}")]


def _alert(alert: "Alert", _width: int | None, paint: bool) -> list[str]:
    return [bold(safe(alert.text), paint)]


def _fields(fields: "Fields", _width: int | None, _paint: bool) -> list[str]:
    return [safe(f"  {name:12} {text}") for name, text in fields.rows]


def _section(section: "Section", _width: int | None, paint: bool) -> Iterator[str]:
    title = safe(section.title)
    if section.mark:
        mark = safe(section.mark)
        yield f"{f'{YELLOW}{mark}{OFF}' if paint else mark}  {title}".rstrip()
    else:
        yield bold(title, paint)
    for entry in section.entries:
        indent = "  "
        if entry.name or entry.title:
            yield indent + bold(safe(f"{entry.name}  {entry.title}"), paint)
            indent = "    "
        yield from (safe(indent + line) for line in entry.lines)


def _prose(prose: "Prose", width: int | None, paint: bool) -> list[str]:
    text = visible(prose.text)
    if prose.title:
        edge = "  " * prose.depth
        said = [f"{edge}  {line}" for line in text] if prose.text else []
        return [edge + bold(safe(prose.title), paint), *said]
    return _rendered(text, width) if paint else text


def _rendered(text: list[str], width: int | None) -> list[str]:
    """Markdown as rich draws it, where the extra ``terminal`` is installed."""
    try:
        from plaintrack.render.prose import draw as rendered
    except ImportError:
        return text
    return rendered("\n".join(text), width or _PROSE)


def _code(code: "Code", _width: int | None, _paint: bool) -> Iterator[str]:
    for line in code.lines:
        yield from visible(line)


def _timeline(chart: "Timeline", width: int | None, paint: bool) -> list[str]:
    from plaintrack.render.gantt import draw as bars

    return bars(chart, width, paint)


def _loads(loads: "Loads", width: int | None, paint: bool) -> list[str]:
    from plaintrack.render.document import Table
    from plaintrack.render.loads import texts

    late = frozenset(at for at, (_, row) in enumerate(loads.rows) if any(load.over for load in row))
    # the name of a row stays whole, the periods on the right give way
    names = (loads.name, *loads.columns)
    return _table(Table(names, texts(loads), late=late, flexible=len(loads.columns)), width, paint)


def _plot(plot: "Plot", width: int | None, paint: bool) -> list[str]:
    from plaintrack.render.plot import blocks

    title, *lines = blocks(plot, width)
    return [bold(title, paint), *lines]


def _gantt(gantt: "Gantt", _width: int | None, _paint: bool) -> list[str]:
    return [safe(f"{span.first}..{span.last}  {span.text}") for span in gantt.spans]


def _graph(graph: "Graph", _width: int | None, _paint: bool) -> list[str]:
    nodes = graph.nodes
    return [safe(f"{nodes[one].text} → {nodes[other].text}") for one, other in graph.arrows]


def _sentences(sentences: "Sentences", _width: int | None, _paint: bool) -> list[str]:
    return [safe(line) for line in sentences.lines]


_APART = ("Heading", "Section", "Prose", "Sentences", "Plot")
"""Parts with a blank line before them."""
_DRAWINGS: dict[str, Callable[[Any, int | None, bool], Iterable[str]]] = {
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
    "Code": _code,
    "Timeline": _timeline,
    "Loads": _loads,
    "Plot": _plot,
    "Gantt": _gantt,
    "Graph": _graph,
    "Sentences": _sentences,
}
