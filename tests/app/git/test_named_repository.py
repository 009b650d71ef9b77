"""Git is told which repository it is about: not one that came with the files, nor one of another's hook, and it runs nothing but git."""

import os
import stat

import pytest
from conftest import Shell
from soak import each
from team import LOGIN, edit, identity, put, workspace

COMMANDS = [
    ["log"], ["log", "7k3q9x"], ["diff"], ["diff", "HEAD~1"], ["branch"], ["conflicts"], ["list", "--at", "HEAD"], ["list", "was:status=todo"],
    ["list", "assignee:me"], ["history", "status", "7k3q9x"], ["show", "7k3q9x", "--blame"], ["check"], ["check", "--staged"], ["check", "--since", "HEAD~1"],
    ["check", "--since", "HEAD~1", "--policy-from", "HEAD~1"], ["stats"], ["render"], ["recur"], ["rules", "run"], ["doctor"], ["comment", "7k3q9x", "hi"],
    ["set", "7k3q9x", "priority=low"], ["commit", "--dry-run"], ["commit"], ["sync", "--dry-run"], ["start", "7k3q9x", "--branch"], ["init", "--git"], ["init", "--hooks"],
]  # fmt: skip


@pytest.fixture(params=each(["a b/täsks/", "work/", "sub/.ws/"], 3))
def shell(request, empty):
    """A workspace below the top, with two commits."""
    shell = workspace(empty, request.param)
    shell.top, shell.prefix = shell.folder, request.param
    edit(shell, f"{request.param}{LOGIN}", "status: todo", "status: review")
    shell.git("commit", "-qam", "review")
    shell.folder = shell.folder / request.param
    return shell


def recorder(shell, tmp_path):
    """A git first on PATH that writes down what it is given; (the file, what it found)."""
    folder, log = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir()
    real = next(
        os.path.join(each, "git")
        for each in os.environ["PATH"].split(":")
        if os.path.exists(os.path.join(each, "git"))
    )
    script = f'#!/bin/sh\nprintf "%s|%s|%s|%s\\n" "$GIT_DIR" "$GIT_CEILING_DIRECTORIES" "$PWD" "$*" >> "{log}"\nexec "{real}" "$@"\n'
    put(Shell(tmp_path), "bin/git", script).chmod(0o755)
    shell.env["PATH"] = f"{folder}:{os.environ['PATH']}"
    return log


def test_every_git_is_told_which_repository(shell, tmp_path):
    """Named, or started at the top with nothing above to be found; and the hardening is there."""
    log = recorder(shell, tmp_path)
    top = str(shell.top)
    for words in COMMANDS:
        shell.run(words, shell.env)
    calls = [line.split("|", 3) for line in log.read_text().splitlines()]
    assert len(calls) > 30
    for git, ceiling, _, args in calls:
        if not args.startswith("--no-pager"):
            assert "version" in args or "rev-list" in args, (
                args
            )  # GitPython's look at git, and git's own helpers
            continue
        assert "safe.bareRepository=explicit" in args
        assert git == f"{top}/.git" or ceiling == os.path.dirname(top), (git, ceiling, args)


def test_a_folder_that_looks_like_a_repository_is_not_obeyed(shell, tmp_path):
    canary = tmp_path / "canary"
    before = shell.git("rev-parse", "HEAD")
    for name in ("objects/keep", "refs/heads/keep"):
        put(shell, name, "")
    put(shell, "HEAD", "ref: refs/heads/main\n")
    run = f'"touch {canary}"'
    config = f"[core]\n\tbare = false\n\tworktree = {shell.folder}\n\tfsmonitor = {run}\n\tpager = {run}\n\tsshCommand = {run}\n"
    put(
        shell,
        "config",
        f"{config}[diff]\n\texternal = {run}\n[user]\n\tname = Evil\n[alias]\n\tlog = !touch {canary}\n",
    )
    for hook in ("pre-commit", "post-commit", "post-checkout", "post-index-change", "commit-msg"):
        place = put(shell, f"hooks/{hook}", f"#!/bin/sh\ntouch {canary}\n")
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
    for words in COMMANDS:
        run = shell.run(words, shell.env)
        assert run.returncode in (0, 1, 2), (words, run.stderr)
        assert not canary.exists(), words
    top = Shell(shell.top)
    assert "Evil" not in top.git("log", "--all", "--format=%an")
    assert top.git("rev-parse", "HEAD") != before  # `commit` was about the repository around it
    for words in (["check"], ["check", "--since", "HEAD~1"]):
        assert "PT006" in shell(*words, code=1)


def test_in_the_hook_of_another_repository(shell, tmp_path):
    """Its GIT_DIR and GIT_INDEX_FILE are about that one."""
    code = tmp_path / "code"
    code.mkdir()
    other = Shell(code)
    other.git("init", "-q", "-b", "main")
    identity(other, "other")
    put(other, "a", "1")
    other.git("add", "-A")
    other.git("commit", "-qm", "one")
    shell("set", "7k3q9x", "priority=low")
    command = f'"{os.sys.executable}" -m plaintrack -C "{shell.folder}"'
    lines = [
        f"{command} {words} >>{tmp_path}/out 2>&1 || exit 1"
        for words in ("log", "diff", "check --staged", "commit", "list --at HEAD")
    ]
    place = put(
        other,
        ".git/hooks/pre-commit",
        "\n".join(
            [
                "#!/bin/sh",
                *lines,
                f"cd '{shell.folder}' && {command} log >>{tmp_path}/out || exit 1",
                "",
            ]
        ),
    )
    place.chmod(0o755)
    put(other, "a", "2")
    other.git("commit", "-qam", "two")
    assert other.git("ls-files").split() == ["a"]
    assert other.git("status", "--porcelain") == ""
    assert "priority" in Shell(shell.top).git("log", "-1", "--format=%B")
    assert "priority" in (tmp_path / "out").read_text()


def test_the_index_of_a_partial_commit_counts_in_our_own_hook(shell):
    """Git commits from an index of its own then, and ``check --staged`` looks at that."""
    hook = put(
        Shell(shell.top),
        ".git/hooks/pre-commit",
        f'#!/bin/sh\nexec "{os.sys.executable}" -m plaintrack -C "{shell.prefix}" check --staged\n',
    )
    hook.chmod(0o755)
    put(shell, "tasks/PT-wwwwww-bad.md", "---\nid: PT-wwwwww\ntitle: Bad\nstatus: nonsense\n---\n")
    shell.git("add", "-A")
    edit(shell, LOGIN, "priority: high", "priority: low")
    shell.git("commit", "-qm", "only this", "--", LOGIN)
    assert "nonsense" not in shell.git("show", "HEAD")
    run = shell.git("commit", "-qam", "all", check=False)
    assert "Bad" not in shell.git("log", "--format=%s"), run
    assert shell.git("log", "-1", "--format=%s").strip() == "only this"


def test_a_hook_finds_the_environment_of_the_user_s_own_commit(shell, tmp_path):
    """With GIT_DIR in it, a hook that goes to another folder would not reach the repository there."""
    place = put(Shell(shell.top), ".git/hooks/post-commit", f'#!/bin/sh\nenv >> "{tmp_path}/env"\n')
    place.chmod(0o755)
    shell("set", "7k3q9x", "priority=low")
    shell("commit")
    assert "GIT_DIR=" not in (tmp_path / "env").read_text()
    assert "GIT_WORK_TREE=" not in (tmp_path / "env").read_text()


def test_a_work_tree_that_lies_elsewhere(empty, tmp_path):
    """Nothing of another tree is committed, such as that the items are gone."""
    shell = workspace(empty)
    (tmp_path / "elsewhere").mkdir()
    shell.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    edit(shell, LOGIN, "status: todo", "status: review")
    for words in (["commit"], ["log"]):
        shell(*words, code=2)
        assert "core.worktree" in shell.err


def test_a_repository_of_somebody_else(empty):
    if os.geteuid():
        pytest.skip("only root can give files away")
    shell = workspace(empty)
    for path in (shell.folder, shell.folder / ".git"):
        os.chown(path, 12345, 12345)
    for words in (["log"], ["check", "--since", "HEAD"], ["commit"]):
        shell(*words, code=2)
        assert "safe.directory" in shell.err
        assert "git init" not in shell.err


def test_a_partial_clone_fetches_nothing_and_says_what_to_do(shell, tmp_path):
    """No contents are missing after the command that it names."""
    top, clone = Shell(shell.top), tmp_path / "clone"
    for key in ("allowFilter", "allowAnySHA1InWant"):
        top.git("config", f"uploadpack.{key}", "true")
    top.git("clone", "-q", "--filter=blob:none", f"file://{shell.top}", str(clone))
    partial = Shell(clone / shell.prefix)

    def missing():
        return partial.git("rev-list", "--objects", "--all", "--missing=print").count("\n?")

    before = missing()
    assert before
    for words in (
        ["log"],
        ["diff", "HEAD~1"],
        ["list", "--at", "HEAD~1"],
        ["check", "--since", "HEAD~1"],
    ):
        partial(*words, code=2)
        assert "partial clone" in partial.err
        assert "fsck" not in partial.err
        assert missing() == before
    assert "`git fetch --refetch --no-filter`" in partial.err
    partial.git("fetch", "-q", "--refetch", "--no-filter")
    assert "review" in partial("log")


def test_what_git_refuses_to_read_is_told(empty):
    """A repository of another user: nothing is answered from the files alone without a word."""
    shell = workspace(empty)
    settings = shell.folder / "plaintrack.yml"
    sla = "sla: {answer: {start: 'is:open', stop: 'is:closed', goal: 1d}}"
    settings.write_text(f"{settings.read_text()}\n{sla}\n")
    ways = {"doctor": 1, "check --fail-on never": 0, "report weekly": 0, "sla": 0}
    ways |= dict.fromkeys(("conflicts", "inbox", "log", "commit", "metrics", "branch"), 2)
    for words, code in ways.items():
        out = shell(*words.split(), code=code, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
        assert "git config --global --add safe.directory" in out + shell.err
        assert "no problems" not in out + shell.err
