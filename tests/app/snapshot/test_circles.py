"""A link that closes a circle of items is refused where it is made; an editor's is told."""

import pytest

ITEM = "---\nid: {}\ntitle: {}\nstatus: todo\n{}---\n"


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\n")
    (empty.folder / "tasks").mkdir()
    for item, more in (
        ("T-1", ""),
        ("T-2", "depends_on: [T-1]\n"),
        ("T-3", "depends_on: [T-2]\nparent: T-1\n"),
    ):
        (empty.folder / f"tasks/{item}.md").write_text(ITEM.format(item, item, more))
    return empty


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("T-1", "depends_on+=T-3"),
            "T-1 → T-3 → T-2 → T-1: they depend on each other in a circle",
        ),
        (("T-1", "depends_on=T-1"), "T-1 depends on itself"),
        (("T-1", "parent=T-3"), "T-1 → T-3 → T-1: they contain each other in a circle"),
        (("T-2", "T-1", "depends_on+=T-3"), "T-1 → T-3 → T-2 → T-1"),
        (("T-3", "project=T-3"), "T-3 is its own project"),
        (("T-1", "depends_on+=T-3 SS+1d"), "in a circle"),
        (("T-2", "depends_on+=T-2", "--dry-run"), "T-2 depends on itself"),
        (("--where", "id:T-1", "depends_on=T-2", "--yes"), "T-1 → T-2 → T-1"),
    ],
)
def test_a_link_that_closes_a_circle_is_refused(place, words, said):
    before = {path: path.read_bytes() for path in (place.folder / "tasks").iterdir()}
    place("set", *words, code=2)
    assert said in place.err
    assert {path: path.read_bytes() for path in before} == before


def test_of_several_items_none_is_linked_if_one_cannot_be(place):
    place("set", "T-1", "T-2", "parent=T-2", code=2)
    assert "T-2 is its own parent" in place.err
    assert "parent" not in (place.folder / "tasks/T-1.md").read_text()
    place("set", "T-1", "T-2", "depends_on+=T-3", code=2)
    assert place("undo", "--list") == ""


def test_who_is_in_a_circle_already_can_leave_it(place):
    path = place.folder / "tasks/T-1.md"
    path.write_text(path.read_text().replace("todo\n", "todo\ndepends_on: [T-3]\n"))
    place("set", "T-1", "parent=T-2")
    place("set", "T-1", "depends_on=")


@pytest.mark.parametrize(
    "words", [("T-3", "depends_on+=T-1"), ("T-2", "parent=T-1"), ("T-1", "depends_on=")]
)
def test_no_circle_is_told_where_there_is_none(place, words):
    place("set", *words)
    assert "circle" not in place.err


def test_an_editor_is_told_too(place, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/^title.*/depends_on: T-2/" "$1"\n')
    editor.chmod(0o755)
    place("edit", "T-1", EDITOR=str(editor))
    assert "T-1 → T-2 → T-1: they depend on each other in a circle" in place.err
