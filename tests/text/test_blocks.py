"""Generated blocks: where they are, and that nothing outside of them changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.text.blocks import aligned, blocks, filled

PIECES = st.sampled_from([
    b"<!-- plaintrack: list -->\n", b"<!-- /plaintrack -->\n", b"<!-- plaintrack: count is:open -->\r\n", b"<!-- /plaintrack -->\r\n", b"text\n",
    b"```\n", b"~~~~\n", b"    <!-- plaintrack: list -->\n", b"<!-- plaintrack -->\n", b"\xff\xfe\n", b"\xef\xbb\xbf", b"no end", b"\n", b"<!-- plaintrack: a --> b\n",
])  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_what_is_outside_stays_and_filling_again_changes_nothing(pieces):
    data = b"".join(pieces)
    found = blocks(data, "a.md").found
    once = filled(data, [(block, f"\nnew {at}\n\n") for at, block in enumerate(found)])
    again = blocks(once, "a.md").found
    assert [block.asked for block in again] == [block.asked for block in found]
    assert filled(once, [(block, f"\nnew {at}\n\n") for at, block in enumerate(again)]) == once
    assert filled(data, [(block, "") for block in found]) == filled(
        once, [(block, "") for block in again]
    )


@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
def test_alignment_changes_only_what_is_in_blocks(one, two):
    mine, theirs = b"".join(one), b"".join(two)
    found = aligned(mine, theirs)
    assert filled(found, [(block, "") for block in blocks(found, "").found]) == filled(
        mine, [(block, "") for block in blocks(mine, "").found]
    )
    assert aligned(mine, mine) == mine


@pytest.mark.parametrize(("text", "line", "message"), [
    ("<!-- plaintrack: list -->\n", 1, "this block is not closed"),
    ("\n<!-- /plaintrack -->\n", 2, "this closes no block"),
    ("<!-- plaintrack: list -->\n<!-- plaintrack: list -->\n<!-- /plaintrack -->\n", 2, "a block inside another block"),
    ("<!-- plaintrack list -->\n", 1, "this is not a marker"),
    ("<!-- plaintrack: list --> and more\n", 1, "this is not a marker"),
])  # fmt: skip
def test_markers_that_do_not_fit_are_told(text, line, message):
    problem = blocks(text.encode(), "a.md").problems[0]
    assert (problem.line, problem.message) == (line, message)


def test_code_is_left_alone():
    text = b"```\n<!-- plaintrack: list -->\n<!-- /plaintrack -->\n```\n\n    <!-- plaintrack: list -->\n"
    assert blocks(text, "a.md") == ([], [])
