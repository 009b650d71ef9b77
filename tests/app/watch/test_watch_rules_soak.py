"""Commands, an editor and git at work at random while rules watch: every change made here fires its rule exactly once, what git brings fires none."""

import random
import signal
import threading
import time
from collections import Counter

import pytest
from soak import soak
from test_watch_soak import by_files, by_index
from watching import Watcher, Writers

from plaintrack.app.automation.run import resume
from plaintrack.app.follow import opened
from plaintrack.app.write.session import writing
from plaintrack.model.edit import Set
from plaintrack.store.index.seen import Seen

RULES = """rules:
- name: born
  on: created
  do:
  - add: {tags: born}
- name: closed
  on: {entered: done}
  do:
  - comment: 'Closed.'
  - archive
- name: review
  on: {changed: {field: status, to: review}}
  do:
  - comment: 'To be reviewed.'
  - create: {title: 'Check {id}', link: parent}
"""
TEXT = "---\nid: PT-{}\ntitle: Item {}\nstatus: {}\n---\nText.\n"
OURS = 20


class Work(Writers):
    """Three writers; each has items of its own, and counts what is to fire for them. git has the tree to itself while it works."""

    def __init__(self, shell, seed):
        self.shell, self.random, self.tree, self.faults = (
            shell,
            random.Random(seed),
            threading.Lock(),
            [],
        )
        self.expected, self.number, self.theirs = Counter(), 0, shell.folder.with_name("theirs")

    def begin(self):
        self.shell("init")
        (self.shell.folder / "automations").mkdir()
        (self.shell.folder / "automations/rules.yml").write_text(RULES)
        for number in range(OURS):
            (self.shell.folder / f"tasks/c{number}.md").write_text(
                TEXT.format(f"c{number:04}", number, "todo")
            )
        self.shell.git("add", "-A")
        self.shell.git("commit", "-qm", "start")
        self.shell.git("worktree", "add", "-q", "-b", "theirs", str(self.theirs))
        self.shell("rules", "run")

    def command(self):
        if (
            self.random.random() < 0.05
        ):  # a hundred actions a minute are too many for rules, until somebody resumes them
            resume(opened(str(self.shell.folder)))
        name = f"c{self.random.randrange(OURS)}"
        status = self.random.choice(["todo", "in-progress", "review", "review"])
        if self.random.random() < 0.05:
            before = self.status(name)
            self.shell("set", f"PT-c{int(name[1:]):04}", f"status={status}")
        else:
            with writing(opened(str(self.shell.folder)), "soak") as writer:
                before = self.status(name)
                writer.edit(f"tasks/{name}.md", [Set("status", status)])
        if status == "review" != before:
            self.expected["review", f"PT-c{int(name[1:]):04}"] += 1

    def status(self, name):
        return (
            (self.shell.folder / f"tasks/{name}.md").read_text().split("status: ")[1].split("\n")[0]
        )

    def editor(self):
        born = [
            each
            for each in (self.shell.folder / "tasks").glob("e*.md")
            if "born" in each.read_text() and "status: todo" in each.read_text()
        ]
        if born and self.random.random() < 0.5:
            path = self.random.choice(born)
            self.save(path, path.read_text().replace("status: todo", "status: done"))
            self.expected["closed", f"PT-{path.stem}"] += 1
        else:
            self.number += 1
            self.save(
                self.shell.folder / f"tasks/e{self.number:05}.md",
                TEXT.format(f"e{self.number:05}", self.number, "todo"),
            )
            self.expected["born", f"PT-e{self.number:05}"] += 1

    def save(self, path, text):
        how = self.random.randrange(3)
        if how == 0:
            path.write_text(text)
        elif how == 1 or not path.exists():
            path.with_name(".saved").write_text(text)
            path.with_name(".saved").rename(path)
        else:
            path.rename(path.with_name(path.name + "~"))
            path.write_text(text)
            path.with_name(path.name + "~").unlink()

    def git(self):
        git = self.shell.git
        git("add", "-A")
        git("commit", "-qm", "work", check=False)
        if self.random.random() < 0.5:
            self.number += 1
            for path in (self.theirs / "tasks").glob("g*.md"):
                path.write_text(
                    path.read_text().replace(
                        "status: todo",
                        self.random.choice(["status: todo", "status: done", "status: review"]),
                    )
                )
            (self.theirs / f"tasks/g{self.number:05}.md").write_text(
                TEXT.format(f"g{self.number:05}", self.number, "todo")
            )
            git("-C", str(self.theirs), "add", "-A")
            git("-C", str(self.theirs), "commit", "-qm", "theirs")
            git("merge", "-q", "--no-edit", "theirs")

    def fired(self):
        """(rule, item) → how often, by the ledger."""
        found = Counter()
        for path in (self.shell.folder / "automations/fired").rglob("*.yml"):
            lines = dict(
                line.split(": ", 1) for line in path.read_text().splitlines() if ": " in line
            )
            found[lines["rule"], lines["item"]] += 1
        return found

    def checks(self):
        """The items that the rule made: id → of which item."""
        texts = [path.read_text() for path in (self.shell.folder / "tasks").glob("*-check-*.md")]
        return {
            text.split("id: ")[1].split("\n")[0]: text.split("title: Check ")[1].split("\n")[0]
            for text in texts
        }

    def check(self):
        assert self.faults == []
        while Seen(str(self.shell.folder / ".git/plaintrack")).known("paused"):
            resume(opened(str(self.shell.folder)))
        self.shell("rules", "run")
        fired, checks = self.fired(), self.checks()
        assert Counter(checks.values()) == Counter(
            {item: count for (rule, item), count in self.expected.items() if rule == "review"}
        )
        assert fired == self.expected + Counter(("born", each) for each in checks)
        assert all(
            (self.shell.folder / f"archive/{item[3:]}.md").exists()
            for rule, item in self.expected
            if rule == "closed"
        )
        comments = Counter()
        for path in (self.shell.folder / "comments").rglob("*.md"):
            comments["closed" if "Closed." in path.read_text() else "review", path.parent.name] += 1
        assert comments == Counter(
            {each: count for each, count in self.expected.items() if each[0] != "born"}
        )
        index = by_index(self.shell)
        assert index == by_files(self.shell)


@pytest.mark.parametrize("operations", [30, pytest.param(soak(1_500), marks=pytest.mark.slow)])
def test_every_rule_fires_exactly_once(empty, operations):
    work = Work(empty, operations)
    work.begin()
    with Watcher(empty) as watcher:
        for thread in work.run(operations):
            thread.join()
        watcher.quiet(2.5)
        assert watcher.end() == 0
    work.check()


@pytest.mark.parametrize("operations", [50, pytest.param(soak(600), marks=pytest.mark.slow)])
def test_every_rule_fires_exactly_once_though_the_watcher_is_killed(empty, operations):
    work = Work(empty, operations)
    work.begin()
    threads = work.run(operations)
    while any(thread.is_alive() for thread in threads):
        with Watcher(empty) as watcher:
            time.sleep(work.random.random() * 2)
            watcher.end(signal.SIGKILL)
    work.check()
