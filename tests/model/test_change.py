"""Changes between two states of an item: what someone wrote, and not what was generated."""

import pytest

from plaintrack.config.settings import read
from plaintrack.model.change import compare
from plaintrack.text.parse import parse

BLOCK = "Above\n{}<!-- plaintrack: list is:open -->\n{}<!-- /plaintrack -->\n{}"


def told(old, new):
    one, two = (
        parse("tasks/T-1.md", f"---\nid: T-1\ntitle: One\n---\n{body}".encode(), read({}).schema)
        for body in (old, new)
    )
    return [each.describe() for each in compare(one, two)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (("", "", "Below\n"), ("", "| a |\n\n", "Below\n"), []),
        (("", "| a |\n", "Below\n"), ("", "", "Below now\n"), ["body: +1 words"]),
        (("", "| a |\n", ""), ("More\n", "| b |\n", ""), ["body: +1 words"]),
        (("- [ ] a\n", "| a |\n", ""), ("- [x] a\n", "| b |\n", ""), ["ticked: a"]),
        (
            ("- [ ] a\n- [ ] b\n", "", ""),
            ("- [ ] b\n- [ ] a\n", "x\n", ""),
            ["body changed"],
        ),
    ],
)
def test_what_is_generated_is_not_told(old, new, said):
    assert told(BLOCK.format(*old), BLOCK.format(*new)) == said
    assert told(BLOCK.format(*old).replace("\n", "\r\n"), BLOCK.format(*new)) == said


def test_a_block_that_is_asked_otherwise_or_goes_is_told():
    block = BLOCK.format("", "| a |\n", "")
    assert told(block, block.replace("is:open", "is:closed"))
    assert told(block, "Above\n")
    assert told("Above\n| a |\n", "Above\n| b |\n") == ["body: +1 −1 words"]
