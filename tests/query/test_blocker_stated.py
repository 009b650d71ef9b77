"""`blocker: TEXT` makes an item blocked, in the index, one item at a time, and without it."""

import pytest

ITEM = "---\nid: T-{0}\ntitle: Item {0}\nstatus: {1}\n{2}---\n"


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\nfolders: [tasks]\n")
    (empty.folder / "tasks").mkdir()
    for number, status, more in (
        (1, "todo", "blocker: waiting for the vendor\n"),
        (2, "todo", "depends_on: [T-3]\n"),
        (3, "in-progress", ""),
        (4, "done", "blocker: it was the weather\n"),
    ):
        (empty.folder / f"tasks/T-{number}.md").write_text(ITEM.format(number, status, more))
    return empty


def blocked(place):
    return place("list", "is:blocked", "--format", "ids", "sort:id").split()


def test_a_reason_blocks_as_an_open_dependency_does(place):
    assert blocked(place) == ["T-1", "T-2"]
    assert "blocked (waiting for the vendor)" in place("show", "T-1")
    assert place("list", "is:ready", "--format", "ids", "sort:id").split() == ["T-3"]
    place("set", "T-3", "blocker=no power")
    assert blocked(place) == ["T-1", "T-2", "T-3"]
    place("set", "T-1", "blocker=")
    assert blocked(place) == ["T-2", "T-3"]
    place("done", "T-3")
    assert blocked(place) == []
    path = place.folder / "tasks/T-1.md"
    path.write_text(path.read_text().replace("status:", "iteration: T-9\nstatus:"))
    assert "T-9" in place("check", code=1)


def test_a_field_of_the_workspace_by_that_name_blocks_nothing(place):
    (place.folder / "plaintrack.yml").write_text(
        "timezone: UTC\nfolders: [tasks]\nfields: {blocker: {type: text}, iteration: {type: integer}}\n"
    )
    assert blocked(place) == ["T-2"]
    assert "waiting for the vendor)" not in place("show", "T-1")
    place("set", "T-1", "iteration=4")
    place("check", code=0)
