"""What a person writes for a command is in a file when the command fails, whatever the reason."""

import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

TEXT = "Precious words.\n\n- more €\n"


@pytest.fixture
def place(empty, tmp_path):
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\nids: {prefix: T}\n")
    (empty.folder / "tasks").mkdir()
    (empty.folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\n---\n")
    (tmp_path / "tmp").mkdir()
    empty.env["TMPDIR"] = str(tmp_path / "tmp")
    return empty


def kept(said):
    """The file that a message names, and the command that uses it."""
    path, use = re.search(r"what you wrote is kept in (\S+); to use it: (.*)", said).groups()
    return path, use


FAILURES = {
    "unknown id": (("comment", "nope"), None),
    "unknown id, -": (("comment", "nope", "-"), None),
    "folder": (("comment", "T-1"), "comments"),
    "broken item": (("comment", "T-1"), "broken"),
    "no workspace": (("comment", "T-1"), "gone"),
    "settings": (("comment", "T-1"), "settings"),
    "field": (("add", "Two words", "due=nope", "--body", "-"), None),
    "value": (("add", "Two", "due=someday", "--body", "-"), None),
    "template": (("add", "Two", "--body", "-", "-t", "none"), None),
    "title": (("add", "--body", "-"), None),
    "option": (("add", "Two", "--nope", "--body", "-"), None),
    "items": (("add", "Two", "--body", "-"), "tasks"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_standard_input_is_kept(place, name):
    words, broken = FAILURES[name]
    if broken == "comments":
        (place.folder / "comments").write_text("")
    elif broken == "broken":
        (place.folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: a: b\n---\n")
    elif broken == "gone":
        (place.folder / "plaintrack.yml").unlink()
    elif broken == "settings":
        (place.folder / "plaintrack.yml").write_text("folders: 3\n")
    elif broken == "tasks":
        (place.folder / "tasks").rename(place.folder / "old")
        (place.folder / "tasks").write_text("")
    run = place.run(words, place.env, TEXT)
    assert run.returncode in (1, 2), run
    path, use = kept(run.stderr)
    with open(path, encoding="utf-8") as handle:
        assert handle.read() == TEXT
    assert os.stat(path).st_mode & 0o077 == 0
    assert use == f"plaintrack {' '.join(words[:2])} - < {path}" or use.startswith(
        "plaintrack add "
    )
    if broken is None and name.startswith("unknown"):
        assert "text of a command that failed" in place("doctor", code=1)


def test_nothing_is_left_of_what_was_used_or_empty(place, tmp_path):
    place("comment", "T-1", "-", stdin=TEXT)
    place("comment", "T-1", stdin=" \n", code=2)
    place("add", "Two", "--body", "-", stdin=TEXT)
    assert TEXT in next(place.folder.glob("tasks/*two.md")).read_text("utf-8")
    assert [TEXT in path.read_text("utf-8") for path in place.folder.glob("comments/T-1/*")] == [
        True
    ]
    left = [*place.folder.glob(".git/plaintrack/lost-found/*"), *(tmp_path / "tmp").iterdir()]
    assert left == []


def edited(place, script, *words, wait=True):
    """``comment`` with an editor, at a terminal."""
    editor = place.folder.parent / "editor"
    editor.write_text(f"#!/bin/sh\nprintf 'Precious words.\\n' > \"$1\"\n{script}\n")
    editor.chmod(0o755)
    outer, inner = pty.openpty()
    try:
        env = {**place.env, "EDITOR": str(editor)}
        command = [sys.executable, "-m", "plaintrack", "comment", *words]
        run = subprocess.Popen(
            command,
            cwd=place.folder,
            env=env,
            stdin=inner,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if not wait:
            folder = place.folder / ".git/plaintrack/lost-found"
            while not any(each.stat().st_size for each in folder.glob("typed-*")):
                time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
        return run, *run.communicate(timeout=30)
    finally:
        os.close(outer)
        os.close(inner)


@pytest.mark.parametrize("script", ["exit 1", "touch comments"])
def test_what_was_written_in_the_editor_is_kept(place, script):
    run, _, said = edited(place, script, "T-1")
    assert run.returncode == 2
    with open(kept(said)[0], encoding="utf-8") as handle:
        assert handle.read() == "Precious words.\n"


def test_an_editor_that_works_and_one_whose_command_is_killed(place):
    folder = place.folder / ".git/plaintrack/lost-found"
    run, out, said = edited(place, "", "T-1")
    assert run.returncode == 0, said
    assert "comment added" in out
    assert list(folder.iterdir()) == []
    edited(place, "sleep 0.5", "T-1", wait=False)
    assert [each.read_text() for each in folder.iterdir()] == ["Precious words.\n"]


def test_the_item_is_looked_up_before_the_editor_opens(place):
    run, _, said = edited(place, "touch opened", "nope")
    assert run.returncode == 1
    assert "kept" not in said
    assert not (place.folder / "opened").exists()
