"""An import is one command: for other commands, for `undo`, for git, and for two clones."""

import json
import os
import subprocess
import sys

import pytest

from plaintrack.app.follow import opened
from plaintrack.app.transfer import read, take
from plaintrack.app.write.undo import undo


@pytest.fixture
def work(empty):
    empty("init")
    rows = [f"A-{number},Item {number},Todo" for number in range(10)]
    (empty.folder / "x.csv").write_text("ID,Title,Status\n" + "\n".join(rows) + "\n")
    return empty


IMPORT = """
import os, signal, sys
from plaintrack.app.transfer import take
from plaintrack.app.write.writer import Writer
from plaintrack.store import replace
take.BATCH = 3
kind, left = sys.argv[1], int(sys.argv[2])
home, name = (replace, "_move") if kind == "names" else (Writer, "create")
whole = getattr(home, name)
def counted(*args):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*args)
setattr(home, name, counted)
from plaintrack.__main__ import main
sys.argv = ["plaintrack", "import", "linear", "x.csv"]
sys.exit(main())
"""


def files(shell):
    return {
        path.relative_to(shell.folder): path.read_bytes()
        for path in shell.folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


@pytest.mark.parametrize(
    ("at", "writes", "some"),
    [
        *(("writes", at, (at - 1) // 3 * 3) for at in (1, 3, 5, 11)),
        ("names", 1, 0),
        ("names", 5, 4),
    ],
)
def test_a_killed_import_goes_on_and_one_undo_each_takes_it_back(work, at, writes, some):
    before = files(work)
    words = [sys.executable, "-c", IMPORT, at, str(writes)]
    killed = subprocess.run(words, cwd=work.folder, env=work.env, check=False)
    assert killed.returncode < 0
    assert len(list((work.folder / "tasks").glob("PT*.md"))) == some
    out = work("import", "linear", "x.csv")
    assert f"{10 - some} made" in out if some < 10 else "10 as they were" in out
    assert "10 as they were" in work("import", "linear", "x.csv")
    for _ in range(2 if some else 1):
        work("undo")
    assert files(work) == before


def test_what_a_killed_import_left_is_in_the_commit_of_the_next(work):
    work("commit", "-m", "first")
    words = [sys.executable, "-c", IMPORT, "writes", "11"]
    subprocess.run(words, cwd=work.folder, env=work.env, check=False)
    work("import", "linear", "x.csv", "--commit")
    assert work.git("status", "--porcelain") == "?? x.csv\n"
    assert len(work.git("show", "--name-only", "--format=", "HEAD").split()) == 13


def test_two_imports_at_once_make_nothing_twice(work):
    words = [sys.executable, "-m", "plaintrack", "import", "linear", "x.csv", "--format", "json"]
    both = [
        subprocess.Popen(words, cwd=work.folder, env=work.env, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [json.loads(each.communicate()[0]) for each in both]
    assert sorted((each["made"], each["same"]) for each in said) == [(0, 10), (10, 0)]
    assert len(list((work.folder / "tasks").glob("*.md"))) == 10


def test_portions_are_one_entry_of_the_journal(work, monkeypatch):
    monkeypatch.setattr(take, "BATCH", 4)
    before = files(work)
    workspace = opened(os.fspath(work.folder))
    said = read.Given()
    with (work.folder / "x.csv").open("rb") as stream:
        source = read.opened(workspace, "linear", os.fspath(work.folder / "x.csv"), stream, {})
    done = take.take(workspace, read.read(workspace, "linear", source, said))
    assert done.made == 10
    undone = undo(opened(os.fspath(work.folder)))
    assert undone.command == "import linear"
    assert files(work) == before


@pytest.mark.parametrize("how", ["auto", "asked"])
def test_an_import_is_one_commit_of_its_own_files(work, how):
    settings = work.folder / "plaintrack.yml"
    if how == "auto":
        settings.write_text(settings.read_text() + "commit: auto\n")
    work("commit", "-m", "first")
    (work.folder / "mine.txt").write_text("mine")
    work.git("add", "mine.txt")
    work("import", "linear", "x.csv", *(["--commit"] if how == "asked" else []))
    assert work.git("log", "--format=%s").splitlines() == ["import 10 items from Linear", "first"]
    assert work.git("status", "--porcelain") == "A  mine.txt\n?? x.csv\n"


def test_commit_is_refused_before_anything_is_imported(work):
    work("commit", "-m", "first")
    work.git("checkout", "-q", "--detach")
    work("import", "linear", "x.csv", "--commit", code=1)
    assert "HEAD is detached" in work.err
    assert not list((work.folder / "tasks").glob("*.md"))


def test_two_clones_that_import_one_file_make_the_same_items(work):
    work("init", "--git")
    work("commit", "-m", "first")
    work.git("add", "-A")
    work.git("commit", "-qm", "rest")
    work.git("branch", "other")
    work("import", "linear", "x.csv", "--commit")
    work.git("checkout", "-q", "other")
    text = (work.folder / "x.csv").read_text().replace(
        "Item 3,Todo", "Item 3,Done"
    ) + "A-10,New,Todo\n"
    (work.folder / "x.csv").write_text(text)
    work("import", "linear", "x.csv", "--commit", PLAINTRACK_NOW="2026-11-24T09:00:00+01:00")
    work.git("merge", "-q", "-", check=False)
    conflicts = work.git("diff", "--name-only", "--diff-filter=U").split()
    assert len(conflicts) == 1  # the status that differs
    (work.folder / conflicts[0]).write_bytes(work.git("show", f"other:{conflicts[0]}").encode())
    work.git("add", "-A")
    work.git("commit", "-qm", "merged")
    assert "11 as they were" in work("import", "linear", "x.csv")
    assert work("check") == ""


def test_an_item_that_was_imported_twice_is_found(work):
    work("import", "linear", "x.csv")
    (one, *_) = (work.folder / "tasks").glob("*item-3.md")
    copy = one.with_name("PT-zzzzzz-copy.md")
    copy.write_text(one.read_text().replace(one.name[:9], "PT-zzzzzz"))
    assert "PT212" in work("check")
    out = work("import", "linear", "x.csv")
    assert "came from one item there; the first counts" in out


def test_identity_holds_whatever_happens_to_the_file_here(work):
    work("import", "linear", "x.csv")
    rows = json.loads(work("list", "--format", "json"))["items"]
    ids = {row["title"]: row["id"] for row in rows}
    work("renumber", ids["Item 0"], "PT-other1")
    work("set", ids["Item 1"], "status=done")
    work("archive", ids["Item 1"])
    path = next(row["path"] for row in rows if row["title"] == "Item 2")
    (work.folder / "tasks/deep").mkdir()
    (work.folder / path).rename(work.folder / "tasks/deep/x.md")
    text = (work.folder / "x.csv").read_text()
    for number in range(3):
        text = text.replace(f"Item {number},", f"New {number},")
    (work.folder / "x.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    out = work("import", "linear", "x.csv")
    assert "10 items read, 3 changed, 7 as they were" in out
    rows = json.loads(work("list", "is:open,closed", "--format", "json"))["items"]
    assert len(rows) == 10
    assert {row["title"]: row["id"] for row in rows}["New 0"] == "PT-other1"


def test_two_clones_that_import_one_item_with_two_titles_have_it_twice(work):
    """Git cannot know; `check` says it, no fix makes two of it, and without one file it is mended."""
    work("init", "--git")
    work("commit", "-m", "first")
    work.git("add", "-A")
    work.git("commit", "-qm", "rest")
    work.git("branch", "other")
    work("import", "linear", "x.csv", "--commit")
    work.git("checkout", "-q", "other")
    text = (work.folder / "x.csv").read_text().replace("Item 3,", "Another title,")
    (work.folder / "x.csv").write_text(text)
    work("import", "linear", "x.csv", "--commit")
    work.git("merge", "-q", "-m", "merged", "-")
    old, new = sorted(work.folder.glob("tasks/*item-3.md")) + sorted(
        work.folder.glob("tasks/*title.md")
    )
    before = files(work)
    for words in (("check",), ("check", "--fix"), ("doctor", "--fix")):
        out = work(*words, code=1)
        assert "and both came from linear:A-3" in out
        assert "PT212" not in out
    assert files(work) == before
    old.unlink()
    assert work("check") == ""
    assert "10 as they were" in work("import", "linear", "x.csv")
    assert "title: Another title" in new.read_text()


@pytest.mark.parametrize("gone", [0, 1])
def test_items_that_are_not_checked_out_are_not_called_gone(work, gone):
    work("import", "linear", "x.csv", "--commit")
    work.git("add", "-A")
    work.git("commit", "-qm", "all")
    if gone:
        rows = json.loads(work("list", "--format", "json"))["items"]
        row = next(each for each in rows if each["title"] == "Item 1")
        work("delete", "--yes", row["id"])
        work("commit", "-m", "one less")
    work.git(
        "sparse-checkout", "set", "--no-cone", "/*", "!/tasks/*item-3.md", "!/tasks/*item-4.md"
    )
    before = work.git("status", "--porcelain")
    out = work("import", "linear", "x.csv")
    assert f"{8 - gone} as they were, {2 + gone} skipped" in out
    assert "2 items not checked out here: import where all is" in out
    assert ("1 item deleted here" in out) == bool(gone)
    assert work.git("status", "--porcelain") == before
