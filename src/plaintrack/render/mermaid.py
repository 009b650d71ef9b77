"""Draws graphs and Gantt charts as Mermaid, which forges draw. No text can break out of it."""

import re
from collections.abc import Sequence
from datetime import date

from plaintrack.render.chart import Bar, Timeline
from plaintrack.render.figures import Gantt, Graph, Node, Span
from plaintrack.render.plot import Plot, label, number, rows

_LABEL = 70  # characters
_ARROWS = 200  # of a diagram; above 500 Mermaid draws nothing, and those take it 14 seconds
_SHORT = 200  # days on which the axis of a Gantt chart has days, and not months
_TAGS = {"late": "crit, ", "done": "done, ", "active": "active, ", "milestone": "milestone, "}
_TEXT = 50_000  # characters of a diagram, above which Mermaid draws nothing
_MERMAID = {each: f"#{ord(each)};" for each in '"#$%&*:;<>\\`'}
_MERMAID["ﬂ"] = "fl"  # Mermaid puts ﬂ° in the place of an entity's start
_WORDS = re.compile(
    r"(?i)^(?=\d|acc(?:title|descr)|href|call|click|gantt|(?:date|axis)format|inclusiveenddates|topaxis|tickinterval|[ie][nx]cludes|todaymarker|week(?:day|end)|title|section)."
    r"|.(?<=d)(?=irection )"
)
"""The first letter of what Mermaid would take for a statement: at the start of a line of a Gantt
chart, anywhere in one of a flow chart.
"""


def _label(text: str) -> str:
    """``text`` for a Mermaid diagram: everything that means something there as an entity; at most
    _LABEL characters.
    """
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    plain = plain if len(plain) <= _LABEL else f"{plain[: _LABEL - 1]}…"
    coded = "".join(_MERMAID.get(each, each) for each in plain)
    return _WORDS.sub(lambda each: f"#{ord(each[0])};", coded)


def graph(found: Graph) -> list[str]:
    """A flow chart of the arrows, and of the nodes that have any; nothing without arrows."""
    head, tail = ["flowchart LR"], [
        "  classDef open fill:#f6f8fa,stroke:#57606a,color:#24292f",
        "  classDef active fill:#ddf4ff,stroke:#0969da,color:#24292f",
        "  classDef done fill:#dafbe1,stroke:#1a7f37,color:#24292f",
        "  classDef late fill:#ffebe9,stroke:#cf222e,color:#24292f",
    ]  # fmt: skip
    nodes: dict[int, str] = {}
    lines: list[str] = []
    room = _TEXT - _size(head + tail)
    for arrow in found.arrows[:_ARROWS]:
        new = {at: _node(at, found.nodes[at]) for at in arrow if at not in nodes}
        line = "  n{} --> n{}".format(*arrow)
        room -= _size([*new.values(), line])
        if room < 0:
            break
        nodes |= new
        lines.append(line)
    if not lines:
        return []
    left = len(found.arrows) - len(lines)
    drawn = [nodes[at] for at in sorted(nodes)]
    return _diagram([*head, *drawn, *lines, *tail], left, "dependencies")


def _node(at: int, node: Node) -> str:
    return f'  n{at}["{_label(node.text)}"]:::{node.state}'


def gantt(found: Gantt) -> list[str]:
    """A Gantt chart, a section for each name; nothing without spans."""
    sections: dict[str, list[str]] = {}
    days: list[date] = []
    head = ["gantt", "  dateFormat YYYY-MM-DD", "  inclusiveEndDates", "  axisFormat %Y-%m"]
    room, left = _TEXT - _size(head), 0
    for span in found.spans:
        section = f"  section {_label(span.section) or found.rest}"
        bar = _bar(span)
        room -= _size([bar] if section in sections else [section, bar])
        if room < 0:
            left += 1
            continue
        sections.setdefault(section, []).append(bar)
        days += (span.first, span.last)
    if not sections:
        return []
    if (max(days) - min(days)).days < _SHORT:
        head[-1] = "  axisFormat %m-%d"
    lines = [line for section, bars in sections.items() for line in (section, *bars)]
    return _diagram([*head, *lines], left, "items")


def timeline(chart: Timeline) -> list[str]:
    """A chart of a plan: what is late or drives the end is marked."""
    spans = [
        Span(name, f"{bar.id} {bar.title}", _state(bar), bar.start, bar.end)
        for name, bars in chart.groups
        for bar in bars
        if bar.start is not None and bar.end is not None
    ]
    return gantt(Gantt(spans, "Work"))


_POINTS = 24
"""Of a chart: more labels than that lie over each other."""
_FEW = 3
"""Series of a chart, which Mermaid draws without a legend."""


def plot(chart: Plot) -> list[str]:
    """A chart of lines or bars; nothing for other charts, and for more than _FEW series."""
    drawn = {"line": "line", "step": "line", "bar": "bar"}.get(chart.kind)
    axis, values = rows(chart)
    if drawn is None or not 0 < len(chart.series) <= _FEW or not axis:
        return []
    if len(axis) > _POINTS and drawn == "bar":
        axis, values = axis[-_POINTS:], values[-_POINTS:]
    elif len(axis) > _POINTS:
        picked = [(at + 1) * len(axis) // _POINTS - 1 for at in range(_POINTS)]
        axis, values = [axis[at] for at in picked], [values[at] for at in picked]
    names = ", ".join(each.name for each in chart.series if each.name)
    title = f"{chart.title}: {names}" if len(chart.series) > 1 else chart.title
    labels = ", ".join(f'"{_word(label(each)[-10:])}"' for each in axis)
    lines = [
        "xychart-beta",
        f'  title "{_word(title)}"',
        f"  x-axis [{labels}]",
        f'  y-axis "{_word(chart.y)}" 0 --> {number(max(chart.highest, 1))}',
    ]
    for at in range(len(chart.series)):
        lines.append(f"  {drawn} [{', '.join(number(row[at] or 0) for row in values)}]")
    return _diagram(lines, 0, "points")


def _word(text: str) -> str:
    """``text`` between quotation marks, where no entity is known."""
    return "".join(each for each in text if each.isprintable() and each not in '"`<>&;#\\[]{}')[
        :_LABEL
    ]


def _state(bar: Bar) -> str:
    if bar.late or bar.kind == "critical":
        return "late"
    return "milestone" if bar.kind == "milestone" else "open"


def _bar(span: Span) -> str:
    tag = _TAGS.get(span.state, "")
    return f"    {_label(span.text) or '#45;'} :{tag}{span.first}, {span.last}"


def _size(lines: Sequence[str]) -> int:
    """How much of _TEXT lines take, or a bit less."""
    return sum(len(line.encode()) + 1 for line in lines)


def _diagram(lines: Sequence[str], left: int, of: str) -> list[str]:
    """A Mermaid diagram, and below it how many there was no room for."""
    drawn = ["```mermaid", *lines, "```"]
    if left:
        more = "are too many for one diagram; a query that finds fewer items shows them"
        drawn += ["", f"*{left:,} more {of} {more}.*"]
    return drawn
