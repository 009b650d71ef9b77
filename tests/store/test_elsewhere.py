"""Without what only Linux has (renameat2, inotify, /proc, O_TMPFILE, fork, large pipes) everything works, by other ways."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from watching import Watcher

HERE = Path(__file__).parent / "elsewhere"


@pytest.fixture
def elsewhere(empty):
    """A workspace in which every process is without them."""
    empty.env["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    empty("init")
    return empty


def test_they_are_gone(elsewhere):
    """Else the other tests show nothing."""
    code = (
        "import ctypes, os; print(hasattr(os, 'fork'), hasattr(ctypes.CDLL(None), 'renameat2'));"
        "from plaintrack.store.inotify import AVAILABLE, local; print(AVAILABLE, local(['/']))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, "watch"],
        env=elsewhere.env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.split() == ["False"] * 4


def test_a_day_of_writing(elsewhere):
    """Files are made, moved, replaced and removed, never over another's, and undone."""
    one = elsewhere("add", "One").split()[0]
    before = elsewhere("show", one)
    elsewhere("done", one)
    elsewhere("archive", one)
    assert list((elsewhere.folder / "archive").glob("*one.md"))
    elsewhere("undo")
    elsewhere("undo")
    assert elsewhere("show", one) == before
    elsewhere("delete", one, "--yes")
    elsewhere("undo")
    assert elsewhere("show", one) == before
    assert "committed" in elsewhere("commit")
    elsewhere("check")


def test_many_items_are_indexed_in_one_process(elsewhere):
    for number in range(600):
        text = f"---\nid: PT-{number:04}\ntitle: T{number}\nstatus: todo\n---\n"
        (elsewhere.folder / f"tasks/PT-{number:04}.md").write_text(text)
    assert len(elsewhere("list", "--format", "ids").split()) == 600


def test_a_watcher_sees_what_changes(elsewhere):
    elsewhere("add", "One")
    with Watcher(elsewhere) as watcher:
        (path,) = (elsewhere.folder / "tasks").glob("*one.md")
        path.write_text(path.read_text().replace("status: todo", "status: review"))
        watcher.await_(lambda: "review" in str(watcher.events), "the change is told", 60)
