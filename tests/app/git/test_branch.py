"""`branch`: items on other branches; `start --branch`: a branch for an item."""

import json

import pytest
from conftest import Shell
from team import LOGIN, UMLAUT, clones, edit, identity, put, read, state, workspace


@pytest.fixture
def shell(empty):
    return workspace(empty)


def on(shell, branch, *edits, start="main"):
    """A branch with one commit that edits files."""
    shell.git("switch", "-qc", branch, start)
    for path, old, new in edits:
        edit(shell, path, old, new)
    shell.git("commit", "-qam", branch)
    shell.git("switch", "-q", "main")


def test_items_that_differ_elsewhere_in_field_terms(shell):
    on(
        shell,
        "fix",
        (LOGIN, "status: todo", "status: review"),
        (UMLAUT, "priority: high", "priority: low"),
    )
    on(shell, "late", (LOGIN, "It fails.", "It fails often."))
    shell.git("branch", "twin", "fix")
    assert shell("branch").splitlines() == [
        "PT-7k3q9x  review on fix, twin  (status: todo → review)",
        "PT-7k3q9x  todo on late  (body: +2 −1 words)",
        "PT-m2v8rd  todo on fix, twin  (priority: high → low)",
    ]
    assert len(shell("branch", "m2v").splitlines()) == 1
    found = json.loads(shell("branch", "7k3", "--format", "json"))
    assert [(each["id"], each["status"], each["branches"]) for each in found["items"]] == [
        ("PT-7k3q9x", "review", ["fix", "twin"]),
        ("PT-7k3q9x", "todo", ["late"]),
    ]
    assert found["items"][0]["changes"][0]["text"] == "status: todo → review"
    assert found["items"][0]["commit"] == shell.git("rev-parse", "fix").strip()


def test_only_what_happened_there_counts_not_what_happened_here(shell):
    on(shell, "fix", (LOGIN, "status: todo", "status: review"))
    shell("set", "7k3", "due=2026-12-01")
    shell("set", "m2v", "status=done")
    shell.git("commit", "-qam", "here")
    shell("set", "7k3", "status=cancelled")  # not committed: says nothing about the branches
    assert shell("branch") == "PT-7k3q9x  review on fix  (status: todo → review)\n"


def test_what_is_here_already_is_not_shown(shell):
    """A branch that was merged, picked or squashed."""
    on(shell, "merged", (LOGIN, "status: todo", "status: review"))
    on(shell, "squashed", (UMLAUT, "status: todo", "status: review"))
    shell.git("merge", "-q", "merged")
    shell.git("merge", "-q", "--squash", "squashed")
    shell.git("commit", "-qm", "squashed")
    assert shell("branch") == ""
    assert "no items differ" in shell.err


def test_new_deleted_and_moved_items(shell):
    shell.git("switch", "-qc", "other")
    put(shell, "tasks/new.md", "---\nid: PT-2222\ntitle: New\nstatus: done\n---\n")
    shell.git("add", "-A")
    shell.git("rm", "-q", LOGIN)
    (shell.folder / "archive").mkdir()
    shell.git("mv", UMLAUT, "archive/x.md")
    put(shell, "comments/PT-2222/x.md", "---\nauthor: a\n---\nSeen\n")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "other")
    shell.git("switch", "-q", "main")
    assert shell("branch").splitlines() == [
        "PT-2222  done on other  (created: New; comment: Seen)",
        "PT-7k3q9x  deleted on other  (deleted: Fix login)",
        f"PT-m2v8rd  todo on other  (moved: {UMLAUT} → archive/x.md)",
    ]
    assert shell("branch", "2222").startswith("PT-2222  done")
    shell("branch", "zzz", code=1)


def test_remote_branches_are_read_as_last_fetched(tmp_path):
    one, two = clones(tmp_path, "one", "two")
    on(one, "fix", (LOGIN, "status: todo", "status: review"))
    one.git("push", "-q", "origin", "fix")
    assert two("branch") == ""
    two.git("fetch", "-q")
    assert two("branch") == "PT-7k3q9x  review on origin/fix  (status: todo → review)\n"


def test_branches_without_a_common_past_are_told(shell):
    shell.git("switch", "-q", "--orphan", "alone")
    put(shell, "tasks/x.md", "---\nid: PT-2222\ntitle: X\n---\n")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "alone")
    shell.git("switch", "-q", "main")
    assert shell("branch") == ""
    assert "alone shares no history" in shell.err


def test_states_without_a_branch_or_commit(empty, tmp_path):
    workspace(empty, commit=False)
    empty("branch", code=2)
    assert "no commits yet" in empty.err
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    on(empty, "fix", (LOGIN, "status: todo", "status: review"))
    empty.git("switch", "-q", "--detach")
    assert empty("branch").startswith("PT-7k3q9x  review on fix")
    empty.git("worktree", "add", "-q", str(tmp_path / "tree"), "main")
    assert Shell(tmp_path / "tree")("branch").startswith("PT-7k3q9x  review on fix")


def test_in_a_workspace_below_the_top(empty):
    workspace(empty, "sub/")
    on(empty, "fix", (f"sub/{LOGIN}", "status: todo", "status: review"))
    assert Shell(empty.folder / "sub")("branch").startswith("PT-7k3q9x  review on fix")


def test_start_makes_a_branch_and_switches_to_it(shell):
    edit(shell, UMLAUT, "It fails.", "By hand.")
    assert shell("start", "7k3", "--branch").splitlines() == [
        "switched to the new branch PT-7k3q9x-fix-login",
        "PT-7k3q9x  status: todo → in-progress",
    ]
    assert shell.git("branch", "--show-current") == "PT-7k3q9x-fix-login\n"
    assert (
        len(shell.git("status", "--porcelain").splitlines()) == 2
    )  # what was changed has come along
    shell.git("commit", "-qam", "work")
    shell.git("switch", "-q", "main")
    assert shell("start", "7k3", "--branch").startswith("switched to branch PT-7k3q9x-fix-login\n")
    assert "is already in-progress" in shell.err
    assert "switched" not in shell("start", "7k3", "--branch")
    shell("start", "m2v", "--branch")
    assert shell.git("branch", "--show-current") == "PT-m2v8rd-grosse-messen\n"


def test_start_on_a_branch_that_only_the_remote_has(tmp_path):
    one, two = clones(tmp_path, "one", "two")
    one("start", "7k3", "--branch")
    one.git("commit", "-qam", "work")
    one.git("push", "-qu", "origin", "HEAD")
    two.git("fetch", "-q")
    two("start", "7k3", "--branch")
    assert two.git("rev-parse", "--abbrev-ref", "@{u}") == "origin/PT-7k3q9x-fix-login\n"


def test_start_is_refused_where_git_refuses(shell):
    on(shell, "PT-7k3q9x-fix-login", (LOGIN, "status: todo", "status: review"))
    edit(shell, LOGIN, "status: todo", "status: done")
    before = state(shell)
    shell("start", "7k3", "--branch", code=1)
    assert "did not switch" in shell.err
    assert "overwritten" in shell.err
    assert state(shell) == before
    shell("start", "7k3", "m2v", "--branch", code=2)
    assert (
        "would switch to branch PT-m2v8rd-grosse-messen"
        in [shell("start", "m2v", "--branch", "--dry-run"), shell.err][1]
    )
    assert state(shell) == before


def test_start_goes_on_where_only_a_hook_fails_after_the_switch(shell):
    hook = shell.folder / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho broken >&2\nexit 2\n")
    hook.chmod(0o755)
    out = shell("start", "7k3", "--branch")
    assert "switched to the new branch PT-7k3q9x-fix-login" in out
    assert "broken\n" in shell.err
    assert "the hook post-checkout failed" in shell.err
    assert "status: in-progress" in read(shell, LOGIN)


def test_start_with_a_branch_before_the_first_commit(empty):
    workspace(empty, commit=False)
    empty("start", "7k3", "--branch")
    assert empty.git("symbolic-ref", "--short", "HEAD") == "PT-7k3q9x-fix-login\n"
    identity(empty, "x")
