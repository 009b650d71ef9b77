"""Concurrent writers lose nothing: what exited 0 is in the files."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from soak import soak

WRITERS = 8


def write_at_once(shell, count):
    """Eight processes of ``count`` commands each on the same six items."""
    items = [shell("add", f"Item {number}", "tags=old").split()[0] for number in range(6)]
    command = [sys.executable, str(Path(__file__).with_name("working.py"))]
    runs = [
        subprocess.Popen(
            [*command, str(number), str(count), *items], cwd=shell.folder, env=shell.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for number in range(WRITERS)
    ]  # fmt: skip
    ends = [run.communicate() for run in runs]
    assert [(run.returncode, err) for run, (_, err) in zip(runs, ends, strict=True)] == [
        (0, "")
    ] * WRITERS
    done = [json.loads(line) for out, _ in ends for line in out.splitlines()]
    assert len(done) == WRITERS * count
    return items, done


def check(shell, items, done):
    """Look for every command's result in the files themselves, then in the answers."""
    texts = {item: next((shell.folder / "tasks").glob(f"{item}-*")).read_text() for item in items}
    comments = {
        item: [path.read_text() for path in (shell.folder / "comments" / item).glob("*.md")]
        for item in items
    }
    titles = [
        path.read_text().split("title: ")[1].split("\n")[0]
        for path in (shell.folder / "tasks").glob("*.md")
    ]
    for words in done:
        if words[0] == "set":
            value = words[-1].partition("=")[2]
            assert all(
                texts[item].count(f"- {value}\n") + texts[item].count(f": {value}\n") == 1
                for item in words[1:-1]
            ), words
        elif words[0] == "comment":
            assert sum(text.endswith(f"\n{words[2]}\n") for text in comments[words[1]]) == 1, words
        else:
            assert titles.count(words[1]) == 1, words
    added = sum(words[0] == "add" for words in done)
    assert len(titles) == len(items) + added
    assert len(shell("list", "tags:fresh", "--format", "ids").split()) == added
    time.sleep(0.25)  # so long a displaced file is kept
    assert shell("doctor") == ""
    assert not list(shell.folder.rglob(".plaintrack-*"))
    assert not list(shell.folder.glob(".git/plaintrack/displaced/*"))


def test_eight_writers_lose_nothing(empty):
    empty("init")
    check(empty, *write_at_once(empty, 7))


@pytest.mark.slow
def test_eight_writers_of_two_hundred_commands_lose_nothing(empty):
    empty("init")
    check(empty, *write_at_once(empty, soak(200)))
