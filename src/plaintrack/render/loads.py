"""Loads: the part of the time that is taken, a bar for each row and period; in text and as SVG."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

FULL = 6
"""Characters of a bar that stands for all of the time."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_FONT = ' font-size="12" font-family="sans-serif"'
_WIDE, _HIGH, _LABEL, _HEAD = 90, 26, 180, 34
_WORK, _OVER, _BACK = "#8fb4d9", "#cf222e", "#eaeef2"


class Load(NamedTuple):
    """The ``part`` of the time that is taken (None: there is no bar), what stands beside the bar,
    and whether it is too much.
    """

    part: float | None
    text: str
    over: bool = False


class Loads(NamedTuple):
    """Rows of loads below the names of their periods; ``name`` says what the rows are."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Load]]]


def bar(part: float) -> str:
    """A bar for a part of the whole, at most as long as the whole."""
    whole, rest = divmod(round(min(part, 1.0) * FULL * 8), 8)
    return (_EIGHTHS[8] * whole + (_EIGHTHS[rest] if rest else "")).ljust(FULL, "·")


def cell(load: Load) -> str:
    """A load as text."""
    drawn = load.text if load.part is None else f"{bar(load.part)} {load.text}"
    return f"{drawn}!" if load.over else drawn


def texts(loads: Loads) -> list[tuple[str, ...]]:
    """The rows as cells of texts."""
    return [(name, *map(cell, row)) for name, row in loads.rows]


def svg(loads: Loads) -> list[str]:
    """The lines of an SVG file: no scripts, no fonts of its own, all text escaped."""
    width = _LABEL + len(loads.columns) * _WIDE + 10
    height = _HEAD + len(loads.rows) * _HIGH + 10
    size = f'width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"{_FONT}>',
        "<title>Workload</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for number, name in enumerate(loads.columns):
        lines.append(_text(_LABEL + number * _WIDE, _HEAD - 14, name))
    for at, (name, row) in enumerate(loads.rows):
        y = _HEAD + at * _HIGH
        lines.append(_text(8, y + 14, name if len(name) <= 26 else f"{name[:25]}…"))
        for number, load in enumerate(row):
            lines += _drawn(load, _LABEL + number * _WIDE, y)
    return [*lines, "</svg>"]


def _drawn(load: Load, x: int, y: int) -> list[str]:
    if load.part is None:
        return [_text(x, y + 14, load.text, ' font-style="italic"')] if load.text else []
    room = _WIDE - 46
    long = round(min(load.part, 1.0) * room, 1)
    colour = _OVER if load.over else _WORK
    return [
        f'<rect x="{x}" y="{y + 4}" width="{room}" height="13" rx="2" fill="{_BACK}"/>',
        f'<rect x="{x}" y="{y + 4}" width="{long}" height="13" rx="2" fill="{colour}"/>',
        _text(x + room + 4, y + 14, load.text),
    ]


def _text(x: int, y: int, text: str, more: str = "") -> str:
    plain = "".join(each if each.isprintable() else "\ufffd" for each in text)
    return f'<text x="{x}" y="{y}" fill="#24292f"{more}>{escape(plain, quote=False)}</text>'
