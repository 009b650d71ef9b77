"""An editor that saves while plaintrack writes the same file loses nothing, in whichever way it saves."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

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
    subprocess.run([sys.executable, str(HERE / "editing.py"), how, str(count), str(path)], check=True)
    errors = "".join(setter.communicate("stop")[1] for setter in setters)
    commands = sum((shell.folder.parent / f"out{number}").read_text().count("\n") for number in range(2))
    time.sleep(0.25)  # so long a displaced file is kept
    subprocess.run([sys.executable, "-m", "plaintrack", "doctor"], cwd=shell.folder, env=shell.env, capture_output=True, check=False)
    text = path.read_text()
    aside = [each.read_text() for each in (shell.folder / ".git/plaintrack/lost-found").glob("*")]
    found = [text, *aside]
    lost = [number for number in range(count) if not any(f"- saved {number}.\n" in each for each in found)]
    assert not lost, (lost, text, aside, list((shell.folder / ".git/plaintrack").rglob("*")), errors[-2000:])
    assert not list(shell.folder.glob("tasks/.plaintrack-*"))
    assert not list(shell.folder.glob(".git/plaintrack/displaced/*"))
    return commands, errors.count("merged what"), len(aside)


@pytest.mark.parametrize("how", HOW)
def test_no_save_is_lost(empty, how):
    commands, *_ = save_meanwhile(empty, how, 60)
    assert commands > 5


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
def test_no_save_of_a_thousand_is_lost(empty, how):
    commands, merged, aside = save_meanwhile(empty, how, 1000)
    print(f"{how}: 1000 saves, {commands} commands, {merged} merged late, {aside} in lost-found, 0 lost")
    assert commands > 100
