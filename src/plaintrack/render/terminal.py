"""Draws Documents for a terminal or a pipe: in a given width, with colours if they are wanted."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from plaintrack.render.table import below, folded
from plaintrack.render.visible import lines as visible
from plaintrack.render.visible import safe

if TYPE_CHECKING:
    from plaintrack.render.chart import Timeline
    from plaintrack.render.document import Document, Paint, Table, Tone
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
PLAIN: "Paint" = {}
NONE = "(none)"
_BAR = 30  # the longest bar of counts
_PLAIN = 120  # the width of a board in a pipe
_PROSE = 100  # the width of prose in a pipe


def draw(document: "Document", width: int | None = None, paint: "Paint" = PLAIN) -> Iterable[str]:
    """The lines of a Document, part by part; without a ``width`` nothing is cut."""
    return chain.from_iterable(_drawings(document, width, paint))


def _drawings(document: "Document", width: int | None, paint: "Paint") -> Iterator[Iterable[str]]:
    for number, part in enumerate(document.parts):
        kind = type(part).__name__
        if number and kind in _APART:
            yield ("",)
        yield _DRAWINGS[kind](part, width, paint)


def bold(text: str, paint: "Paint") -> str:
    """``text`` as headings are, if there are colours."""
    return toned(text, ("heading",), paint)


def toned(text: str, tone: "Tone", paint: "Paint") -> str:
    """``text`` in the colour of the first name of its tone that the theme knows."""
    if not paint or not text:
        return text
    found = next((paint[name] for name in tone if name in paint), "")
    return f"\x1b[{found}m{text}{OFF}" if found else text


def _table(table: "Table", width: int | None, paint: "Paint") -> list[str]:
    from plaintrack.render.table import draw as columns

    rows = table.rows
    if not all(map(str.isprintable, map("".join, rows))):
        rows = [tuple(map(safe, row)) for row in rows]
    header = [safe(name.upper()) for name in table.columns]
    room = max((len(mark) for mark, _ in table.marks), default=0)
    within = width if width is None or not room else width - room - 1
    painted = _painted(table, paint) if paint and table.tones else None
    lines = columns(header, rows, within, table.flexible, table.lasting, painted)
    for number in table.late if paint else ():
        lines[number + 1] = f"{RED}{lines[number + 1]}{OFF}"
    lines[0] = bold(lines[0], paint)
    if room:
        marks = [" " * room, *(_mark(mark, room, paint) for mark in table.marks)]
        lines = [f"{mark} {line}" for mark, line in zip(marks, lines, strict=True)]
    if table.groups is None:
        return lines
    return _grouped(lines, table.groups, table.sums, paint)


def _painted(table: "Table", paint: "Paint") -> Callable[[int, int, str], str]:
    tones = table.tones

    def painted(row: int, column: int, text: str) -> str:
        some = tones.get(column)
        return toned(text, some[row], paint) if some else text

    return painted


def _mark(mark: tuple[str, "Tone"], room: int, paint: "Paint") -> str:
    text, tone = mark
    return " " * (room - len(text)) + toned(text, tone, paint)


def _grouped(
    lines: list[str], groups: Iterable[str], sums: Mapping[str, str], paint: "Paint"
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


def _board(board: "Board", width: int | None, paint: "Paint") -> list[str]:
    from plaintrack.render.board import draw as stacks

    limit = board.limit or max(map(len, board.columns.values()), default=0)
    cards = {
        # those above the limit are only counted
        safe(name): [*map(_card, column[:limit]), *[""] * (board.count(name) - limit)]
        for name, column in board.columns.items()
    }
    sums = {safe(name): told for name, told in board.sums.items()}
    lines = stacks(cards, width or _PLAIN, limit, 3 if width else None, sums)
    rules = [line.startswith("─") for line in [*lines[1:], ""]]
    return [bold(line, paint) if rule else line for line, rule in zip(lines, rules, strict=True)]


def _card(card: "Card") -> str:
    mark = f"{card.mark} " if card.mark else ""
    return safe(
        f"{mark}{card.id} {card.title}" + (f" @{card.who.removeprefix('@')}" if card.who else "")
    )


def _counts(counts: "Counts", width: int | None, _paint: "Paint") -> list[str]:
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
    if branch.note in _ALONE:
        return f"{branch.id}  {_ALONE[branch.note]}"
    who = f"  ({branch.who})" if branch.who else ""
    told = f"  [{branch.sums}]" if branch.sums else ""
    return f"{branch.id}  {branch.status:12}  {branch.title}{who}{told}{_NOTES[branch.note]}"


_ALONE = {"missing": "(no such item)", "elsewhere": "(another repository's)"}
_NOTES = {"": "", "cycle": "  ↺ cycle", "repeated": "  (see above)"}


def _tree(tree: "Tree", width: int | None, paint: "Paint") -> Iterator[str]:
    for guide, branch in guided(tree):
        text = safe(_branch(branch))
        guide += f"{branch.mark} " if branch.mark else ""
        # what goes on below leads the lines on to the next branch
        trunk = re.sub("[^│]", " ", guide.replace("├─ ", "│  "))
        room = None if width is None else max(width - len(guide), 12)
        at = len(safe(branch.id))
        first, *more = folded(text, room, below(text, room, at + 2))
        name, rest = first[:at], first[at:]
        yield guide + toned(name, ("id",), paint) + rest
        yield from (f"{trunk}{line}" for line in more)


def _progress(progress: "Progress", _width: int | None, _paint: "Paint") -> list[str]:
    return [f"{progress.done} of {progress.total}"]


def _figure(figure: "Figure", _width: int | None, _paint: "Paint") -> list[str]:
    return [str(figure.number)]


def _heading(heading: "Heading", width: int | None, paint: "Paint") -> list[str]:
    text = safe(f"{heading.name}  {heading.title}".rstrip())
    return [bold(line, paint) for line in folded(text, width, len(heading.name) + 2)]


def _comparison(comparison: "Comparison", width: int | None, _paint: "Paint") -> list[str]:
    return folded(safe(f"{comparison.old} → {comparison.new}: {comparison.text}"), width, 2)


def _alert(alert: "Alert", width: int | None, paint: "Paint") -> list[str]:
    return [bold(line, paint) for line in folded(safe(alert.text), width, 2)]


_NAME = 32
"""Columns that the names of fields take at most."""


def _fields(fields: "Fields", width: int | None, _paint: "Paint") -> Iterator[str]:
    size = min(_NAME, max([12, *(len(name) for name, _ in fields.rows)]))
    for name, text in fields.rows:
        start = f"  {name:{size}} "
        yield from folded(safe(start + text), width, len(start))


def _section(section: "Section", width: int | None, paint: "Paint") -> Iterator[str]:
    title = safe(section.title)
    if section.mark:
        mark = safe(section.mark)
        first, *more = folded(f"{mark}  {title}".rstrip(), width, len(mark) + 2)
        yield (f"{YELLOW}{mark}{OFF}" if paint else mark) + first[len(mark) :]
        yield from more
    else:
        yield from (bold(line, paint) for line in folded(title, width, 2))
    for entry in section.entries:
        indent = 2
        if entry.name or entry.title:
            head = safe(f"  {entry.name}  {entry.title}")
            yield from (_bolded(line, paint) for line in folded(head, width, len(entry.name) + 4))
            indent = 4
        for line in entry.lines:
            text = safe(" " * indent + line)
            yield from folded(text, width, below(text, width, indent + 2))


def _bolded(line: str, paint: "Paint") -> str:
    """A line in bold, but for what it is indented by."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + bold(text, paint)


def _prose(prose: "Prose", width: int | None, paint: "Paint") -> list[str]:
    text = visible(prose.text)
    if prose.title:
        edge = "  " * prose.depth
        said = _wrapped([f"{edge}  {line}" for line in text], width) if prose.text else []
        return [edge + bold(safe(prose.title), paint), *said]
    return _rendered(text, width) if paint else _wrapped(text, width)


def _wrapped(text: list[str], width: int | None) -> list[str]:
    """Markdown whose lines are broken at blanks, below where their texts begin; code is not."""
    found: list[str] = []
    code = False
    for line in text:
        fence = line.lstrip().startswith(("```", "~~~"))
        code = code != fence
        begins = re.match(r"\s*([-*+>] (\[.\] )?|\d+[.)] )?", line)
        found += [line] if code or fence else folded(line, width, begins.end() if begins else 0)
    return found


def _rendered(text: list[str], width: int | None) -> list[str]:
    """Markdown as rich draws it, where the extra ``terminal`` is installed."""
    try:
        from plaintrack.render.prose import draw as rendered
    except ImportError:
        return _wrapped(text, width)
    return rendered("\n".join(text), width or _PROSE)


def _code(code: "Code", _width: int | None, _paint: "Paint") -> Iterator[str]:
    for line in code.lines:
        yield from visible(line)


def _timeline(chart: "Timeline", width: int | None, paint: "Paint") -> list[str]:
    from plaintrack.render.gantt import draw as bars

    return bars(chart, width, bool(paint))


def _loads(loads: "Loads", width: int | None, paint: "Paint") -> list[str]:
    from plaintrack.render.document import Table
    from plaintrack.render.loads import texts

    late = frozenset(at for at, (_, row) in enumerate(loads.rows) if any(load.over for load in row))
    # the name of a row stays whole, the periods on the right give way
    names = (loads.name, *loads.columns)
    return _table(Table(names, texts(loads), late=late, flexible=len(loads.columns)), width, paint)


def _plot(plot: "Plot", width: int | None, paint: "Paint") -> list[str]:
    from plaintrack.render.plot import blocks

    title, *lines = blocks(plot, width)
    return [bold(title, paint), *lines]


def _gantt(gantt: "Gantt", _width: int | None, _paint: "Paint") -> list[str]:
    return [safe(f"{span.first}..{span.last}  {span.text}") for span in gantt.spans]


def _graph(graph: "Graph", _width: int | None, _paint: "Paint") -> list[str]:
    nodes = graph.nodes
    return [safe(f"{nodes[one].text} → {nodes[other].text}") for one, other in graph.arrows]


def _sentences(sentences: "Sentences", width: int | None, _paint: "Paint") -> list[str]:
    return [
        part
        for line in map(safe, sentences.lines)
        for part in folded(line, width, len(line) - len(line.lstrip()) + 2)
    ]


_APART = ("Heading", "Section", "Prose", "Sentences", "Plot")
"""Parts with a blank line before them."""
_DRAWINGS: dict[str, Callable[[Any, int | None, "Paint"], Iterable[str]]] = {
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
