"""``kill -9`` before any change to the file system: each file is old or new, nothing strange is listed, ``undo`` works."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import NOW, state
from soak import one_of

ITEM = """---
id: PT-{0}{0}{0}{0}{0}{0}
title: Item {0}
status: {1}
tags:
- old
---
- [ ] a step of {0}
"""
A, B, C, D = IDS = tuple(f"PT-{letter * 6}" for letter in "abcd")
FIRST = ["set", A, "priority=low"]
COMMANDS = {
    "set": ["set", A, "status=done", "tags+=new"],
    "set two": ["set", A, B, "priority=high"],
    "add": ["add", "Something new", "tags=x"],
    "comment": ["comment", A, "Said."],
    "delete": ["delete", B, "--yes"],
    "archive": ["archive", C],
    "renumber": ["renumber", B, "PT-newnew"],
}
CASES = {
    **{name: [words] for name, words in COMMANDS.items()},
    **{f"undo {name}": [COMMANDS[name], ["undo"]] for name in COMMANDS if name != "set"},
}
CHANGES = (
    "write",
    "pwrite64",
    "rename",
    "renameat2",
    "unlink",
    "mkdir",
    "fsync",
    "ftruncate",
    "fchmod",
    "flock",
)


class Killer:
    """Runs jobs of ``killed.py``, each in a copy of one workspace."""

    def __init__(self, folder):
        self.original = folder / "original"
        self.copy = folder / "copy"
        self.env = {
            **os.environ,
            "PLAINTRACK_NOW": NOW,
            "HOME": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        command = [sys.executable, str(Path(__file__).with_name("killed.py"))]
        self.process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, *commands, kill=0, folder=None, **save):
        """What the commands answered; None if the last one was killed."""
        job = {"folder": str(folder or self.copy), "commands": commands, "kill": kill, **save}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def fresh(self):
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.original, self.copy)
        shutil.rmtree(self.state(self.copy), ignore_errors=True)
        if self.state(self.original).exists():
            shutil.copytree(self.state(self.original), self.state(self.copy))

    def state(self, folder):
        """Its cache, journal and what was displaced."""
        return state(folder, self.env["HOME"])


@pytest.fixture(scope="module")
def killer():
    """A workspace of four items and a comment, without git, in which one command was run."""
    memory = (
        "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    )  # what a kill leaves does not hang on the disk
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        found = Killer(Path(folder))
        for folder in ("tasks", "archive", f"comments/{B}"):
            (found.original / folder).mkdir(parents=True)
        (found.original / "plaintrack.yml").write_text("folders: [tasks]\n")
        (found.original / f"comments/{B}/1.md").write_text("---\nauthor: me\n---\nA comment.\n")
        for item, status in zip(
            IDS, ("todo", "todo", "done", f"todo\ndepends_on: [{B}]"), strict=True
        ):
            (found.original / f"tasks/{item}-item.md").write_text(ITEM.format(item[-1], status))
        start, _, then = found(["files"], FIRST, ["files"], folder=found.original)
        found.states = [items(then), items(start)]
        yield found
        found.process.stdin.close()
        found.process.wait(10)


def items(files):
    """The files that are not temporary; what is random in them made equal."""
    whole = {
        path: text
        for path, text in files.items()
        if not os.path.basename(path).startswith(".plaintrack-")
    }
    new = sorted(
        set(re.findall(r"PT-[0-9a-z]{6}", "".join([*whole, *whole.values()]))) - {*IDS, "PT-newnew"}
    )
    found = {}
    for path, text in whole.items():
        for name in new:
            path, text = path.replace(name, "PT-random"), text.replace(name, "PT-random")
        found[re.sub(r"T\d+Z-[0-9a-f]{6}", "", path)] = text
    return found


def ends(killer, case):
    """What the files are before and after the last command of a case if it lives, and what ``doctor`` says of either."""
    killer.fresh()
    *first, last = CASES[case]
    *_, before, known, told, after, doctor = killer(
        *first, ["files"], ["doctor"], last, ["files"], ["doctor"]
    )
    assert told[0] == 0, told
    return items(before), items(after), (known[1], doctor[1])


def check(killer, case, ends, moment):
    """Look at everything after a kill."""
    before, after, findings = ends
    files, listed, doctor, *undone = killer(
        ["files"],
        ["list", "--all", "--format", "json"],
        ["doctor"],
        ["undo"],
        ["files"],
        ["undo"],
        ["files"],
    )
    now = items(files)
    for path in (
        {*before, *now, *after} if "renumber" not in case else ()
    ):  # which edits, then renames
        assert now.get(path) in (before.get(path), after.get(path)), (moment, path)
    paths = {each["path"] for each in json.loads(listed[1])["items"]}
    assert (listed[0], listed[2]) == (0, ""), moment
    assert paths == {
        path for path in files if path.startswith(("tasks/", "archive/")) and "/." not in path
    }, moment
    assert doctor[1] in findings or now not in (before, after), moment
    assert "index" not in doctor[1], moment
    said = undone[0][1]
    finished = (
        "undo" in case
        and said.startswith(f"undone: {CASES[case][0][0]} ")
        and not said.startswith(f"undone: {' '.join(FIRST)}\n")
    )  # or said again, if all was back
    wanted = (
        killer.states[1:] if now == killer.states[0] and not finished else killer.states
    )  # undo takes back what did something
    for told, then in zip(undone[::2], undone[1::2], strict=True):
        assert (told[0], items(then)) == ((0, wanted[0]) if wanted else (1, killer.states[-1])), (
            moment,
            told,
        )
        wanted = wanted[1:]
    records = b"".join(
        path.read_bytes() for path in killer.state(killer.copy).glob("displaced/*.path")
    )
    strays = [path for path in then if "/.plaintrack-" in path and path.encode() not in records]
    assert len(strays) <= 1, (moment, strays)  # one that was not whole yet


def sweep(killer, case, start, step):
    """Kill the last command of a case at each ``step``-th moment; the number of moments."""
    known = ends(killer, case)
    *first, last = CASES[case]
    number = start
    while True:
        killer.fresh()
        answer = killer(["list"], *first, last, kill=number)
        check(killer, case, known, number)
        if answer is not None:
            break
        number += step
    assert number > 10
    return number


def saved_and_killed(killer, how, pairs):
    """An editor saves at one moment of a command, which is killed at a later one: what it saved is there, or in lost-found."""
    count = 0
    for save, kill in pairs:
        killer.fresh()
        path = f"tasks/{A}-item.md"
        answer = killer(["list"], COMMANDS["set"], kill=kill, save=save, edit=path, how=how)
        saved = killer.copy.with_name("saved")
        if not saved.exists():
            continue
        saved.rmdir()
        count += answer is None
        files, _, doctor, later = killer(["files"], ["list"], ["doctor"], ["files"])
        kept = "".join(each.read_text() for each in killer.state(killer.copy).glob("lost-found/*"))
        assert "Saved meanwhile." in later[path] + kept, (save, kill)
        assert "a step of a" in files[path], (save, kill)
        assert "index" not in doctor[1], (save, kill)
    assert count > 10
    return count


@pytest.mark.parametrize("how", ["rename", "in place"])
def test_killed_at_some_moments_while_an_editor_saves(killer, how):
    saved_and_killed(
        killer, how, [(save, save + more) for save in range(14, 44, 3) for more in (1, 2)]
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", ["rename", "in place"])
def test_killed_at_any_moment_while_an_editor_saves(killer, how):
    print(
        how,
        saved_and_killed(
            killer,
            how,
            [
                (save, kill)
                for save in range(1, 60)
                for kill in range(save + 1 + save % 4, min(save + 30, 90), one_of(4))
            ],
        ),
    )


@pytest.mark.parametrize("case", list(CASES)[::4])
def test_killed_at_some_moments(killer, case):
    sweep(killer, case, 1 + list(CASES).index(case) % 7, 7)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_moment(killer, case):
    print(f"{case}: killed up to moment {sweep(killer, case, 1, one_of(2))}")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_system_call(killer, case):
    """The same with the real program, and SQLite's and Python's own calls among the moments."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    known = ends(killer, case)
    *first, last = CASES[case]
    command = [sys.executable, "-m", "plaintrack", *last]
    moments = 0
    for call in CHANGES:
        for number in range(1 + list(CASES).index(case) % 3, 1000, one_of(3)):
            killer.fresh()
            killer(["list"], *first)
            trace = [
                "strace",
                "-f",
                "-qq",
                "-o",
                os.devnull,
                "-e",
                f"trace={call}",
                "-e",
                f"inject={call}:signal=SIGKILL:when={number}",
            ]
            run = subprocess.run(
                [*trace, *command],
                cwd=killer.copy,
                env=killer.env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode in (0, -9, 137), run.stderr
            check(killer, case, known, (call, number))
            if run.returncode == 0:
                break
            moments += 1
    assert moments > 1
    print(f"{case}: killed at {moments} system calls")
