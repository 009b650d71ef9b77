"""Verdicts and the content they are on, as pure values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model.approval import (
    Need,
    Verdict,
    Wanted,
    content,
    missing,
    standing,
)
from plaintrack.model.task import Task
from plaintrack.when.moments import key

LISTS = frozenset(("tags",))
FIELDS = ("title", "due", "tags")


def when(date):
    return key(date, "UTC") or 0.0


def digest(body="As agreed.", item="PT-1", files=None, **fields):
    task = Task("tasks/a.md", item, {"title": "Ship it", **fields}, body)
    return content(item, task, FIELDS, LISTS, True, files or {})


@pytest.mark.parametrize(
    "same",
    [
        {"body": "As agreed.\r\n\r\n"},
        {"body": "\nAs agreed.\n"},
        {"item": "pt-1"},
        {"due": ""},
        {"status": "done"},
    ],
)
def test_spelling_makes_no_difference(same):
    assert digest(**same) == digest()


@pytest.mark.parametrize(
    "other",
    [
        {"body": "As agreed"},
        {"body": "- [x] As agreed."},
        {"title": "Ship  it"},
        {"due": "2026-12-01"},
        {"tags": ("a",)},
        {"item": "PT-2"},
        {"files": {"plan.pdf": "00"}},
    ],
)
def test_content_makes_a_difference(other):
    assert digest(**other) != digest()


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
STATES = st.fixed_dictionaries(
    {}, optional={"title": TEXTS, "due": TEXTS, "tags": st.lists(TEXTS, max_size=3).map(tuple)}
)


def plain(state, body):
    """What a person would say is the content, without the digest's own code."""
    lines = [body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")]
    for name in FIELDS:
        value = state.get(name, "")
        many = [value] if isinstance(value, str) else value
        kept = [each.replace("\r\n", "\n").replace("\r", "\n") for each in many if each]
        lines.append((name, sorted(set(kept)) if name == "tags" else kept))
    return lines


@settings(max_examples=200, deadline=None)
@given(STATES, TEXTS, STATES, TEXTS)
def test_two_digests_are_equal_when_the_contents_are(one, body, two, other):
    digests = [
        content("PT-1", Task("a.md", "PT-1", state, text), FIELDS, LISTS, True)
        for state, text in ((one, body), (two, other))
    ]
    assert (digests[0] == digests[1]) == (plain(one, body) == plain(two, other))


def verdict(by, approved=True, role="", date="2026-11-01", on="sha256:now"):
    return Verdict(f"{by}{role}{date}.md", approved, by, role, date, on)


PEOPLE = {"leads": ("ana", "bob", "cem"), "ana": ("ana",), "qa": ("dee",)}


@pytest.mark.parametrize(
    ("wanted", "verdicts", "lacks"),
    [
        ([(2, "leads")], [], ["0 of 2 approvals of leads are there"]),
        ([(2, "leads")], [verdict("ana"), verdict("BOB")], []),
        ([(2, "leads")], [verdict("ana"), verdict("ana", date="2026-11-02")], ["1 of 2 approvals of leads are there"]),
        ([(2, "leads")], [verdict("ana"), verdict("ana", role="leads")], ["1 of 2 approvals of leads are there"]),
        ([(1, "leads")], [verdict("dee")], ["the approval of leads is missing"]),
        ([(1, "leads")], [verdict("ana", role="qa")], ["the approval of leads is missing"]),
        ([(1, "leads")], [verdict("ana", on="sha256:then")], ["the approval of leads is missing"]),
        ([(1, "leads")], [verdict("ana"), verdict("bob", approved=False)], ["bob rejected it"]),
        ([(1, "leads")], [verdict("ana", approved=False), verdict("ana", date="2026-11-02")], []),
        ([(1, "leads")], [verdict("ana"), verdict("ana", approved=False, date="2026-11-02")], ["ana rejected it", "the approval of leads is missing"]),
        ([(1, "ana")], [verdict("ana", date="2026-10-25T02:30:00+02:00"), verdict("ana", approved=False, date="2026-10-25T02:10:00+01:00")], ["ana rejected it", "the approval of ana is missing"]),
        ([(1, "ana"), (1, "qa")], [verdict("ana")], ["the approval of qa is missing"]),
    ],
)  # fmt: skip
def test_what_a_need_lacks(wanted, verdicts, lacks):
    need = Need("type:release", ("done",), tuple(Wanted(*each) for each in wanted))
    assert missing(need, standing(verdicts, "sha256:now", when), PEOPLE) == lacks


def test_the_author_does_not_count_where_that_is_said():
    found = standing([verdict("ana")], "sha256:now", when)
    need = Need("", ("done",), (Wanted(1, "leads"),), author=True)
    assert missing(need, found, PEOPLE, "Ana") == [
        "the approval of leads is missing; Ana made it, and does not count"
    ]
    assert missing(need, standing([], "", when), PEOPLE, "Ana") == [
        "the approval of leads is missing"
    ]
    assert missing(need, found, PEOPLE, "bob") == []
