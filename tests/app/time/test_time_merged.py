"""Two branches that both keep time: git's plain merge gives what both did, or a conflict; never anything else."""

import random
import subprocess

import pytest

from plaintrack.app.snapshot.timelog import log
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time import records
from plaintrack.app.time.entries import submitted
from plaintrack.app.write.verb import verb
from plaintrack.timeclock.entry import Entry

MOMENT = 1_795_000_000  # 2026-11-18
PEOPLE = ("ana", "bob")


def git(folder, *words, check=True):
    return subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@x", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=check,
    )


def made(dice, person):
    """A new entry; those of one person do not meet, as with a clock."""
    start = MOMENT + dice.randrange(4 * 24) * 3600 + dice.randrange(3000)
    return Entry(
        person,
        start,
        start + dice.randrange(60, 3600),
        dice.choice(["PT-1", "PT-2"]),
        dice.choice(["", "talk"]),
    )


def act(folder, dice):
    """What one side does; the entries it changed or took out, those it put in."""
    workspace = Workspace(str(folder))
    gone, new = [], []
    with verb(workspace, "test") as work:
        for _ in range(dice.randrange(1, 4)):
            there = log(workspace).entries
            kind = dice.choice(["append", "append", "edit", "delete"])
            if kind == "append" or not there:
                entry = made(dice, dice.choice(PEOPLE))
                records.append(work, [entry])
                new.append(entry.normal)
                continue
            old = dice.choice(there)
            changed = (
                old._replace(note=f"changed {dice.random()}")
                if dice.random() < 0.7
                else old._replace(start=old.start + 86_400, end=old.end + 86_400)
            )
            if kind == "edit":
                records.change(work, old, changed)
            else:
                records.remove(work, old)
            if old.normal in new:
                new.remove(old.normal)
            else:
                gone.append(old.normal)
            if kind == "edit":
                new.append(changed.normal)
    assert submitted(workspace, "ana", []) == []
    return gone, new


def state(folder):
    found = log(Workspace(str(folder)))
    assert found.faults == ()
    return sorted(each.normal for each in found.entries)


def pair(folder, seed):
    """``right``, ``conflict`` or ``false`` (a conflict although nothing is disputed); anything else fails."""
    dice = random.Random(seed)
    git(folder, "checkout", "-qf", "main")
    git(folder, "branch", "-qD", "one", "two", check=False)
    before = state(folder)
    sides = {}
    for branch in ("one", "two"):
        git(folder, "checkout", "-qfB", branch, "main")
        sides[branch] = act(folder, dice)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", branch, "--allow-empty")
    disputed = set(sides["one"][0]) & set(sides["two"][0])
    merged = git(folder, "merge", "-q", "--no-edit", "one", check=False)
    if merged.returncode:
        git(folder, "merge", "--abort")
        return "conflict" if disputed else "false"
    expected = list(before)
    for gone, new in sides.values():
        expected += new
        for each in gone:
            if each in expected:
                expected.remove(each)
    assert state(folder) == sorted(expected), seed
    return "right"


@pytest.fixture
def shared(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "plaintrack.yml").write_text(
        "folders: [tasks]\nrooms: {time: time}\ntimezone: Europe/Berlin\n"
    )
    git(folder, "init", "-qb", "main")
    dice = random.Random(7)
    for _ in range(3):  # several fragments a day, each committed
        with verb(Workspace(str(folder)), "test") as work:
            records.append(work, [made(dice, person) for person in PEOPLE for _ in range(4)])
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "more")
    return folder


def test_merges_of_two_branches_are_right_or_conflicts(shared):
    found = [pair(shared, seed) for seed in range(12)]
    assert found.count("right") > 6


@pytest.mark.slow
def test_a_thousand_merges_of_two_branches(shared):
    found = [pair(shared, seed) for seed in range(1000)]
    assert found.count("false") <= 5
    assert found.count("right") > 700
