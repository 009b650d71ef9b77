"""Clones that create, edit, comment, approve, report, log time, plan and sync at random converge,
and nothing is lost.
"""

import json
import random
import subprocess
import sys

import pytest
from soak import soak
from team import ITEM, clones, put, read

STEPS = "".join(f"- [ ] step {number}\n" for number in range(9))
FIELDS = (
    ("status", "due"),
    ("priority", "estimate"),
    ("assignee", "title"),
    ("wait",),
    ("start",),
)  # whose they are, so that nobody's edits clash
VALUES = {
    "status": ("todo", "in-progress", "review", "done", "cancelled"),
    "due": ("2026-12-01", "2026-12-08", "2027-01-31", ""),
    "priority": ("critical", "high", "medium", "low", ""),
    "estimate": ("1h", "2d", "1w", ""),
    "assignee": ("ines", "jonas", "alice", ""),
    "wait": ("2026-12-01", ""),
    "start": ("2026-11-02", ""),
    "title": ("Fix it", "Größe: messen", "'quoted'", "a # b"),
}


SETTINGS = """commit: auto
rooms: {approvals: approvals, updates: updates, time: time}
types: [task, project]
plan: {estimate: 1d}
"""
PROJECT = "---\nid: PT-zzzzzz\ntitle: Relaunch\ntype: project\nstatus: todo\n---\n"
NAMES = ("one", "two", "three", "four", "five")
HEALTH = ("on-track", "at-risk", "off-track")


class Team:
    """Clones, and what all of them have done so far."""

    def __init__(self, tmp_path, seed, number, clash=0.0):
        self.random = random.Random(seed)
        self.clones = clones(tmp_path, *NAMES[:number], settings=SETTINGS)
        self.clash = clash
        self.fields = {}  # (id, field): every value that it was given, the last one last
        self.tags, self.ticks, self.comments, self.titles = set(), set(), set(), set()
        self.verdicts, self.updates, self.hours = set(), set(), [0] * number
        self.known = [{} for _ in self.clones]  # id: path, as each clone has it
        for item, path in (
            ("PT-7k3q9x", "tasks/PT-7k3q9x-fix-login.md"),
            ("PT-m2v8rd", "tasks/mit Leerzeichen/PT-m2v8rd-größe.md"),
        ):
            put(self.clones[0], path, ITEM.format(item, "First") + STEPS)
            self.known[0][item] = path
        put(self.clones[0], "tasks/PT-zzzzzz-relaunch.md", PROJECT + STEPS)
        self.titles.add("PT-zzzzzz")
        self.clones[0].git("add", "-A")
        self.clones[0].git("commit", "-qm", "steps")
        for clone in self.clones if clash else ():
            clone("init", "--git")
            (clone.folder / ".gitattributes").rename(clone.folder / ".git/info/attributes")
        self.clones[0].git("push", "-q")
        for number, clone in enumerate(self.clones):
            clone.git("pull", "-q", "--ff-only")
            self.look(number)

    def step(self, count):
        """One thing that one clone does."""
        number = self.random.randrange(len(self.clones))
        clone, known = self.clones[number], self.known[number]
        item = self.random.choice(sorted(known))
        kind = self.random.choices(
            ("set", "tag", "tick", "comment", "add", "sync", "agree", "report", "log", "plan"),
            (28, 10, 10, 12, 12, 23, 10, 5, 5, 3),
        )[0]
        if kind == "set":
            owner = (
                self.random.randrange(len(self.clones))
                if self.random.random() < self.clash
                else number
            )
            field = self.random.choice(FIELDS[owner])
            value = self.random.choice(VALUES[field])
            clone("set", item, f"{field}={value}")
            self.fields.setdefault((item, field), []).append(value)
        elif kind == "tag":
            clone("set", item, f"tags+=t{count}")
            self.tags.add((item, f"t{count}"))
        elif kind == "tick" and number < 3:
            step = self.random.randrange(3) * 3 + number
            if (item, f"step {step}") not in self.ticks:
                clone("tick", item, str(step + (1 if item in self.titles else 2)))
            self.ticks.add((item, f"step {step}"))
        elif kind == "comment":
            clone("comment", item, f"Said {count}")
            self.comments.add((item, f"Said {count}"))
        elif kind == "add":
            made = clone("add", f"Made {count}", "--body", "Text.\n\n" + STEPS).split()[0]
            self.titles.add(made)
            known[made] = ""
        elif kind in ("agree", "report", "log", "plan"):
            self.together(kind, number, item, count)
        elif kind == "sync":
            self.sync(number)

    def together(self, kind, number, item, count):
        """What a person does who works with others."""
        clone, who = self.clones[number], NAMES[number]
        if kind == "agree":
            word, done = self.random.choice((("approve", "approved"), ("reject", "rejected")))
            if "already" not in clone(word, item, "-m", f"Why {count}") + clone.err:
                self.verdicts.add((item, who, done, f"Why {count}"))
        elif kind == "report":
            health = self.random.choice(HEALTH)
            clone("health", "PT-zzzzzz", health, "-m", f"Said {count}")
            self.updates.add((who, health, f"Said {count}"))
        elif kind == "log" and self.hours[number] < 20:
            self.hours[number] += 1
            day = 30 - self.hours[number]
            clone("time", "log", item, "1h", "--at", f"2026-10-{day:02} 10:00")
        elif kind == "plan" and number == 0:  # one plans; the fields of it are no one else's
            clone("plan", "--apply", "--yes")

    def sync(self, number):
        """Sync, and settle a conflict that is reported."""
        clone = self.clones[number]
        done = subprocess.run(
            [sys.executable, "-m", "plaintrack", "sync"],
            cwd=clone.folder,
            env=clone.env,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            assert self.clash, done.stderr
            assert "conflicting changes" in done.stderr
            assert clone.git("status", "--porcelain") == ""
            self.settle(clone)
        self.look(number)

    def settle(self, clone):
        clone.git("fetch", "-q")
        clone.git("merge", "origin/main", check=False)
        clone("conflicts", "--take", self.random.choice(("ours", "theirs")))
        clone("conflicts")  # none is left
        clone.git("commit", "-qam", "settled")
        clone("sync")

    def look(self, number):
        clone = self.clones[number]
        self.known[number] = dict.fromkeys(clone("list", "--all", "--format", "ids").split(), "")

    def sync_all(self):
        for number in [*range(len(self.clones)), *range(len(self.clones) - 1)]:
            self.sync(number)

    def sync_at_once(self):
        """All clones at the same moment."""
        command = [sys.executable, "-m", "plaintrack", "sync"]
        running = [
            subprocess.Popen(
                command,
                cwd=clone.folder,
                env=clone.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for clone in self.clones
        ]
        for number, each in enumerate(running):
            told = each.communicate()[1]
            assert (
                each.returncode == 0
                or (self.clash and "conflicting changes" in told)
                or "moved 5 times" in told
            ), told
            self.look(number)

    def check(self):
        """Every clone has the same commit, and in it is what each of them did."""
        assert len({clone.git("rev-parse", "HEAD") for clone in self.clones}) == 1
        for clone in self.clones:
            assert clone.git("status", "--porcelain") == ""
        clone = self.clones[0]
        names = clone.git(
            "-c", "core.quotePath=false", "ls-files", "tasks", "comments"
        ).splitlines()
        texts = {name: read(clone, name) for name in names}
        assert not [name for name, text in texts.items() if "<<<<<<<" in text or ">>>>>>>" in text]
        ids = [
            text.split("id: ")[1].split("\n")[0]
            for name, text in texts.items()
            if name.startswith("tasks/")
        ]
        assert len(ids) == len(set(ids))
        assert set(ids) == {"PT-7k3q9x", "PT-m2v8rd", *self.titles}
        assert clone("doctor") == ""
        items = {
            item["id"]: item
            for item in json.loads(clone("list", "--all", "--format", "json"))["items"]
        }
        for (item, field), values in self.fields.items():
            found = items[item].get(field, "")
            found = (
                found if isinstance(found, list) else [found]
            )  # several people may have become assignees
            assert set(found) <= set(values) if self.clash else found == [values[-1]], (
                item,
                field,
                values,
                found,
            )
        bodies = {item: read(clone, entry["path"]) for item, entry in items.items()}
        assert {(item, tag) for item, tag in self.tags if tag not in items[item]["tags"]} == set()
        assert {
            (item, step) for item, step in self.ticks if f"- [x] {step}\n" not in bodies[item]
        } == set()
        assert {each.count("- [") for each in bodies.values()} <= {9, 10}
        self.check_together()
        said = {
            (name.split("/")[1], text.rstrip("\n").rpartition("\n")[2])
            for name, text in texts.items()
            if name.startswith("comments/")
        }
        assert said == self.comments

    def check_together(self):
        """Verdicts, updates and hours are all there, and every clone says the same of them."""
        told = [
            each("approvals", "is:open or is:closed", "--format", "json") for each in self.clones
        ]
        assert len(set(told)) == 1
        there = {
            (item, text.split("by: ")[1].split("\n")[0], text.split("verdict: ")[1].split("\n")[0],
             text.rstrip("\n").rpartition("\n")[2])
            for item, text in self.filed("approvals")
        }  # fmt: skip
        assert there == self.verdicts
        updates = {
            (text.split("by: ")[1].split("\n")[0], text.split("health: ")[1].split("\n")[0],
             text.split("---\n")[2].split("\n")[0])
            for _, text in self.filed("updates")
        }  # fmt: skip
        assert updates == self.updates
        logged = sum(text.count("\ni ") + text.startswith("i ") for _, text in self.filed("time"))
        assert logged == sum(self.hours)

    def filed(self, room):
        """The folder and text of each file in a room."""
        clone = self.clones[0]
        names = clone.git("-c", "core.quotePath=false", "ls-files", room).splitlines()
        return [(name.split("/")[1], read(clone, name)) for name in names]


@pytest.mark.parametrize("rebase", ["false", pytest.param("true", marks=pytest.mark.slow)])
def test_two_clones_converge(tmp_path, rebase):
    team = Team(tmp_path, 7, 2)
    for clone in team.clones:
        clone.git("config", "pull.rebase", rebase)
    for count in range(16):
        team.step(count)
    team.sync_all()
    team.check()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 5])
def test_a_week_of_four_or_five_clones_converges(tmp_path, seed):
    team = Team(tmp_path, seed, seed)
    for count in range(120):
        team.step(count)
        if count % 24 == 23:
            team.sync_at_once()
    team.sync_all()
    team.check()


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "rebase"), [(1, "false"), (2, "true"), (3, "merges")])
def test_three_clones_converge_over_hundreds_of_operations(tmp_path, seed, rebase):
    team = Team(tmp_path, seed, 3)
    for clone in team.clones:
        clone.git("config", "pull.rebase", rebase)
    for count in range(soak(150)):
        team.step(count)
        if count % 25 == 24:
            team.sync_at_once()
    team.sync_all()
    team.check()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 5])
def test_clashes_are_reported_settled_and_nothing_else_is_lost(tmp_path, seed):
    team = Team(tmp_path, seed, 3, clash=0.3)
    for count in range(soak(100)):
        team.step(count)
    team.sync_all()
    team.check()
