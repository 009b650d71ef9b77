"""The merge driver under real git: every command that merges, and what is left when it fails."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

ITEM = "---\nid: PT-1\ntitle: Fix it\nstatus: todo\npriority: high\ntags:\n- auth\n---\nIt fails.\n\n- [ ] read\n- [ ] write\n"
PATH = "tasks/PT-1.md"
DRIVER = f"{shlex.quote(sys.executable)} -m plaintrack merge-file %O %A %B %L %P"

FALLBACK = "missing-plaintrack merge-file %O %A %B %L %P || case $? in 126|127) git merge-file --marker-size=%L %A %O %B;; *) false;; esac"


class Repository:
    """A repository with the driver, an item, and a branch `other`."""

    def __init__(self, shell, driver=DRIVER):
        self.shell, self.git = shell, shell.git
        self.put("plaintrack.yml", "")
        self.put(".gitattributes", "*.md merge=plaintrack\n")
        self.put(PATH, ITEM)
        self.git("config", "merge.plaintrack.driver", driver)
        self.commit("start")
        self.git("branch", "other")

    def put(self, path, text):
        place = self.shell.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())

    def read(self, path=PATH):
        return (self.shell.folder / path).read_bytes().decode()

    def edit(self, *pairs, path=PATH):
        text = self.read(path)
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new, 1)
        self.put(path, text)

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def both(self, ours, theirs):
        """Commit one edit on `other` and one here."""
        self.git("checkout", "-q", "other")
        self.edit(*theirs)
        self.commit("theirs")
        self.git("checkout", "-q", "main")
        self.edit(*ours)
        self.commit("ours")

    def run(self, *args, env=None):
        command = ["git", *args]
        return subprocess.run(
            command,
            cwd=self.shell.folder,
            env={**self.shell.env, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repository(empty):
    return Repository(empty)


OURS = ["todo", "done", "- auth\n", "- auth\n- api\n", "[ ] read", "[x] read"]
THEIRS = [
    "high",
    "low",
    "- auth\n",
    "- auth\n- ui\n",
    "[ ] write",
    "[x] write",
    "It fails.\n",
    "It fails.\n\nBadly.\n",
]
BOTH = (
    "---\nid: PT-1\ntitle: Fix it\nstatus: done\npriority: low\ntags:\n- auth\n- api\n- ui\n---\n"
    "It fails.\n\nBadly.\n\n- [x] read\n- [x] write\n"
)


@pytest.mark.parametrize(
    "command",
    [
        ["merge", "other"],
        ["rebase", "other"],
        ["cherry-pick", "other"],
        ["merge", "--squash", "other"],
    ],
    ids=" ".join,
)
def test_merges_fields_of_both_sides(repository, command):
    repository.both(OURS, THEIRS)
    done = repository.run(*command)
    assert done.returncode == 0, done.stderr
    assert repository.read() == BOTH
    assert not list(repository.shell.folder.glob(".merge_file*"))


def test_stash_pop(repository):
    repository.edit(*OURS)
    repository.git("stash")
    repository.edit(*THEIRS)
    repository.commit("theirs")
    assert repository.run("stash", "pop").returncode == 0
    assert repository.read() == BOTH


def test_merge_tree_without_a_work_tree_change(repository):
    repository.both(OURS, THEIRS)
    done = repository.run("merge-tree", "--write-tree", "main", "other")
    assert done.returncode == 0, done.stderr
    assert repository.git("cat-file", "blob", f"{done.stdout.strip()}:{PATH}") == BOTH


def test_renamed_by_one_side_edited_by_both(repository):
    """The driver gets the new path, which has a blank and quotes in it."""
    new = 'tasks/it\'s a "test".md'
    repository.git("checkout", "-q", "other")
    repository.git("mv", PATH, new)
    repository.edit("high", "low", path=new)
    repository.commit("theirs")
    repository.git("checkout", "-q", "main")
    repository.edit("todo", "done")
    repository.commit("ours")
    assert repository.run("merge", "other").returncode == 0
    assert repository.read(new) == ITEM.replace("todo", "done").replace("high", "low")


def test_two_new_files(repository):
    other = "tasks/PT-2.md"
    for branch, status in (("other", "todo"), ("main", "done")):
        repository.git("checkout", "-q", branch)
        repository.put(other, ITEM.replace("PT-1", "PT-2").replace("todo", status))
        repository.commit(branch)
    assert repository.run("merge", "other").returncode == 1
    marked = "<<<<<<< ours\nstatus: done\n=======\nstatus: todo\n>>>>>>> theirs\n"
    assert repository.read(other) == ITEM.replace("PT-1", "PT-2").replace("status: todo\n", marked)


def test_deleted_by_one_side(repository):
    repository.both(OURS, ["high", "low"])
    repository.git("rm", "-q", PATH)
    repository.commit("gone")
    done = repository.run("merge", "other")
    assert done.returncode == 1
    assert "modify/delete" in done.stdout
    assert repository.read() == ITEM.replace("high", "low")


def test_conflict_stops_the_merge_and_says_which_field(repository):
    repository.both(["todo", "done", "high", "low"], ["todo", "review"])
    done = repository.run("merge", "other")
    assert done.returncode == 1
    assert f"plaintrack: {PATH}: both sides changed status" in done.stderr
    marked = "<<<<<<< ours\nstatus: done\n=======\nstatus: review\n>>>>>>> theirs\n"
    assert repository.read() == ITEM.replace("status: todo\n", marked).replace("high", "low")
    assert len(repository.git("ls-files", "-u").splitlines()) == 3


def test_criss_cross(repository):
    """Both merged each other and settled the same conflict the same way: the base has markers, the merge has none."""
    repository.both(["todo", "done"], ["todo", "review"])
    repository.git("branch", "third", "other")
    assert repository.run("merge", "other").returncode == 1
    settled = ITEM.replace("todo", "done")
    repository.put(PATH, settled)
    repository.commit("one")
    repository.git("checkout", "-q", "third")
    assert repository.run("merge", "main~1").returncode == 1
    repository.put(PATH, settled.replace("high", "low"))
    repository.commit("two")
    assert len(repository.git("merge-base", "--all", "main", "third").split()) == 2
    done = repository.run("merge", "main")
    assert done.returncode == 0, done.stderr + repository.read()
    assert repository.read() == settled.replace("high", "low")


def test_a_field_with_another_key_is_merged_by_the_workspace_settings(repository):
    """Below the top of the repository, too; ``labels`` is a list there, written as one value."""
    repository.put("team/plaintrack.yml", "fields: {tags: {key: labels}}\n")
    item = "---\nid: PT-1\ntitle: x\n---\n"
    repository.put("team/tasks/a.md", item)
    repository.commit("team")
    repository.git("branch", "-f", "other")
    for branch, tag in (("other", "ui"), ("main", "api")):
        repository.git("checkout", "-q", branch)
        repository.put("team/tasks/a.md", item.replace("title: x\n", f"title: x\nlabels: {tag}\n"))
        repository.commit(branch)
    assert repository.run("merge", "other").returncode == 0
    assert repository.read("team/tasks/a.md") == item.replace(
        "title: x\n", "title: x\nlabels:\n- api\n- ui\n"
    )


def test_a_side_that_does_not_parse_is_left_to_the_user(repository):
    repository.both(["todo", "done"], ["title: Fix it", "title: [Fix it"])
    done = repository.run("merge", "other")
    assert done.returncode == 1
    assert "merged by lines" in done.stderr
    assert "title: [Fix it" in repository.read()
    assert "status: done" in repository.read()


def test_a_readme_merges_as_without_the_driver(repository):
    repository.put("README.md", "one\n\ntwo\n\nthree\n")
    repository.commit("readme")
    repository.git("branch", "-f", "other")
    for branch, pair in (("other", ("one", "1")), ("main", ("three", "3"))):
        repository.git("checkout", "-q", branch)
        repository.edit(*pair, path="README.md")
        repository.commit(branch)
    assert repository.run("merge", "other").returncode == 0
    assert repository.read("README.md") == "1\n\ntwo\n\n3\n"


def files(folder, *texts):
    """BASE, OURS and THEIRS as git gives them."""
    names = []
    for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
        (folder / name).write_text(text)
        names.append(str(folder / name))
    return names


def test_a_crash_leaves_both_sides_in_the_file(tmp_path):
    """A bug in the merge, and one so bad that the merge by lines fails as well."""
    names = files(tmp_path, ITEM, ITEM.replace("todo", "done"), ITEM.replace("high", "low"))
    for broken in ("merge", "by_lines"):
        code = (
            "import sys, plaintrack.merge.item as item\n"
            f"def fail(*_): raise RuntimeError('broken')\nitem.merge = fail\nitem.{broken} = fail\n"
            "from plaintrack.cli.driver import run\nsys.exit(run(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *names], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        text = (tmp_path / "ours").read_text()
        assert "status: done" in text
        assert "priority: low" in text
    assert text.startswith("<<<<<<< ours\n---\n")
    assert text.endswith(">>>>>>> theirs\n")


def test_killed_at_any_moment_both_sides_are_there(tmp_path):
    """SIGKILL after growing times: the file is ours as it was, both sides in one conflict, or the finished merge."""
    ours, theirs = ITEM.replace("todo", "done"), ITEM.replace("high", "low")
    done = ITEM.replace("todo", "done").replace("high", "low")
    seen = set()
    for step in range(400):
        names = files(tmp_path, ITEM, ours, theirs)
        process = subprocess.Popen(
            [sys.executable, "-m", "plaintrack", "merge-file", *names, "7", PATH]
        )
        time.sleep(step * 0.004)
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        text = (tmp_path / "ours").read_text()
        guarded = f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"
        assert text in (ours, guarded, done)
        assert code != 0 or text == done
        seen.add(text)
        if code == 0:
            break
    assert {ours, done} <= seen


def test_a_driver_that_is_not_installed_keeps_both_sides_with_the_documented_setting(empty):
    """`plaintrack` missing on a machine: git would leave ours without markers, so the setting falls back to git's own merge."""
    repository = Repository(empty, FALLBACK)
    repository.both(["todo", "done"], ["todo", "review"])
    assert repository.run("merge", "other").returncode == 1
    assert "status: done\n=======\nstatus: review\n" in repository.read()


def test_a_driver_that_is_not_installed_merges_apart_lines(empty):
    repository = Repository(empty, FALLBACK)
    repository.both(["todo", "done"], ["[ ] write", "[x] write"])
    assert repository.run("merge", "other").returncode == 0
    assert repository.read() == ITEM.replace("todo", "done").replace("[ ] write", "[x] write")


def test_git_attributes_without_a_configured_driver_merge_as_text(empty):
    repository = Repository(empty)
    repository.git("config", "--unset", "merge.plaintrack.driver")
    repository.both(["todo", "done"], ["[ ] write", "[x] write"])
    assert repository.run("merge", "other").returncode == 0


@pytest.mark.parametrize(
    "words", [[], ["a"], ["a", "b", "c", "7", "p", "x"], ["none", "none", "none"]]
)
def test_wrong_usage_is_no_success(empty, words):
    empty("merge-file", *words, code=2)
    assert empty.err


def test_help(empty):
    assert "git config merge.plaintrack.driver" in empty("merge-file", "--help")


def test_starts_without_click_and_git(tmp_path):
    """Of a workspace with settings, too."""
    (tmp_path / "plaintrack.yml").write_text("timezone: Europe/Berlin\n")
    names = files(tmp_path, ITEM, ITEM.replace("todo", "done"), ITEM.replace("high", "low"))
    code = (
        "import sys, os\nsys.argv[1:1] = ['merge-file']\n"
        "os._exit = lambda code: print(code, *sorted(sys.modules))\n"
        "from plaintrack.__main__ import main\nmain()"
    )
    for _ in range(2):  # the second time the settings come from the cache
        files(tmp_path, ITEM, ITEM.replace("todo", "done"), ITEM.replace("high", "low"))
        done = subprocess.run(
            [sys.executable, "-c", code, *names, "7", PATH],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ),
        )
        status, *modules = done.stdout.split()
        assert status == "0", done.stderr
    assert not {
        "click",
        "git",
        "subprocess",
        "difflib",
        "frontmatter",
        "regex",
        "dataclasses",
        "logging",
    } & set(modules)
