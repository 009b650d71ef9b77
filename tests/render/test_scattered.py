"""Points of a scatter chart in a terminal: all are drawn, where they belong."""

from datetime import date, timedelta

from plaintrack.render.plot import Plot, Series, blocks


def test_points_on_one_day_are_all_drawn_at_their_height_and_days_are_to_scale():
    first = date(2026, 1, 1)
    points = [
        (first, 8.0),
        (first, 1.0),
        (first + timedelta(days=1), 4.0),
        (first + timedelta(days=10), 4.0),
    ]
    lines = blocks(Plot("Times", "scatter", "day", "days", [Series("", points)]), 33)
    drawn = [line.partition("│")[2] for line in lines[1:9]]
    assert [row.index("·") for row in drawn if "·" in row] == [0, 2, 0]
    assert drawn[3].rstrip().endswith("·")
    assert len(drawn[3]) == 21
    assert sum(row.count("·") for row in drawn) == 4
    twice = Plot("Times", "scatter", "day", "days", [Series("", [(first, 2.0), (first, 2.0)])])
    assert "•" in "".join(blocks(twice, 33))
