"""Text in Markdown, by the cases in which a renderer of GitHub-flavoured Markdown, or a forge after it, made more of it than text."""

import pytest

from plaintrack.render.document import Document, Table
from plaintrack.render.figures import Board, Card
from plaintrack.render.markdown import draw, escape


@pytest.mark.parametrize(("text", "shown"), [
    ("a | b <b> `c` *d* [e](f)", r"a \| b \<b\> \`c\` \*d\* \[e\]\(f\)"),
    ("@ana a@b.example", "\\@\u200bana a\\@\u200bb.example"),
    ("fixes #12, GH-3, !4, &5, $6", "fixes \\#\u200b12, GH-\u200b3, \\!\u200b4, \\&\u200b5, $\u200b6"),
    ('%"v1" ~bug 50 % of 3', '%\u200b"v1" \\~\u200bbug 50 % of 3'),
    (":tada: 10:30:45 a: b", ":\u200btada: 10:30:45 a: b"),
    ("www.x.example FTP://x https://y", "www\u200b.x.example FTP\u200b://x https\u200b://y"),
    ("\u202etxt ", "txt"),
])  # fmt: skip
def test_what_is_written(text, shown):
    assert escape(text) == shown


def test_names_that_cannot_be_seen_are_no_rule_and_no_stars():
    table = Table(["id"], [["PT-1"]], groups=[" \u200b"], links=["x.md"])
    board = Board({"todo": [Card("PT-1", "T", "\ufeff", link="x.md")]})
    lines = list(draw(Document((table, board))))
    assert lines[0] == "**(none)**"
    assert lines[-1].startswith("| [PT-1](x.md) T |")
