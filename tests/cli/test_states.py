"""The state of an item, in one word, and the terms that ask for it."""

import json

import pytest

from plaintrack.query.columns import STANDS

ITEMS = {
    "T-1": ("cancelled", "status: cancelled", "due: 2026-01-01"),
    "T-2": ("done", "status: done", "wait: 2027-01-01"),
    "T-3": ("overdue", "status: todo", "due: 2026-01-01", "depends_on: T-6"),
    "T-4": ("blocked", "status: in-progress", "depends_on: T-6", "wait: 2027-01-01"),
    "T-5": ("waiting", "status: in-progress", "wait: 2027-01-01"),
    "T-6": ("active", "status: in-progress"),
    "T-7": ("ready", "status: todo", "depends_on: T-2"),
}


@pytest.fixture
def work(empty):
    empty("init", "--prefix", "T")
    for item, (_, *lines) in ITEMS.items():
        text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
        (empty.folder / f"tasks/{item}.md").write_text(text)
    return empty


def ids(shell, *query):
    return shell("list", *query, "--format", "ids", "--sort", "id").split()


def test_each_item_has_the_first_state_that_holds(work):
    rows = json.loads(work("list", "--all", "--columns", "id,state", "--format", "json"))["items"]
    assert {row["id"]: row["state"] for row in rows} == {
        item: told for item, (told, *_) in ITEMS.items()
    }
    for item, (told, *_) in ITEMS.items():
        assert ids(work, f"state:{told}") == [item]
        assert f"  state        {told}" in work("show", item)
    assert ids(work, "state<=done") == ["T-1", "T-2"]
    groups = work("list", "--all", "--group", "state", "--sort", "state")
    assert [groups.index(f"\n{each}  (1)") for each in STANDS] == sorted(
        groups.index(f"\n{each}  (1)") for each in STANDS
    )
    assert [
        row["value"]
        for row in json.loads(work("stats", "--by", "state", "--format", "json"))["items"]
    ] == list(STANDS)


def test_terms_ask_for_each_state_as_it_holds(work):
    assert ids(work, "is:blocked") == ["T-3", "T-4"]
    assert ids(work, "is:waiting") == ["T-4", "T-5"]
    assert ids(work, "is:blocking") == ["T-6"]
    assert ids(work, "is:done") == ["T-2"]
    assert ids(work, "is:cancelled") == ["T-1"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("late", "overdue: past its due; slipping: planned to end after it"),
        ("finished", "done: closed as done; closed: done or cancelled"),
        ("mine", "write assignee:me"),
        ("blockd", "did you mean blocked?"),
    ],
)
def test_another_word_is_answered_with_the_right_one(work, word, hint):
    work("list", f"is:{word}", code=2)
    assert hint in work.err


def test_a_field_of_that_name_comes_first(work):
    with (work.folder / "plaintrack.yml").open("a") as file:
        file.write("fields: {state: {type: text}}\n")
    assert ids(work, "state:ready") == []
    work("set", "T-6", "state=Bavaria", "--yes")
    assert ids(work, "state:bavaria") == ["T-6"]
