"""Draws Documents as Markdown that forges show; the one place where text is escaped for it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from plaintrack.render.visible import lines as visible

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
    from plaintrack.render.plot import Plot
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

NOTHING = "*Nothing.*"
NONE = "(none)"
LONGEST = 200
"""Characters of a text in a comment."""
_BAR = 20
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+|~!@&])")
_OBEYED = re.compile(
    r"(?i)(?<=@)|(?<=[#!$&])(?=\d)|(?<=[%~])(?=[\w\"])|(?<=\bGH-)(?=\d)|(?<=:)(?=[a-z+-][\w+-]*:)|(?<=\w)(?=://)|(?<=\bwww)(?=\.)",
)
"""Where a forge would see a mention, a reference to an issue, milestone or label, an emoji, or an
address: backslashes do not keep it from that.
"""


def escape(text: str, most: int | None = None) -> str:
    """``text`` as Markdown that shows just that: no markup, mention, reference, emoji code, link or
    second line; at most ``most`` characters.
    """
    plain = "".join(each if each.isprintable() else " " for each in text).strip()
    if most is not None and len(plain) > most:
        plain = f"{plain[: most - 1]}…"
    return _SPECIAL.sub(r"\\\1", _OBEYED.sub("\u200b", plain))


def brief(text: str) -> str:
    """``text`` as ``escape`` has it, cut where a comment would grow too long."""
    return escape(text, LONGEST)


def draw(document: "Document") -> Iterable[str]:
    """The lines of a Document, a blank one between its parts."""
    return chain.from_iterable(_drawings(document))


def _drawings(document: "Document") -> Iterator[Iterable[str]]:
    for number, part in enumerate(document.parts):
        if number:
            yield ("",)
        yield _DRAWINGS[type(part).__name__](part)


def limited(document: "Document", most: int, more: str) -> str:
    """A Document in ``most`` characters, its texts brief. Entries that do not fit are counted,
    never cut in the middle; ``more`` says how many, with ``{}`` for the number.
    """
    from plaintrack.render.sections import Section

    lines: list[str] = []
    size = left = 0
    for number, part in enumerate(document.parts):
        before = [""] if number else []
        if isinstance(part, Section):
            head = [*before, *_title(part), ""]
            blocks = [_entry(entry, brief) for entry in part.entries]
        else:
            head, blocks = before, [list(_DRAWINGS[type(part).__name__](part))]
        for block in blocks:
            cost = sum(len(line) + 1 for line in (*head, *block))
            if left or size + cost > most:
                left += 1
                continue
            lines += [*head, *block]
            size, head = size + cost, []
    if left:
        lines += ["", more.format(left)]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _head(names: Sequence[str]) -> list[str]:
    return [_row(escape(name.capitalize()) for name in names), "|" + " --- |" * len(names)]


def _link(text: str, address: str) -> str:
    if not text:
        return ""
    return f"[{escape(text)}]({address})" if address else escape(text)


def _table(table: "Table") -> list[str]:
    """One table, or one below the name of each group."""
    if not table.rows:
        return [NOTHING]
    linked = list(table.columns).index("id") if table.links and "id" in table.columns else None
    lines = _head(table.columns) if table.groups is None else []
    previous: str | None = None
    for number, row in enumerate(table.rows):
        if table.groups is not None and table.groups[number] != previous:
            previous = table.groups[number]
            lines += [""] if lines else []
            told = f" ({escape(table.sums[previous])})" if table.sums.get(previous) else ""
            lines += [f"**{escape(previous) or NONE}**{told}", "", *_head(table.columns)]
        cells = [escape(cell) for cell in row]
        if linked is not None and table.links:
            cells[linked] = _link(row[linked], table.links[number])
        lines.append(_row(cells))
    return lines


def _board(board: "Board") -> list[str]:
    stacks = []
    for name, cards in board.columns.items():
        stack = list(map(_card, cards[: board.limit]))
        if len(stack) < board.count(name):
            stack.append(f"… {board.count(name) - len(stack)} more")
        stacks.append(stack)
    sums = {name: f"<br>{escape(told)}" for name, told in board.sums.items() if told}
    heads = (f"{escape(name)} ({board.count(name)}){sums.get(name, '')}" for name in board.columns)
    lines = [_row(heads), "|" + " --- |" * len(stacks)]
    for at in range(max(map(len, stacks), default=0)):
        lines.append(_row(stack[at] if at < len(stack) else "" for stack in stacks))
    return lines


def _card(card: "Card") -> str:
    who = escape(card.who)
    text = f"{_link(card.id, card.link)} {escape(card.title)}"
    return f"{text}<br>*{who}*" if who else text


def _counts(counts: "Counts") -> list[str]:
    if not counts.rows:
        return [NOTHING]
    if counts.summed:
        rows = [
            _row([escape(value) or NONE, str(number), escape(str(told or ""))])
            for (value, number), told in zip(counts.rows, counts.sums, strict=False)
        ]
        heads = [escape(counts.name.capitalize()), "Items", escape(counts.summed.capitalize())]
        return [_row(heads), "| --- | ---: | ---: |", *rows]
    rows = [f"| {escape(value) or NONE} | {number} |" for value, number in counts.rows]
    return [f"| {escape(counts.name.capitalize())} | Items |", "| --- | ---: |", *rows]


def _tree(tree: "Tree") -> list[str]:
    """The tree as a terminal shows it, in a fence that no title can end."""
    if not tree.branches:
        return [NOTHING]
    from plaintrack.render.terminal import branches

    plain = (
        "".join(each if each.isprintable() else "\ufffd" for each in line)
        for line in branches(tree)
    )
    return ["```text", *(line.replace("```", "'''") for line in plain), "```"]


def _progress(progress: "Progress") -> list[str]:
    done, total = progress
    if not total:
        return [NOTHING]
    filled = done * _BAR // total
    bar = "█" * filled + "░" * (_BAR - filled)
    return [f"`{bar}` {done} of {total} ({done * 100 // total} %)"]


def _figure(figure: "Figure") -> list[str]:
    return [f"**{figure.number}**"]


def _heading(heading: "Heading") -> list[str]:
    return [f"### {_link(heading.name, heading.link)} {escape(heading.title)}".rstrip()]


def _comparison(comparison: "Comparison") -> list[str]:
    old, new = (text.replace("`", "'") for text in (comparison.old, comparison.new))
    title = f"### {escape(comparison.title)}: {escape(comparison.text)}"
    return [title, "", f"From `{old}` to `{new}`."]


def _alert(alert: "Alert") -> list[str]:
    return [f"**{escape(alert.text)}**"]


def _fields(fields: "Fields") -> list[str]:
    return [f"* **{escape(name)}**: {escape(text)}" for name, text in fields.rows]


def _title(section: "Section") -> list[str]:
    if section.mark:
        return [f"#### {escape(section.mark)} {escape(section.title)}".rstrip()]
    return [f"#### {escape(section.title)} ({len(section.entries)})"]


def _section(section: "Section") -> list[str]:
    lines = [*_title(section), ""]
    for entry in section.entries:
        lines += _entry(entry, escape)
    return lines


def _entry(entry: "Entry", escaped: Callable[[str], str]) -> list[str]:
    if not entry.name and not entry.title:
        return [f"* {escaped(line)}" for line in entry.lines]
    name = escaped(entry.name)
    if entry.link:
        name = f"[{name}]({entry.link})"
    head = f"* **{name}** {escaped(entry.title)}".rstrip()
    return [head, *(f"  * {escaped(line)}" for line in entry.lines)]


def _prose(prose: "Prose") -> list[str]:
    text = visible(prose.text)
    if not prose.title:
        return text
    edge = "> " * prose.depth
    said = [f"{edge}> {line}".rstrip() for line in text] if prose.text else []
    return [f"{edge}**{escape(prose.title)}**", edge.rstrip(), *said]


def _code(code: "Code") -> list[str]:
    plain = chain.from_iterable(map(visible, code.lines))
    return [f"```{code.language}", *(line.replace("```", "'''") for line in plain), "```"]


def _graph(graph: "Graph") -> list[str]:
    from plaintrack.render import mermaid

    return mermaid.graph(graph) or [NOTHING]


def _timeline(chart: "Timeline") -> list[str]:
    from plaintrack.render import mermaid

    return mermaid.timeline(chart) or [NOTHING]


def _loads(loads: "Loads") -> list[str]:
    from plaintrack.render.document import Table
    from plaintrack.render.loads import texts

    return _table(Table((loads.name, *loads.columns), texts(loads)))


def _plot(plot: "Plot") -> list[str]:
    """A Mermaid chart where that kind of chart can be one, and the numbers as a table."""
    from plaintrack.render import mermaid
    from plaintrack.render.document import Table
    from plaintrack.render.plot import label, table

    lines = [f"**{escape(plot.title)}**", ""]
    if plot.note:
        lines += [escape(plot.note), ""]
    drawn = mermaid.plot(plot)
    if drawn:
        lines += [*drawn, ""]
    lines += [escape(f"{mark.name}: {label(mark.value)}") + "  " for mark in plot.marks]
    columns, rows = table(plot)
    if len(rows) > _ROWS:
        lines += [f"The last {_ROWS} of {len(rows)} rows:", ""]
    return [*lines, *_table(Table(columns, rows[-_ROWS:]))]


_ROWS = 14
"""Rows of a chart's numbers; programs get all."""


def _sentences(sentences: "Sentences") -> list[str]:
    return [f"* {escape(line)}" for line in sentences.lines]


def _gantt(gantt: "Gantt") -> list[str]:
    from plaintrack.render import mermaid

    return mermaid.gantt(gantt) or [NOTHING]


_DRAWINGS: dict[str, Callable[[Any], list[str]]] = {
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
    "Graph": _graph,
    "Gantt": _gantt,
    "Timeline": _timeline,
    "Loads": _loads,
    "Plot": _plot,
    "Sentences": _sentences,
}
