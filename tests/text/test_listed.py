"""Lists in one text: what is joined is taken apart into the same values, and plain commas mean what they always did."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.model.listed import joined, split


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_what_is_joined_is_split_into_the_same(values):
    assert split(joined(values)) == values


@pytest.mark.parametrize(("text", "values"), [
    ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("", [""]), ("a,", ["a", ""]), ('"Doe, Jane",bob', ["Doe, Jane", "bob"]),
    ('bob, "Doe, Jane"', ["bob", "Doe, Jane"]), ('say "hi", b', ['say "hi"', "b"]), ('"a', ['"a']), ('"a"b,c', ['"a"b', "c"]), ('"a ""b"""', ['a "b"']),
])  # fmt: skip
def test_how_it_is_written(text, values):
    assert split(text) == values


def test_a_name_with_a_comma_in_every_place(empty):
    """Set, added, removed, asked for, by a rule and by default."""
    (empty.folder / "plaintrack.yml").write_text(
        "fields: {owner: {type: list of choice, choices: ['Doe, Jane', bob], default: ['Doe, Jane']}}\n"
    )
    (empty.folder / "automations").mkdir()
    (empty.folder / "automations/r.yml").write_text(
        "name: r\non: {entered: done}\ndo:\n- add: {tags: ['x, y', z]}\n- set: {assignee: {rotate: ['Doe, Jane', bob]}}\n"
    )

    def values(field):
        return json.loads(empty("list", "--all", "--format", "json", "--columns", f"id,{field}"))[
            "items"
        ][0][field]

    item = empty("add", "One", 'assignee="Doe, Jane",bob').split()[0]
    assert values("owner") == ["Doe, Jane"]
    assert values("assignee") == ["Doe, Jane", "bob"]
    assert empty("list", 'assignee:"Doe, Jane"', "--format", "ids").split() == [item]
    empty("set", item, 'assignee-="Doe, Jane"')
    assert values("assignee") in ("bob", ["bob"])
    empty("set", item, 'assignee+="Doe, Jane"', "status=done")
    assert values("tags") == ["x, y", "z"]
    assert values("assignee") == ["Doe, Jane"]
