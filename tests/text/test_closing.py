"""Closing keywords in commit messages, and item text in messages that plaintrack writes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.text.closing import closes, inert

CLOSING = {
    "closes PT-a1": "PT-a1",
    "Fix login, closes PT-a1": "PT-a1",
    "fix: typo, closes PT-a1": "PT-a1",
    "fix(login): PT-a1 again, FIXES PT-B2": "PT-B2",
    "Fix PT-a1, Fixes PT-b2": "PT-a1 PT-b2",
    "fix PT-a1 and close PT-b2": "PT-a1 PT-b2",
    "closes A-1, B-2 and C-3": "A-1 B-2 C-3",
    "closes A-1, B-2, and C-3.": "A-1 B-2 C-3",
    "closes A-1,\n  B-2\nand C-3": "A-1 B-2 C-3",
    "closes A-1 & B-2; C-3": "A-1 B-2 C-3",
    "Closes: PT-a1": "PT-a1",
    "Login (closes PT-a1).": "PT-a1",
    "closes (PT-a1)": "PT-a1",
    "closes [PT-a1](tasks/PT-a1.md)": "PT-a1",
    "closes [[PT-a1]]": "PT-a1",
    "closes #PT-a1": "PT-a1",
    "Fixes PT-a1.": "PT-a1",
    "closes T-1.2": "T-1.2",
    "Resolves issue PT-a1 and task PT-b2": "PT-a1 PT-b2",
    "Implements PT-a1, resolving PT-b2": "PT-a1 PT-b2",
    "closes PT-abcdef": "PT-abcdef",
    "closes 7k3q9x": "7k3q9x",
    "closes Prüf-1": "Prüf-1",
    "Work\n\nIt took a week.\n\nCloses: PT-a1\nFixes: PT-b2\nCo-authored-by: A <a@x.example>\n": "PT-a1 PT-b2",
    "Merge pull request #12 from a/b\r\n\r\nFix login, closes PT-a1": "PT-a1",
    "Login (#12)\n\n* first try\n* closes PT-a1\n* closes PT-a1": "PT-a1",
    "this never closes PT-a1": "PT-a1",  # as forges do: the keyword counts wherever it stands
    "fixes 12": "12",
    "closes 12 and 13.": "12 13",
    "fix 2 bugs": "",
    "Fix login": "",
    "fixes #12": "",  # that is the forge's
    "closes A-1 B-2": "A-1",
    "enclosed PT-a1, prefix-closes PT-b2": "",
    "closes\n\nPT-a1": "",
    "fixes src/T-1": "",
    "`closes PT-a1`\n\n```\ncloses PT-b2\n```\n> closes PT-c3\n<!-- closes PT-d4 -->": "",
    "closes `code` PT-a1": "",
    "* PT-b2 a title with ``` and <!--: created\n\nCloses: PT-a1": "PT-a1",
    'Revert "Login, closes PT-a1"\n\nThis reverts commit 0123abc.': "",
    'Revert "Login, closes PT-a1" (#13)\n\nReverts a/b#12, fixes PT-b2': "PT-b2",
    '[main] Revert "closes PT-a1"': "",
    "revert: login, closes PT-a1": "",
    "revert(login)!: closes PT-a1": "",
    "* Revert 'closes PT-a1'\n* closes PT-b2": "PT-b2",
    "Take it back\n\nThis reverts commit 0123abc (Login, closes PT-a1,\n2026-11-01).\n\nFixes PT-b2": "PT-b2",
    'Revert "Revert "closes PT-a1""\n\nThis reverts commit 0123abc.': "PT-a1",
    'Reapply "closes PT-a1"\n\nThis reverts commit 0123abc.': "PT-a1",
    'Revert "Reapply "closes PT-a1""\n\nThis reverts commit 0123abc.': "",
    "fixup! closes PT-a1": "",
}


@pytest.mark.parametrize("message", CLOSING)
def test_what_a_message_closes(message):
    assert closes(message) == tuple(CLOSING[message].split())


WORDS = ["closes", "Fixes:", "fix", "IMPLEMENTING", "resolve :", "PT-a1", "#12", "GH-12", "a/b#12", "!12", "12", "and", ",", "(", "[",
         "issue", "https://x.example/1", "[skip ci]", "[ci skip]", "***NO_CI***", "[no ci]", "@ann", "never", "→", "Revert \"", "`"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "", ": ", "  "])), max_size=8)
)
def test_inert_text_reads_the_same_and_is_not_obeyed(parts):
    text = "".join(word + gap for word, gap in parts)
    found = inert(text)
    assert found.replace("\u200c", "") == text
    assert closes(found) == ()
    assert closes(f"PT-x: {found}\n\n* PT-a1 {found}: {found}\n* {found}\n\nItem: PT-a1") == ()
    assert not re.search(
        r"(?i)[#!]\d|@\w|\bGH-\d|\[(skip|ci|no)\b|\*\*\*NO_CI|\b(fix|close|resolve)[sd]?:? +(#|GH-|https)",
        found,
    )


def test_a_title_that_is_not_about_closing_stays_as_it_is():
    assert inert("Fix login: status: todo → done") == "Fix login: status: todo → done"
