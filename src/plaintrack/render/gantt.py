"""Draws a Gantt chart in a terminal: a line a bar, a column a day or a week."""

from datetime import timedelta

from plaintrack.render.chart import Bar, Scale, Timeline, scale
from plaintrack.render.table import cell_width, cut
from plaintrack.render.visible import safe

RED, BOLD, OFF = "\x1b[31m", "\x1b[1m", "\x1b[0m"
FILLS = {"work": "▒", "critical": "█", "summary": "═", "occurrence": "░", "milestone": "◆"}
LEGEND = "█ drives the end   ▒ other work   ░ recurring   ◆ milestone   │ due   ! late"
_LABEL = 36
_LEAST = 20
_PIPE = 140


def draw(chart: Timeline, width: int | None, paint: bool) -> list[str]:
    """The lines of a chart, ``width`` columns wide (None: 120)."""
    width = width or _PIPE
    bars = [bar for _, some in chart.groups for bar in some]
    longest = max((cell_width(_label(bar)) for bar in bars), default=10)
    label = max(12, min(_LABEL, longest, width - _LEAST - 6))
    axis = scale(chart, max(_LEAST, width - label - 6))
    lines = [" " * (label + 2) + line for line in _heads(chart, axis)]
    for name, some in chart.groups:
        if name:
            lines.append(f"{BOLD}{safe(name)}{OFF}" if paint else safe(name))
        lines += [_line(bar, axis, label, paint) for bar in some]
    return [line.rstrip() for line in [*lines, "", LEGEND]]


def _label(bar: Bar) -> str:
    return safe(f"{bar.id} {bar.title}")


def _heads(chart: Timeline, axis: Scale) -> list[str]:
    """Two lines above the axis: months or weeks, and a mark below today."""
    names = [" "] * (axis.cells + 8)
    at = 0
    day = axis.first
    while day <= axis.day(axis.cells - 1):
        starts = day.weekday() == 0 if axis.days == 1 else day.day <= axis.days
        cell = axis.cell(day)
        if (starts or day == axis.first) and cell >= at:
            text = f"{day.day} {day.strftime('%b')}" if axis.days == 1 else day.strftime("%b %y")
            names[cell : cell + len(text)] = text
            at = cell + len(text) + 1
        day += timedelta(days=axis.days)
    marks = [" "] * axis.cells
    if axis.holds(chart.today):
        marks[axis.cell(chart.today)] = "▾"
    return ["".join(names).rstrip(), "".join(marks).rstrip()]


def _line(bar: Bar, axis: Scale, label: int, paint: bool) -> str:
    text = cut(_label(bar), label)
    head = f"{text}{' ' * (label - cell_width(text))}  "
    if bar.start is None or bar.end is None:
        return f"{head}{safe(bar.note)}"
    cells = [" "] * axis.cells
    first, last = axis.cell(bar.start), axis.cell(bar.end)
    if bar.kind == "milestone":
        cells[last] = FILLS["milestone"]
    else:
        cells[first : last + 1] = FILLS[bar.kind] * (last + 1 - first)
    for again, until in bar.again:
        if axis.holds(again):
            begin, end = axis.cell(again), axis.cell(until)
            cells[begin : end + 1] = FILLS["occurrence"] * (end + 1 - begin)
    if bar.due is not None and axis.holds(bar.due) and bar.kind != "milestone":
        due = axis.cell(bar.due)
        cells[due] = "│" if cells[due] == " " else cells[due]
    line = f"{head}{''.join(cells).rstrip()}"
    if not bar.late:
        return line
    line += f" ! {bar.late}d"
    return f"{RED}{line}{OFF}" if paint else line
