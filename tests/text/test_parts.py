"""Part by part, and remembered from file to file, a front matter says what it says as a whole."""

import os

from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_plainest import ENDS, FRONTS, VALUES

from plaintrack.model.fields import Field, schema
from plaintrack.text import parse as module
from plaintrack.text.parse import REMEMBERED, _Known, _Reader, parse
from plaintrack.text.skim import Skim

SCHEMA = schema({
    "assignee": Field("assignee", "person", many=True, key="owner"),
    "colour": Field("colour", required=True),
    "size": Field("size", "integer"),
})  # fmt: skip
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYS = st.sampled_from([
    "title", "id", "due", "created", "closed", "status", "priority", "tags", "assignee", "owner", "depends_on", "needs", "share",
    "estimate", "size", "repeat", "colour", "x-own", "pinned", "time", "weight", "kind",
])  # fmt: skip
SAID = st.one_of(VALUES, st.sampled_from([
    "2026-12-01", "2026-12-01T10:00:00+01:00", "2026-12-01T24:00:00+01:00", "2026-12-01 10:00:00+01:00", "2026-12-01T10:00:00+0100 ",
    "2026-W01-1T10:00:00+01:00", "2026-13-01", "2026-1-1", "' 2026-12-01'", "todo", "done", "nope", "'todo'", "high", "3d", "1w2d", "12", "yes",
    "null", "~", "''", '""', "every week", "PT-1 +2d", "[PT-1, PT-2 +1d]", "[]", "a, b", "'a, b'", "50%", "2 van", "Café", "Cafe\u0301",
    "\n- a\n- b", "\n  - PT-1\n  - PT-1 +3d", "\n  # none\n- c", "\n- null", ">-\n  a\n  b", "|\n  a", "-3", "a #b", "a # b", "{a: b}", "\n  a: b", "x\n  y",
]))  # fmt: skip
LINES = st.builds("{}: {}{}\n".format, KEYS, SAID, st.one_of(st.just(""), ENDS))
BODIES = st.sampled_from(
    [
        "",
        "Text.\n",
        "# A heading\n",
        "- [ ] a\n- [x] b\n",
        "<<<<<<< a\n=======\n>>>>>>> b\n",
        "a\r\n",
    ]
)


def as_a_whole(data: bytes, names: str | None = None):
    """The Task of a file that is read by the long way."""
    usual = _Known.usual
    _Known.usual = lambda *_: None
    try:
        return parse("tasks/a.md", data, SCHEMA._replace(named=names))
    finally:
        _Known.usual = usual


def agree(data: bytes) -> None:
    for _ in "new", "remembered":
        found = parse("tasks/a.md", data, SCHEMA)
        whole = as_a_whole(data)
        assert found == whole
        assert list(found.fields.items()) == list(whole.fields.items())
    skim = Skim(SCHEMA)
    for before in told("id: PT-1\ntitle: A\ncolour: red\nstatus: todo\n"), data, data:
        seen = skim("tasks/a.md", before)
    if found.fields:
        assert seen[:4] == found[:4]


def told(front: str, body: str = "") -> bytes:
    return f"---\n{front}---\n{body}".encode("utf-8", "surrogatepass")


@settings(max_examples=400, deadline=None)
@given(FRONTS, BODIES)
def test_hostile_front_matter_says_the_same_in_parts(front, body):
    agree(told("id: PT-1\ntitle: A\ncolour: red\n" + front, body))


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=6).map("".join), BODIES)
@example("due:\ndue: 2026-12-01\n", "")
@example("owner: ann\nassignee: bob\n", "")
@example("assignee: bob\nowner: ann\n", "")
@example("status: todo # x\n", "")
@example("# c\nstatus: todo\n", "")
def test_every_kind_of_field_says_the_same_in_parts(front, body):
    agree(told("id: PT-1\ntitle: A\ncolour: red\n" + front, body))
    agree(told(front, body))


def test_the_files_of_the_galleries_say_the_same_in_parts():
    count = 0
    for folder, _, names in os.walk(TESTS):
        for name in names:
            if name.endswith(".md"):
                with open(os.path.join(folder, name), "rb") as handle:
                    agree(handle.read())
                count += 1
    assert count > 100


def test_the_short_way_is_taken_and_its_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "_last", None)
    monkeypatch.setattr(_Reader, "task", None)  # the long way
    for number in range(REMEMBERED + 10):
        front = f"id: PT-{number}\ntitle: Title {number}\nstatus: todo\nx: {number}\ntags: [a, b]\ncolour: red\n"
        assert parse("a.md", told(front), SCHEMA).fields["tags"] == ("a", "b")
    assert 0 < len(module._last.parts.known) <= REMEMBERED
    assert not any(part.startswith(("id:", "title:")) for part in module._last.parts.known)
