"""Text in Markdown, by the cases in which a renderer of GitHub-flavoured Markdown, or a forge after it, made more of it than text."""

import pytest

from plaintrack.model.fields import schema
from plaintrack.model.task import Task
from plaintrack.show.live import board, table
from plaintrack.show.review import escape


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
    assert table(["id"], [["PT-1"]], ["x.md"], [" \u200b"])[0] == "**(none)**"
    task = Task("x.md", "PT-1", {"title": "T", "status": "todo", "assignee": "\ufeff"})
    assert board([task], schema(), str)[2].startswith("| [PT-1](x.md) T |")
