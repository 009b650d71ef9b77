"""Charts of numbers: series over days, names or numbers, and how a terminal draws them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.render.visible import safe

X = date | str | float
"""A day, a name or a number."""
KINDS = ("line", "step", "area", "bar", "scatter")
"""``area`` stacks its series in their order, the first at the bottom; bars stand side by side."""


class Series(NamedTuple):
    """Points with a name; None stands where there is no number, and breaks a line."""

    name: str
    points: Sequence[tuple[X, float | None]]


class Mark(NamedTuple):
    """A line across a chart at a value: of the y axis, unless ``value`` is a day."""

    name: str
    value: date | float


class Plot(NamedTuple):
    """One chart. ``x`` and ``y`` name the axes, with their unit. ``note`` says in a sentence what
    it shows; ``explain`` is the name under which `plaintrack explain` defines its numbers.
    """

    title: str
    kind: str
    x: str
    y: str
    series: Sequence[Series]
    marks: Sequence[Mark] = ()
    note: str = ""
    explain: str = ""

    @property
    def axis(self) -> list[X]:
        """The x values of all series, in order; names in the order in which they come."""
        found = dict.fromkeys(x for each in self.series for x, _ in each.points)
        return list(found) if any(isinstance(x, str) for x in found) else sorted(found)

    @property
    def highest(self) -> float:
        """The largest y value that is drawn."""
        values = [y for each in self.series for _, y in each.points if y is not None]
        if self.kind == "area":
            values = [sum(y or 0 for y in row) for row in rows(self)[1]]
        marks = [mark.value for mark in self.marks if not isinstance(mark.value, date)]
        return max((*values, *marks), default=0.0)

    @property
    def summary(self) -> str:
        """The chart in a sentence, for those who cannot see it."""
        names = ", ".join(each.name for each in self.series if each.name)
        axis = self.axis
        if not axis:
            return f"{self.title}: no data."
        about = f"{self.note.rstrip('.')}. " if self.note else ""
        of = f" of {names}" if names else ""
        ends = f"from {label(axis[0])} to {label(axis[-1])}"
        most = f"the highest value is {number(self.highest)}"
        return f"{about}{self.title}{of}, {self.y} by {self.x}, {ends}; {most}."


def label(x: X) -> str:
    """An x value as text."""
    return x.isoformat() if isinstance(x, date) else x if isinstance(x, str) else number(x)


def number(value: float | None) -> str:
    """A y value as text, without needless digits."""
    return "" if value is None else f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:.0f}"


def rows(plot: Plot) -> tuple[list[X], list[list[float | None]]]:
    """The x values, and for each of them the value of every series."""
    known = [dict(each.points) for each in plot.series]
    axis = plot.axis
    return axis, [[each.get(x) for each in known] for x in axis]


def table(plot: Plot) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The names of the columns and the cells of the chart's data: a row for each x value, or for
    each point where several stand at one.
    """
    names = (plot.x, *(each.name or plot.y for each in plot.series))
    if any(len(dict(each.points)) < len(each.points) for each in plot.series):
        cells = [
            (label(x), *(number(y) if at == own else "" for at in range(len(plot.series))))
            for own, each in enumerate(plot.series)
            for x, y in each.points
        ]
        return names, cells
    axis, values = rows(plot)
    return names, [(label(x), *map(number, row)) for x, row in zip(axis, values, strict=True)]


# In a terminal

_HIGH = 8  # lines of a chart
_WIDE = 72
_PIPE = 100
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ACROSS = " ▏▎▍▌▋▊▉█"
_SHADES = "█▓▒░▞▚▘▗"


def blocks(plot: Plot, width: int | None) -> list[str]:
    """The lines of a chart in block characters, ``width`` columns wide (None: in a pipe)."""
    width = width or _PIPE
    head = [safe(plot.title + (f"  ({plot.y})" if plot.y else ""))]
    if plot.note:
        head.append(safe(f"  {plot.note}"))
    if not plot.axis:
        return [*head, "  no data"]
    if plot.kind == "bar" and isinstance(plot.axis[0], str):
        return head + _bars(plot, width)
    if plot.kind == "scatter":
        return head + _scattered(plot, width) + _marks(plot)
    drawing = _stacked if plot.kind == "area" and len(plot.series) > 1 else _columns
    return head + drawing(plot, width) + _marks(plot)


def _marks(plot: Plot) -> list[str]:
    return [safe(f"  {mark.name}: {label(mark.value)}") for mark in plot.marks]


def _bars(plot: Plot, width: int) -> list[str]:
    """A horizontal bar for each name and series."""
    lines = []
    names, cells = table(plot)
    several = len(plot.series) > 1
    labels = [
        safe(f"{row[0]} {names[at]}" if several else row[0])
        for row in cells
        for at in range(1, len(row))
    ]
    longest = min(max(map(len, labels)), 30)
    room = max(10, min(_WIDE, width) - longest - 12)
    highest = plot.highest or 1
    values = [y for row in rows(plot)[1] for y in row]
    for name, value in zip(labels, values, strict=True):
        eighths = round((value or 0) / highest * room * 8)
        bar = _ACROSS[8] * (eighths // 8) + (_ACROSS[eighths % 8] if eighths % 8 else "")
        lines.append(f"  {name[:longest]:{longest}}  {bar} {number(value)}".rstrip())
    return lines


def _sampled(plot: Plot, width: int) -> tuple[list[X], list[list[float | None]]]:
    """The rows of a chart, as many as there is room for: of bars the last ones, of lines the last
    one of each stretch.
    """
    axis, values = rows(plot)
    room = max(10, min(_WIDE, width - 12))
    if len(axis) <= room:
        return axis, values
    if plot.kind == "bar":
        return axis[-room:], values[-room:]
    picked = [(at + 1) * len(axis) // room - 1 for at in range(room)]
    return [axis[at] for at in picked], [values[at] for at in picked]


def _columns(plot: Plot, width: int) -> list[str]:
    """Each series as columns of eighths, below each other where there are several."""
    axis, values = _sampled(plot, width)
    highest = plot.highest or 1
    lines = []
    for at, each in enumerate(plot.series):
        if len(plot.series) > 1:
            lines.append(safe(f"  {each.name}"))
        heights = [round((row[at] or 0) / highest * _HIGH * 8) for row in values]
        lines += _drawn(heights, highest, len(plot.series) > 1)
    return [*lines, _under(axis)]


def _drawn(heights: Sequence[int], highest: float, low: bool) -> list[str]:
    """Columns of so many eighths of a line."""
    high = _HIGH // 2 if low else _HIGH
    lines = []
    for level in reversed(range(high)):
        cells = [_EIGHTHS[max(0, min(8, height * high // _HIGH - level * 8))] for height in heights]
        side = number(highest) if level == high - 1 else "0" if level == 0 else ""
        lines.append(f"{side:>8} │{''.join(cells)}".rstrip())
    return lines


def _stacked(plot: Plot, width: int) -> list[str]:
    """Series stacked over each other, each in a shade of its own."""
    axis, values = _sampled(plot, width)
    highest = plot.highest or 1
    lines = []
    for level in reversed(range(_HIGH)):
        cells = []
        for row in values:
            above, shade = 0.0, " "
            for at, value in enumerate(row):
                above += value or 0
                if above / highest * _HIGH > level + 0.5:
                    shade = _SHADES[at % len(_SHADES)]
                    break
            cells.append(shade)
        side = number(highest) if level == _HIGH - 1 else "0" if level == 0 else ""
        lines.append(f"{side:>8} │{''.join(cells)}".rstrip())
    keys = [f"{_SHADES[at % len(_SHADES)]} {each.name}" for at, each in enumerate(plot.series)]
    return [*lines, _under(axis), safe(f"{' ' * 10}{'   '.join(keys)}")]


_DOTS = " ·•●"


def _scattered(plot: Plot, width: int) -> list[str]:
    """Each point at its place; a dot grows where two lie, and where more do."""
    room = max(10, min(_WIDE, width - 12))
    axis, highest = plot.axis, plot.highest or 1
    names = {x: at for at, x in enumerate(axis)}
    places = {x: _place(x, names[x]) for x in axis}
    first, span = places[axis[0]], (places[axis[-1]] - places[axis[0]]) or 1
    counts: dict[tuple[int, int], int] = {}
    for each in plot.series:
        for x, y in each.points:
            if y is not None:
                line = max(0, min(_HIGH - 1, int(y / highest * _HIGH)))
                cell = line, round((places[x] - first) / span * (room - 1))
                counts[cell] = counts.get(cell, 0) + 1
    lines = []
    for line in reversed(range(_HIGH)):
        row = "".join(_DOTS[min(3, counts.get((line, at), 0))] for at in range(room))
        side = number(highest) if line == _HIGH - 1 else "0" if line == 0 else ""
        lines.append(f"{side:>8} │{row}".rstrip())
    return [*lines, _under([axis[0]] * (room - 1) + [axis[-1]])]


def _place(x: X, order: int) -> float:
    """Where an x value lies on its axis."""
    if isinstance(x, date):
        return float(x.toordinal())
    return float(order) if isinstance(x, str) else float(x)


def _under(axis: Sequence[X]) -> str:
    """The line below a chart: the first and the last x value."""
    first, last = safe(label(axis[0])), safe(label(axis[-1]))
    gap = max(2, len(axis) - len(first) - len(last))
    return f"{' ' * 10}{first}{' ' * gap}{last}"
