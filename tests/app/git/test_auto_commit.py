"""`commit: auto`: every command commits exactly what it wrote."""

import subprocess
import sys

import pytest
from team import LOGIN, UMLAUT, edit, files, hook, message, put, read, workspace


@pytest.fixture
def shell(empty):
    return workspace(empty, settings="commit: auto\n")


def count(shell):
    return int(shell.git("rev-list", "--count", "HEAD"))


def test_exactly_the_touched_files_are_committed_after_each_command(shell):
    edit(shell, UMLAUT, "It fails.", "By hand.")
    put(shell, "staged.txt", "x")
    shell.git("add", "staged.txt")
    out = shell("set", "7k3", "status=review")
    assert out == "PT-7k3q9x  status: todo → review\n"
    assert shell.err.startswith("committed ")
    assert message(shell) == "PT-7k3q9x: status: todo → review\n\nItem: PT-7k3q9x"
    assert files(shell) == [LOGIN]
    item = shell("add", "New one").split()[0]
    assert message(shell).startswith(f"{item}: created: New one")
    shell("comment", item, "Seen")
    assert message(shell).startswith(f"{item}: comment: Seen")
    assert len(files(shell)) == 1
    shell("done", item)
    shell("archive", item)
    assert len(files(shell)) == 2
    shell("undo")
    assert message(shell).startswith(f"{item}: moved: archive/")
    shell("edit", item, EDITOR="sed -i s/New/Old/")
    assert message(shell).startswith(f"{item}: title: New one → Old one")
    assert shell.git("status", "--porcelain").splitlines() == [
        "A  staged.txt",
        f' M "{quoted(shell)}"',
    ]


def quoted(shell):
    return shell.git("diff", "--name-only").strip().strip('"')


def test_nothing_is_committed_where_nothing_was_written(shell):
    shell("set", "7k3", "status=todo")
    shell("set", "7k3", "status=review", "--dry-run")
    shell("undo", "--dry-run", code=1)
    assert count(shell) == 1


def test_what_makes_a_workspace_is_named_until_it_is_committed(empty):
    empty("init", "--git")
    put(empty, "plaintrack.yml", read(empty, "plaintrack.yml") + "commit: auto\n")
    item = empty("add", "One").split()[0]
    assert len(files(empty)) == 1
    assert "plaintrack.yml and " in empty.err
    assert "`plaintrack commit` commits what makes a workspace" in empty.err
    empty("commit")
    assert {"plaintrack.yml", ".gitattributes", "templates/bug.md"} < set(files(empty))
    empty("set", item, "priority=low")
    assert "not committed" not in empty.err
    empty.git("clone", "-q", ".", "copy")
    assert "One" in empty("-C", "copy", "list")


def test_the_settings_are_off_by_default(empty):
    workspace(empty)
    empty("set", "7k3", "status=review")
    assert count(empty) == 1


@pytest.mark.parametrize("obstacle", ["merge", "detached", "hook", "lost", "no git"])
def test_what_is_in_the_way_is_told_and_the_edit_stays(shell, obstacle):
    if obstacle == "merge":
        shell.git("switch", "-qc", "other")
        edit(shell, "code.txt", "one", "other")
        shell.git("commit", "-qam", "other")
        shell.git("switch", "-q", "main")
        shell.git("merge", "--no-commit", "--no-ff", "other")
    elif obstacle == "detached":
        shell.git("switch", "-q", "--detach")
    elif obstacle == "hook":
        hook(shell, "pre-commit", "echo red >&2; exit 1")
    elif obstacle == "lost":
        (shell.folder / ".git/objects/info").rmdir()
        (shell.folder / ".git/HEAD").write_text("nonsense\n")
    else:
        (shell.folder / ".git").rename(shell.folder / "gone")
    assert "todo → review" in shell("set", "7k3", "status=review")
    assert "not committed: " in shell.err
    assert "status: review" in read(shell, LOGIN)
    if obstacle in ("merge", "detached", "hook"):
        assert count(shell) == 1
        assert shell.git("diff", "--name-only") == f"{LOGIN}\n"
        assert shell.git("diff", "--name-only", "--diff-filter=U") == ""


def test_a_hook_of_a_commit_writes_without_committing(shell):
    hook(
        shell,
        "pre-commit",
        f"test -e done || {{ touch done; {sys.executable} -m plaintrack set m2v status=review >out 2>&1; }}",
    )
    shell("set", "7k3", "status=review")
    assert count(shell) == 2
    assert files(shell) == [LOGIN]
    assert "this command runs in its hook" in read(shell, "out")


def test_commands_at_the_same_moment_commit_one_after_the_other(shell):
    command = [sys.executable, "-m", "plaintrack", "set"]
    words = [
        ("7k3", "due=2026-12-01"),
        ("m2v", "due=2026-12-02"),
        ("7k3", "tags+=a"),
        ("m2v", "tags+=b"),
    ]
    running = [
        subprocess.Popen(
            [*command, *each],
            cwd=shell.folder,
            env=shell.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in words
    ]
    told = [each.communicate()[1] for each in running]
    assert not [each for each in told if "not committed" in each]
    assert shell.git("status", "--porcelain") == ""
    assert (
        3 <= count(shell) <= 5
    )  # a commit may take along what another command has just written to the same file
    for path, words in ((LOGIN, ("2026-12-01", "- a\n")), (UMLAUT, ("2026-12-02", "- b\n"))):
        assert all(each in read(shell, path) for each in words)
