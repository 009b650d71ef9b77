"""What a file's bytes become: documents, tasks, and problems that say where and what to do."""

import time

import pytest

from plaintrack.model.fields import Field, schema
from plaintrack.model.task import Step, Task, Value
from plaintrack.text.document import Unreadable, encode, read
from plaintrack.text.format import document, slug
from plaintrack.text.markdown import heading, steps
from plaintrack.text.nodes import BadYaml, mapping, scan
from plaintrack.text.parse import canonical, parse

SCHEMA = schema(
    {
        "effort": Field("effort", "number"),
        "count": Field("count", "integer"),
        "urgent": Field("urgent", "boolean"),
        "reviewed": Field("reviewed", "date", many=True),
        "depends_on": Field("depends_on", "link", many=True, key="dependencies"),
    }
)


def task(head: str, body: str = "") -> Task:
    """The Task of a front matter that has an id and a title already."""
    return parse("tasks/a.md", f"---\nid: A-1\ntitle: t\n{head}\n---\n{body}".encode(), SCHEMA)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"no front matter", "no-front-matter"),
        (b"\n---\nid: a\n---\n", "no-front-matter"),
        (b"----\nid: a\n---\n", "no-front-matter"),
        (b"---\nid: a\n", "unterminated"),
        (b"---\nid: a\n----\n", "unterminated"),
        (b"---\nid: a\xff\n---\n", "encoding"),
        ("---\nid: a\n---\n".encode("utf-16"), "encoding"),
        (b"---\nid: a\n---\nx\0", "nul"),
        (b"---\n" + b"a: b\n" * 20000 + b"---\n", "too-large"),
        (b"---\n---\n" + b"x" * 1_000_000, "too-large"),
        (b"---\nid: a\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n---\n", "conflict"),
        (
            b"---\nid: a\n<<<<<<<< ours\nb: 1\n||||||||\n========\nb: 2\n>>>>>>>> t\n---\n",
            "conflict",
        ),
        (b"<<<<<<< a\n---\nid: a\n---\n=======\n---\nid: b\n---\n>>>>>>> b\n", "conflict"),
    ],
)
def test_unreadable(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, "a.md")
    assert caught.value.problem.code == code
    assert caught.value.problem.hint
    found = parse("a.md", data, SCHEMA)
    assert found.id == ""
    assert not found.fields
    assert [each.code for each in found.problems] == [code]


def test_encoding_problem_names_the_byte_offset() -> None:
    problem = parse("a.md", b"---\nid: a\xff\n---\n", SCHEMA).problems[0]
    assert "offset 9" in problem.message
    assert problem.place == "a.md:2:6"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("fences", [("---", "---"), ("--- ", "...\t"), ("---", "---  ")])
def test_document_keeps_everything(newline: str, bom: bytes, fences: tuple[str, str]) -> None:
    text = newline.join([fences[0], "id: a", fences[1], "body", ""])
    found = read(bom + text.encode(), "a.md")
    assert (found.front, found.text[found.body :]) == (f"id: a{newline}", f"body{newline}")
    assert (found.newline, found.bom) == (newline, bool(bom))
    assert encode(found, found.text) == bom + text.encode()


def test_empty_head_and_dashes_in_the_body() -> None:
    found = read(b"---\n---\na\n---\nb", "a.md")
    assert found.front == ""
    assert found.text[found.body :] == "a\n---\nb"


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "0123",
        "12:30",
        "1_000",
        "1e3",
        "2026-02-30",
        "yes",
        "0x_",
        "1.10",
        "9" * 5000,
        "22:22:22",
    ],
)
def test_scalars_stay_what_was_typed(text: str) -> None:
    assert task(f"country: {text}\ntags: [{text}]").fields["country"] == text
    assert task(f"tags: [{text}]").fields["tags"] == (text,)
    assert mapping(f"a: {{b: [{text}]}}", "s.yml") == {"a": {"b": [text]}}


def test_values_by_kind() -> None:
    found = task(
        "status: todo\nassignee: alice\ndependencies: [A-2, A-3]\ndue: 2026-12-01\nstart: 2026-11-23 01:26\n"
        "created: 2026-11-22T10:00:00Z\nestimate: 1w2d\neffort: 2.50\ncount: 007\nurgent: Yes\npriority: ~\ngoal:\n"
        "reviewed: [2026-01-01, 2026-01-02]\nother: [a, {b: c}]\nmore: {x: 1}\n"
    )
    assert found.problems == ()
    assert found.fields == {
        "id": "A-1", "title": "t", "status": "todo", "assignee": ("alice",), "depends_on": ("A-2", "A-3"),
        "due": "2026-12-01", "start": "2026-11-23T01:26:00", "created": "2026-11-22T10:00:00+00:00", "estimate": "1w2d",
        "effort": "2.50", "count": "7", "urgent": "true", "reviewed": ("2026-01-01", "2026-01-02"),
        "other": ("a", "{b: c}"), "more": "{x: 1}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "code", "place"),
    [
        ("due: 2026-02-30", "field-value", "4:6"),
        ("due: tomorrow", "field-value", "4:6"),
        ("start: 2026-12-01T25:00:00", "field-value", "4:8"),
        ("estimate: 3 days", "field-value", "4:11"),
        ("count: 1.5", "field-value", "4:8"),
        ("effort: much", "field-value", "4:9"),
        ("urgent: perhaps", "field-value", "4:9"),
        ("status: [todo]", "field-type", "4:9"),
        ("tags: {a: b}", "field-type", "4:7"),
        ("tags: [a, [b]]", "field-type", "4:11"),
        ("dependencies: {}", "field-type", "4:15"),
        ("reviewed: [2026-01-01, soon]", "field-value", "4:24"),
    ],
)
def test_bad_values_are_problems_at_their_place(head: str, code: str, place: str) -> None:
    found = task(head)
    assert found.id == "A-1"
    assert [(each.code, each.place.partition(":")[2], each.excerpt) for each in found.problems] == [
        (code, place, head)
    ]
    assert found.problems[0].severity == "error"


def test_unknown_choice_is_kept_with_a_warning() -> None:
    found = task("status: doing")
    assert found.fields["status"] == "doing"
    assert [(each.code, each.severity) for each in found.problems] == [
        ("unknown-choice", "warning")
    ]


@pytest.mark.parametrize("text", ["-x", "a b", "../x", "é", "a/b", "x" * 65, "[a]"])
def test_bad_ids(text: str) -> None:
    found = parse("a.md", f"---\ntitle: t\nid: {text}\n---\n".encode(), SCHEMA)
    assert found.id == ""
    assert "id" not in found.fields
    assert {"bad-id", "field-type"} & {each.code for each in found.problems}
    assert any(each.line == 3 for each in found.problems)


def test_title_falls_back_to_the_heading_then_to_the_file_name() -> None:
    assert parse("x/y.md", b"---\nid: a\n---\n\n## Head ##\n", SCHEMA).fields["title"] == "Head"
    assert parse("x/y.md", b"---\nid: a\n---\ntext\n# Head\n", SCHEMA).fields["title"] == "Head"
    found = parse("x/y.md", b"---\nid: a\n---\ntext\n```\n# Head\n```\n", SCHEMA)
    assert found.fields["title"] == "y"
    assert [each.severity for each in found.problems] == ["warning"]


def test_steps_are_list_items_outside_fences() -> None:
    body = "- [ ] a\n```\n- [ ] no\n~~~\n```\n  * [x] b\n1. [X] c `x`\n[ ] no\n- [y] no\n~~~~ md\n- [ ] no\n~~~\n~~~~~\n- [ ] d"
    assert steps(body) == (
        Step("a", False, 0),
        Step("b", True, 5),
        Step("c `x`", True, 6),
        Step("d", False, 13),
    )
    assert steps(body.replace("\n", "\r\n")) == steps(body)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("# A", "A"),
        ("\n\n  ## B ##  \n", "B"),
        ("#no", ""),
        ("x\n# A", "A"),
        ("", ""),
        ("    # code", ""),
        ("#", ""),
        ("## ##", ""),
        ("# C#", "C#"),
        ("# a" + " " * 300_000 + "b", "a" + " " * 300_000 + "b"),
    ],
)
def test_heading(body: str, wanted: str) -> None:
    assert heading(body) == wanted


def test_body_with_conflict_markers_is_a_problem() -> None:
    found = task("", "x\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n")
    assert found.id == "A-1"
    assert [(each.code, each.line) for each in found.problems] == [("conflict", 7)]
    assert task("", "bits << 7 and <<<<<<< in a line >>>>>>>\n").problems == ()


def test_cut_off_by_a_hash_is_a_warning() -> None:
    assert [each.code for each in task("goal: fix #12").problems] == ["hash"]
    assert task("goal: fix # a comment").problems == ()


ATTACKS = {
    "alias bomb": ("a: &a [x]\nb: [*a, *a]", "yaml-alias"),
    "merge key": ("a: {<<: {b: 1}}", "yaml-merge"),
    "deep flow": ("a: " + "[" * 30_000, "yaml-depth"),
    "deep block": ("a:\n" + " " + "- " * 30_000, "yaml-depth"),
    "deep closed": ("a: " + "{b: " * 9 + "}" * 9, "yaml-depth"),
    "tag": ("a: !!python/object:os.system x", "yaml-tag"),
    "binary": ("a: !!binary aGk=", "yaml-tag"),
    "many": ("a: [" + "x," * 6000 + "]", "yaml-size"),
    "duplicate": ("title: u", "duplicate-key"),
    "nested duplicate": ("a: {b: 1, b: 2}", "duplicate-key"),
    "list key": ("? [a]\n: b", "yaml-key"),
    "directive": ("%YAML 1.2", "yaml"),
    "control": ("a: \x1b[31m", "yaml"),
    "tab": ("a:\n\tb: 1", "yaml"),
    "colon": ("goal: a: b", "yaml"),
    "at": ("assignee: @bob", "yaml"),
    "backtick": ("goal: `x`", "yaml"),
    "apostrophe": ("goal: 'it's", "yaml"),
    "unclosed": ('goal: "x', "yaml"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_front_matter_is_a_quick_problem(name: str) -> None:
    head, code = ATTACKS[name]
    start = time.perf_counter()
    found = task(head)
    assert time.perf_counter() - start < 0.5
    assert [each.code for each in found.problems] == [code]
    assert found.problems[0].line >= 2
    assert found.problems[0].hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [("colon", "`goal: 'a: b'`"), ("at", "`assignee: bob`"), ("backtick", "`goal: '`x`'`"), ("tab", "spaces"),
     ("apostrophe", '`goal: "it\'s"`'), ("unclosed", "`goal: 'x'`")],
)  # fmt: skip
def test_hints_say_how_to_write_it(name: str, hint: str) -> None:
    assert hint in task(ATTACKS[name][0]).problems[0].hint


def test_settings_are_read_by_the_same_door() -> None:
    assert mapping("a: no\nb:\n  c: [1, 0x1]\nd: ~\n", "s.yml") == {
        "a": "no",
        "b": {"c": ["1", "0x1"]},
        "d": "",
    }
    assert mapping("", "s.yml") == {}
    assert mapping("# only a comment\n", "s.yml") == {}
    with pytest.raises(BadYaml, match=r"s\.yml:2:5") as caught:
        mapping("a: 1\nb: c: d\n", "s.yml")
    assert "b: 'c: d'" in caught.value.hint
    assert "b: c: d" in caught.value.excerpt
    for text in ("- a\n", "a\n", "a: 1\n--- \nb: 2\n", "%YAML 1.2\n---\na: 1\n"):
        with pytest.raises(BadYaml):
            mapping(text, "s.yml")


def test_spans_leave_out_what_follows() -> None:
    text = "a:\n- x\n- y  # c\n\n# next\nb: |\n  text\n\nc: [1, 2]  # d\nd:\n"
    spans = {
        each.key: text[each.value.start : each.value.end] for each in scan(text, "a.md").entries
    }
    assert spans == {"a": "- x\n- y", "b": "|\n  text", "c": "[1, 2]", "d": ""}


def test_the_pure_python_parser_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from plaintrack.text import nodes

    text = "a:\n- x\n- 'y'  # c\n\nb: |\n  text é😀\n\nc: [1, {k: v}]  # d\nd:\ne: \"q\"\n"
    fast = scan(text, "a.md")
    monkeypatch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
    nodes._events.cache_clear()
    try:
        assert scan(text, "a.md") == fast
        assert [each.code for each in task("a: &x 1").problems] == ["yaml-alias"]
    finally:
        monkeypatch.undo()
        nodes._events.cache_clear()


def test_canonical() -> None:
    assert canonical("integer", "+07") == "7"
    assert canonical("number", "1e5") == "1e5"
    assert canonical("text", " x") == " x"
    assert canonical("date", "2026-1-5") is None
    assert canonical("duration", "1.5h30m") == "1.5h30m"


def test_a_new_document_and_its_name() -> None:
    fields: list[tuple[str, Value]] = [("tags", ("a", "b")), ("id", "A-1"), ("created", "2026-11-22T10:00:00+01:00"), ("title", "No: way"), ("severity", "no"),
              ("due", "2026-12-01"), ("depends_on", ("A-2",)), ("goal", "")]  # fmt: skip
    assert document(fields, "text", SCHEMA) == (
        "---\nid: A-1\ntitle: 'No: way'\ntags:\n- a\n- b\ndependencies:\n- A-2\ndue: 2026-12-01\nseverity: 'no'\n"
        "created: 2026-11-22T10:00:00+01:00\n---\ntext\n"
    )
    assert (
        slug("Fix the Löwen’s login: redirect & more words than fit")
        == "fix-the-lowens-login-redirect-more-words"
    )
    assert slug("日本") == ""
    assert len(slug("x" * 99)) == 40
