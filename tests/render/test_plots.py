"""Charts: the same numbers in a terminal, as Mermaid, as a table, and as a picture."""

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta
from itertools import pairwise

import pytest

from plaintrack.render import draw
from plaintrack.render.chart import Bar, Timeline
from plaintrack.render.document import Document
from plaintrack.render.html import grid
from plaintrack.render.mermaid import plot as mermaid
from plaintrack.render.plot import KINDS, Mark, Plot, Series, blocks, table
from plaintrack.render.vega import DARK, LIGHT, WIDE, _all, pictures, spec, svg

DAY = date(2026, 11, 1)
HOSTILE = "</text><script>alert(1)</script>\x1b[31m\"'&"


def chart(kind, points=6, **more):
    series = [
        Series(name, [(DAY + timedelta(days=at), at * factor) for at in range(points)])
        for name, factor in (("done", 1), ("scope", 2))
    ]
    return Plot("Burnup", kind, "day", "items", series, (Mark("50 %", 3),), **more)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_everywhere(kind):
    plot = chart(kind, explain="burnup")
    document = Document((plot,))
    lines = list(draw(document, "table", 80))
    assert "Burnup  (items)" in lines[0]
    assert all(len(line) <= 90 for line in lines)
    text = "\n".join(draw(document, "markdown"))
    assert "| 2026\\-11\\-06 | 5 | 10 |" in text or "| 2026-11-06 | 5 | 10 |" in text
    assert ("xychart-beta" in text) == (kind in ("line", "step", "bar"))
    rows = "\n".join(draw(document, "csv")).split("\n")
    assert rows[0] == "series,x,y"
    assert len(rows) == 13
    for theme in (LIGHT, DARK):
        root = ElementTree.fromstring(svg(plot, theme))
        assert root.tag.endswith("svg")
        words = "".join(root.itertext())
        assert all(word in words for word in ("day", "items", "done", "scope", "50 %: 3"))


def test_bars_of_a_long_time_are_the_last_ones_and_none_is_left_out_between():
    series = [Series("", [(f"W{at:03}", at) for at in range(100)])]
    plot = Plot("T", "bar", "week", "items", series)
    bars = next(line for line in mermaid(plot) if line.startswith("  bar"))
    assert bars == f"  bar [{', '.join(map(str, range(76, 100)))}]"
    assert len(blocks(plot, 80)) == 101


def test_names_are_texts_in_every_drawing():
    series = [Series(HOSTILE, [(HOSTILE, 1), ("b", 2)])]
    plot = Plot(HOSTILE, "bar", HOSTILE, HOSTILE, series, (Mark(HOSTILE, 1),))
    assert "\x1b" not in "\n".join(draw(Document((plot,)), "table", 80))
    drawn = "\n".join(mermaid(plot))
    assert drawn.count('"') % 2 == 0
    assert "<script" not in drawn
    picture = svg(plot)
    assert "<script" not in picture
    ElementTree.fromstring(picture)
    bars = [Bar("PT-1", HOSTILE, DAY, DAY)]
    picture = svg(Timeline([(HOSTILE, bars)], DAY, DAY + timedelta(days=9), DAY))
    assert "<script" not in picture
    ElementTree.fromstring(picture)


def test_names_of_levels_touch_neither_points_nor_each_other():
    series = [Series("", [(DAY + timedelta(days=at), at) for at in range(20)])]
    marks = (
        Mark("85 %", 6),
        Mark("50 %", 5),
        Mark("95 %", 19),
        Mark("70 %", 5.5),
        Mark("due", DAY),
    )
    layers = spec(Plot("T", "scatter", "day", "days", series, marks))["layer"]
    names = [each for each in layers if each["mark"]["type"] == "text"]
    levels = [each for each in names if "y" in each["encoding"]]
    assert all(each["mark"]["x"] == WIDE and each["mark"]["dx"] > 0 for each in levels)
    places = sorted(
        each["encoding"]["y"]["datum"] * 260 / 19 - each["mark"]["dy"] for each in levels
    )
    assert len(places) == 4
    assert all(above - below > 13 for below, above in pairwise(places))
    assert [each["mark"]["dy"] for each in levels if each["encoding"]["y"]["datum"] == 19] == [0]


def test_days_and_ids_stay_on_one_line_in_a_page():
    rows = [("PT-1", "2026-11-23"), ("PT-2", "<a>waits for PT-1 &amp; PT-3</a>")]
    (line,) = [each for each in grid(("id", "why"), rows) if "PT-2" in each]
    assert '<td>PT-2</td><td class="long"><a>' in line
    assert "long" not in "".join(grid(("id", "due"), rows[:1]))


def test_dark_is_light_in_other_colours():
    assert len({*_all(LIGHT)}) == len(_all(LIGHT))
    found = pictures(chart("line"))
    assert found["dark"] == svg(chart("line"), DARK)
    assert found["light"] == svg(chart("line"), LIGHT)


def test_nothing_and_many_points_at_one_place():
    empty = Plot("T", "line", "x", "y", [Series("s", [])])
    assert blocks(empty, 80) == ["T  (y)", "  no data"]
    assert mermaid(empty) == []
    assert empty.summary == "T: no data."
    twice = Plot("T", "scatter", "x", "y", [Series("s", [(DAY, 1), (DAY, 3)])])
    assert table(twice)[1] == [("2026-11-01", "1"), ("2026-11-01", "3")]
    assert twice.highest == 3
    stacked = chart("area")
    assert stacked.highest == 15
