"""Properties of edits: they give what was wanted, touch nothing else, and can be taken back."""

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from plaintrack.model.edit import Add, Edit, Remove, Set, Tick, Unset
from plaintrack.model.fields import schema
from plaintrack.text.document import read
from plaintrack.text.edit import EditRefused, edited
from plaintrack.text.format import document, scalar
from plaintrack.text.nodes import scan
from plaintrack.text.parse import parse

SCHEMA = schema()
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
TRAPS = st.sampled_from(
    ["no", "on", "y", "~", "null", "0123", "0o17", "12:30", "1_000", "1e3", ".5", "1.", "0x1F", "2026-12-01", "a: b",
     "@bob", "`x`", "%x", "fix #12", "#1", "- a", "-", "--- x", "...", "? a", "it's", '"q"', "a:", "[x]", "{x", "!t",
     "&a", "*a", "=", "<<", "é ü", "emoji 😀", "\u2028", "\u0085", "a\tb", " lead", "trail ", "a\nb", "\ufeffx", "|", ">", ".inf",
     "-.INF", ".nan", "+1", "1:2:3", "0b1", "12e03", "a, b", "Yes", "C:\\dir", "a\\'b", "1__0", "0.", "-_1"]
)  # fmt: skip
VALUES = st.one_of(TRAPS, TEXT)
WORDS = st.from_regex(r"[a-z]{3,8}", fullmatch=True)

FILES = [
    ("---\nid: A-1\ntitle: Fix it   # why\nstatus: 'todo'\nassignee: alice # me\ntags: [auth, \"web\", c]\n"
    "depends_on:\n  - A-2  # first\n  # between\n  - 'A-3'\n  # after\n\n"
    "# about\nestimate: 2d\nfoo: {a: 1}\n---\n- [ ] a\n- [x] b\n"),
    "---\nid: A-1\ntitle: >-\n  folded\n  text\nassignee:\n- alice\n- bob\nnotes: |+\n  kept\n\n\ntags:   # none\n...\nBody",
    "---  \n# top\nid: \"A-1\"\ntitle: two\n  lines\ntags: [\n  a,  # x\n  b,\n]\npriority: ~\ndue: 2026-12-01\n---",
    "---\n  id: A-1\n  tags:\n  - a\n  -   b\n  status:   done\n---\n# Heading #\n\ntext\n\n\n",
    "---\nid: A-1\ntitle: 😀 emoji\nassignee: [ ]\nmap:\n    deep: [1,\n      2]\nstatus: todo\n---\n\n\n* [X] x",
]  # fmt: skip
SINGLE = ("title", "status", "priority", "project", "goal", "due", "estimate", "foo", "custom key")
MANY = ("tags", "assignee", "depends_on")


@st.composite
def originals(draw: st.DrawFn) -> bytes:
    """One of the awkward files, with one of the line endings, with or without a byte order mark."""
    text = draw(st.sampled_from(FILES)).replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def values(data: bytes) -> dict[str, object]:
    """Key → plain value, read by PyYAML's own base loader as the oracle."""
    found = yaml.load(read(data, "a.md").front, yaml.CBaseLoader)
    assert isinstance(found, dict)
    return found


def check_others(before: bytes, after: bytes, touched: set[str]) -> None:
    """Every key that was not touched has the same value; every comment above a key is still there."""
    old, new = values(before), values(after)
    assert {key: value for key, value in old.items() if key not in touched} == {
        key: value for key, value in new.items() if key not in touched
    }
    for comment in (b"# top", b"# about", b"# why"):
        assert (comment in before) == (comment in after) or comment == b"# why"
    assert before.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")


@given(VALUES)
def test_a_scalar_reads_back_as_itself_everywhere(text: str) -> None:
    """Block and flow, our scan and PyYAML's safe loader (YAML 1.1 types): always the same text."""
    assert yaml.load(f"a: {scalar(text)}\n", yaml.CSafeLoader) == {"a": text}
    assert yaml.load(f"- {scalar(text)}\n", yaml.CSafeLoader) == [text]
    assert yaml.load(f"[x, {scalar(text, flow=True)}, y]\n", yaml.CSafeLoader) == ["x", text, "y"]
    assert yaml.load(f"{scalar(text)}: x\n", yaml.CSafeLoader) == {text: "x"}
    assert scan(f"a: {scalar(text)}\n", "a.md").entries[0].value.value == text


@given(originals(), st.sampled_from(SINGLE), VALUES)
def test_set_gives_the_value_and_touches_nothing_else(data: bytes, name: str, value: str) -> None:
    heading = name == "title" and b"title" not in data
    try:
        after = edited(data, "a.md", (Set(name, value),), SCHEMA)
    except EditRefused:
        assert heading
        return
    check_others(data, after, {name})
    if heading:
        assert parse("a.md", after, SCHEMA).fields["title"] == value
    else:
        assert values(after)[name] == value


@given(originals(), st.sampled_from(MANY), st.lists(VALUES, min_size=1, max_size=4, unique=True))
def test_set_of_a_list_gives_the_list(data: bytes, name: str, wanted: list[str]) -> None:
    after = edited(data, "a.md", (Set(name, tuple(wanted)),), SCHEMA)
    check_others(data, after, {name})
    found = values(after)[name]
    assert ([found] if isinstance(found, str) else found) == wanted


@given(originals(), st.sampled_from(MANY), st.lists(VALUES, min_size=1, max_size=3, unique=True))
def test_add_then_remove(data: bytes, name: str, new: list[str]) -> None:
    assume(all(each.strip() for each in new))
    added = edited(data, "a.md", (Add(name, tuple(new)),), SCHEMA)
    check_others(data, added, {name})
    assert set(new) <= set(values(added)[name])  # type: ignore[call-overload]
    removed = edited(added, "a.md", (Remove(name, tuple(new)),), SCHEMA)
    check_others(data, removed, {name})


@given(originals(), st.sampled_from(("tags", "assignee", "depends_on")), WORDS)
def test_add_taken_back_is_byte_identical(data: bytes, name: str, word: str) -> None:
    """Where a list with elements stands, adding and removing an element leaves no trace."""
    now = values(data).get(name)
    assume(isinstance(now, list) and now and word not in now)
    added = edited(data, "a.md", (Add(name, (word,)),), SCHEMA)
    assert edited(added, "a.md", (Remove(name, (word,)),), SCHEMA) == data


@given(originals(), st.sampled_from(("title", "status", "estimate", "due")), WORDS)
def test_set_taken_back_is_byte_identical(data: bytes, name: str, word: str) -> None:
    old = values(data).get(name)
    source = read(data, "a.md").front
    entry = next((each for each in scan(source, "a.md").entries if each.key == name), None)
    assume(isinstance(old, str) and entry is not None and entry.value.style not in (">", "|"))
    assert entry is not None
    assume(len(source[entry.value.start : entry.value.end].splitlines()) == 1)
    assert edited(edited(data, "a.md", (Set(name, word),), SCHEMA), "a.md", (Set(name, str(old)),), SCHEMA) == data


@given(originals(), st.sampled_from(("priority", "goal", "custom")), WORDS)
def test_a_new_key_taken_back_is_byte_identical(data: bytes, name: str, word: str) -> None:
    assume(name not in values(data))
    after = edited(data, "a.md", (Set(name, word),), SCHEMA)
    assert edited(after, "a.md", (Unset(name),), SCHEMA) == data


EDITS = st.one_of(
    st.builds(Set, st.sampled_from(SINGLE), VALUES),
    st.builds(Add, st.sampled_from(MANY), st.lists(VALUES, max_size=3).map(tuple)),
    st.builds(
        Remove,
        st.sampled_from(MANY),
        st.lists(st.sampled_from(["a", "b", "auth", "alice", "A-2"])).map(tuple),
    ),
    st.builds(Unset, st.sampled_from((*SINGLE, *MANY))),
    st.builds(Tick, st.integers(1, 2), st.booleans()),
)


@given(originals(), st.lists(EDITS, max_size=5))
def test_series_of_edits_in_one_go_and_one_by_one_agree(data: bytes, edits: list[Edit]) -> None:
    try:
        once = edited(data, "a.md", tuple(edits), SCHEMA)
        each = data
        for edit in edits:
            each = edited(each, "a.md", (edit,), SCHEMA)
    except EditRefused:
        return
    first, second = parse("a.md", once, SCHEMA), parse("a.md", each, SCHEMA)
    assert first.fields == second.fields
    assert first.body.lower() == second.body.lower()


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(st.sampled_from("a:- '\"#[]{},|>&*!%@`\n\t?~x01\r😀"), max_size=60),
    st.sampled_from(("a", "x", "tags")),
    VALUES,
)
def test_random_front_matter_is_never_mangled(head: str, name: str, value: str) -> None:
    """On any text at all: refused, or the other keys stay."""
    data = f"---\nid: A-1\n{head}\n---\nbody\n".encode()
    edit = Add(name, (value,)) if name == "tags" else Set(name, value)
    try:
        after = edited(data, "a.md", (edit,), SCHEMA)
    except EditRefused:
        return
    old, new = values(data), values(after)
    old.pop(name, None), new.pop(name, None)
    assert old == new


@given(VALUES, st.lists(VALUES, max_size=3), VALUES)
def test_a_new_document_reads_back(title: str, tags: list[str], body: str) -> None:
    assume("\r" not in body and "<<<<" not in body)
    text = document([("tags", tuple(tags)), ("title", title), ("id", "A-1")], body, SCHEMA)
    task = parse("a.md", text.encode(), SCHEMA)
    assert task.id == "A-1"
    assert task.fields["title"] == title
    assert task.many("tags") == tuple(tags)
    assert task.body.rstrip("\n") == body.rstrip("\n")


@given(st.binary(max_size=200))
def test_parse_never_raises(data: bytes) -> None:
    parse("a.md", data, SCHEMA)
    parse("a.md", b"---\n" + data + b"\n---\n", SCHEMA)


@given(st.text(st.sampled_from("a:- '\"#[]{},|>&*!%@`\n\t?~x0"), max_size=80))
def test_parse_never_raises_on_yaml_like_text(text: str) -> None:
    parse("a.md", f"---\n{text}\n---\n".encode(), SCHEMA)
