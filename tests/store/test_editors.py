"""An editor that saves while plaintrack writes the same file loses nothing, in whichever way it saves."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from soak import soak

from plaintrack.app.follow import opened
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import recover, writing
from plaintrack.model.edit import Set

HERE = Path(__file__).parent
HOW = ("rename", "truncate", "hold", "backup")


def save_meanwhile(shell, how, count):
    """An editor saves ``count`` times while two processes set fields; how many commands there were, late saves merged, and files kept aside."""
    shell("init")
    shell("add", "Shared", "tags=old")
    path = next((shell.folder / "tasks").glob("*.md"))
    setters = [
        subprocess.Popen(
            [sys.executable, str(HERE / "setting.py"), f"tasks/{path.name}"], cwd=shell.folder, env=shell.env, text=True,
            stdin=subprocess.PIPE, stdout=(shell.folder.parent / f"out{number}").open("w"), stderr=subprocess.PIPE,
        )
        for number in range(2)
    ]  # fmt: skip
    while not all((shell.folder.parent / f"out{number}").stat().st_size for number in range(2)):
        time.sleep(0.01)
    subprocess.run(
        [sys.executable, str(HERE / "editing.py"), how, str(count), str(path)], check=True
    )
    errors = "".join(setter.communicate("stop")[1] for setter in setters)
    commands = sum(
        (shell.folder.parent / f"out{number}").read_text().count("\n") for number in range(2)
    )
    doctor_until_settled(shell)
    text = path.read_text()
    aside = [each.read_text() for each in (shell.folder / ".git/plaintrack/lost-found").glob("*")]
    found = [text, *aside]
    lost = [
        number
        for number in range(count)
        if not any(f"- saved {number}.\n" in each for each in found)
    ]
    assert not lost, (
        lost,
        text,
        aside,
        list((shell.folder / ".git/plaintrack").rglob("*")),
        errors[-2000:],
    )
    assert not list(shell.folder.glob("tasks/.plaintrack-*"))
    assert not list(shell.folder.glob(".git/plaintrack/displaced/*"))
    return commands, errors.count("merged what"), len(aside)


def doctor_until_settled(shell):
    """A displaced file is kept for a while, and once more when what was saved into it has been merged."""
    for _ in range(50):
        subprocess.run(
            [sys.executable, "-m", "plaintrack", "doctor"],
            cwd=shell.folder,
            env=shell.env,
            capture_output=True,
            check=False,
        )
        if not list(shell.folder.glob(".git/plaintrack/displaced/*")):
            return
        time.sleep(0.1)


def shared(shell):
    """The path of the only item of a new workspace."""
    shell("init")
    shell("add", "Shared", "tags=old", "--body", "One.\n\nTwo.\n\nThree.")
    return next((shell.folder / "tasks").glob("*.md"))


def test_what_is_saved_into_the_replaced_file_is_merged(empty):
    path = shared(empty)
    with path.open("r+b", buffering=0) as handle:
        data = handle.read()
        empty("set", path.name[:9], "priority=high")
        handle.seek(0)
        handle.write(data.replace(b"Two.", b"Two, saved late."))
    empty("list")
    assert "merged what another program saved" in empty.err
    assert b"priority: high" in path.read_bytes()
    assert b"Two, saved late." in path.read_bytes()
    doctor_until_settled(empty)
    assert empty("doctor") == ""
    assert not list(empty.folder.glob(".git/plaintrack/displaced/*"))


def test_what_cannot_be_merged_is_kept_and_told(empty):
    path = shared(empty)
    with path.open("r+b", buffering=0) as handle:
        data = handle.read()
        empty("set", path.name[:9], "title=Ours")
        handle.seek(0)
        handle.write(data.replace(b"title: Shared", b"title: Theirs"))
    empty("list")
    assert "what it saved is in" in empty.err
    assert b"title: Ours" in path.read_bytes()
    (kept,) = (empty.folder / ".git/plaintrack/lost-found").iterdir()
    assert b"title: Theirs" in kept.read_bytes()
    assert kept.name in empty("doctor", code=1)


def test_a_merged_save_that_is_overwritten_at_once_is_merged_again(empty):
    """The editor had read the file before the merge, and saves after it."""
    path = shared(empty)
    place = Workspace(str(empty.folder))
    with path.open("r+b", buffering=0) as handle:
        data = handle.read()
        with writing(place, "test") as writer:
            writer.edit(f"tasks/{path.name}", [Set("priority", "high")])
        stale = path.read_bytes()
        handle.seek(0)
        handle.write(data.replace(b"Two.", b"Two, saved late."))
    recover(place)
    assert b"Two, saved late." in path.read_bytes()
    path.with_suffix(".new").write_bytes(
        stale.replace(b"Three.", b"Three, saved from an older view.")
    )
    path.with_suffix(".new").rename(path)
    recover(place)
    found = [
        path.read_bytes(),
        *(each.read_bytes() for each in (empty.folder / ".git/plaintrack").glob("lost-found/*")),
    ]
    assert any(b"Two, saved late." in each for each in found)
    assert b"Three, saved from an older view." in path.read_bytes()


def test_a_program_that_keeps_the_file_open_delays_and_loses_nothing(empty):
    path = shared(empty)
    with path.open("a") as handle:
        empty("set", path.name[:9], "priority=high")
        assert "priority: high" in path.read_text()
        handle.write("Appended at last.\n")
    empty("list")
    assert "Appended at last.\n" in path.read_text()
    assert "priority: high" in path.read_text()


@pytest.mark.parametrize("half", [0, 30, -7])
def test_a_file_that_is_half_saved_is_waited_for(empty, half):
    """Empty, broken, and well formed but without its end."""
    path = shared(empty)
    data = path.read_bytes()

    def finish(handle):
        time.sleep(0.1)
        handle.write(data[half:])
        handle.close()

    handle = path.open("wb", buffering=0)
    handle.write(data[:half])
    finisher = threading.Thread(target=finish, args=[handle])
    finisher.start()
    with writing(opened(str(empty.folder)), "test") as writer:
        writer.edit(f"tasks/{path.name}", [Set("priority", "high")])
    finisher.join()
    assert path.read_bytes() == data.replace(b"priority:\n", b"priority: high\n")


@pytest.mark.parametrize(
    "how", [*HOW[:2], *(pytest.param(each, marks=pytest.mark.slow) for each in HOW[2:])]
)
def test_no_save_is_lost(empty, how):
    commands, *_ = save_meanwhile(empty, how, 12)
    assert commands > 1


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_no_save_of_a_thousand_is_lost(empty, how):
    commands, merged, aside = save_meanwhile(empty, how, soak(1000))
    print(
        f"{how}: {soak(1000)} saves, {commands} commands, {merged} merged late, {aside} in lost-found, 0 lost"
    )
    assert commands > 100
