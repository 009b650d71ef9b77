"""Commands, an editor and git at work at random while the watcher runs: its index ends as a fresh parse, and what it told adds up to what is there."""

import json
import os
import random
import signal
import sqlite3
import threading
import time

import pytest
from soak import soak
from watching import Watcher, Writers

from plaintrack.app.follow import opened
from plaintrack.app.write.session import writing
from plaintrack.model.edit import Set

STATUSES = ["todo", "in-progress", "review"]
ITEMS = 40


def begin(shell):
    shell("init")
    for number in range(ITEMS):
        text = f"---\nid: PT-s{number:03}\ntitle: Soak {number}\nstatus: todo\n\npriority: low\n---\nText.\n"
        (shell.folder / f"tasks/{number}.md").write_text(text)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")


class Soak(Writers):
    """Three writers; git has the tree to itself while it works, as a person who uses it would see to."""

    def __init__(self, shell, seed):
        self.shell, self.random, self.tree, self.faults = (
            shell,
            random.Random(seed),
            threading.Lock(),
            [],
        )
        self.branches = ["main"]

    def paths(self):
        return sorted(self.shell.folder.glob("tasks/**/*.md"))

    def command(self):
        path = self.random.choice(self.paths()).relative_to(self.shell.folder).as_posix()
        with writing(opened(str(self.shell.folder)), "soak") as writer:
            writer.edit(path, [Set("status", self.random.choice(STATUSES))])

    def editor(self):
        path = self.random.choice(self.paths())
        text = path.read_text()
        for status in STATUSES:
            text = text.replace(f"status: {status}\n", "status: @\n")
        text = text.replace("status: @", f"status: {self.random.choice(STATUSES)}")
        kind = self.random.randrange(5)
        if kind == 0:
            path.write_text(text)
        elif kind == 1:
            path.with_name(".saved").write_text(text)
            path.with_name(".saved").rename(path)
        elif kind == 2:
            path.rename(path.with_name(path.name + "~"))
            path.write_text(text)
            path.with_name(path.name + "~").unlink()
        elif kind == 3:
            folder = self.shell.folder / f"tasks/{self.random.randrange(3)}"
            folder.mkdir(exist_ok=True)
            path.rename(folder / path.name)
        else:
            with path.open("a") as handle:
                handle.write("More.\n")

    def git(self):
        git = self.shell.git
        kind = self.random.randrange(5)
        git("add", "-A")
        git("commit", "-qm", "work", check=False)
        if kind == 0:
            self.branches.append(f"b{len(self.branches)}")
            git("checkout", "-q", "-b", self.branches[-1])
        elif kind == 1:
            git("checkout", "-q", self.random.choice(self.branches))
        elif kind == 2:
            git("reset", "-q", "--hard", "HEAD~1", check=False)
        elif kind == 3:
            git("merge", "-q", "--no-edit", self.random.choice(self.branches), check=False)
            if git("ls-files", "-u"):
                git("merge", "--abort")
        git("clean", "-qfd")


def by_index(shell):
    """Id → (path, status) as the index file says it, without a look at the files."""
    (file,) = (shell.folder / ".git/plaintrack").glob("index-*.sqlite")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    found = {
        item: (path, status)
        for item, path, status in connection.execute("SELECT id, path, status FROM item")
    }
    connection.close()
    return found


def by_files(shell):
    """The same, parsed afresh."""
    for file in (shell.folder / ".git/plaintrack").glob("index-*"):
        os.unlink(file)
    rows = json.loads(shell("list", "--all", "--format", "json"))["items"]
    return {row["id"]: (row["path"], row["status"]) for row in rows}


def added_up(events):
    """Id → (path, status) after all that was told."""
    found = {f"PT-s{number:03}": (f"tasks/{number}.md", "todo") for number in range(ITEMS)}
    for event in events:
        if event["event"] != "change":
            continue
        _, status = found.get(event["id"], ("", "todo"))
        if event["kind"] == "deleted":
            found.pop(event["id"], None)
        else:
            status = event["new"] if event["field"] == "status" else status
            found[event["id"]] = (event["path"], status)
    return found


@pytest.mark.parametrize("operations", [60, pytest.param(soak(3_000), marks=pytest.mark.slow)])
def test_what_it_told_adds_up_and_its_index_is_true(empty, operations):
    begin(empty)
    soak = Soak(empty, operations)
    with Watcher(empty) as watcher:
        for thread in soak.run(operations):
            thread.join()
        assert soak.faults == []
        watcher.quiet(2.5)
        assert watcher.end() == 0
    index = by_index(empty)
    assert index == by_files(empty)
    assert added_up(watcher.events) == index


@pytest.mark.parametrize("operations", [40, pytest.param(soak(1_500), marks=pytest.mark.slow)])
def test_killed_at_random_it_leaves_nothing_wrong(empty, operations):
    begin(empty)
    soak = Soak(empty, operations)
    threads = soak.run(operations)
    while any(thread.is_alive() for thread in threads):
        with Watcher(empty) as watcher:
            time.sleep(soak.random.random() * 2)
            watcher.end(signal.SIGKILL)
    assert soak.faults == []
    with Watcher(empty) as watcher:
        watcher.quiet(1.5)
        assert watcher.end() == 0
    index = by_index(empty)
    assert index == by_files(empty)
    assert empty.git("fsck", "--strict", "--no-dangling") == ""
