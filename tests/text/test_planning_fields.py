"""The fields of the plan: lags beside ids, needs, shares, and workspaces that had such keys before."""

import pytest

from plaintrack.config.settings import read as settings
from plaintrack.merge.item import merge
from plaintrack.model.dependency import LAGS, Dependency, dependencies, dependency
from plaintrack.model.edit import Add, Remove, Set
from plaintrack.model.fields import schema
from plaintrack.model.need import BadNeed, Need, Option, key, need
from plaintrack.text.edit import edited
from plaintrack.text.parse import parse

SCHEMA = schema()
HEAD = "---\nid: PT-1\ntitle: x\ndepends_on:\n"


def item(*lines: str) -> bytes:
    return (HEAD + "".join(f"- {line}\n" for line in lines) + "---\n").encode()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("PT-9", Dependency("PT-9")),
        ("PT-9 +2d", Dependency("PT-9", "FS", 960)),
        ("PT-9 + 2d", Dependency("PT-9", "FS", 960)),
        ("PT-9 -4h", Dependency("PT-9", "FS", -240)),
        ("PT-9 +2ed", Dependency("PT-9", "FS", 2880, True)),
        ("PT-9 ss+1w", Dependency("PT-9", "SS", 2400)),
        ("PT-9 SF -1.5d", Dependency("PT-9", "SF", -720)),
        ("PT-9 FF", Dependency("PT-9", "FF")),
        ("PT-9 FS", Dependency("PT-9")),
        ("PT-9 +1ew2ed", Dependency("PT-9", "FS", 12960, True)),
        ("PT-9 +1d2ed", Dependency("PT-9")),
        ("two words", Dependency("two words")),
    ],
)
def test_an_element_says_kind_and_lag(text: str, wanted: Dependency):
    assert dependency(text) == wanted


def test_readers_of_the_field_see_ids_and_the_planner_sees_lags():
    task = parse("a.md", item("PT-9 SS+1d", "PT-8"), SCHEMA)
    assert task.many("depends_on") == ("PT-9", "PT-8")
    assert not task.problems
    found = dependencies(task.many("depends_on"), task.many(LAGS))
    assert found == (Dependency("PT-9", "SS", 480), Dependency("PT-8"))


def test_a_lag_that_cannot_be_read_is_told_at_its_place():
    (problem,) = parse("a.md", item("PT-8", "PT-9 +2x"), SCHEMA).problems
    assert (problem.code, problem.line, problem.column) == ("field-value", 6, 3)
    assert "+2ed" in problem.hint


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (["PT-9 +2d", "PT-8"], Add("depends_on", ("PT-9 +3d",)), ["PT-9 +3d", "PT-8"]),
        (["PT-9 +2d", "PT-8"], Add("depends_on", ("PT-9",)), ["PT-9", "PT-8"]),
        (["PT-9 +2d", "PT-8"], Add("depends_on", ("PT-7",)), ["PT-9 +2d", "PT-8", "PT-7"]),
        (["PT-9 +2d", "PT-8"], Remove("depends_on", ("pt-9",)), ["PT-8"]),
        (["PT-9 +2d", "PT-8"], Set("depends_on", ("PT-8",)), ["PT-8"]),
    ],
)
def test_the_id_is_the_identity_of_an_element(before, edit, after):
    assert edited(item(*before), "a.md", (edit,), SCHEMA) == item(*after)


def test_needs_are_told_apart_by_what_is_needed():
    data = b"---\nid: PT-1\ntitle: x\nneeds:\n- 2 van\n- skill:welding\n---\n"
    found = edited(data, "a.md", (Add("needs", ("3 van",)),), SCHEMA)
    assert found == data.replace(b"2 van", b"3 van")


@pytest.mark.parametrize(
    ("one", "two", "wanted"),
    [
        (["PT-9 +2d", "PT-8"], ["PT-9", "PT-8", "PT-7"], ["PT-9 +2d", "PT-8", "PT-7"]),
        (["PT-9 +2d", "PT-8"], ["PT-9"], ["PT-9 +2d"]),
        (["PT-9 +2d", "PT-8"], ["PT-9 +3d", "PT-8"], None),
        (["PT-9 +2d", "PT-8"], ["PT-8"], None),
        (["PT-9 +2d", "PT-8"], ["PT-9 +2d", "PT-8"], ["PT-9 +2d", "PT-8"]),
    ],
)
def test_two_lags_of_one_dependency_are_a_conflict(one, two, wanted):
    for some in ((one, two), (two, one)):
        found = merge(item("PT-9", "PT-8"), *(item(*each) for each in some), "a.md", SCHEMA)
        assert found.clean == (wanted is not None)
        if wanted:
            assert found.data == item(*wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rig", (Option(1, "rig"),)),
        ("2 van", (Option(2, "van"),)),
        ("2 of platform", (Option(2, "platform"),)),
        ("2 skill: welding", (Option(2, "welding", True),)),
        ("van | 2 truck", (Option(1, "van"), Option(2, "truck"))),
    ],
)
def test_a_need(text, wanted):
    assert need(text) == Need(wanted)
    assert key(text) == key(f"3 {text}" if text[0].isalpha() else f"3{text[1:]}")


@pytest.mark.parametrize("text", ["1000000000 van", "van |", "0 van", ""])
def test_a_need_that_cannot_be_read(text):
    with pytest.raises(BadNeed):
        need(text)


def test_a_mapping_where_a_line_was_meant_shows_the_line():
    data = b"---\nid: PT-1\ntitle: x\nneeds:\n- rig\n- skill: welding\n---\n"
    task = parse("a.md", data, SCHEMA)
    (problem,) = task.problems
    assert (problem.line, problem.code) == (6, "newer-field")
    assert "write `- skill:welding`" in problem.hint
    assert task.many("needs") == ("rig",)


@pytest.mark.parametrize(
    ("given", "own", "key"),
    [
        ({}, (), "needs"),
        ({"needs": {"type": "text"}}, ("needs",), "needs"),
        ({"needs": {"key": "requires"}}, (), "requires"),
        ({"assignee": {"key": "needs"}}, ("needs",), None),
        ({"assignee": {"key": "needs"}, "needs": {"key": "requires"}}, (), "requires"),
        ({"wants": {"key": "needs"}}, ("needs",), None),
    ],
)
def test_a_key_that_the_workspace_has_is_its_own(given, own, key):
    found = settings({"fields": given}).schema
    assert found.own == own
    field = found.fields.get("needs")
    assert (field and (field.key or field.name)) == key
    if field:
        assert field.element == ("" if own else "need")


def test_undeclared_values_of_before_are_kept_and_told():
    data = b"---\nid: PT-1\ntitle: x\nshare: with sales\nduration: 3 moons\nteam: {a: b}\n---\n"
    task = parse("a.md", data, SCHEMA)
    assert [each.code for each in task.problems] == ["newer-field"] * 3
    assert task.text("share") == "with sales"
    assert task.text("duration") == "3 moons"
    assert task.text("team") == "{a: b}"


def test_another_trackers_key_takes_no_lags():
    found = settings({"fields": {"depends_on": {"key": "dependencies"}}}).schema
    assert not found.fields["depends_on"].element
    task = parse("a.md", b"---\nid: PT-1\ntitle: x\ndependencies: [PT-9 +2d]\n---\n", found)
    assert task.many("depends_on") == ("PT-9 +2d",)
