"""`init --hooks` and its undo, with real commits and pushes."""

import os
import re
import subprocess
import sys
from hashlib import sha256

import pytest
from team import edit, put, read, workspace

LATE = "---\nid: PT-late\ntitle: Late\ndue: 2026-11-01\n---\n"
FINE = "---\nid: PT-fine\ntitle: Fine\n---\n"


@pytest.fixture(params=["", "sub dir/"])
def shell(request, empty):
    """A workspace at the top of a repository, and in a folder of it; the hooks are up."""
    empty.env["PATH"] = f"{os.path.dirname(sys.executable)}:{empty.env['PATH']}"
    empty.at = request.param
    put(empty, f"{empty.at}plaintrack.yml", "timezone: UTC\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("-C", empty.at or ".", "init", "--hooks")
    return empty


def git(shell, *words, code=0):
    done = subprocess.run(
        ["git", *words],
        cwd=shell.folder,
        env=shell.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def item(shell, text, name="PT-x"):
    path = f"{shell.at}tasks/{name}.md"
    put(shell, path, text)
    return path


def test_a_commit_is_checked(shell):
    path = item(shell, LATE)
    shell.git("add", "-A")
    said = git(shell, "commit", "-m", "late", code=1)
    assert f"tasks/{os.path.basename(path)}:4:6: PT305 error" in said
    assert "--no-verify commits all the same" in said
    git(shell, "commit", "-qm", "late", "--no-verify")
    item(shell, FINE, "PT-fine")
    shell.git("add", "-A")
    assert "nothing found" in git(shell, "commit", "-m", "an old sin is not told")


def test_only_what_is_committed_is_checked(shell):
    """`git commit -a` and `git commit PATH` have an index of their own, which git names in the environment."""
    path, other = item(shell, FINE), item(shell, FINE.replace("fine", "other"), "PT-y")
    shell.git("add", "-A")
    git(shell, "commit", "-qm", "two")
    put(shell, path, LATE.replace("PT-late", "PT-fine"))
    assert "PT305" in git(shell, "commit", "-qam", "all", code=1)
    put(shell, other, FINE.replace("fine", "other") + "More.\n")
    git(shell, "commit", "-qm", "one", "--", other)
    assert "PT305" in git(shell, "commit", "-qm", "the other", "--", path, code=1)
    shell.git("add", "-A")
    put(shell, path, FINE)  # mended, but not staged
    assert "PT305" in git(shell, "commit", "-qm", "staged", code=1)


def test_a_push_is_checked(shell, tmp_path):
    shell.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    shell.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    item(shell, LATE)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "late", "--no-verify")
    assert "PT305" in git(
        shell, "push", "-q", "origin", "main", code=1
    )  # the first push: everything is new
    shell.git("push", "-q", "--no-verify", "origin", "main")
    item(shell, FINE, "PT-y")
    shell.git("add", "-A")
    git(shell, "commit", "-qm", "fine")
    git(shell, "push", "-q", "origin", "main")
    shell.git("switch", "-qc", "side")
    item(shell, LATE.replace("PT-late", "PT-two"), "PT-z")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "late too", "--no-verify")
    said = git(
        shell, "push", "-q", "origin", "side", code=1
    )  # a new branch: what no branch of the remote has
    assert said.count("PT305") == 1
    shell.git("switch", "-q", "main")
    assert said.count("PT305") == git(shell, "push", "-q", "origin", "side", "main", code=1).count(
        "PT305"
    )
    shell.git("push", "-q", "--no-verify", "origin", "side")
    git(shell, "push", "-q", "origin", "main:copy")  # nothing that the remote has not
    git(shell, "push", "-q", "origin", "--delete", "copy")


def test_undo_removes_exactly_that(shell):
    hooks = shell.folder / ".git/hooks"
    assert all(os.access(hooks / name, os.X_OK) for name in ("pre-commit", "pre-push"))
    at = ("-C", shell.at or ".")
    assert shell(*at, "init", "--hooks") == "nothing to install: the hooks are already installed\n"
    put(shell, ".git/hooks/pre-push", read(shell, ".git/hooks/pre-push") + "make test\n")
    assert shell(*at, "init", "--hooks", "--undo", code=1) == "removed .git/hooks/pre-commit\n"
    assert "pre-push has been changed since" in shell.err
    assert {"pre-push"} == {
        path.name for path in hooks.iterdir() if not path.name.endswith(".sample")
    }
    (hooks / "pre-push").unlink()
    assert shell(*at, "init", "--hooks", "--undo") == "nothing to remove: no hooks are installed\n"
    item(shell, LATE)
    shell.git("add", "-A")
    git(shell, "commit", "-qm", "late")


def test_a_hook_of_an_older_version_is_renewed_or_removed(shell):
    hook = shell.folder / ".git/hooks/pre-commit"
    present = hook.read_bytes()
    first, mark, body = present.split(b"\n", 2)
    body += b"# as it was once\n"
    mark = re.sub(rb"\([0-9a-f]{16}\)", f"({sha256(body).hexdigest()[:16]})".encode(), mark)
    older = b"\n".join((first, mark, body))
    hook.write_bytes(older)
    at = ("-C", shell.at or ".")
    assert shell(*at, "init", "--hooks") == "renewed .git/hooks/pre-commit\n"
    assert hook.read_bytes() == present
    assert os.access(hook, os.X_OK)
    hook.write_bytes(older)
    shell(*at, "init", "--hooks", "--undo")
    assert not hook.exists()


def test_a_branch_without_the_workspace_is_not_hindered(shell, tmp_path):
    shell.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    shell.git("switch", "-q", "--orphan", "pages")
    put(shell, "index.html", "x")
    shell.git("add", "-A")
    git(shell, "commit", "-qm", "pages")
    git(shell, "push", "-q", str(tmp_path / "remote.git"), "pages:one")
    shell.git("switch", "-q", "main")
    git(shell, "push", "-q", str(tmp_path / "remote.git"), "pages:two")


def test_without_plaintrack_on_the_path(shell):
    """The Python that put the hooks up is taken."""
    shell.env["PATH"] = "/usr/bin:/bin"
    item(shell, LATE)
    shell.git("add", "-A")
    assert "PT305" in git(shell, "commit", "-m", "late", code=1)
    hook = shell.folder / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace(sys.executable, "/nowhere/python"))
    assert "is not on PATH" in git(shell, "commit", "-m", "late", code=1)


@pytest.fixture
def plain(empty):
    empty.env["PATH"] = f"{os.path.dirname(sys.executable)}:{empty.env['PATH']}"
    return workspace(empty)


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_another_s_hook_stays(plain, kind, tmp_path):
    hook = plain.folder / ".git/hooks/pre-commit"
    if kind == "file":
        put(plain, ".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n", 0o755)
    elif kind == "link":
        hook.symlink_to(tmp_path / "elsewhere")
    else:
        hook.mkdir()
    assert plain("init", "--hooks", code=1) == "created .git/hooks/pre-push\n"
    assert (
        "pre-commit is another program's hook and was left alone; add this line to it: plaintrack check --staged"
        in plain.err
    )
    assert plain("init", "--hooks", "--undo") == "removed .git/hooks/pre-push\n"
    assert os.path.lexists(hook)
    assert kind != "file" or hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert not os.path.lexists(tmp_path / "elsewhere")


def test_hooks_path(plain, tmp_path):
    """A path of the repository's own is used; one for all repositories is left alone."""
    plain.git("config", "core.hooksPath", ".githooks")
    assert plain("init", "--hooks") == "created .githooks/pre-commit\ncreated .githooks/pre-push\n"
    put(plain, "tasks/late.md", LATE)
    plain.git("add", "tasks")
    assert "PT305" in git(plain, "commit", "-qm", "late", code=1)
    plain("init", "--hooks", "--undo")
    assert not (plain.folder / ".githooks").exists()
    plain.git("config", "--unset", "core.hooksPath")
    plain.git("config", "--global", "core.hooksPath", str(tmp_path / "all"))
    plain("init", "--hooks", code=1)
    assert "for all your repositories" in plain.err
    assert not (tmp_path / "all").exists()


def test_in_a_worktree_and_with_plaintrack_s_own_commits(plain, tmp_path):
    plain.git("worktree", "add", "-q", str(tmp_path / "tree"))
    plain("-C", str(tmp_path / "tree"), "init", "--hooks")
    assert (plain.folder / ".git/hooks/pre-commit").is_file()
    put(plain, "tasks/late.md", LATE)
    plain("commit", code=1)
    assert "PT305" in plain.err
    edit(plain, "tasks/late.md", "2026-11-01", "2026-12-01")
    plain("commit")
    assert plain.git("status", "--porcelain") == ""


def test_no_git_no_hooks(tmp_path):
    from conftest import Shell

    (tmp_path / "none").mkdir()
    none = Shell(tmp_path / "none")
    none("init", "--hooks", code=2)
    assert "git init" in none.err
    none("init", "--hooks", "--undo", code=2)
