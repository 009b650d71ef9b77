"""Live documents that two clones rendered: git merges them without a conflict in what is generated, and without being told of each."""

import os
import sys

import pytest
from conftest import Shell
from team import clones, put, read, workspace

PAGE = "Above.\n\n<!-- plaintrack: count -->\n<!-- /plaintrack -->\n\n<!-- plaintrack: list -->\n<!-- /plaintrack -->\n\nBelow.\n"


@pytest.fixture
def pair(tmp_path):
    """Two clones with a README that holds blocks, and no driver."""
    one, two = clones(tmp_path, "one", "two")
    for shell in (one, two):
        shell.env["PATH"] = f"{os.path.dirname(sys.executable)}:{shell.env['PATH']}"
    put(one, "README.md", PAGE)
    share(one)
    two.git("pull", "-q")
    return one, two


def share(shell, *more):
    shell.git("add", "-A")
    shell.git("commit", "-qm", "work")
    shell.git("push", "-q")


def both(one, two, page="README.md", ours=("", ""), theirs=("", "")):
    """Both clones add an item, change the page and render it; the second one pushes."""
    for shell, words, change in ((one, "Ours", ours), (two, "Theirs", theirs)):
        shell("add", words)
        put(shell, page, read(shell, page).replace(*change))
        assert f"rendered {page}\n" in shell("render")
        shell.git("add", "-A")
        shell.git("commit", "-qm", words)
    two.git("push", "-q")


@pytest.mark.parametrize("how", ["--no-rebase", "--rebase"])
def test_what_was_there_when_git_was_set_up(pair, how):
    one, two = pair
    one("init", "--git")
    assert "/README.md merge=plaintrack\n" in read(one, ".gitattributes")
    share(one)
    two.git("pull", "-q")
    assert ".gitattributes" not in two("init", "--git")
    both(one, two, ours=("Above.", "Above, ours."), theirs=("Below.", "Below, theirs."))
    one.git("pull", "-q", how)
    text = read(one, "README.md")
    assert text.startswith("Above, ours.")
    assert text.endswith("Below, theirs.\n")
    assert "<<<" not in text
    one("render")
    assert "\n**4**\n" in read(one, "README.md")


def test_a_page_made_later_is_merged_where_it_was_rendered(pair):
    one, two = pair
    for shell in pair:
        shell("init", "--git")
    share(one)
    two.git("checkout", "-q", ".")
    two.git("clean", "-qfd")
    two.git("pull", "-q")
    attributes = read(one, ".gitattributes")
    put(one, "docs/a wall.md", PAGE)
    one("render")
    assert read(one, ".gitattributes") == attributes
    assert '"/docs/a wall.md" merge=plaintrack\n' in read(one, ".git/info/attributes")
    share(one)
    two.git("pull", "-q")
    both(one, two, "docs/a wall.md")
    one.git("pull", "-q", "--no-rebase")
    assert "<<<" not in read(one, "docs/a wall.md")
    one("render")
    assert "\n**4**\n" in read(one, "docs/a wall.md")
    assert one("init", "--git") == "wrote .gitattributes\n"
    assert one("init", "--git") == "nothing to set up: git is already configured\n"
    one("init", "--git", "--undo")
    assert not (one.folder / ".git/info/attributes").exists() or "plaintrack" not in read(
        one, ".git/info/attributes"
    )


def test_a_change_of_both_outside_of_blocks_is_a_conflict(pair):
    one, two = pair
    one("init", "--git")
    share(one)
    two.git("pull", "-q")
    two("init", "--git")
    both(one, two, ours=("Above.", "Above, ours."), theirs=("Above.", "Above, theirs."))
    one.git("pull", "-q", "--no-rebase", check=False)
    assert read(one, "README.md").startswith(
        "<<<<<<< ours\nAbove, ours.\n=======\nAbove, theirs.\n>>>>>>> theirs\n"
    )
    assert read(one, "README.md").count("<<<<<<<") == 1
    assert "README.md" in one.git("ls-files", "-u")


def test_sync_brings_its_driver_for_documents_too(pair):
    one, two = pair
    both(one, two)
    one("sync")
    assert "<<<" not in read(one, "README.md")
    assert not (one.folder / ".gitattributes").exists()


def test_what_the_user_says_of_a_page_holds(pair):
    one, _ = pair
    put(one, ".gitattributes", "/README.md merge=union\n")
    before = (
        (one.folder / ".git/info/attributes").read_bytes()
        if (one.folder / ".git/info/attributes").exists()
        else b""
    )
    one("init", "--git")
    one("render")
    assert "/README.md merge=plaintrack" not in read(one, ".gitattributes")
    assert one.git("check-attr", "merge", "README.md").endswith(": union\n")
    put(one, "more.md", PAGE)
    one.git("config", "--unset", "merge.plaintrack.driver")
    one("render")
    assert (
        (one.folder / ".git/info/attributes").read_bytes()
        if (one.folder / ".git/info/attributes").exists()
        else b""
    ) == before


def test_a_page_above_the_workspace(empty):
    workspace(empty, "sub/")
    put(empty, "README.md", PAGE)
    config = (
        read(empty, ".git/info/attributes")
        if (empty.folder / ".git/info/attributes").exists()
        else None
    )
    inner = Shell(empty.folder / "sub")
    assert "wrote info/attributes in the git folder" in inner("init", "--git")
    assert "README" not in read(empty, "sub/.gitattributes")
    assert empty.git("check-attr", "merge", "README.md").endswith(": plaintrack\n")
    assert inner("init", "--git") == "nothing to set up: git is already configured\n"
    inner("init", "--git", "--undo")
    assert (
        read(empty, ".git/info/attributes")
        if (empty.folder / ".git/info/attributes").exists()
        else None
    ) == config
