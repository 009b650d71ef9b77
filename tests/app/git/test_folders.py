"""Git's side of a workspace is the same whatever the folder of items is called, and wherever the workspace lies."""

import os
import subprocess
import sys

import pytest
from conftest import Shell
from git_help import change, commit
from team import files, identity, put
from watching import Watcher

from plaintrack.config.values import holds

FOLDERS = ("tasks", ".tickets", "a b/täsks", "x/.y/z")
PLACES = ("top", "below", "worktree")
QUICK = {(".tickets", "worktree"), ("a b/täsks", "below")}
CELLS = [
    pytest.param(folder, where, marks=[] if (folder, where) in QUICK else [pytest.mark.slow])
    for folder in FOLDERS
    for where in PLACES
]
ITEM = "---\nid: {}\ntitle: {}\nstatus: {}\ncreated: 2026-11-01\n{}---\n"


def made(shell, tmp_path, folder, where, extra=""):
    """(the shell of a workspace with one committed item, the path of the item)."""
    if where == "worktree":
        commit(shell, "before")
        shell.git("worktree", "add", "-q", "-b", "work", str(tmp_path / "tree"))
        shell = Shell(tmp_path / "tree")
    if where == "below":
        shell.folder = shell.folder / ":plan ning"
        shell.folder.mkdir()
    put(shell, "plaintrack.yml", f"timezone: UTC\nfolders: ['{folder}']\n{extra}")
    path = f"{folder}/PT-aaaaaa-one.md"
    put(shell, path, ITEM.format("PT-aaaaaa", "One", "todo", ""))
    commit(shell, "start", "2026-11-10T10:00:00Z")
    return shell, path


@pytest.mark.parametrize(("folder", "where"), CELLS)
def test_the_journey(empty, tmp_path, folder, where):
    shell, path = made(empty, tmp_path, folder, where)
    prefix = ":plan ning/" if where == "below" else ""
    change(shell, path, ("todo", "review"))
    assert "status: todo → review" in shell("diff")
    shell("commit", "PT-aaaaaa")
    assert files(shell) == [prefix + path]
    assert "status: todo → review" in shell("log", "PT-aaaaaa")
    assert shell("list", "--at", "HEAD~1", "status:todo", "--format", "ids") == "PT-aaaaaa\n"
    assert shell("list", "was:status=todo", "--format", "ids") == "PT-aaaaaa\n"

    put(shell, f"{folder}/PT-aaaaab-two.md", ITEM.format("PT-aaaaab", "Two", "nonsense", ""))
    shell.git("add", "-A")
    assert "PT108" in shell("check", "--staged", code=1)
    commit(shell, "two")
    assert "PT108" in shell("check", "--since", "HEAD~1..HEAD", code=1)
    assert "created: Two" in shell("log")

    shell.git("switch", "-qc", "other", "HEAD~1")
    change(shell, path, ("review", "done"))
    commit(shell, "closes PT-aaaaaa elsewhere")
    shell.git("switch", "-q", "-")
    assert "PT-aaaaaa" in shell("branch")
    change(shell, path, ("review", "in-progress"))
    commit(shell, "here")
    shell.git("merge", "-q", "other", check=False)
    assert "PT-aaaaaa" in shell("conflicts", code=1)


RULE = "name: r\non: closes\ndo:\n- set: {status: done}\n---\nname: s\non: {entered: done}\ndo:\n- add: {tags: shipped}\n"


@pytest.mark.parametrize(("folder", "where"), CELLS)
def test_what_writes_and_what_guards(empty, tmp_path, folder, where):
    """Hooks and the merge driver, words that close, rules since a commit, repeats, a pull request's comment, undo, archive."""
    shell, path = made(empty, tmp_path, folder, where)
    shell.env["PATH"] = f"{os.path.dirname(sys.executable)}:{shell.env['PATH']}"
    item = shell.folder / path
    shell("init", "--git", "--hooks")
    for name, text in (("r", RULE.partition("---\n")[0]), ("s", RULE.partition("---\n")[2])):
        put(shell, f"automations/{name}.yml", text)
    start = commit(shell, "set up", "2026-11-10T11:00:00Z")
    branch = shell.git("branch", "--show-current").strip()

    put(shell, f"{folder}/PT-aaaaab-two.md", ITEM.format("PT-aaaaab", "Two", "nonsense", ""))
    shell.git("add", "-A")
    assert "PT108" in said(shell, "commit", "-qm", "two", code=1)  # by the hook
    change(shell, f"{folder}/PT-aaaaab-two.md", ("nonsense", "todo"))
    commit(shell, "two", "2026-11-10T12:00:00Z")

    shell.git("switch", "-qc", "side")
    change(shell, path, ("status: todo", "status: review"))
    commit(shell, "there", "2026-11-10T13:00:00Z")
    shell.git("switch", "-q", branch)
    change(shell, path, ("created: 2026-11-01", "created: 2026-11-01\npriority: high"))
    commit(shell, "here", "2026-11-10T14:00:00Z")
    shell.git("merge", "-q", "side", "-m", "clean")
    assert "status: review" in item.read_text()
    assert "priority: high" in item.read_text()  # one line apart: the driver did it
    shell.git("switch", "-q", "side")
    change(shell, path, ("review", "in-progress"))
    commit(shell, "there again")
    shell.git("switch", "-q", branch)
    change(shell, path, ("review", "cancelled"))
    commit(shell, "here again")
    shell.git("merge", "-q", "side", check=False)
    assert "PT-aaaaaa" in shell("conflicts", code=1)
    shell("conflicts", "--take", "theirs", "PT-aaaaaa")
    shell.git("add", "-A")
    commit(shell, "settled, closes PT-aaaaab")
    assert "status: in-progress" in item.read_text()

    comment = shell("check", "--since", f"{start}..HEAD", "--output", "comment")
    assert "Two" in comment
    assert "PT-aaaaaa" in comment
    shell("rules", "run", "--since", start)
    text = (shell.folder / folder / "PT-aaaaab-two.md").read_text()
    assert "status: done" in text
    assert "shipped" in text
    shell("commit")
    change(shell, path, ("priority: high", "due: 2026-11-20\nrepeat: every day"))
    shell("recur")
    assert len(list(item.parent.glob("*.md"))) == 3
    shell("undo")
    assert len(list(item.parent.glob("*.md"))) == 2
    shell.git("checkout", "--", path)
    shell("archive", "PT-aaaaab")
    assert (shell.folder / "archive").is_dir()
    assert "moved: " in shell("diff")
    shell("commit")
    assert "moved: " in shell("log", "PT-aaaaab")
    assert shell.git("status", "--porcelain") == ""

    inside = ":plan ning/" if where == "below" else ""
    shell.git(
        "-C",
        ".." if inside else ".",
        "sparse-checkout",
        "set",
        "--no-cone",
        "/*",
        f"!/{inside}{path}",
    )
    assert not item.exists()
    put(
        shell,
        f"{folder}/PT-aaaaac-three.md",
        ITEM.format("PT-aaaaac", "Three", "todo", "depends_on: [PT-aaaaaa]\n"),
    )
    assert "PT2" not in shell("check")
    assert "PT-aaaaac" not in shell("next")
    shell.git("-C", ".." if inside else ".", "sparse-checkout", "disable")
    assert "status: in-progress" in item.read_text()


def said(shell, *words, code=0):
    """What git and its hooks say."""
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


@pytest.mark.parametrize(
    ("folder", "where"),
    [
        pytest.param(
            folder,
            where,
            marks=[] if (folder, where) == (".tickets", "below") else [pytest.mark.slow],
        )
        for folder in FOLDERS
        for where in ("top", "below")
    ],
)
def test_two_clones_sync(tmp_path, folder, where):
    hub = tmp_path / "hub.git"
    hub.mkdir()
    Shell(hub).git("init", "-q", "--bare", "-b", "main")
    shells = []
    for name in ("ann", "bob"):
        Shell(tmp_path).git("clone", "-q", str(hub), name)
        shell = identity(Shell(tmp_path / name), name)
        if not shells:
            shell.git("switch", "-qc", "main")
            shell, _ = made(shell, tmp_path, folder, where)
            shell.git("push", "-qu", "origin", "main")
        elif where == "below":
            shell.folder = shell.folder / ":plan ning"
        shells.append(shell)
    ann, bob = shells
    ann("set", "PT-aaaaaa", "status=review")
    ann("commit")
    bob("set", "PT-aaaaaa", "priority=high")
    bob("commit")
    ann("sync")
    bob("sync")
    text = (bob.folder / folder / "PT-aaaaaa-one.md").read_text()
    assert "status: review" in text
    assert "priority: high" in text  # of both, so the driver merged it


def test_rules_follow_commits_and_documents_are_found_below_a_dot(empty, tmp_path):
    rule = "name: r\non: {entered: done}\ndo:\n- add: {tags: shipped}\n"
    put(empty, "automations/r.yml", rule)
    shell, path = made(empty, tmp_path, "x/.y/z", "top")
    put(shell, "x/.y/note.md", "<!-- plaintrack: list -->\n<!-- /plaintrack -->\n")
    shell("rules", "run")
    change(shell, path, ("todo", "done"))
    shell("rules", "run")
    assert "shipped" in (shell.folder / path).read_text()
    shell("render")
    assert "One" not in shell("list", "--format", "ids")
    assert (shell.folder / "x/.y/note.md").read_text().count("\n") >= 2


WATCHED = {("a b/täsks", "worktree")}


@pytest.mark.parametrize(
    ("folder", "where"),
    [
        pytest.param(*each.values, marks=[] if each.values in WATCHED else [pytest.mark.slow])
        for each in CELLS
    ],
)
def test_a_watcher_sees_every_folder(empty, tmp_path, folder, where):
    shell, path = made(empty, tmp_path, folder, where)
    with Watcher(shell) as watcher:
        change(shell, path, ("todo", "review"))
        watcher.await_(
            lambda: any("review" in each for each in watcher.texts()), "it tells the status"
        )
        top = shell.folder / folder.partition("/")[0]
        top.rename(tmp_path / "away")
        watcher.await_(
            lambda: any("deleted" in each for each in watcher.texts()), "it tells what is gone"
        )
        (tmp_path / "away").rename(top)
        watcher.await_(
            lambda: any("created" in each for each in watcher.texts()), "it tells what is back"
        )


def test_what_is_read_below_which_folders():
    tops = ("tasks", ".tickets", "x/.y/z")
    for path in ("tasks/a.md", "tasks/b/a.md", ".tickets/a.md", ".tickets/b/a.md", "x/.y/z/a.md"):
        assert holds(tops, path), path
    for path in (
        "tasks/.a.md",
        "tasks/.b/a.md",
        ".tickets/.b/a.md",
        "x/.y/a.md",
        "tasks2/a.md",
        "tasks/a.txt",
        "a.md",
        "tasks/\udcff.md",
    ):
        assert not holds(tops, path), path
    assert holds(("x", "x/.y"), "x/.y/a.md")


@pytest.mark.parametrize(("folder", "to"), [("tasks", "x/.y/z"), (".tickets", "a b/täsks")])
def test_items_keep_their_history_when_their_folder_is_renamed(empty, tmp_path, folder, to):
    shell, path = made(empty, tmp_path, folder, "below")
    change(shell, path, ("todo", "review"))
    commit(shell, "on")
    (shell.folder / to).parent.mkdir(parents=True, exist_ok=True)
    (shell.folder / folder).rename(shell.folder / to)
    change(shell, "plaintrack.yml", (folder, to))
    shell.git("add", "-A")
    assert "moved" in shell("diff", "--staged").lower()
    assert "Added" not in shell("diff")
    assert shell("check", "--staged") == ""
    shell("commit")
    assert shell.git("status", "--porcelain", ".").strip() in (
        "",
        "M  plaintrack.yml",
        'M  ":plan ning/plaintrack.yml"',
    )
    commit(shell, "settings")
    log = shell("log", "PT-aaaaaa")
    assert "status: todo → review" in log
    assert log.count("created") == 1
    assert shell("list", "--at", "HEAD~3", "status:todo", "--format", "ids") == "PT-aaaaaa\n"
    assert shell("list", "--at", "HEAD", "status:review", "--format", "ids") == "PT-aaaaaa\n"
    assert shell("list", "was:status=todo", "--format", "ids") == "PT-aaaaaa\n"
    put(shell, "automations/r.yml", "name: r\non: created\ndo:\n- add: {tags: fresh}\n")
    assert "PT-aaaaaa" not in shell("rules", "test", "r", "--since", "HEAD~2")
