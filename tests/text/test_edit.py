"""Edits of one file: the lines that change, and no others."""

import difflib

import pytest

from plaintrack.model.edit import Add, Append, Edit, Remove, Set, Splice, Tick, Unset
from plaintrack.model.fields import Field, schema
from plaintrack.text.document import read
from plaintrack.text.edit import EditRefused, edited, splices

SCHEMA = schema(
    {"labels": Field("labels", many=True, key="label list"), "effort": Field("effort", "number")}
)
FILE = """---
id: PT-7k3q9x
title: Fix the login redirect          # comments
status: "todo"
priority:
assignee: alice # me
tags: [auth, web]
depends_on:
  - PT-9x2mfa  # why
  # tail

# before the estimate
estimate: 2d
due: 2026-12-01
points: 5
created: 2026-11-22T10:00:00+01:00
---
Free text

- [ ] one
- [x] two
"""


def diff(*edits: Edit, text: str = FILE) -> str:
    """The changed lines of one edit."""
    after = edited(text.encode(), "a.md", edits, SCHEMA).decode()
    found = difflib.unified_diff(text.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join([each for each in found if not each.startswith(("---", "+++", "@@"))])


@pytest.mark.parametrize(
    ("edits", "wanted"),
    [
        ([Set("title", "no")], "-title: Fix the login redirect          # comments\n+title: 'no'          # comments"),
        ([Set("status", "done")], '-status: "todo"\n+status: "done"'),
        ([Set("status", 'a "b"\n')], '-status: "todo"\n+status: "a \\"b\\"\\n"'),
        ([Set("priority", "high")], "-priority:\n+priority: high"),
        ([Set("assignee", "bob")], "-assignee: alice # me\n+assignee: bob # me"),
        ([Add("assignee", ("bob",))], "-assignee: alice # me\n+assignee: # me\n+- alice\n+- bob"),
        ([Remove("assignee", ("alice",))], "-assignee: alice # me"),
        ([Add("tags", ("x, y", "web"))], "-tags: [auth, web]\n+tags: [auth, web, 'x, y']"),
        ([Remove("tags", ("auth",))], "-tags: [auth, web]\n+tags: [web]"),
        ([Remove("tags", ("web", "nothing"))], "-tags: [auth, web]\n+tags: [auth]"),
        ([Remove("tags", ("auth", "web"))], "-tags: [auth, web]"),
        ([Set("tags", ("web", "new"))], "-tags: [auth, web]\n+tags: [web, new]"),
        ([Set("tags", ("web", "auth"))], "-tags: [auth, web]\n+tags: [web, auth]"),
        ([Add("depends_on", ("PT-2",))], "+  - PT-2"),
        ([Remove("depends_on", ("PT-9x2mfa",)), Add("depends_on", ("q",))], "-  - PT-9x2mfa  # why\n+  - q"),
        ([Unset("estimate")], "-estimate: 2d"),
        ([Set("estimate", "")], "-estimate: 2d"),
        ([Unset("goal")], ""),
        ([Set("due", "2027-01-01")], "-due: 2026-12-01\n+due: 2027-01-01"),
        ([Set("points", "8")], "-points: 5\n+points: 8"),
        ([Set("points", "many")], "-points: 5\n+points: many"),
        ([Set("effort", "2.5")], "+effort: 2.5"),
        ([Set("rank", "0123")], "+rank: '0123'"),
        ([Set("goal", "G"), Set("new", ("a", "1"))], "+goal: G\n+new:\n+- a\n+- '1'"),
        ([Add("labels", ("a",))], "+label list:\n+- a"),
        ([Set("title", "Fix the login redirect")], ""),
        ([Tick(1), Tick(2, False)], "-- [ ] one\n-- [x] two\n+- [x] one\n+- [ ] two"),
        ([Tick(2)], ""),
        ([Append("More\n\ntext")], "+\n+More\n+\n+text"),
        ([Add("tags", ("a",)), Remove("tags", ("a",))], ""),
    ],
)  # fmt: skip
def test_only_these_lines_change(edits: list[Edit], wanted: str) -> None:
    assert diff(*edits) == wanted


@pytest.mark.parametrize(
    ("edit", "text", "reason"),
    [
        (Unset("id"), FILE, "lose its id"),
        (Tick(3), FILE, "no step 3"),
        (Add("title", ("x",)), FILE, "not a list"),
        (Set("title", ("a", "b")), FILE, "one value"),
        (Set("", "x"), FILE, "valid field name"),
        (Set("title", "\ud800"), FILE, "break"),
        (Set("title", "x"), "---\na: &b 1\n---\n", "anchors"),
        (Set("title", "x"), "---\na: 1\na: 2\n---\n", "already on line 2"),
        (Set("title", "x"), "no front matter", "no front matter"),
        (Set("goal", "x"), "---\n{id: a}\n---\n", "flow mapping"),
        (Set("title", "a\nb"), "---\nid: a\n---\n# Head\n", "heading"),
        (Set("goal", "x"), "---\nid: a\n---\n<<<<<<< a\n=======\n>>>>>>> b\n", "conflict"),
        (Set("title", "x" * 70_000), FILE, "larger"),
    ],
)
def test_refused_with_a_reason(edit: Edit, text: str, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason) as caught:
        edited(text.encode(), "a.md", (edit,), SCHEMA)
    assert caught.value.hint
    assert caught.value.message.startswith("a.md")


def test_new_keys_stand_in_the_standard_order() -> None:
    text = "---\nid: a\ndue: 2026-12-01\n---\n"
    after = edited(
        text.encode(),
        "a.md",
        (Set("tags", ("x",)), Set("created", "2026-01-01"), Set("title", "t")),
        SCHEMA,
    )
    assert after == b"---\nid: a\ntitle: t\ntags:\n- x\ndue: 2026-12-01\ncreated: 2026-01-01\n---\n"


def test_crlf_bom_and_missing_final_newline_stay() -> None:
    data = b"\xef\xbb\xbf---\r\nid: a\r\n---\r\nbody"
    after = edited(data, "a.md", (Set("tags", ("x",)), Append("p\nq")), SCHEMA)
    assert after == b"\xef\xbb\xbf---\r\nid: a\r\ntags:\r\n- x\r\n---\r\nbody\r\n\r\np\r\nq"


def test_the_title_of_a_heading_is_edited_there() -> None:
    assert (
        edited(b"---\nid: a\n---\n# Old #\nx", "a.md", (Set("title", "New"),), SCHEMA)
        == b"---\nid: a\n---\n# New #\nx"
    )


def test_block_scalars_and_multi_line_values() -> None:
    text = "---\nid: a\ngoal: |+\n  x\n\n\ntitle: >-\n  a\n  b\n\n# c\nrank: x\n  y\n---\n"
    assert diff(Set("title", "t"), text=text) == "-title: >-\n-  a\n-  b\n+title: t"
    assert diff(Set("rank", "t"), text=text) == "-rank: x\n-  y\n+rank: t"
    assert diff(Set("estimate", "2d"), text=text) == "+estimate: 2d"
    assert diff(Unset("goal"), text=text) == "-goal: |+\n-  x\n-\n-"


def test_splices_are_offsets_of_the_text() -> None:
    document = read(b"\xef\xbb\xbf---\nid: a\ntitle: \xf0\x9f\x98\x80 x\n---\n", "a.md")
    assert splices(document, (Set("title", "new"),), SCHEMA) == (Splice(17, 20, "new"),)
    assert splices(document, (), SCHEMA) == ()
