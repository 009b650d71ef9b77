"""Two branches that both keep time: git's plain merge gives what both did, or a conflict; never anything else."""

import os
import random
import subprocess
from contextlib import suppress
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from soak import soak

from plaintrack.app.snapshot.timelog import log
from plaintrack.app.snapshot.timesheets import sheets, standing
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time import records, timer
from plaintrack.app.time.sheets import NothingLogged, NotSubmittable, submit
from plaintrack.app.write.verb import verb
from plaintrack.store import timers
from plaintrack.store.timers import Timer
from plaintrack.timeclock.entry import Entry

MOMENT = 1_795_000_000  # 2026-11-18
PEOPLE = ("ana", "bob")
PERIODS = ("2026-W47", "2026-W48", "2026-11")
BERLIN = ZoneInfo("Europe/Berlin")


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
    """What one side does; the entries it changed or took out, those it put in, and the periods it
    submitted, with what each counted then.
    """
    gone, new, submitted = [], [], {}
    for _ in range(dice.randrange(1, 4)):
        workspace = Workspace(str(folder))
        there = log(workspace).entries
        kind = dice.choice(["append", "append", "edit", "delete", "stop", "submit"])
        if kind == "submit":
            span, who = dice.choice(PERIODS), dice.choice(PEOPLE)
            with suppress(NothingLogged, NotSubmittable):
                submit(workspace, span, who)
                submitted[who, span] = frozen_week(folder, who, span)
        elif kind == "stop":
            entry = made(dice, dice.choice(PEOPLE))
            free = all(each.end <= entry.start or each.start >= entry.end or each.person != entry.person for each in there)  # fmt: skip
            if free:
                with timers.alone(str(folder)):
                    timers.keep(
                        str(folder), Timer(entry.person, entry.item, entry.start, 3600, entry.note)
                    )
                end = datetime.fromtimestamp(entry.end, BERLIN).isoformat()
                timer.stop(workspace, end, entry.person)
                new.append(entry.normal)
        else:
            changed(workspace, dice, kind, there, gone, new)
    return gone, new, submitted


def changed(workspace, dice, kind, there, gone, new):
    """Put in, change or take out an entry."""
    with verb(workspace, "test") as work:
        if kind == "append" or not there:
            entry = made(dice, dice.choice(PEOPLE))
            records.append(work, [entry])
            new.append(entry.normal)
            return
        old = dice.choice(there)
        if kind == "delete":
            records.remove(work, old)
        elif dice.random() < 0.7:
            after = old._replace(note=f"changed {dice.random()}")
            records.change(work, old, after)
        else:
            after = old._replace(start=old.start + 86_400, end=old.end + 86_400)
            records.change(work, old, after)
        if old.normal in new:
            new.remove(old.normal)
        else:
            gone.append(old.normal)
        if kind == "edit":
            new.append(after.normal)


def frozen_week(folder, who, span):
    """The hash in the sheet of a period."""
    (found,) = (each for each in sheets(Workspace(str(folder)), who).sheets if each.period == span)
    return found.sha256


def state(folder):
    found = log(Workspace(str(folder)))
    assert found.faults == ()
    return sorted(each.normal for each in found.entries)


def pair(folder, seed):
    """``right``, ``conflict`` or ``false`` (a conflict although nothing is disputed); anything else
    fails. The two sides are two branches in one clone, or (odd seeds) in two worktrees of it.
    """
    dice = random.Random(seed)
    git(folder, "checkout", "-qf", "main")
    git(folder, "branch", "-qD", "one", "two", check=False)
    before = state(folder)
    sides = {}
    for branch in ("one", "two"):
        place = folder
        if branch == "one" and seed % 2:
            place = folder.parent / f"one-{seed}"
            git(folder, "worktree", "add", "-qB", branch, str(place), "main")
        else:
            git(folder, "checkout", "-qfB", branch, "main")
        with patch.dict(
            os.environ, PLAINTRACK_NOW=f"2026-11-28T1{len(branch + place.name) % 7}:00+01:00"
        ):
            sides[branch] = act(place, dice)
        git(place, "add", "-A")
        git(place, "commit", "-qm", branch, "--allow-empty")
        if place != folder:
            git(folder, "worktree", "remove", "--force", str(place))
    disputed = set(sides["one"][0]) & set(sides["two"][0])
    same = sides["one"][2].keys() & sides["two"][2].keys()
    merged = git(folder, "merge", "-q", "--no-edit", "one", check=False)
    if merged.returncode:
        git(folder, "merge", "--abort")
        disputed |= {each for each in same if sides["one"][2][each] != sides["two"][2][each]}
        return "conflict" if disputed else "false"
    expected = list(before)
    for gone, new, _ in sides.values():
        expected += new
        for each in gone:
            if each in expected:
                expected.remove(each)
    assert state(folder) == sorted(expected), seed
    told(folder, sides)
    return "right"


def told(folder, sides):
    """What was submitted on either side stands there, and is called changed unless its week is
    what it was.
    """
    workspace = Workspace(str(folder))
    entries = log(workspace).entries
    found = {(each.person, each.period): each for each in sheets(workspace).sheets}
    assert sheets(workspace).faults == ()
    for _, _, submitted in sides.values():
        for key in submitted:
            how = standing(workspace, found[key], entries)
            assert found[key].sha256 in [side[2].get(key) for side in sides.values()]
            assert bool(how.changed) == (how.now != found[key].sha256)


@pytest.fixture
def shared(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "plaintrack.yml").write_text(
        "folders: [tasks]\nrooms: {time: time, timesheets: timesheets}\ntimezone: Europe/Berlin\n"
    )
    (folder / "tasks").mkdir()
    for name in ("PT-1", "PT-2"):
        (folder / f"tasks/{name}.md").write_text(
            f"---\nid: {name}\ntitle: {name}\nstatus: todo\n---\n"
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
    found = [pair(shared, seed) for seed in range(soak(1000))]
    assert found.count("false") <= soak(5)
    assert found.count("right") > soak(700)
