"""Environments that take turns on one workspace each find their own cache again."""

import json
import os
import shutil
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from watching import Watcher

import plaintrack
from plaintrack.store.index import slots
from plaintrack.store.index.database import Database
from plaintrack.store.remember import forget, recall, remember, slot

COUNTED = """
import json, sys
import plaintrack
minor, plaintrack.__version__, count, *commands = sys.argv[1:]
from plaintrack.text import nodes
from plaintrack.store.index import database
database.sys = type("Python", (), {"version_info": (3, int(minor))})
plainest, read = nodes.plainest, []
nodes.plainest = lambda text: read.append(text) or plainest(text)
from plaintrack.cli.main import run
for command in commands:
    sys.argv = ["plaintrack", *json.loads(command)]
    run()
with open(count, "w") as handle:
    json.dump(read, handle)
"""
COMMANDS = (["list"], ["log"], ["list", "--at", "HEAD"], ["check", "--staged"])


def read_by(shell, tmp_path, minor="11", version="9.1", zone="UTC", commands=COMMANDS):
    """The front matters that these commands parse in an environment, in one process."""
    count = tmp_path / "count"
    run = subprocess.run(
        [sys.executable, "-c", COUNTED, minor, version, str(count), *map(json.dumps, commands)],
        cwd=shell.folder,
        env={**shell.env, "TZ": zone},
        capture_output=True,
        text=True,
    )
    assert count.exists(), run.stderr
    return json.loads(count.read_text())


def items(texts):
    """Those of items, each of which has a line for its type: of settings not, since those of a
    commit are read whenever it is asked. A part that was read in a process is not read again.
    """
    return [text for text in texts if text.startswith("type:")]


@pytest.fixture
def work(empty):
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    kept = [line for line in settings.read_text().splitlines() if "timezone:" not in line]
    settings.write_text("\n".join(kept) + "\n")
    for number in range(3):
        empty("add", f"Item {number}")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def test_in_turn_nothing_is_parsed_from_the_second_round_on(work, tmp_path):
    """Two Pythons, two installs, two time zones."""
    environments = [
        {"minor": "11"},
        {"minor": "12"},
        {"minor": "12", "version": "9.2"},
        {"zone": "Asia/Tokyo"},
    ]
    for each in environments[:2]:
        assert items(read_by(work, tmp_path, **each))
    for each in environments[2:]:
        read_by(work, tmp_path, **each)
    for each in environments * 2:
        assert items(read_by(work, tmp_path, **each)) == []


def test_branches_with_other_settings_in_turn(work, tmp_path):
    work.git("switch", "-qc", "other")
    with open(work.folder / "plaintrack.yml", "a") as handle:
        handle.write("fields:\n  colour: {type: text}\n")
    work.git("commit", "-qam", "colour")
    listing = [["list"]]
    for branch in ("main", "other"):
        work.git("switch", "-q", branch)
        assert read_by(work, tmp_path, commands=listing)
    for branch in ("main", "other", "main"):
        work.git("switch", "-q", branch)
        assert read_by(work, tmp_path, commands=listing) == []


def test_a_change_is_read_once_by_each(work, tmp_path):
    environments = [{"minor": "11"}, {"minor": "12"}]
    for each in environments:
        read_by(work, tmp_path, **each)
    path = next((work.folder / "tasks").rglob("*.md"))
    path.write_text(path.read_text().replace("title: Item", "title: Another"))
    listing = [["list"]]
    for each in environments:
        assert len(items(read_by(work, tmp_path, **each, commands=listing))) == 1
    for each in environments:
        assert read_by(work, tmp_path, **each, commands=listing) == []


def made(folder, key):
    return Database(str(folder), key)


def kept(folder):
    return {each.removesuffix(".used") for each in os.listdir(folder) if each.endswith(".used")}


def used(folder, database, ago):
    os.utime(folder / f"{database}.used", (time.time() - ago,) * 2)


def test_at_most_four_stand_beside_each_other_the_latest(tmp_path):
    names = []
    for number in range(6):
        database = made(tmp_path, f"key {number}")
        names.append(database.name)
        del database
        used(tmp_path, names[-1], 600 - number * 100)
    assert kept(tmp_path) == set(names[-4:])
    assert {each[:14] for each in os.listdir(tmp_path)} == set(names[-4:])
    used(tmp_path, names[2], 0)
    made(tmp_path, "key 7")
    assert names[2] in kept(tmp_path)
    assert names[3] not in kept(tmp_path)


def test_one_that_is_open_stays(tmp_path):
    held = made(tmp_path, "held")
    used(tmp_path, held.name, 90 * 86_400)
    for number in range(6):
        used(tmp_path, made(tmp_path, f"key {number}").name, 600 - number)
    assert held.name in kept(tmp_path)
    assert held.sealed()
    name = held.name
    del held
    made(tmp_path, "one more")
    assert name not in kept(tmp_path)


def test_what_was_not_used_for_long_goes(tmp_path):
    names = [made(tmp_path, key).name for key in ("a", "b")]
    used(tmp_path, names[0], slots.OLDEST + 60)
    made(tmp_path, "b")
    assert len(kept(tmp_path)) == 2, "looked for once a day"
    used(tmp_path, names[1], 2 * 86_400)
    made(tmp_path, "b")
    assert kept(tmp_path) == {names[1]}


def test_the_only_cache_of_earlier_versions_is_taken_away(tmp_path):
    for name in (
        "index.seal",
        "index.lock",
        "index-0123456789ab.sqlite",
        "history.seal",
        "index.md",
    ):
        (tmp_path / name).write_text("x")
    name = made(tmp_path, "key").name
    rest = {each for each in os.listdir(tmp_path) if not each.startswith(name)}
    assert rest == {"history.seal", "index.md"}


def test_another_state_makes_way(tmp_path):
    one = Database(str(tmp_path), "key", "history", "shallow")
    two = Database(str(tmp_path), "key", "history", "whole")
    assert not one.sealed()
    assert two.sealed()
    assert len(list(tmp_path.glob("*.sqlite"))) == 1


def test_side_by_side(work):
    """Processes of different environments that index at once do not wait for each other."""
    command = [sys.executable, "-m", "plaintrack", "list"]
    runs = [
        subprocess.Popen(
            command, cwd=work.folder, env={**work.env, "TZ": zone}, stdout=subprocess.PIPE
        )
        for zone in ("UTC", "Asia/Tokyo", "Asia/Tokyo", "America/Lima")
    ]
    answers = {run.communicate()[0] for run in runs}
    assert len(answers) == 1
    assert len(list((work.folder / ".git/plaintrack").glob("index-*.sqlite"))) == 3


def test_values_of_sources_that_take_turns(tmp_path):
    for source in (b"a", b"b", b"a"):
        remember(str(tmp_path), slot("x", source), source, {"of": source.decode()})
        forget(str(tmp_path), "x-", 4)
    for source in (b"a", b"b"):
        assert recall(str(tmp_path), slot("x", source), source) == {"of": source.decode()}


def test_two_installs_a_watcher_of_one_and_doctor_in_both(work, tmp_path):
    """A real second install, whose index is another one: a copy of the package that Python finds
    first.
    """
    here = os.path.dirname(os.path.abspath(plaintrack.__file__))
    other = tmp_path / "other"
    shutil.copytree(here, other / "plaintrack")
    module = other / "plaintrack/store/index/database.py"
    module.write_text(module.read_text().replace("\nFORMAT = ", "\nFORMAT = 9"))
    second = SimpleNamespace(folder=work.folder, env={**work.env, "PYTHONPATH": str(other)})
    asked = (["list"], ["check", "--staged"])
    both = [work, second]
    minor = str(sys.version_info[1])

    def parsed(shell, *commands):
        return items(read_by(shell, tmp_path, minor, plaintrack.__version__, commands=commands))

    assert parsed(second, *asked), "its cache is another one"
    for each in both:
        parsed(each, ["doctor"], *asked)
    for each in both * 2:
        assert parsed(each, *asked) == []
    with Watcher(second):
        for each in both:
            assert parsed(each, *asked) == []
    for each in both:
        assert parsed(each, *asked) == []
