"""`plaintrack sync`: clones of a bare repository come together, or stay as they were."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from conftest import Shell
from team import LOGIN, UMLAUT, clones, edit, hook, identity, message, put, read, state, workspace


@pytest.fixture
def pair(tmp_path):
    return clones(tmp_path, "one", "two")


def made(shell, path, *words):
    """Change a file and commit it, as with an editor and git."""
    for old, new in zip(words[::2], words[1::2], strict=True):
        edit(shell, path, old, new)
    shell.git("commit", "-qam", f"{path} changed")


def commented(shell, name):
    put(shell, f"comments/PT-7k3q9x/{name}.md", f"---\nauthor: {name}\n---\n{name}\n")
    shell.git("add", "comments")
    shell.git("commit", "-qm", "comment")


def hub(shell):
    return shell.git("ls-remote", "origin", "main").split()[0]


def same(*shells):
    """Whether all have the same commit as the remote, and clean trees."""
    heads = {shell.git("rev-parse", "HEAD").strip() for shell in shells}
    assert heads == {hub(shells[0])}
    return all(shell.git("status", "--porcelain") == "" for shell in shells)


def test_out_in_and_nothing(pair):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("add", "New")
    one("commit")
    out = one("sync").splitlines()
    assert out[0] == "out to origin/main: 2 commits, 1 moved on, 1 added"
    assert "  PT-7k3q9x  Fix login  status: todo → review" in out
    assert two("sync").splitlines()[0] == "in from origin/main: 2 commits, 1 moved on, 1 added"
    assert two("sync") == "up to date with origin/main\n"
    assert same(one, two)
    assert two.git("rev-list", "--merges", "--count", "HEAD") == "0\n"


def test_what_came_in_and_is_yours_is_named(pair):
    """By a field that names the user now or named them before, or since both sides changed it."""
    one, two = pair
    made(one, LOGIN, "priority: high", "priority: low\nassignee: two")
    made(one, UMLAUT, "- [ ] look", "- [x] look")
    one("sync")
    made(two, UMLAUT, "status: todo", "status: review")
    told = two("sync")
    assert "  yours: PT-7k3q9x (assignee)\n" in told
    assert "  yours: PT-m2v8rd (changed here, too)\n" in told
    assert "yours" not in one("sync")


@pytest.mark.parametrize(
    ("key", "merges"),
    [("", 1), ("pull.rebase", 0), pytest.param("branch.main.rebase", 0, marks=pytest.mark.slow)],
)
def test_edits_of_neighbouring_lines_come_together(pair, key, merges):
    """Without the driver git would conflict; neither clone is set up for it."""
    one, two = pair
    if key:
        two.git("config", key, "true")
    made(one, LOGIN, "status: todo", "status: review", "- auth\n", "- auth\n- web\n")
    made(two, LOGIN, "priority: high", "priority: low", "- auth\n", "- auth\n- ui\n")
    commented(one, "One")
    commented(two, "Two")
    one("sync")
    out = two("sync")
    assert out.splitlines()[:5] == [
        "in from origin/main: 2 commits, 1 moved on",
        "  PT-7k3q9x  Fix login  status: todo → review; tags + web; comment: One",
        "  yours: PT-7k3q9x (changed here, too)",
        f"out to origin/main: {2 + merges} commits, 1 re-planned",
        "  PT-7k3q9x  Fix login  priority: high → low; tags + ui; comment: Two",
    ]
    assert two.git("rev-list", "--merges", "--count", "HEAD") == f"{merges}\n"
    one("sync")
    assert same(one, two)
    text = read(one, LOGIN)
    assert all(
        each in text
        for each in ("status: review", "priority: low", "- auth\n", "- web\n", "- ui\n")
    )
    assert len(list((one.folder / "comments/PT-7k3q9x").iterdir())) == 2


def test_the_drivers_are_used_only_for_this_sync(pair):
    one, two = pair
    put(two, "attributes", "*.txt -text\n")
    two.git("config", "core.attributesFile", "attributes")
    two.git("config", "rerere.enabled", "true")
    config = read(two, ".git/config")
    made(one, LOGIN, "status: todo", "status: review")
    made(two, LOGIN, "priority: high", "priority: low")
    one("sync")
    two("sync")
    assert read(two, ".git/config") == config
    attributes = read(two, ".git/plaintrack/attributes")
    assert attributes.splitlines()[0] == "*.txt -text"
    assert "merge=plaintrack" in attributes


def test_the_users_own_choice_of_a_driver_wins(pair):
    one, two = pair
    put(one, ".gitattributes", "*.md merge=union\n")
    one.git("add", "-A")
    one.git("commit", "-qm", "union")
    one("sync")
    two("sync")
    made(one, LOGIN, "status: todo", "status: review")
    made(two, LOGIN, "status: todo", "status: done")
    one("sync")
    two("sync")
    assert "status: review\n" in read(two, LOGIN)
    assert "status: done\n" in read(two, LOGIN)


@pytest.mark.parametrize(
    "rebase", ["false", "true", pytest.param("merges", marks=pytest.mark.slow)]
)
def test_a_conflict_leaves_everything_as_it_was(pair, rebase):
    one, two = pair
    two.git("config", "pull.rebase", rebase)
    made(one, LOGIN, "status: todo", "status: review", "created", "due: 2026-12-01\ncreated")
    made(two, UMLAUT, "priority: high", "priority: low")
    made(two, LOGIN, "status: todo", "status: done", "created", "assignee: two\ncreated")
    edit(one, "code.txt", "two", "zwei")
    one.git("commit", "-qam", "code")
    one("sync")
    put(two, "untracked.txt", "x")
    if rebase == "false":
        edit(two, "plaintrack.yml", "UTC", "Europe/Berlin")
    before, there = state(two), hub(two)
    two("sync", code=1)
    assert "PT-7k3q9x  status: todo → done here, status: todo → review there" in two.err
    assert f"`git {'merge' if rebase == 'false' else 'rebase'} origin/main`" in two.err
    assert state(two) == before
    assert hub(two) == there
    assert two.git("stash", "list") == ""


def test_deleted_there_and_changed_here(pair):
    one, two = pair
    one.git("rm", "-q", LOGIN)
    one.git("commit", "-qm", "deleted")
    made(two, LOGIN, "status: todo", "status: review")
    one("sync")
    before = state(two)
    two("sync", code=1)
    assert f"{LOGIN}; deleted there" in two.err
    assert state(two) == before


def test_moved_there_and_changed_here(pair):
    one, two = pair
    (one.folder / "archive").mkdir()
    one.git("mv", UMLAUT, "archive/PT-m2v8rd-größe.md")
    made(one, "archive/PT-m2v8rd-größe.md", "status: todo", "status: done")
    made(two, UMLAUT, "- auth\n", "- auth\n- two\n")
    one("sync")
    two("sync")
    one("sync")
    assert same(one, two)
    assert "- two\n" in read(one, "archive/PT-m2v8rd-größe.md")


def test_what_is_not_committed_is_refused_or_committed(pair):
    one, two = pair
    two("set", "7k3", "status=review")
    put(two, "tasks/new.md", "---\nid: PT-2222\ntitle: New\n---\n")
    before = state(two)
    two("sync", code=1)
    assert "2 item files changed and not committed" in two.err
    assert "`plaintrack commit` first" in two.err
    assert state(two) == before
    edit(two, "plaintrack.yml", "UTC\n", "UTC\ncommit: auto\n")
    two("sync")
    assert message(two).startswith("2 items: 1 moved on, 1 added\n")
    assert two.git("status", "--porcelain") == " M plaintrack.yml\n"
    one("sync")
    assert "status: review" in read(one, LOGIN)


def test_other_changes_are_left_to_gits_rules(pair):
    one, two = pair
    edit(one, "code.txt", "one", "eins")
    put(one, "more.txt", "x")
    one.git("add", "-A")
    one.git("commit", "-qm", "code")
    one("sync")
    edit(two, "code.txt", "two", "zwei")
    before = state(two)
    two("sync", code=1)
    assert "code.txt" in two.err
    assert state(two) == before
    two.git("checkout", "-q", "code.txt")
    edit(two, "plaintrack.yml", "UTC", "Europe/Berlin")
    put(two, "staged.txt", "x")
    two.git("add", "staged.txt")
    two("sync")
    assert two.git("status", "--porcelain").splitlines() == [" M plaintrack.yml", "A  staged.txt"]
    assert read(two, "code.txt") == "eins\ntwo\n"


def test_a_push_that_is_refused_takes_everything_back(pair, tmp_path):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("sync")
    made(two, LOGIN, "priority: high", "priority: low")
    put(two, "staged.txt", "x")
    before, there = state(two), hub(two)
    hook(
        Shell(tmp_path / "hub.git"),
        "pre-receive",
        "echo 'main is protected, unlock it' >&2; exit 1",
    )
    two("sync", code=1)
    assert "main is protected" in two.err
    assert "cannot push to origin" in two.err
    assert state(two) == before
    assert hub(two) == there


def test_offline_nothing_changes(pair, tmp_path):
    _, two = pair
    made(two, LOGIN, "priority: high", "priority: low")
    before = state(two)
    (tmp_path / "hub.git").rename(tmp_path / "gone.git")
    two("sync", code=1)
    assert "cannot fetch from origin" in two.err
    assert state(two) == before


def test_no_prompt_hangs(pair):
    """A server that wants a password."""

    class Closed(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Closed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _, two = pair
    two.git("remote", "set-url", "origin", f"http://127.0.0.1:{server.server_port}/x.git")
    before = state(two)
    two("sync", code=1)
    assert "cannot fetch from origin" in two.err
    assert "terminal prompts disabled" in two.err
    assert state(two) == before
    server.shutdown()


def test_retries_when_the_remote_has_moved(pair, tmp_path):
    """Another clone pushes between our fetch and our push, twice."""
    one, two = pair
    made(two, LOGIN, "priority: high", "priority: low")
    Shell(tmp_path).git("clone", "-q", str(tmp_path / "hub.git"), "three")
    three = identity(Shell(tmp_path / "three"), "three")
    script = (
        f"n=$(cat {tmp_path}/n 2>/dev/null || echo 0); test $n -lt 2 || exit 0; echo $((n+1)) > {tmp_path}/n\n"
        f"cd {three.folder} && unset GIT_DIR && git pull -q --rebase && echo $n >> code.txt && git commit -qam $n && git push -q"
    )
    hook(two, "pre-push", script)
    out = two("sync")
    assert "in from origin/main: 2 commits, no items changed" in out
    assert read(two, "code.txt") == "one\ntwo\n0\n1\n"
    one("sync")
    assert same(one, two)
    assert "priority: low" in read(one, LOGIN)


@pytest.mark.slow
def test_gives_up_when_the_remote_moves_all_the_time(pair, tmp_path):
    _, two = pair
    made(two, LOGIN, "priority: high", "priority: low")
    Shell(tmp_path).git("clone", "-q", str(tmp_path / "hub.git"), "three")
    three = identity(Shell(tmp_path / "three"), "three")
    hook(
        two,
        "pre-push",
        f"cd {three.folder} && unset GIT_DIR && git pull -q --rebase && echo x >> code.txt && git commit -qam x && git push -q",
    )
    before = state(two)
    two("sync", code=1)
    assert "moved 5 times" in two.err
    assert state(two) == before


def test_how_git_is_told_to_integrate(pair):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("sync")
    made(two, UMLAUT, "status: todo", "status: review")
    two.git("config", "pull.ff", "only")
    before = state(two)
    two("sync", code=1)
    assert "pull.rebase" in two.err
    assert state(two) == before
    two.git("config", "pull.ff", "false")
    two("sync")
    made(one, UMLAUT, "created", "due: 2026-12-01\ncreated")
    one("sync")
    two("sync")
    assert (
        two.git("rev-list", "--merges", "--count", "HEAD") == "3\n"
    )  # one of each clone, and one although it was straight ahead


def test_dry_run_fetches_and_changes_no_branch(pair):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("sync")
    made(two, UMLAUT, "status: todo", "status: review")
    before, there = state(two), hub(two)
    assert two("sync", "--dry-run").splitlines() == [
        "would come in from origin/main: 1 commit, 1 moved on",
        "  PT-7k3q9x  Fix login  status: todo → review",
        "would go out to origin/main: 1 commit, 1 moved on",
        "  PT-m2v8rd  Größe messen  status: todo → review",
    ]
    assert state(two) == before
    assert hub(two) == there


def test_states_in_which_there_is_nothing_to_sync_with(pair):
    one, _ = pair
    one.git("switch", "-qc", "side")
    one("sync", code=1)
    assert "git push -u origin side" in one.err
    one.git("branch", "-q", "--set-upstream-to", "main")
    one("sync", code=1)
    assert "a branch of this repository" in one.err
    one.git("switch", "-q", "--detach")
    one("sync", code=1)
    assert "detached" in one.err
    one.git("switch", "-q", "main")
    one.git("bisect", "start")
    before = state(one)
    one("sync", code=1)
    assert "bisect" in one.err
    assert state(one) == before


def test_a_remote_without_any_branch_and_a_clone_without_any_commit(tmp_path):
    (tmp_path / "hub.git").mkdir()
    Shell(tmp_path / "hub.git").git("init", "-q", "--bare", "-b", "main")
    found = []
    for name in ("one", "two"):
        Shell(tmp_path).git("clone", "-q", "hub.git", name)
        found.append(identity(Shell(tmp_path / name), name))
    one, two = found
    workspace(one)
    assert one("sync").startswith("out to origin/main: 1 commit, 2 added\n")
    put(two, "elsewhere.txt", "x")
    put(two, "sub/plaintrack.yml", "")
    Shell(two.folder / "sub")("sync")
    assert same(one)
    assert read(two, LOGIN) == read(one, LOGIN)


def test_another_branch_name_on_the_remote_and_a_fork(pair, tmp_path):
    one, two = pair
    two.git("switch", "-qc", "work")
    two.git("branch", "-q", "--set-upstream-to", "origin/main")
    made(two, LOGIN, "status: todo", "status: review")
    two("sync")
    one("sync")
    assert "status: review" in read(one, LOGIN)
    Shell(tmp_path).git("clone", "-q", "--bare", "hub.git", "fork.git")
    two.git("remote", "add", "fork", str(tmp_path / "fork.git"))
    two.git("config", "remote.pushDefault", "fork")
    made(two, LOGIN, "priority: high", "priority: low")
    there = hub(two)
    assert "out to fork/work: 1 commit," in two("sync")
    assert "up to date with origin/main and fork/work" in two("sync")
    assert hub(two) == there
    assert two.git("ls-remote", "fork", "work").split()[0] == two.git("rev-parse", "HEAD").strip()


def test_in_a_worktree_and_a_workspace_below_the_top(tmp_path):
    one, two = clones(tmp_path, "one", "two")
    put(one, "deep er/plaintrack.yml", "timezone: UTC\n")
    (one.folder / "deep er/tasks").mkdir()
    one.git("mv", LOGIN, "deep er/tasks/x.md")
    one.git("rm", "-q", "plaintrack.yml")
    one.git("add", "-A")
    one.git("commit", "-qm", "below")
    one.git("push", "-q")
    two.git("pull", "-q")
    two.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side", "origin/main")
    deep, tree = Shell(one.folder / "deep er"), Shell(tmp_path / "tree/deep er")
    made(deep, "tasks/x.md", "status: todo", "status: review")
    made(tree, "tasks/x.md", "priority: high", "priority: low")
    deep("sync")
    tree("sync")
    deep("sync")
    assert "status: review\npriority: low\n" in read(deep, "tasks/x.md")


def test_a_hook_of_the_merge_may_write(pair):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("sync")
    hook(two, "post-merge", f"{sys.executable} -m plaintrack set m2v status=review >out 2>&1")
    start = time.monotonic()
    two("sync")
    assert time.monotonic() - start < 20  # it waits for no lock that we hold
    assert "status: review" in read(two, UMLAUT)


def test_interrupted_in_the_middle_everything_is_as_it_was(pair, tmp_path):
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    one("sync")
    made(two, UMLAUT, "status: todo", "status: review")
    before, there = state(two), hub(two)
    hook(two, "pre-push", f"touch {tmp_path}/here; sleep 20")
    running = subprocess.Popen(
        [sys.executable, "-m", "plaintrack", "sync"], cwd=two.folder, env=two.env, stderr=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the tests may run in the background of a shell, which ignores it
    )  # fmt: skip
    while not (tmp_path / "here").exists():
        time.sleep(0.02)
    assert state(two) != before
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait() == 130
    assert state(two) == before
    assert hub(two) == there


@pytest.mark.slow
def test_two_syncs_and_writes_at_the_same_moment(pair):
    """All wait for each other; nothing is lost."""
    one, two = pair
    made(one, LOGIN, "status: todo", "status: review")
    made(two, UMLAUT, "status: todo", "status: review")
    command = [sys.executable, "-m", "plaintrack"]
    running = [
        subprocess.Popen(
            [*command, *words], cwd=shell.folder, env=shell.env, stdout=subprocess.DEVNULL
        )
        for shell, words in (
            (one, ["sync"]),
            (two, ["sync"]),
            (one, ["sync"]),
            (two, ["comment", "7k3", "Meanwhile"]),
        )
    ]
    codes = [each.wait() for each in running]
    assert codes[0] == codes[2] == codes[3] == 0
    two("commit")
    two("sync")
    one("sync")
    assert same(one, two)
    assert "status: review" in read(two, LOGIN)
    assert "status: review" in read(one, UMLAUT)
    assert len(list((one.folder / "comments/PT-7k3q9x").iterdir())) == 1
