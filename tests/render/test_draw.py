"""Tables and boards in any width: they fit, they stay in line, and no character is torn apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.render import board
from plaintrack.render.table import cell_width, cut, draw, split

TITLES = {
    "plain ascii": 11, "日本語の題": 10, "q\u0301\u0302 x\u0308": 3, "👨‍👩‍👧 ab": 5, "🇩🇪🇫🇷": 4, "👍🏽👍🏽": 4, "❤️ x": 4, "1️⃣2️⃣": 4, "🏳️‍🌈z": 3, "한국어": 6,
}  # fmt: skip
# what belongs to the character before it
FOLLOWS = re.compile("[\u0300-\u036f\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=40)


@pytest.mark.parametrize("title", TITLES)
def test_widths_are_those_of_a_terminal(title):
    assert cell_width(title) == TITLES[title]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("width", range(1, 13))
def test_a_cut_tears_no_character_apart(title, width):
    shown = cut(title, width)
    assert cell_width(shown) <= width
    if shown != title:
        assert shown.endswith("…")
        rest = title[len(shown) - 1 :]
        assert not FOLLOWS.match(rest)
        assert not shown.endswith("\u200d…")
        assert len(re.findall("[\U0001f1e6-\U0001f1ff]", shown)) % 2 == 0


def test_a_huge_title_is_cut_without_looking_at_all_of_it():
    huge = "é" * 2_000_000
    assert cut(huge, 5) == "éééé…"
    assert split(huge, 3)[0] == "ééé"


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=6), st.integers(1, 90))
def test_a_table_fits_and_its_columns_start_together(rows, limit):
    lines = draw(
        ("ID", "TITLE", "STATUS"), [("x", title, f"|{status}") for _, title, status in rows], limit
    )
    assert all(cell_width(line) <= max(limit, 7) for line in lines)
    bars = {
        cell_width(line[: line.rindex("  |") + 2])
        for line in lines
        if re.search(r"  \|[^|]*$", line)
    }
    assert len(bars) <= 1 or any("|" in title for _, title, _ in rows)


@given(st.dictionaries(TEXT, st.lists(TEXT, max_size=4), max_size=8), st.integers(2, 120))
def test_a_board_fits(columns, width):
    assert all(cell_width(line) <= width for line in board.draw(columns, width, 2, None))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(16, 200))
def test_a_board_loses_no_card_and_names_every_column(counts, width):
    columns = {
        f"column-{at:02}": [f"card-{at:02}-{number}" for number in range(count)]
        for at, count in enumerate(counts)
    }
    drawn = "\n".join(board.draw(columns, width, 10))
    assert all(drawn.count(card) == 1 for cards in columns.values() for card in cards)
    assert all(name in drawn for name in columns)


@given(TEXT, st.integers(2, 30))
def test_wrapping_keeps_every_character(text, width):
    lines = board.wrap(text, width, None)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_width(line) <= width for line in lines)
    short = board.wrap(text, width, 2)
    assert len(short) <= 2
    assert short == lines or short[-1].endswith("…")
