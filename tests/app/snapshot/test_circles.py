"""Who closes a circle of items is told so at once, by whatever way."""

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
        (("T-3", "project=T-3"), "T-3 is its own project"),
        (("T-1", "depends_on+=T-3 SS+1d"), "in a circle"),
        (("T-2", "depends_on+=T-2", "--dry-run"), "T-2 depends on itself"),
        (("--where", "id:T-1", "depends_on=T-2", "--yes"), "T-1 → T-2 → T-1"),
    ],
)
def test_a_circle_is_told(place, words, said):
    place("set", *words)
    assert said in place.err


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
