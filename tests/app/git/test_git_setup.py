"""`init --git`, its undo, and the diff driver."""

import os
import subprocess
import sys

import pytest
from conftest import Shell
from team import LOGIN, UMLAUT, edit, put, read, workspace


@pytest.fixture
def shell(empty):
    empty.env["PATH"] = f"{os.path.dirname(sys.executable)}:{empty.env['PATH']}"
    return workspace(empty)


def attribute(shell, name, path):
    return shell.git("check-attr", name, "--", path).rsplit(": ", 1)[1].strip()


def test_it_says_what_it_does_and_does_it_once(shell):
    config = read(shell, ".git/config")
    lines = shell("init", "--git").splitlines()
    assert [line.split()[1] for line in lines] == [
        "diff.plaintrack.textconv", "merge.plaintrack.name", "merge.plaintrack.driver", ".gitattributes",
    ]  # fmt: skip
    assert "once in every clone" in shell.err
    assert "forges" in shell.err
    for path in (LOGIN, UMLAUT, "archive/a/b/c.md", "goals/x.md"):
        assert attribute(shell, "merge", path) == attribute(shell, "diff", path) == "plaintrack"
    for path in ("README.md", "tasks/picture.png", "sub/tasks/x.md"):
        assert attribute(shell, "merge", path) == "unspecified"
    done = read(shell, ".git/config"), read(shell, ".gitattributes")
    assert shell("init", "--git") == "nothing to set up: git is already configured\n"
    assert (read(shell, ".git/config"), read(shell, ".gitattributes")) == done
    assert "removed .gitattributes" in shell("init", "--git", "--undo")
    assert read(shell, ".git/config") == config
    assert shell.git("status", "--porcelain") == ""
    assert shell("init", "--git", "--undo") == "nothing to remove\n"


@pytest.mark.parametrize(
    "before", ["*.txt text\n", "*.txt text", "", "*.txt text\r\n", "# plaintrack: something else\n"]
)
def test_undo_leaves_what_was_there_byte_for_byte(shell, before):
    put(shell, ".gitattributes", before)
    shell("init", "--git")
    assert read(shell, ".gitattributes").startswith(before)
    assert attribute(shell, "merge", LOGIN) == "plaintrack"
    shell("init", "--git", "--undo")
    assert (shell.folder / ".gitattributes").read_bytes() == before.encode()


def test_lines_added_later_stay(shell):
    shell("init", "--git")
    put(
        shell,
        ".gitattributes",
        "a.md merge=union\n" + read(shell, ".gitattributes") + "b.md merge=union\n",
    )
    shell("init", "--git")
    shell("init", "--git", "--undo")
    assert read(shell, ".gitattributes") == "a.md merge=union\nb.md merge=union\n"


def test_keys_of_the_user_in_the_same_sections_stay(shell):
    shell.git("config", "diff.plaintrack.cachetextconv", "true")
    config = read(shell, ".git/config")
    shell("init", "--git")
    shell("init", "--git", "--undo")
    assert read(shell, ".git/config") == config


def test_the_block_follows_the_settings(shell):
    shell("init", "--git")
    put(shell, "plaintrack.yml", "folders:\n- my [work]\n- 'ü\"b'\n- '#1'\n- '!x'\n")
    assert shell("init", "--git") == "wrote .gitattributes\n"
    for path in ("my [work]/x.md", 'ü"b/d/x.md', "#1/x.md", "!x/x.md"):
        assert attribute(shell, "merge", path) == "plaintrack", read(shell, ".gitattributes")
    assert (
        attribute(shell, "merge", "my w/x.md") == attribute(shell, "merge", LOGIN) == "unspecified"
    )


def test_in_a_subfolder_and_without_a_workspace_or_git(empty, tmp_path):
    workspace(empty, "sub/")
    Shell(empty.folder / "sub/tasks")("init", "--git")
    assert attribute(empty, "merge", f"sub/{LOGIN}") == "plaintrack"
    assert attribute(empty, "merge", LOGIN) == "unspecified"
    (tmp_path / "fresh").mkdir()
    fresh = Shell(tmp_path / "fresh")
    fresh.git("init", "-q")
    assert "created plaintrack.yml" in fresh("init", "--git")
    (tmp_path / "none").mkdir()
    none = Shell(tmp_path / "none")
    none("init", "--git", code=2)
    assert "git init" in none.err
    none("init", "--undo", code=2)


def test_without_plaintrack_on_the_path_this_very_python_is_named(empty):
    workspace(empty)
    empty.env["PATH"] = "/usr/bin:/bin"
    empty("init", "--git")
    assert sys.executable in empty.git("config", "merge.plaintrack.driver")
    edit(empty, LOGIN, "status: todo", "status: review")
    assert "-status: todo\n+status: review\n" in empty.git("diff")


def test_git_diff_and_log_show_fields(shell):
    shell("init", "--git")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "git")
    text = (
        read(shell, LOGIN)
        .replace("tags:\n- auth\n", "tags: [web, auth]   # two\n")
        .replace("priority: high\n", "")
    )
    put(shell, LOGIN, text.replace("title: Fix login\n", "priority: high\ntitle: 'Fix login'\n"))
    changed = [
        line
        for line in shell.git("diff").splitlines()
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["+tags: web"]  # order and style make no difference
    shell.git("commit", "-qam", "web")
    assert "+tags: web\n" in shell.git("log", "-p", "-1")
    assert "diff --git" in shell.git("diff", "--no-textconv", "HEAD~1")


def test_textconv_is_sorted_and_deterministic(shell):
    put(
        shell,
        "x.md",
        "---\r\nzeta: {b: [2, 1], a: x}\r\ntitle: |\r\n  two\r\n  lines\r\nempty:\r\nid: PT-1\r\ntime:\r\n- {start: 1,\r\n   end: 2}\r\n---\r\nBody\r\n",
    )
    assert shell("textconv", "x.md").splitlines() == [
        "id: PT-1", "time: {start: 1, end: 2}", "title: lines", "title: two", "zeta.a: x", "zeta.b: 1", "zeta.b: 2", "", "Body",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no front matter\n",
        b"---\na: [\n---\n",
        b"---\nid: 1\n---\n\xff\x00\n",
        b"\x1b]0;x\x07",
    ],
)
def test_textconv_of_what_cannot_be_parsed_is_the_file(shell, data):
    (shell.folder / "x.md").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "plaintrack", "textconv", "x.md"],
        cwd=shell.folder,
        capture_output=True,
        check=True,
    )
    assert done.stdout == data


def test_textconv_of_no_file_is_wrong(shell):
    shell("textconv", "none.md", code=2)
    shell("textconv", code=2)
    assert "Print an item" in shell("textconv", "--help")


def both(shell, ours, theirs):
    """Two branches that change the item in two ways, with the attributes committed."""
    shell.git("add", "-A")
    shell.git("commit", "-qm", "attributes")
    shell.git("switch", "-qc", "other")
    edit(shell, LOGIN, *theirs)
    shell.git("commit", "-qam", "theirs")
    shell.git("switch", "-q", "main")
    edit(shell, LOGIN, *ours)
    shell.git("commit", "-qam", "ours")


def test_git_merge_uses_the_driver(shell):
    shell("init", "--git")
    both(shell, ("status: todo", "status: review"), ("priority: high", "priority: low"))
    shell.git("merge", "-q", "--no-edit", "other")
    assert "status: review\npriority: low\n" in read(shell, LOGIN)


@pytest.mark.parametrize(
    "code", [1, pytest.param(3, marks=pytest.mark.slow), pytest.param(137, marks=pytest.mark.slow)]
)
def test_a_driver_that_dies_leaves_both_sides_in_conflict(shell, code):
    """An installation that is broken ends with 1 too, and git would keep ours without a marker."""
    shell("init", "--git")
    both(shell, ("status: todo", "status: review"), ("status: todo", "status: done"))
    put(shell, "bin/plaintrack", f"#!/bin/sh\nexit {code}\n", 0o755)
    shell.env["PATH"] = f"{shell.folder / 'bin'}:{shell.env['PATH']}"
    shell.git("merge", "--no-edit", "other", check=False)
    assert "status: review\n=======\nstatus: done\n" in read(shell, LOGIN)
    assert shell.git("diff", "--name-only", "--diff-filter=U").strip() == LOGIN
