"""`undo` takes back the last command or says why it can't, whatever git, editors and the watcher did in between."""

import errno
import os
import random
import shutil
import subprocess
import tempfile
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.app.follow import opened
from plaintrack.app.items import add
from plaintrack.app.items.comment import say
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.journal import KEPT, Journal, NothingToUndo, Record
from plaintrack.app.write.session import NotWritable, writing
from plaintrack.app.write.undo import TakenBack, commands, undo
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Set
from plaintrack.store import replace as replacing
from plaintrack.store.files import Changed

ITEM = "---\nid: T-{0}\ntitle: Item {0}\nstatus: todo\n---\nText of {0}.\n"
GIT = {
    "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b", "PATH": os.environ["PATH"],
}  # fmt: skip


@pytest.fixture(scope="module")
def original():
    """A repository of three items, with a branch on which one of them is another."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        hand = Hand(f"{folder}/original", folder)
        os.makedirs(f"{hand.root}/tasks")
        hand.git("init", "-q", "-b", "main")
        hand.save("plaintrack.yml", b"folders: [tasks]\nids: {prefix: T}\n")
        for number in range(3):
            hand.save(f"tasks/T-{number}.md", ITEM.format(number).encode())
        hand.git("add", "-A")
        hand.git("commit", "-qm", "start")
        hand.git("branch", "same")
        hand.git("switch", "-qc", "other")
        hand.save("tasks/T-0.md", ITEM.format(0).replace("todo", "done").encode())
        hand.git("commit", "-qam", "other")
        hand.git("switch", "-q", "main")
        yield hand


class Hand:
    """Does one thing to a workspace; the commands among them are kept as (words, path → (before, after))."""

    def __init__(self, root, scratch):
        self.root, self.scratch = root, scratch
        self.known = []
        self.chance = random.Random(0)

    def git(self, *args):
        subprocess.run(["git", "-C", self.root, *args], env=GIT, check=False, capture_output=True)

    def save(self, path, data):
        os.makedirs(os.path.dirname(f"{self.root}/{path}"), exist_ok=True)
        with open(f"{self.root}/{path}", "wb") as handle:
            handle.write(data)

    def tree(self):
        found = {}
        for folder, below, names in os.walk(self.root):
            below[:] = [name for name in below if name != ".git"]
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as handle:
                    found[os.path.relpath(path, self.root)] = handle.read()
        return found

    def items(self):
        return sorted(path for path in self.tree() if path.startswith("tasks/"))

    def command(self, act, unasked=False):
        """Run ``act`` with a Writer."""
        before, place = self.tree(), Workspace(self.root)
        place.unasked = unasked
        try:
            with writing(place, f"command {len(self.known)}") as writer:
                act(place, writer)
        except (PlaintrackError, OSError):
            pass
        after = self.tree()
        touched = {path for path in before | after if before.get(path) != after.get(path)}
        if touched and not unasked:
            self.known.append({path: (before.get(path), after.get(path)) for path in touched})

    def set_one(self, one, two):
        path = self.items()[one % len(self.items())]
        self.command(lambda _, writer: writer.edit(path, [Set("title", f"T{two % 5}")]))

    def set_more(self, one, two):
        paths = self.items()

        def act(_, writer):
            for path in paths:
                writer.edit(path, [Set("status", "done")])
                writer.edit(path, [Set("priority", ("high", "low")[two % 2])])

        self.command(act)

    def add(self, one, two):
        self.command(lambda place, writer: add.make(place, writer, f"New {two}", (), None))

    def comment(self, one, two):
        self.command(lambda place, writer: say(place, writer, f"T-{one % 3}", f"said {two}"))

    def archive(self, one, two):
        path = self.items()[one % len(self.items())]
        self.command(lambda _, writer: writer.move(path, f"archive/{os.path.basename(path)}"))

    def delete(self, one, two):
        path = self.items()[one % len(self.items())]
        self.command(lambda _, writer: writer.delete(path))

    def watcher(self, one, two):
        path = self.items()[one % len(self.items())]
        self.command(
            lambda _, writer: writer.edit(path, [Set("tags", (f"t{two % 3}",))]), unasked=True
        )

    def editor(self, one, two):
        path = self.items()[one % len(self.items())]
        self.save(path, self.tree()[path] + b"More.\n" * (two % 2) or b"---\nid: T-9\n---\n")

    def remove(self, one, two):
        os.unlink(f"{self.root}/{self.items()[one % len(self.items())]}")

    def commit(self, one, two):
        self.git("add", "-A")
        self.git("commit", "-qm", "more", *(["--amend"] if two % 4 == 0 else []))

    def checkout(self, one, two):
        paths = self.items()
        self.git("checkout", "-q", "--", paths[one % len(paths)] if two % 2 else ".")

    def switch(self, one, two):
        self.git(
            "switch", "-q", *(["-f"] if two % 3 == 0 else []), ("main", "other", "same")[one % 3]
        )

    def stash(self, one, two):
        self.git("stash", "-q", *(["-u"] if two % 2 else []))

    def pop(self, one, two):
        self.git("stash", "pop", "-q")

    def rebase(self, one, two):
        self.git("rebase", "-q", ("other", "same")[one % 2])
        self.git("rebase", "--abort")

    def reset(self, one, two):
        self.git("reset", "-q", ("--hard", "--soft")[two % 2], "HEAD~")

    def undo(self, one, two):
        """The model: all files of the last command come back, or nothing happens."""
        before, last = self.tree(), self.known[-1] if self.known else {}
        now = {path: before.get(path) for path in last}
        back = {path: old for path, (old, _) in last.items()}
        others = [path for path, states in last.items() if now[path] not in states]
        try:
            steps = undo(opened(self.root)).steps
        except Changed:
            assert others
        except TakenBack:
            assert last
            assert now == back
        except NothingToUndo:
            assert not last
        else:
            assert not others
            assert now != back
            assert {step.path for step in steps} == {
                path for path in last if now[path] != back[path]
            }
            before.update(back)
            self.known.pop()
        assert self.tree() == {path: data for path, data in before.items() if data is not None}

    def undo_named(self, one, two):
        """Any command by its number: only its files, and all of them."""
        before, listed = self.tree(), commands(Workspace(self.root))
        if not listed:
            return
        chosen = listed[one % len(listed)]
        place = sum(not each.entry.aside for each in listed[: chosen.number])
        try:
            steps = undo(opened(self.root), number=chosen.number).steps
        except PlaintrackError:
            assert chosen.standing
            assert self.tree() == before
            return
        assert not chosen.standing
        before.update({step.path: step.before for step in steps})
        assert self.tree() == {path: data for path, data in before.items() if data is not None}
        if not chosen.entry.aside:
            del self.known[-place]


def test_an_undo_that_the_disk_stopped_is_finished_before_another_begins(original, monkeypatch):
    with tempfile.TemporaryDirectory(dir=original.scratch) as folder:
        hand = Hand(f"{folder}/copy", folder)
        shutil.copytree(original.root, hand.root)
        start = hand.tree()
        hand.set_one(1, 1)
        middle = hand.tree()
        hand.set_more(0, 0)
        replace, calls, fails = replacing.replace, [], [0]

        def failing(*args):
            calls.append(args)
            if len(calls) == fails[0]:
                raise OSError(errno.EIO, "Input/output error", args[0])
            replace(*args)
            if len(calls) == -fails[0]:
                raise OSError(errno.EIO, "Input/output error", args[0])

        monkeypatch.setattr(replacing, "replace", failing)
        for fails[0] in (
            2,
            -1,
            -1,
        ):  # before the second file; after it; after the third, when all is back
            calls.clear()
            with pytest.raises(NotWritable):
                undo(opened(hand.root))
            assert hand.tree() != start
        assert hand.tree() == middle
        fails[0] = 0
        assert undo(opened(hand.root))[:2] == ("command 1", [])
        assert hand.tree() == middle
        assert undo(opened(hand.root))[0] == "command 0"
        assert hand.tree() == start


def test_the_watchers_many_writes_leave_the_commands_in_the_journal(tmp_path):
    for number in range(250):
        journal = Journal(str(tmp_path))
        journal.begin(f"command {number}", aside=number % 100 != 0)
        journal.note(Record("x", None, b"x"))
        journal.end(True)
    found = [entry.command for entry in Journal(str(tmp_path)).entries() if not entry.aside]
    assert found == ["command 200", "command 100", "command 0"]
    assert sum(entry.aside for entry in Journal(str(tmp_path)).entries()) == KEPT


def test_an_editor_beside_another_command_takes_back_only_its_own(original):
    with tempfile.TemporaryDirectory(dir=original.scratch) as folder:
        hand = Hand(f"{folder}/copy", folder)
        shutil.copytree(original.root, hand.root)
        path, since = "tasks/T-0.md", time.time_ns()
        held = hand.tree()[path]
        hand.set_one(0, 1)
        other = hand.tree()[path]
        hand.save(path, b"---\nid: T-0\ntitle: By hand\n---\n")
        with writing(opened(hand.root), "edit") as writer:
            writer.found(path, held, since)
        assert undo(opened(hand.root))[0] == "edit"
        assert hand.tree()[path] == other
        undo(opened(hand.root))
        assert hand.tree()[path] == held


DEEDS = sorted(
    set(vars(Hand))
    - {"__init__", "git", "save", "tree", "items", "command"}
    - {name for name in vars(Hand) if name[0] == "_"}
)
COMMON = [
    "set_one",
    "set_more",
    "add",
    "archive",
    "undo",
    "undo",
    "undo",
    "stash",
    "pop",
    "checkout",
]
STEPS = st.lists(
    st.tuples(st.sampled_from([*DEEDS, *COMMON]), st.integers(0, 50), st.integers(0, 50)),
    min_size=3,
    max_size=16,
)


def played(original, steps):
    with tempfile.TemporaryDirectory(dir=original.scratch) as folder:
        hand = Hand(f"{folder}/copy", folder)
        shutil.copytree(original.root, hand.root)
        for name, one, two in [*steps, ("undo", 0, 0)]:
            if name == "undo" or hand.items():
                getattr(hand, name)(one, two)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_the_last_command_comes_back_or_nothing_happens(original, steps):
    played(original, steps)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_the_last_command_comes_back_or_nothing_happens_for_long(original, steps):
    played(original, steps)
