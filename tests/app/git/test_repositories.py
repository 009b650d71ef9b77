"""A day's work is the same wherever the git folder of a workspace lies, and however the user names it."""

import os

import pytest
from conftest import Shell
from team import LOGIN, edit, identity, workspace

PLACES = (
    "submodule",
    "separate git folder",
    "linked root",
    "named by the user",
    "worktree",
    "below the top",
)


def made(empty, tmp_path, place):
    """The shell of a workspace with two committed items, in such a place."""
    if place == "submodule":
        workspace(empty)
        top = tmp_path / "around"
        top.mkdir()
        outer = Shell(top)
        outer.git("init", "-q", "-b", "main")
        outer.git(
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            str(empty.folder),
            "work",
        )
        return identity(Shell(top / "work"), "ida")
    if place == "separate git folder":
        empty.git("init", "-q", f"--separate-git-dir={tmp_path / 'elsewhere.git'}")
    if place == "linked root":
        os.symlink(empty.folder, tmp_path / "link")
        empty = Shell(tmp_path / "link")
    if place == "named by the user":
        os.rename(empty.folder / ".git", tmp_path / "named.git")
        empty.env |= {"GIT_DIR": str(tmp_path / "named.git"), "GIT_WORK_TREE": str(empty.folder)}
    if place == "worktree":
        empty.git("commit", "-q", "--allow-empty", "-m", "before")
        empty.git("worktree", "add", "-q", "-b", "work", str(tmp_path / "tree"))
        empty = Shell(tmp_path / "tree")
    prefix = "plan ning/" if place == "below the top" else ""
    workspace(empty, prefix)
    empty.folder /= prefix
    return empty


@pytest.mark.parametrize("place", PLACES)
def test_a_day_of_work(empty, tmp_path, place):
    shell = made(empty, tmp_path, place)
    shell("set", "7k3q9x", "status=review")
    assert "status: todo → review" in shell("diff")
    shell("undo")
    assert "status: todo" in (shell.folder / LOGIN).read_text()
    shell("add", "Another one")
    shell("set", "7k3q9x", "status=review")
    shell("commit")
    assert shell.git("status", "--porcelain", ".") == ""
    log = shell("log")
    assert "status: todo → review" in log
    assert "Another one" in log
    assert "Another one" in shell("list", "--at", "HEAD")
    assert "Another one" not in shell("list", "--at", "HEAD~1")
    edit(shell, LOGIN, "status: review", "status: quatsch")
    shell.git("add", "-A", ".")
    assert "quatsch" in shell("check", "--staged", code=1)


def test_without_a_home_nothing_breaks(empty):
    shell = workspace(empty)
    shell.git("remote", "add", "origin", "nowhere")
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        shell.env.pop(name, None)
    for words in (
        ["add", "Another one"],
        ["list"],
        ["commit"],
        ["log"],
        ["undo"],
        ["check", "--staged"],
        ["init", "--git"],
    ):
        shell(*words)
