"""Properties of edits: they give what was wanted, touch nothing else, and can be taken back."""

import re
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from plaintrack.model.edit import Add, Edit, Remove, Set, Tick, Unset
from plaintrack.model.fields import schema
from plaintrack.text.document import encode, read
from plaintrack.text.edit import EditRefused, edited
from plaintrack.text.format import document, scalar
from plaintrack.text.nodes import Node, scan
from plaintrack.text.parse import parse

SCHEMA = schema()
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
)
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
    found = values(added)[name]
    assert set(new) <= {found} if isinstance(found, str) else set(new) <= set(found)  # type: ignore[call-overload]
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
    assert (
        edited(
            edited(data, "a.md", (Set(name, word),), SCHEMA), "a.md", (Set(name, str(old)),), SCHEMA
        )
        == data
    )


@given(originals(), st.sampled_from(("priority", "goal", "custom")), WORDS)
def test_a_new_key_taken_back_is_byte_identical(data: bytes, name: str, word: str) -> None:
    assume(name not in values(data))
    after = edited(data, "a.md", (Set(name, word),), SCHEMA)
    assert edited(after, "a.md", (Unset(name),), SCHEMA) == data


# GENERATED front matter: blocks of whole lines, one per key, and fillers between them. Each block is (key, lines).
PLAIN = st.sampled_from(
    [
        "Fix it",
        "todo",
        "2d",
        "x-y",
        "2026-12-01",
        "grün",
        "日本語",
        "5",
        "a 'b' c",
        'say "x"',
        "C:/x",
        "ja 😀",
        "12:30",
        "no",
    ]
)
COMMENT = st.sampled_from(["", "", "  # why", " #", "   # a: b, [c]", " # 'x\" {", "\t# tab"])
ITEM = st.sampled_from(
    ["a", "b", "'c d'", '"e"', "2026-12-01", "'x: y'", "A-2", "é", '"q\\t"', "no", "'it''s'"]
)
KEY = st.sampled_from(["{}", "{}", "{}", "'{}'", '"{}"'])


@st.composite
def single(draw: st.DrawFn, name: str) -> list[str]:
    """One value, in any of YAML's styles."""
    key, value, comment = draw(KEY).format(name), draw(PLAIN), draw(COMMENT)
    quote = value.replace("'", "''")
    escaped = value.replace('"', '\\"')
    return draw(
        st.sampled_from(
            [
                [f"{key}: {value}{comment}"],
                [f"{key}:   {value}"],
                [f"{key}: '{quote}'{comment}"],
                [f'{key}: "{escaped}"{comment}'],
                [f'{key}: "a\\u0041\\n{escaped}"{comment}'],
                [f"{key}:{comment}"],
                [f"{key}: ~{comment}"],
                [f"{key}: ''{comment}"],
                [f"{key}: |{comment}", f"  {value}", "", "   more", "  last"],
                [f"{key}: |-", f"    {value}", "    b"],
                [f"{key}: |", f"  {value}  ", "   ", ""],
                [f"{key}: >-", f"  {value}   ", "  b  "],
                [f"{key}: |+  # kept", f"  {value}", "", ""],
                [f"{key}: |2-", f"   {value}"],
                [f"{key}: >-{comment}", f"  {value}", "  b", "", "  c"],
                [f"{key}: >", "", f"  {value}", "    deeper"],
                [f"{key}: {value}", "  goes on", f"  and on{comment}"],
                [f"{key}: 'x", "", f"  {quote}'{comment}"],
                [f'{key}: "x \\', f'  {escaped}"'],
                [f"{key}:", f"  {value}{comment}"],
                [f"{key}:", "    # before", f"    '{quote}'"],
            ]
        )
    )


@st.composite
def several(draw: st.DrawFn, name: str) -> list[str]:
    """A list, in any of YAML's styles."""
    key, comment = draw(KEY).format(name), draw(COMMENT)
    items = draw(st.lists(ITEM, min_size=1, max_size=4, unique=True))
    indent, dash = draw(st.sampled_from(["", "  ", "    "])), draw(st.sampled_from(["- ", "-   "]))
    block = [f"{key}:{comment}"]
    for each in items:
        block += draw(
            st.sampled_from([[], [], [f"{indent}# about {len(block)}"], [""], ["  # elsewhere"]])
        )
        block.append(f"{indent}{dash}{each}{draw(COMMENT)}")
    flow = [f"{key}: ["]
    for each in items:
        flow.append(f"  {each},{draw(COMMENT)}")
    flow += draw(st.sampled_from([["]"], [" ]  # end"], ["  # none left", "]"]]))
    joined = ", ".join(items)
    return draw(
        st.sampled_from(
            [
                block,
                flow,
                [f"{key}: [{joined}]{comment}"],
                [f"{key}: [ {joined} ]{comment}"],
                [f"{key}: [{joined},]"],
                [f"{key}: [{items[0]},", f"   {joined.partition(', ')[2] or 'z'}]{comment}"],
                [f"{key}:", f"  [{joined}]"],
                [f"{key}: []{comment}"],
                [f"{key}: [ ]"],
                [f"{key}:{comment}"],
                [f"{key}: {items[0]}{comment}"],
                [f"{key}:", "-", *[f"- {each}" for each in items]],
                [f"{key}:", *[f"- {each}" for each in items], "- ~  # nothing"],
                [f"{key}: [{joined}, ~]"],
            ]
        )
    )


UNKNOWN = st.sampled_from(
    [
        ["x-map:", "    deep: [1,", "      2]  # c", "    more: {k: v}"],
        ["x-flow: {a: 1, 'b': [c]}  # d"],
        ["'x key': untouched"],
        ["x-ümlaut: |+", "    as it is", "", "    [x"],
        ["x-list:", "- {a: 1}", "-   - nested", "    - list"],
        ["x-date: 2026-02-30T25:00:00"],
        ["x-odd: 0123   # zeros"],
        ["x-empty:"],
    ]
)
FILLER = st.sampled_from(
    [
        [],
        [],
        [],
        ["# a comment"],
        ["#"],
        ["", "# after a blank line"],
        ["  # indented"],
        ["# due: 2020-01-01", "#- a"],
    ]
)
BODY = st.sampled_from(
    [
        "",
        "\n",
        "Text\n",
        "Text",
        "\n\n# Head\n\n- [ ] a\n- [x] b\n",
        "---\nid: no\n---\n",
        "  \n\ttab\n\n\n",
        "😀\x0b\u2028",
    ]
)
POISON = st.sampled_from(
    [
        ["x: &a 1"],
        ["x: *a"],
        ["x: !!str y"],
        ["x: !t y"],
        ["<<: {a: b}"],
        ["id: again"],
        ["x:", "\ty: 1"],
        ["x: a: b"],
        ["x: 'open"],
        ["x: [1, 2"],
        ["x: @y"],
        ["? [k]", ": v"],
        ["x: \x1b"],
        ["x: " + "[" * 12 + "]" * 12],
        ["<<<<<<< ours"],
        ["=: {a: 1, a: 2}"],
    ]
)


class Made(NamedTuple):
    """A generated file: its bytes, and per key the bytes before, of and after its block."""

    data: bytes
    blocks: dict[str, tuple[bytes, bytes, bytes]]


@st.composite
def made(draw: st.DrawFn, poison: bool = False) -> Made:
    """A file with every kind of awkwardness."""
    fields = {name: single(name) for name in SINGLE if name != "custom key"} | {
        name: several(name) for name in MANY
    }
    names = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=5, unique=True))
    parts: list[tuple[str, list[str]]] = [("", draw(FILLER)), ("id", ["id: A-1"])]
    for name in names:
        before = parts[-1][1]
        filler = (
            draw(FILLER)
            if not re.search(": [|>]", "".join(before[:1]))
            else draw(st.sampled_from([[], ["# a comment"]]))
        )
        parts += ("", filler), (name, draw(fields[name]))
    parts += [
        ("", each) for each in draw(st.lists(UNKNOWN, max_size=2, unique_by=lambda each: each[0]))
    ]
    if poison:
        parts.insert(draw(st.integers(2, len(parts))), ("", draw(POISON)))
    inset = draw(st.sampled_from(["", "", "", " ", "   "])) if not poison else ""
    newlines = draw(st.sampled_from([["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"]]))
    texts = [
        (
            name,
            "".join(
                (inset + line if line else "") + draw(st.sampled_from(newlines)) for line in lines
            ),
        )
        for name, lines in parts
    ]
    newline = newlines[0]
    start = (
        ("\ufeff" if draw(st.booleans()) else "")
        + draw(st.sampled_from(["---", "---", "--- ", "---\t"]))
        + newline
    )
    end = draw(st.sampled_from(["---", "---", "...", "---  "]))
    body = draw(BODY).replace("\n", newline)
    end += newline + body if body or draw(st.booleans()) else ""
    whole, blocks = start, {}
    for at, (name, text) in enumerate(texts):
        if name:
            rest = "".join(each for _, each in texts[at + 1 :]) + end
            blocks[name] = (whole.encode(), text.encode(), rest.encode())
        whole += text
    return Made((whole + end).encode(), blocks)


def check_outside(made: Made, name: str, after: bytes) -> None:
    """Every byte outside the block of ``name`` is as it was; of a key that was not there, everything is, around the one new piece."""
    if name in made.blocks:
        before, _, rest = made.blocks[name]
        assert after.startswith(before)
        assert after.endswith(rest)
        assert len(after) >= len(before) + len(rest)
        return
    size = next(
        (at for at, (old, new) in enumerate(zip(made.data, after, strict=False)) if old != new),
        min(len(made.data), len(after)),
    )
    assert made.data[size:] == after[len(after) - (len(made.data) - size) :]
    assert len(after) >= len(made.data)


COMMENTS = (
    b"# why",
    b"# a: b, [c]",
    b"# about",
    b"# elsewhere",
    b"# end",
    b"# none left",
    b"# before",
    b"# kept",
    b"# tab",
    b"# 'x\" {",
)


def block_of(made: Made, name: str, data: bytes) -> bytes:
    """What stands in ``data`` in the place of a key's block."""
    before, _, rest = made.blocks[name]
    return data[len(before) : len(data) - len(rest)]


def check_around(made: Made, name: str, after: bytes) -> None:
    """Within its block everything around a single value is as it was: the key, the spaces, the comments."""
    node, _ = node_of(made.data, name)
    if node.style in ("|", ">"):  # the header's comment goes with the style
        return
    found = read(made.data, "a.md")
    assert found.head
    start, end = (
        len(encode(found, found.text[: found.head[0] + at])) for at in (node.start, node.end)
    )
    before, _, rest = made.blocks[name]
    lead, tail = made.data[len(before) : start], made.data[end : len(made.data) - len(rest)]
    new = block_of(made, name, after)
    assert new.startswith(lead)
    assert new.endswith(tail)


def plain(data: bytes, name: str) -> tuple[str, ...]:
    """The value of a key as PyYAML reads it, as texts; a null is an empty text."""
    root = yaml.compose(read(data, "a.md").front, yaml.CBaseLoader)
    node = next((value for key, value in root.value if key.value == name), None)
    listed = node.value if isinstance(node, yaml.SequenceNode) else [node] if node else []
    return tuple(
        "" if not each.style and each.value in ("~", "null") else each.value for each in listed
    ) or ("",)


def attempt(data: bytes, *edits: Edit) -> bytes | None:
    """The edited bytes; None if it was refused, with a reason and a remedy."""
    try:
        return edited(data, "a.md", edits, SCHEMA)
    except EditRefused as error:
        refused = error
    assert re.match(r"a\.md(:\d+:\d+)?: .", refused.message), refused.message
    assert refused.hint
    return None


def check_set(made: Made, name: str, value: str) -> None:
    after = attempt(made.data, Set(name, value))
    heading = (
        name == "title"
        and name not in made.blocks
        and parse("a.md", made.data, SCHEMA).fields.get("title") == "Head"
    )
    if after is None:
        assert heading
        return
    if heading:
        assert parse("a.md", after, SCHEMA).fields["title"] == value
        return
    check_outside(made, name, after)
    assert values(after)[name] == value
    if name in made.blocks:
        check_around(made, name, after)
        old = plain(made.data, name)
        if not old[0]:
            return
        back = attempt(after, Set(name, old[0]))
        assert back is not None
        assert plain(back, name) == old
        if restorable(made, name, value, after):
            assert back == made.data


def node_of(data: bytes, name: str) -> tuple[Node, str]:
    """The node of a key, and its source."""
    front = read(data, "a.md").front
    node = next(each.value for each in scan(front, "a.md").entries if each.key == name)
    return node, front[node.start : node.end]


def restorable(made: Made, name: str, value: str, after: bytes) -> bool:
    """Whether the value is on one line as plaintrack itself would write it in that style, or a literal block that stays one.

    Quotes that were not needed are lost where the value between needs them: nothing says any more whose they were.
    """
    node, source = node_of(made.data, name)
    if node.style == "|":
        mixed = b"\r\n" in made.data and b"\n" in made.data.replace(b"\r\n", b"")
        return (
            not mixed
            and node_of(after, name)[0].style == "|"
            and not re.search(r"[ \t][\r\n]|[ \t]\Z", source)
        )
    if not node.value or "\n" in source or "\r" in source or node.null:
        return False
    kinds = (
        [SCHEMA.fields[name].kind]
        if name in SCHEMA.fields
        else ["text", "number", "date", "boolean"]
    )
    wanted = {
        "'": "'" + node.value.replace("'", "''") + "'",
        '"': '"' + node.value.replace('"', '\\"') + '"',
    }
    if (
        node.style in ("'", '"')
        and source != scalar(node.value, kinds[0])
        and scalar(value, kinds[0]) != value
    ):
        return False
    return source == wanted.get(node.style) or (
        not node.style and any(scalar(node.value, kind) == source for kind in kinds[:1])
    )


def check_list(made: Made, name: str, wanted: tuple[str, ...]) -> None:
    after = attempt(made.data, Set(name, wanted))
    assert after is not None
    check_outside(made, name, after)
    assert plain(after, name) == wanted
    if name in made.blocks:
        block = made.blocks[name][1]
        assert all(
            block_of(made, name, after).count(comment) <= block.count(comment)
            for comment in COMMENTS
        )


def check_members(made: Made, name: str, new: tuple[str, ...]) -> None:
    old = plain(made.data, name)
    assume(not set(new) & set(old))
    added = attempt(made.data, Add(name, new))
    assert added is not None
    check_outside(made, name, added)
    if name in made.blocks:
        block = made.blocks[name][1]
        assert all(
            block_of(made, name, added).count(comment) == block.count(comment)
            for comment in COMMENTS
        )
    assert plain(added, name) == (
        *(old if old != ("",) or b"-" in made.blocks.get(name, (b"",) * 3)[1] else ()),
        *new,
    )
    removed = attempt(added, Remove(name, new))
    if removed is None:
        assert not any(old)
        assert joins_what_is_above(made, name)
        return
    check_outside(made, name, removed)
    listed = isinstance(values(made.data).get(name), list)
    if listed and any(old):
        assert removed == made.data
    for each in filter(None, old):
        less = attempt(made.data, Remove(name, (each,)))
        if less is None:
            assert len(old) == 1
            assert joins_what_is_above(made, name)
            continue
        check_outside(made, name, less)
        assert set(plain(less, name)) - {""} == set(old) - {each, ""}


def joins_what_is_above(made: Made, name: str) -> bool:
    """Whether a comment or blank line below the block would become part of a block scalar above if the block were gone."""
    before, _, rest = made.blocks[name]
    return bool(re.search(rb": [|>][^#\r\n]*", before)) and rest.lstrip(b" ")[:1] in (
        b"#",
        b"\n",
        b"\r",
    )


def check_unset(made: Made, name: str) -> None:
    after = attempt(made.data, Unset(name))
    if after is None:
        assert joins_what_is_above(made, name)
        return
    if name not in made.blocks:
        assert after == made.data
        return
    before, _, rest = made.blocks[name]
    assert after.startswith(before)
    assert after.endswith(rest)
    assert name not in values(after)
    assert name.encode() not in after[len(before) : len(after) - len(rest)]


CHANGES = st.one_of(
    st.tuples(
        st.just(check_set),
        st.sampled_from([each for each in SINGLE if each not in ("foo", "custom key")]),
        WORDS | VALUES,
    ),
    st.tuples(
        st.just(check_list),
        st.sampled_from(MANY),
        st.lists(VALUES, min_size=1, max_size=4, unique=True).map(tuple),
    ),
    st.tuples(
        st.just(check_members),
        st.sampled_from(MANY),
        st.lists(VALUES.filter(str.strip), min_size=1, max_size=3, unique=True).map(tuple),
    ),
    st.tuples(st.just(check_unset), st.sampled_from((*SINGLE, *MANY))),
)


def check(made: Made, change: tuple[Any, ...]) -> None:
    assume(parse("a.md", made.data, SCHEMA).id)
    change[0](made, *change[1:])


@settings(max_examples=250, deadline=None)
@given(made(), CHANGES)
def test_awkward_front_matter_is_edited_by_span(made: Made, change: tuple[Any, ...]) -> None:
    check(made, change)


@pytest.mark.slow
@settings(max_examples=12_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(made(), CHANGES)
def test_awkward_front_matter_is_edited_by_span_at_length(
    made: Made, change: tuple[Any, ...]
) -> None:
    check(made, change)


@settings(max_examples=100, deadline=None)
@given(made(poison=True), st.sampled_from(SINGLE), VALUES)
def test_what_cannot_be_trusted_is_refused(made: Made, name: str, value: str) -> None:
    assume(not parse("a.md", made.data, SCHEMA).id)
    assert attempt(made.data, Set(name, value)) is None
    assert attempt(made.data, Add("tags", ("x",))) is None


@given(
    st.sampled_from(["", "text", "# Head\n\ntext", "--\nid: a\n--\n", "---\nid: a\n"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_without_front_matter_every_edit_is_refused(text: str, newline: str) -> None:
    assert attempt(text.replace("\n", newline).encode(), Set("title", "x")) is None


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
