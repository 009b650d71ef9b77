"""Draws a Gantt chart as SVG: one file, no scripts, no fonts of its own, all text escaped."""

from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from plaintrack.render.chart import Bar, Timeline

ROW, LABEL, HEAD, WIDTH = 22, 300, 40, 900
COLOURS = {
    "work": "#8fb4d9",
    "critical": "#1f5c99",
    "summary": "#57606a",
    "occurrence": "#d0d7de",
    "milestone": "#57606a",
}
LATE = "#cf222e"
_FONT = ' font-size="12" font-family="sans-serif"'


def draw(chart: Timeline) -> list[str]:
    """The lines of an SVG file."""
    rows = sum(len(bars) + bool(name) for name, bars in chart.groups)
    height = HEAD + rows * ROW + 10
    length = max(1, (chart.last - chart.first).days + 1)
    size = f'width="{LABEL + WIDTH + 20}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"{_FONT}>',
        "<title>Plan</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_grid(chart, length, height),
    ]
    y = HEAD
    for name, bars in chart.groups:
        if name:
            lines.append(_text(8, y + 15, name, ' font-weight="bold"'))
            y += ROW
        for bar in bars:
            lines += _row(bar, chart, length, y)
            y += ROW
    return [*lines, "</svg>"]


def _x(day: date, chart: Timeline, length: int) -> float:
    inside = min(max((day - chart.first).days, 0), length)
    return round(LABEL + inside * WIDTH / length, 1)


def _plain(text: str) -> str:
    """``text`` for XML, which cannot have control characters."""
    return escape("".join(each if each.isprintable() else "\ufffd" for each in text))


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="#24292f"{more}>{_plain(text)}</text>'


def _grid(chart: Timeline, length: int, height: int) -> list[str]:
    """A line at the begin of each month (of each week, where there are few), and one for today."""
    lines = []
    weekly = length <= 70
    day = chart.first
    while day <= chart.last:
        if (day.weekday() == 0) if weekly else (day.day == 1):
            x = _x(day, chart, length)
            lines.append(f'<path d="M{x} {HEAD - 8}V{height}" stroke="#eaeef2"/>')
            label = f"{day.day} {day.strftime('%b')}" if weekly else day.strftime("%b %Y")
            lines.append(_text(x + 2, HEAD - 14, label))
        day += timedelta(days=1)
    if chart.first <= chart.today <= chart.last:
        x = _x(chart.today, chart, length)
        lines.append(f'<path d="M{x} {HEAD - 8}V{height}" stroke="{LATE}" stroke-dasharray="3"/>')
    return lines


def _row(bar: Bar, chart: Timeline, length: int, y: int) -> list[str]:
    label = f"{bar.id} {bar.title}"
    lines = [_text(8, y + 15, label if len(label) <= 44 else f"{label[:43]}…")]
    if bar.start is None or bar.end is None:
        return [*lines, _text(LABEL + 4, y + 15, bar.note, ' font-style="italic"')]
    start, end = _x(bar.start, chart, length), _x(bar.end + timedelta(days=1), chart, length)
    about = f"{label}: {bar.start} to {bar.end}" + (f", {bar.late} days late" if bar.late else "")
    colour = LATE if bar.late else COLOURS[bar.kind]
    title = f"<title>{_plain(about)}</title>"
    if bar.kind == "milestone":
        points = f"{end},{y + 4} {end + 7},{y + 11} {end},{y + 18} {end - 7},{y + 11}"
        lines.append(f'<polygon points="{points}" fill="{colour}">{title}</polygon>')
    else:
        height = 6 if bar.kind == "summary" else 14
        lines.append(
            f'<rect x="{start}" y="{y + 4}" width="{max(2.0, round(end - start, 1))}"'
            f' height="{height}" rx="2" fill={quoteattr(colour)}>{title}</rect>'
        )
    for again, until in bar.again:
        if chart.first <= again <= chart.last:
            x, to = _x(again, chart, length), _x(until + timedelta(days=1), chart, length)
            lines.append(
                f'<rect x="{x}" y="{y + 4}" width="{max(2.0, round(to - x, 1))}" height="14"'
                f' rx="2" fill="{COLOURS["occurrence"]}"/>'
            )
    if bar.due is not None and chart.first <= bar.due <= chart.last:
        x = _x(bar.due + timedelta(days=1), chart, length)
        lines.append(f'<path d="M{x} {y + 1}v{ROW - 4}" stroke="{LATE}" stroke-width="2"/>')
    return lines
