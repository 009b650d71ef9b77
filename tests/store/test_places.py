"""Where files, caches and workspaces may lie: odd names, worktrees, a workspace inside another."""

import json
import os

import pytest
from conftest import state

NAMES = [
    "with space",
    "Zoë 😀",
    "e\u0301 decomposed",
    "two\nlines",
    "-rf",
    "%s %2F",
    "quote'\"`",
    "x" * 240,
    "tab\there",
    "back\\slash",
    "~",
    "a:b?*",
]


def test_files_of_any_name_can_be_listed_edited_moved_and_undone(empty):
    """Each name as that of a file and of its folder."""
    empty("init")
    before = {}
    for number, name in enumerate(NAMES, 10):
        path = empty.folder / "tasks" / name / f"{name}.md"
        path.parent.mkdir()
        path.write_text(f"---\nid: PT-odd{number}\ntitle: Odd\nstatus: done\n---\n")
        before[path] = path.read_bytes()
    items = [f"PT-odd{number}" for number in range(10, 10 + len(NAMES))]
    listed = json.loads(empty("list", "--all", "--format", "json"))["items"]
    assert {each["path"] for each in listed} == {f"tasks/{name}/{name}.md" for name in NAMES}
    for words in (
        ["set", *items, "priority=high"],
        ["archive", *items],
        ["delete", *items, "--yes"],
    ):
        empty(*words)
        assert not any(
            path.exists() and path.read_bytes() == data for path, data in before.items()
        ), words
        empty("undo")
        assert {path: path.read_bytes() for path in before} == before, words


def test_a_name_that_is_not_utf8_is_told_and_stops_nothing(empty):
    empty("init")
    item = empty("add", "Good").split()[0]
    with open(os.fsencode(empty.folder) + b"/tasks/\xff\xfe.md", "w") as handle:
        handle.write("---\nid: PT-aaaaaa\ntitle: Bad name\n---\n")
    assert empty("list", "--format", "ids").split() == [item]
    assert "\\xff\\xfe.md" in empty.err
    empty("set", item, "priority=high")
    assert "not UTF-8" in empty("doctor", code=1)


def test_a_workspace_in_an_odd_place(empty, tmp_path):
    """SQLite gets the path as a URI, git's file as a line."""
    empty.folder = tmp_path / "odd % ? # ' \u00fc\n place"
    empty.folder.mkdir()
    empty("init")
    item = empty("add", "One").split()[0]
    empty("set", item, "priority=high")
    assert empty("list", "--format", "ids").split() == [item]
    assert list(state(empty.folder, empty.env["HOME"]).glob("index-*.sqlite"))


def test_worktrees_have_caches_and_journals_of_their_own(example):
    other = example.folder.parent / "other"
    example.git("worktree", "add", "-q", "-b", "side", str(other))
    main = example.folder
    example("set", "xybp33", "priority=low")
    example.folder = other
    assert "nothing to undo" in (example("undo", code=1) or example.err)
    example("set", "xybp33", "priority=critical")
    assert (
        json.loads(example("list", "id:xybp33", "--format", "json"))["items"][0]["priority"]
        == "critical"
    )
    assert (main / ".git/worktrees/other/plaintrack/journal").is_dir()
    example.folder = main
    assert (
        json.loads(example("list", "id:xybp33", "--format", "json"))["items"][0]["priority"]
        == "low"
    )
    example("undo")
    assert example.git("status", "--porcelain") == ""
    assert "tasks/platform/PT-xybp33" in example.git("-C", str(other), "status", "--porcelain")


@pytest.mark.parametrize("inner", ["part", "part/of it", "tasks/inner"])
def test_a_workspace_inside_another(empty, inner):
    """Each has its own cache and journal, and a command works on the nearest one."""
    outer = empty.folder
    empty("init")
    first = empty("add", "Outer").split()[0]
    empty.folder = outer / inner
    empty.folder.mkdir(parents=True)
    empty("init")
    second = empty("add", "Inner").split()[0]
    assert empty("list", "--format", "ids").split() == [second]
    deep = empty.folder / "tasks"
    empty.folder = outer
    listed = set(empty("list", "--format", "ids").split())
    assert listed == ({first, second} if inner.startswith("tasks/") else {first})
    empty("set", first, "priority=low")
    empty.folder = deep
    assert "undone: add Inner" in empty("undo")
    empty.folder = outer
    assert "undone: set" in empty("undo")
    assert [path.name for path in (outer / ".git/plaintrack").glob("at-*")] == [
        "at-" + inner.replace("/", "%2F")
    ]
