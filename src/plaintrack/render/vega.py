"""Draws charts as SVG with Vega-Lite, by vl-convert (the extra ``report``): no browser, no network.

Series differ by colour and by dash, and every chart has its text alternative beside it, see
``html``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.render.chart import Bar, Timeline
from plaintrack.render.figures import Gantt
from plaintrack.render.plot import Mark, Plot, X, label

WIDE, HIGH = 680, 260
_ROW = 22
_VERSION = "6.4"
"""Of Vega-Lite, so that a newer vl-convert draws the same."""
_FONT = "Arial, Helvetica, sans-serif"
_NAME = 42  # characters of a row's name


class Theme(NamedTuple):
    """The colours of a chart: each has a contrast of 3 : 1 or more to the background, and texts
    have 4.5 : 1.
    """

    background: str
    text: str
    grid: str
    series: Sequence[str]
    late: str
    soft: str


LIGHT = Theme(
    "#ffffff",
    "#24292f",
    "#d0d7de",
    ("#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#57606a", "#7d4e00", "#0a3069"),
    "#cf222e",
    "#6e7781",
)
DARK = Theme(
    "#0d1117",
    "#e6edf3",
    "#30363d",
    ("#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#8b949e", "#d29922", "#a5d6ff"),
    "#ff7b72",
    "#8b949e",
)
THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK}


class ReportMissing(PlaintrackError):
    """What draws charts and pages is not installed."""

    slug = "report-missing"

    def __init__(self) -> None:
        super().__init__(
            "charts and pages need the extra `report`", "run `pip install 'plaintrack[report]'`"
        )


Drawn = Plot | Timeline | Gantt
"""What becomes a picture."""


def demand() -> None:
    """Raise ReportMissing unless the extra is installed."""
    from importlib.util import find_spec

    if not all(map(find_spec, ("vl_convert", "markdown_it", "nh3"))):
        raise ReportMissing


def svg(chart: Drawn, theme: Theme = LIGHT) -> str:
    """A chart as SVG. Raises ReportMissing."""
    try:
        import vl_convert
    except ImportError as error:
        raise ReportMissing from error
    found: str = vl_convert.vegalite_to_svg(_texts(spec(chart, theme)), vl_version=_VERSION)
    return found


def pictures(chart: Drawn) -> dict[str, str]:
    """A chart as SVG in each theme: drawn once, then in other colours. Raises ReportMissing."""
    light = svg(chart)
    return {name: _COLOUR.sub(partial(_as, theme), light) for name, theme in THEMES.items()}


_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def _as(theme: Theme, colour: "re.Match[str]") -> str:
    """A colour of the light theme as another theme has it."""
    return _colours(theme).get(colour[0], colour[0])


@cache
def _colours(theme: Theme) -> Mapping[str, str]:
    return dict(zip(_all(LIGHT), _all(theme), strict=True))


def _all(theme: Theme) -> Sequence[str]:
    return (theme.background, theme.text, theme.grid, theme.late, theme.soft, *theme.series)


def _texts(value: Any) -> Any:
    """A specification whose texts can stand in XML: others end the whole process there."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else value


def spec(chart: Drawn, theme: Theme = LIGHT) -> dict[str, Any]:
    """The Vega-Lite specification of a chart."""
    drawn = _plot(chart, theme) if isinstance(chart, Plot) else _time(chart, theme)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": theme.background,
        "padding": 8,
        "config": _config(theme),
        **drawn,
    }


def _config(theme: Theme) -> dict[str, Any]:
    axis = {
        "labelColor": theme.text,
        "titleColor": theme.text,
        "gridColor": theme.grid,
        "domainColor": theme.soft,
        "tickColor": theme.soft,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 340,
    }
    return {
        "font": _FONT,
        "axis": axis,
        "legend": {"labelColor": theme.text, "titleColor": theme.text, "labelFontSize": 12},
        "view": {"stroke": None},
        "range": {"category": list(theme.series)},
        "line": {"strokeWidth": 2.5},
    }


def _text(text: str) -> str:
    """``text`` for XML, which cannot have control characters."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


# Series

_TYPES = ((date, "temporal"), (str, "ordinal"))
_SHAPES: dict[str, dict[str, Any]] = {
    "line": {"type": "line", "point": {"size": 30}},
    "step": {"type": "line", "interpolate": "step-after"},
    "area": {"type": "area", "opacity": 0.85, "line": False},
    "bar": {"type": "bar"},
    "scatter": {"type": "point", "filled": True, "size": 45, "opacity": 0.8},
}
_FEW = 60
"""Points of a line that are marked one by one."""


def _plot(plot: Plot, theme: Theme) -> dict[str, Any]:
    names = [_text(each.name or plot.y) for each in plot.series]
    values = [
        {"x": _value(x), "y": y, "s": name, "o": at}
        for at, (name, each) in enumerate(zip(names, plot.series, strict=True))
        for x, y in each.points
        if y is not None
    ]
    axis = plot.axis
    whole = all(float(y).is_integer() for each in plot.series for _, y in each.points if y)
    mark = dict(_SHAPES[plot.kind])
    if plot.kind == "line" and len(axis) > _FEW:
        mark.pop("point")
    shown: dict[str, Any] = {
        "x": _x(plot, axis),
        "y": {
            "field": "y",
            "type": "quantitative",
            "title": plot.y,
            "scale": {"zero": True, "nice": True},
            "axis": {"tickMinStep": 1} if whole else {},
            "stack": "zero" if plot.kind == "area" else None,
        },
        "color": {
            "field": "s",
            "type": "nominal",
            "title": None,
            "sort": names,
            "scale": {"domain": names, "range": list(theme.series)[: max(1, len(names))]},
            "legend": {"orient": "top", "symbolStrokeWidth": 3} if len(names) > 1 else None,
        },
    }
    if len(names) > 1:
        shown |= _apart(plot, names)
    layers: list[dict[str, Any]] = [{"data": {"values": values}, "mark": mark, "encoding": shown}]
    layers += [layer for mark in _marks(plot) for layer in _rule(*mark, theme)]
    return {"width": WIDE, "height": HIGH, "layer": layers}


def _apart(plot: Plot, names: Sequence[str]) -> dict[str, Any]:
    """What tells series apart beside their colours."""
    if plot.kind in ("line", "step"):
        return {"strokeDash": {"field": "s", "type": "nominal", "sort": names, "legend": None}}
    if plot.kind == "scatter":
        return {"shape": {"field": "s", "type": "nominal", "sort": names, "legend": None}}
    if plot.kind == "bar":
        return {"xOffset": {"field": "s", "type": "nominal", "sort": names}}
    return {"order": {"field": "o", "type": "quantitative"}}


_LONG = 300
"""Days from which on the axis has months."""


def _x(plot: Plot, axis: Sequence[X]) -> dict[str, Any]:
    kind = next((name for of, name in _TYPES if axis and isinstance(axis[0], of)), "quantitative")
    found: dict[str, Any] = {"field": "x", "type": kind, "title": plot.x}
    if kind == "ordinal":
        found |= {
            "sort": list(map(_value, axis)),
            "axis": {"labelAngle": -35 if len(axis) > 8 else 0},
        }
    elif kind == "temporal":
        found["axis"] = {"format": "%d %b", "labelOverlap": True, "tickCount": 10}
        days = [x for x in axis if isinstance(x, date)]
        if (days[-1] - days[0]).days > _LONG:
            found["axis"]["format"] = "%b %Y"
    return found


def _value(x: X) -> str | float:
    if isinstance(x, date):
        return f"{x.isoformat()}T00:00:00"
    return _text(x) if isinstance(x, str) else x


def _marks(plot: Plot) -> list[tuple[Mark, float]]:
    """One mark for each value, with the names of all that lie there; and how far to lift its
    name.
    """
    names: dict[date | float, list[str]] = {}
    for mark in plot.marks:
        names.setdefault(mark.value, []).append(mark.name)
    levels = sorted(each for each in names if not isinstance(each, date))
    lifts = dict(zip(levels, _lifts(levels, plot.highest), strict=True))
    return [
        (Mark(", ".join(some), value), 0.0 if isinstance(value, date) else lifts[value])
        for value, some in names.items()
    ]


_LINE = 14
"""Pixels that the name of a line takes."""


def _lifts(levels: Sequence[float], highest: float) -> list[float]:
    """By how many pixels the name of each level, in rising order, stands above its line, so that
    it does not lie on the name of one close below.
    """
    pixel = highest / HIGH or 1.0
    found = []
    free = 0.0
    for level in levels:
        place = level / pixel
        free = max(free, place)
        found.append(free - place)
        free += _LINE
    return found


def _rule(mark: Mark, by: float, theme: Theme) -> list[dict[str, Any]]:
    """A line across the chart, with its name beside it: of a level in the margin on the right,
    where no point lies, ``by`` pixels above the line.
    """
    across = not isinstance(mark.value, date)
    place = {
        ("y" if across else "x"): {
            "datum": mark.value if across else _value(mark.value),
            "type": "quantitative" if across else "temporal",
        }
    }
    text = {
        "type": "text",
        "text": _text(f"{mark.name}: {label(mark.value)}"),
        "color": theme.text,
        "align": "left",
        "baseline": "middle" if across else "bottom",
        "dx": 6 if across else 4,
        "dy": -by if across else -3,
        ("x" if across else "y"): WIDE if across else 10,
    }
    rule = {"type": "rule", "strokeDash": [5, 4], "color": theme.text, "strokeWidth": 1.2}
    return [
        {"data": {"values": [{}]}, "mark": rule, "encoding": place},
        {"data": {"values": [{}]}, "mark": text, "encoding": place},
    ]


# On a time axis

_KINDS = ("drives the end", "work", "recurring", "summary", "milestone", "late", "done")


def _time(chart: Timeline | Gantt, theme: Theme) -> dict[str, Any]:
    """Bars on a time axis, a row each, by group."""
    values, rows = _rows(chart)
    today = chart.today if isinstance(chart, Timeline) else None
    kinds = [each for each in _KINDS if any(value["k"] == each for value in values)]
    y = {
        "field": "row",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": rows},
        "axis": {"ticks": False, "domain": False, "labelPadding": 6},
    }
    colours = dict(zip(_KINDS, _time_colours(theme), strict=True))
    colour = {
        "field": "k",
        "type": "nominal",
        "title": None,
        "scale": {"domain": kinds, "range": [colours[each] for each in kinds]},
        "legend": {"orient": "top"},
    }
    axis = {"format": "%d %b", "labelOverlap": True, "orient": "top"}
    span = {
        "x": {"field": "a", "type": "temporal", "title": None, "axis": axis},
        "x2": {"field": "b"},
    }
    bars = [each for each in values if each["k"] != "milestone"]
    points = [each for each in values if each["k"] == "milestone"]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "height": 14, "cornerRadius": 2},
            "encoding": {**span, "y": y, "color": colour},
        }
    ]
    if points:
        layers.append(
            {
                "data": {"values": points},
                "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 130},
                "encoding": {"x": {"field": "b", "type": "temporal"}, "y": y, "color": colour},
            }
        )
    due = [each for each in values if each["d"]]
    if due:
        layers.append(
            {
                "data": {"values": due},
                "mark": {"type": "tick", "thickness": 3, "size": 20, "color": theme.late},
                "encoding": {"x": {"field": "d", "type": "temporal"}, "y": y},
            }
        )
    if today is not None:
        layers += _rule(Mark("today", today), 0.0, theme)[:1]
    # readers' fonts may be wider than the one that was measured
    padding = {"left": 40, "right": 8, "top": 8, "bottom": 8}
    return {"width": WIDE, "height": {"step": _ROW}, "padding": padding, "layer": layers}


def _time_colours(theme: Theme) -> Sequence[str]:
    blue, orange, green, purple, _, grey, *_ = theme.series
    return (orange, blue, green, grey, purple, theme.late, grey)


MOST = 150
"""Bars of a chart; with more no one could read it."""


def _rows(chart: Timeline | Gantt) -> tuple[list[dict[str, Any]], list[str]]:
    """The bars as values, and the names of the rows in their order."""
    values: list[dict[str, Any]] = []
    rows: dict[str, None] = {}
    if isinstance(chart, Gantt):
        section: str | None = None
        for span in sorted(chart.spans, key=lambda each: each.section):
            if span.section != section:
                section = span.section
                _named(rows, f"— {section or chart.rest} —")
            row = _named(rows, span.text)
            kind = {"late": "late", "done": "done"}.get(span.state, "work")
            values.append(_bar(row, kind, span.first, span.last, None))
            if len(rows) >= MOST:
                break
        return values, list(rows)
    for group, bars in chart.groups:
        if group and any(bar.end for bar in bars) and len(rows) < MOST:
            _named(rows, f"— {group} —")
        for bar in bars:
            if bar.start is None or bar.end is None or len(rows) >= MOST:
                continue
            row = _named(rows, f"{bar.id} {bar.title}")
            due = bar.due if bar.due is not None and chart.first <= bar.due <= chart.last else None
            end = min(bar.end, chart.last)
            values.append(_bar(row, _kind(bar), max(bar.start, chart.first), end, due))
            for start, until in bar.again:
                if start <= chart.last:
                    values.append(_bar(row, "recurring", start, until, None))
    return values, list(rows)


def _named(rows: dict[str, None], name: str) -> str:
    """A name of a row that no other row has."""
    name = _text(name)
    name = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    while name in rows:
        name += "\u200b"
    rows[name] = None
    return name


def _kind(bar: Bar) -> str:
    if bar.late:
        return "late"
    names = {"critical": "drives the end", "occurrence": "recurring"}
    return names.get(bar.kind, bar.kind)


def _bar(row: str, kind: str, first: date, last: date, due: date | None) -> dict[str, Any]:
    end = last + timedelta(days=1)
    return {
        "row": row,
        "k": kind,
        "a": _value(first),
        "b": _value(end),
        "d": _value(due + timedelta(days=1)) if due else None,
    }
