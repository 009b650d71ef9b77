"""The fault list's cases for the merge, one by one."""

import pytest
from triples import SCHEMA

from plaintrack.merge.item import merge
from plaintrack.text.parse import parse

ITEM = """\
---
id: PT-1
title: Fix the login redirect  # asked for by Ada
status: todo
priority: high
assignee: alice
tags:
- auth
- web
depends_on: [PT-7, PT-8]
# checked with Ada
due: 2026-12-01
estimate: 2d
created: 2026-11-22T10:00:00+01:00
---
It fails.

Since Monday.

- [ ] read the log
- [ ] write a test
- [ ] mend it
"""


def changed(*pairs, text=ITEM):
    """The item with replacements made; each must be found."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def merged(ours, theirs, base=ITEM, size=7):
    """(text, names in dispute) of a merge, after asserting that the other way round comes to the same."""
    result = merge(base.encode(), ours.encode(), theirs.encode(), "tasks/a.md", SCHEMA, size)
    swapped = merge(base.encode(), theirs.encode(), ours.encode(), "tasks/a.md", SCHEMA, size)
    assert {(clash.kind, clash.key) for clash in result.clashes} == {
        (clash.kind, clash.key) for clash in swapped.clashes
    }
    assert result.clean == swapped.clean
    return (
        result.data.decode(),
        [clash.key or clash.kind for clash in result.clashes],
        result.reason,
    )


def clean(ours, theirs, base=ITEM):
    text, names, reason = merged(ours, theirs, base)
    assert not names, text
    assert not reason, text
    return text


CLEAN = {
    "70 different fields": (["todo", "done"], ["2026-12-01", "2026-12-08"], ["todo", "done", "2026-12-01", "2026-12-08"]),
    "70 neighbouring fields": (["todo", "done"], ["high", "low"], ["todo", "done", "high", "low"]),
    "70 field and body": (["todo", "done"], ["It fails", "It crashes"], ["todo", "done", "It fails", "It crashes"]),
    "70 two new fields at one place": (
        ["estimate: 2d\n", "estimate: 2d\nproject: PT-9\n"],
        ["estimate: 2d\n", "estimate: 2d\nwait: 2026-11-30\n"],
        ["estimate: 2d\n", "estimate: 2d\nproject: PT-9\nwait: 2026-11-30\n"],
    ),
    "71 same value": (["todo", "done"], ["todo", "done", "2d", "3d"], ["todo", "done", "2d", "3d"]),
    "71 same value, other spelling": (["todo", "done"], ["todo", "'done'", "2d", "3d"], ["todo", "done", "2d", "3d"]),
    "73 a deletion both made": (["priority: high\n", ""], ["priority: high\n", "", "2d", "3d"], ["priority: high\n", "", "2d", "3d"]),
    "73 a deletion, another field changed": (["priority: high\n", ""], ["todo", "done"], ["priority: high\n", "", "todo", "done"]),
    "74 two tags": (["- web\n", "- web\n- api\n"], ["- web\n", "- web\n- ui\n"], ["- web\n", "- web\n- api\n- ui\n"]),
    "74 the same tag": (["- web\n", "- web\n- api\n"], ["- web\n", "- web\n- api\n- ui\n"], ["- web\n", "- web\n- api\n- ui\n"]),
    "74 add and remove": (["- auth\n", ""], ["- web\n", "- web\n- ui\n"], ["- auth\n- web\n", "- web\n- ui\n"]),
    "74 flow list": (["PT-8]", "PT-8, PT-9]"], ["[PT-7, ", "["], ["[PT-7, PT-8]", "[PT-8, PT-9]"]),
    "74 remove all, add one": (
        ["tags:\n- auth\n- web\n", ""],
        ["- web\n", "- web\n- ui\n"],
        ["- auth\n- web\n", "- ui\n"],
    ),
    "75 neighbouring steps ticked": (
        ["[ ] read", "[x] read"],
        ["[ ] write", "[x] write"],
        ["[ ] read", "[x] read", "[ ] write", "[x] write"],
    ),
    "75 one ticked, another reworded": (
        ["[ ] read", "[x] read"],
        ["a test", "two tests"],
        ["[ ] read", "[x] read", "a test", "two tests"],
    ),
    "75 a step ticked by both": (["[ ] read", "[x] read"], ["[ ] read", "[X] read", "2d", "3d"], ["[ ] read", "[x] read", "2d", "3d"]),
    "75 a new step beside a ticked one": (
        ["[ ] mend", "[x] mend"],
        ["mend it\n", "mend it\n- [ ] tell Ada\n"],
        ["[ ] mend it\n", "[x] mend it\n- [ ] tell Ada\n"],
    ),
    "75 two new steps": (
        ["mend it\n", "mend it\n- [ ] ship\n"],
        ["mend it\n", "mend it\n- [ ] announce\n"],
        ["mend it\n", "mend it\n- [ ] announce\n- [ ] ship\n"],
    ),
    "75 some new steps the same": (
        ["mend it\n", "mend it\n- [ ] ship\n- [ ] announce\n"],
        ["mend it\n", "mend it\n- [ ] call\n- [ ] ship\n- [ ] tell\n"],
        ["mend it\n", "mend it\n- [ ] call\n- [ ] ship\n- [ ] tell\n- [ ] announce\n"],
    ),
    "76 different paragraphs": (["It fails", "It crashes"], ["Monday", "Sunday"], ["It fails", "It crashes", "Monday", "Sunday"]),
    "76 both append": (
        ["mend it\n", "mend it\n\nSeen again.\n"],
        ["mend it\n", "mend it\n\nCannot see it.\n"],
        ["mend it\n", "mend it\n\nCannot see it.\n\nSeen again.\n"],
    ),
    "76 an item and a paragraph": (
        ["mend it\n", "mend it\n- [ ] ship\n"],
        ["mend it\n", "mend it\n\nA note.\n"],
        ["mend it\n", "mend it\n- [ ] ship\n\nA note.\n"],
    ),
    "77 quoted by one, changed by the other": (["todo", "'todo'"], ["todo", "done"], ["todo", "done"]),
    "77 rewritten date": (["2026-12-01", '"2026-12-01"'], ["2026-12-01", "2026-12-08"], ["2026-12-01", "2026-12-08"]),
    "77 moved by one, changed by the other": (
        ["priority: high\n", "", "estimate", "priority: high\nestimate"],
        ["high", "low"],
        ["priority: high\n", "", "estimate", "priority: low\nestimate"],
    ),
    "77 list on one line, changed by the other": (
        ["\n- auth\n- web\n", " [auth, web]\n"],
        ["- web\n", "- web\n- ui\n"],
        ["\n- auth\n- web\n", " [auth, web, ui]\n"],
    ),
    "79 id changed by one": (["PT-1\n", "PT-2\n"], ["todo", "done"], ["PT-1\n", "PT-2\n", "todo", "done"]),
    "comments of both": (
        ["by Ada", "by Ada and Bo"],
        ["# checked with Ada", "# checked twice"],
        ["by Ada", "by Ada and Bo", "# checked with Ada", "# checked twice"],
    ),
    "a comment deleted, the field below changed": (
        ["# checked with Ada\n", ""],
        ["2026-12-01", "2026-12-08"],
        ["# checked with Ada\n", "", "2026-12-01", "2026-12-08"],
    ),
    "a comment added, the same line changed": (["todo", "todo  # why?"], ["high", "low"], ["todo", "todo  # why?", "high", "low"]),
    "unknown keys": (["estimate", "sponsor: Bo\nestimate"], ["2d", "3d"], ["estimate: 2d", "sponsor: Bo\nestimate: 3d"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_merges_cleanly(name):
    ours, theirs, expected = (changed(*pairs) for pairs in CLEAN[name])
    text = clean(ours, theirs)
    if name in ("77 quoted by one, changed by the other", "77 rewritten date"):
        assert (
            parse("a.md", text.encode(), SCHEMA).fields
            == parse("a.md", expected.encode(), SCHEMA).fields
        )
    else:
        assert text == expected


DONE = ("todo", "done\nclosed: {}")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("2026-11-24T09:00:00+01:00", "2026-11-24T16:00:00+01:00"),
        ("2026-11-24T09:00:00+01:00", "2026-11-24T08:30:00+00:00"),
        ("2026-11-24T08:00:00+00:00", "2026-11-24T09:00:00+01:00"),
        ("2026-11-24", "2026-11-25"),
    ],
)
def test_closed_by_both_it_was_closed_when_the_first_did(one, two):
    """Whichever side they are on, with all else that the two changed; the same moment, written in two ways, is no dispute."""
    ours = changed(DONE[0], DONE[1].format(one), "high", "low")
    theirs = changed(DONE[0], DONE[1].format(two), "2d", "3d")
    for text in (clean(ours, theirs), clean(theirs, ours)):
        found = parse("a.md", text.encode(), SCHEMA).fields
        assert found["closed"] == one
        assert (found["status"], found["priority"], found["estimate"]) == ("done", "low", "3d")


@pytest.mark.parametrize(
    ("ours", "theirs", "base"),
    [
        (
            ["todo", "done\nclosed: 2026-11-24"],
            ["todo", "done\nclosed: 2026-11-24T09:00:00+01:00"],
            ITEM,
        ),  # which is earlier?
        (["todo", "done\nclosed: soon"], ["todo", "done\nclosed: later"], ITEM),
        (["todo", "done\nclosed: 2026-11-24"], ["todo", "cancelled\nclosed: 2026-11-25"], ITEM),
        (
            ["todo", "done\nclosed: 2026-11-24", "login", "logon"],
            ["todo", "done\nclosed: 2026-11-25", "login", "sign-in"],
            ITEM,
        ),
        (
            ["closed: 2026-11-24", "closed: 2026-11-23"],
            ["closed: 2026-11-24", "closed: 2026-11-25"],
            changed("todo", "done\nclosed: 2026-11-24"),
        ),
        (["todo", "todo\nclosed: 2026-11-24"], ["todo", "todo\nclosed: 2026-11-25"], ITEM),
    ],
    ids=[
        "a day and a moment",
        "no dates",
        "two ways",
        "more in dispute",
        "corrected by both",
        "not closed",
    ],
)
def test_what_was_closed_in_other_ways_is_in_dispute(ours, theirs, base):
    assert "closed" in merged(changed(*ours, text=base), changed(*theirs, text=base), base)[1]


CONFLICTS = {
    "72 different values": (["todo", "done"], ["todo", "review"], ["status: done"], ["status: review"], "status"),
    "72 different titles": (["login", "logon"], ["login", "sign-in"], None, None, "title"),
    "73 deleted and changed": (["priority: high\n", ""], ["high", "low"], [], ["priority: low"], "priority"),
    "73 deleted and reassigned": (["assignee: alice\n", ""], ["alice", "bob"], [], ["assignee: bob"], "assignee"),
    "73 reassigned twice": (["alice", "bob"], ["alice", "carol"], ["assignee: bob"], ["assignee: carol"], "assignee"),
    "75 ticked and deleted": (["[ ] read", "[x] read"], ["- [ ] read the log\n", ""], ["- [x] read the log"], [], "body"),
    "75 ticked and reworded": (["[ ] read", "[x] read"], ["read the log", "read all logs"], ["- [x] read the log"], ["- [ ] read all logs"], "body"),
    "76 one line, two ways": (["It fails", "It crashes"], ["It fails", "It dies"], ["It crashes."], ["It dies."], "body"),
    "79 id changed by both": (["PT-1\n", "PT-2\n"], ["PT-1\n", "PT-3\n"], ["id: PT-2"], ["id: PT-3"], "id"),
    "80 another way through the workflow": (["todo", "in-progress"], ["todo", "cancelled"], ["status: in-progress"], ["status: cancelled"], "status"),
    "a comment changed by both": (
        ["with Ada", "with Bo"], ["with Ada", "with Cy"], ["# checked with Bo"], ["# checked with Cy"], "comments"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("size", [7, 11])
def test_conflicts_stand_around_just_the_field(name, size):
    ours, theirs, one, two, field = CONFLICTS[name]
    more = ["2026-12-01", "2026-12-24"]
    text, names, reason = merged(changed(*ours), changed(*theirs, *more), size=size)
    assert (names, reason) == ([field], "")
    lines = text.split("\n")
    start, middle, end = (
        lines.index(mark) for mark in ("<" * size + " ours", "=" * size, ">" * size + " theirs")
    )
    if one is not None:
        assert lines[start + 1 : middle] == one
        assert lines[middle + 1 : end] == two
    rest = "\n".join([*lines[:start], *lines[start + 1 : middle], *lines[end + 1 :]])
    assert rest == changed(*ours, *more)


def test_78_two_new_files():
    """Equal ones are clean; what differs is in conflict, what only one has is in."""
    assert clean(ITEM, ITEM, "") == ITEM
    text, names, _ = merged(
        changed("todo", "done", "- [ ] mend it\n", "- [ ] ship it\n"),
        changed("estimate: 2d\n", ""),
        "",
    )
    assert names == ["status", "body"]
    assert "\nestimate: 2d\n" in text
    assert "<<<<<<< ours\n- [ ] ship it\n=======\n- [ ] mend it\n>>>>>>> theirs\n" in text


BROKEN = {
    "not YAML": ["title: Fix", "title: [Fix"],
    "unterminated": ["\n---\nIt", "\nIt"],
    "conflict markers in front": ["status: todo\n", "<<<<<<< a\nstatus: todo\n=======\nstatus: done\n>>>>>>> b\n"],
    "conflict markers in the body": ["It fails.\n", "<<<<<<< a\nIt fails.\n=======\nIt dies.\n>>>>>>> b\n"],
    "duplicate key": ["status: todo\n", "status: todo\nstatus: done\n"],
    "too large": ["It fails.\n", "It fails.\n" * 120_000],
    "no front matter": ["---\nid", "id"],
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("swap", [False, True])
def test_81_a_side_that_does_not_parse_is_merged_by_lines_and_never_clean(name, swap):
    sides = [changed(*BROKEN[name]), changed("2026-12-01", "2026-12-08", "high", "low")]
    text, _, reason = merged(*(reversed(sides) if swap else sides))
    assert reason
    assert "due: 2026-12-08" in text
    assert "priority: low" in text
    assert all(line in text for line in sides[0].split("\n") if line not in ITEM)


def test_81_bytes_that_are_no_text_come_through():
    result = merge(
        ITEM.encode(),
        ITEM.encode().replace(b"fails", b"f\xffils"),
        ITEM.encode().replace(b"todo", b"done"),
        "a.md",
        SCHEMA,
    )
    assert result.reason
    assert b"f\xffils" in result.data
    assert b"done" in result.data


def test_a_file_that_is_no_item_merges_as_git_would():
    base = "# Read me\n\none\n\ntwo\n\nthree\n"
    assert (
        clean(base.replace("one", "1"), base.replace("three", "3"), base)
        == "# Read me\n\n1\n\ntwo\n\n3\n"
    )
    text, names, reason = merged(base.replace("one", "1"), base.replace("one", "I"), base)
    assert text == "# Read me\n\n<<<<<<< ours\n1\n=======\nI\n>>>>>>> theirs\n\ntwo\n\nthree\n"
    assert (names, reason) == (["file"], "")


def test_84_a_base_in_conflict_is_believed_where_its_sides_agree():
    """The base of a criss-cross merge: what is between its markers counts as changed by both."""
    base = changed(
        "status: todo\n", "<<<<<<< ours\nstatus: done\n=======\nstatus: review\n>>>>>>> theirs\n"
    )
    same = [changed("todo", "review", "high", "low"), changed("todo", "review", "2d", "3d")]
    assert clean(*same, base) == changed("todo", "review", "high", "low", "2d", "3d")
    text, names, reason = merged(
        changed("todo", "done"), changed("todo", "review", "2d", "3d"), base
    )
    assert (names, reason) == (["status"], "")
    assert "\nestimate: 3d\n" in text
    body = changed("It fails.\n", "<<<<<<< ours\nIt crashes.\n=======\nIt dies.\n>>>>>>> theirs\n")
    assert merged(changed("It fails", "It crashes"), changed("It fails", "It dies"), body)[1] == [
        "body"
    ]
    assert "It ends." in clean(
        changed("It fails", "It ends"), changed("It fails", "It ends", "2d", "3d"), body
    )


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_and_the_last_line_are_merged_like_the_rest(newline):
    ours = changed("todo", "done").replace("\n", newline)
    assert clean(ours, changed("2d", "3d")) == changed("todo", "done", "2d", "3d").replace(
        "\n", newline
    )
    assert clean(changed("todo", "done"), changed("2d", "3d").replace("\n", newline)) == changed(
        "todo", "done", "2d", "3d"
    ).replace("\n", newline)
    assert clean(changed("todo", "done").removesuffix("\n"), changed("2d", "3d")) == changed(
        "todo", "done", "2d", "3d"
    ).removesuffix("\n")
    assert clean("\ufeff" + changed("todo", "done"), changed("2d", "3d")) == "\ufeff" + changed(
        "todo", "done", "2d", "3d"
    )


def test_markers_are_longer_where_a_line_looks_like_one():
    heading = changed("It fails.\n", "It fails\n=======\n")
    text, names, _ = merged(heading, changed("It fails", "It dies"))
    assert names == ["body"]
    assert "<<<<<<<< ours\nIt fails\n=======\n========\nIt dies.\n>>>>>>>> theirs\n" in text


def test_a_body_of_many_equal_lines_takes_no_time():
    base = ITEM + "- [ ] again\n\n" * 8_000
    text = clean(
        base.replace("todo", "done") + "- [ ] one\n",
        "".join([changed("2d", "3d"), "- [ ] again\n\n" * 7_990]),
        base,
    )
    assert text.count("again") == 7_990


def test_additions_that_do_not_go_side_by_side_are_a_conflict():
    """Inside fenced code, in the middle of a paragraph, and one step ticked by one side only."""
    for old, one, two in [
        ("It fails.\n", "It fails.\nNow.\n", "It fails.\nThen.\n"),
        ("mend it\n", "mend it\n- [x] ship\n", "mend it\n- [ ] ship\n- [ ] tell\n"),
    ]:
        assert merged(changed(old, one), changed(old, two))[1] == ["body"]
    base = ITEM + "```sh\nmake\n```\n"
    assert merged(
        base.replace("make\n", "make\n- a\n"), base.replace("make\n", "make\n- b\n"), base
    )[1] == ["body"]


@pytest.mark.parametrize(
    ("field", "one", "two", "value"),
    [
        ("tags", "Web", "web", ("Web",)),
        ("tags", "caf\u00e9", "cafe\u0301", None),
        ("depends_on", "PT-9", "pt-9", ("PT-9",)),
        ("reviewers", "Ada", "ada", ("Ada",)),
        ("tags", "web", "api", ("api", "web")),
    ],
)
def test_a_value_that_both_sides_added_in_two_spellings_is_in_once(field, one, two, value):
    base = "---\nid: PT-1\ntitle: x\nstatus: todo\n---\n"
    sides = [base.replace("status", f"{field}:\n- {each}\nstatus") for each in (one, two)]
    for some in (sides, sides[::-1]):
        found = parse(
            "a.md", merge(base.encode(), *map(str.encode, some), "a.md", SCHEMA).data, SCHEMA
        ).fields[field]
        assert len(found) == len(value or (1,)), found
        assert value is None or set(found) == set(value)
