"""A cache that is damaged, locked, read-only or half made changes no answer."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from rights import bound

from plaintrack.store.files import racy

EVERYTHING = (
    "list",
    "is:open or is:closed",
    "--columns",
    "id,title,updated,progress,blocked",
    "--format",
    "csv",
)
SECOND = 10**9


def cache(shell):
    return shell.folder / ".git/plaintrack"


def seal_of(folder):
    (found,) = folder.glob("index-*.seal")
    return found


def lock_of(folder):
    return seal_of(folder).with_suffix(".lock")


def index(shell):
    return cache(shell) / seal_of(cache(shell)).read_text().split("\n")[0]


def folder_instead(path):
    path.unlink()
    path.mkdir()


def cut(share):
    def damage(path):
        os.truncate(path, int(path.stat().st_size * share))

    return damage


def flip(seed):
    def damage(path):
        import random

        data = bytearray(path.read_bytes())
        for at in random.Random(seed).sample(range(len(data)), 50):
            data[at] ^= 0xFF
        path.write_bytes(data)

    return damage


def foreign(path):
    path.unlink()
    other = sqlite3.connect(path)
    other.executescript(
        "CREATE TABLE item (number, path); INSERT INTO item VALUES (1, 'x'); CREATE TABLE folder (path)"
    )
    other.close()


def reseal(shell):
    """The seal that fits the damaged file, as if the damage had left no trace in its stamp."""
    path, seal = index(shell), seal_of(cache(shell))
    key = seal.read_text().split("\n")[1].rsplit(" ", 4)[0]
    info = path.stat()
    seal.write_text(
        f"{path.name}\n{key} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}"
    )


DAMAGES = {
    "empty": cut(0), "header": cut(0.001), "half": cut(0.5), "most": cut(0.98), "flips 1": flip(1), "flips 2": flip(2), "flips 3": flip(3),
    "no database": lambda path: path.write_bytes(b"x" * 70_000), "another program's": foreign, "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()), "a link to nowhere": lambda path: (path.unlink(), path.symlink_to("nowhere")),
    "seal gone": lambda path: seal_of(path.parent).unlink(),
    "seal empty": lambda path: seal_of(path.parent).write_bytes(b""),
    "seal garbage": lambda path: seal_of(path.parent).write_bytes(b"\xff\n\0\n../../HEAD"),
    "lock a folder": lambda path: (folder_instead(lock_of(path.parent)), path.unlink()),
    "settings garbage": lambda path: next(path.parent.glob("settings-*.cache")).write_bytes(b"\xff" * 99),
    "a journal of another file": lambda path: path.with_name(path.name + "-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 99),
    "seal a folder": lambda path: folder_instead(seal_of(path.parent)),
}  # fmt: skip


def test_a_damaged_cache_is_not_believed(example):
    before = example(*EVERYTHING)
    for name, damage in DAMAGES.items():
        damage(index(example))
        assert example(*EVERYTHING) == before, name
    assert example("doctor") == ""


def test_damage_that_the_seal_does_not_show_is_told_and_mended(example):
    """A rotten disk: what SQLite sees is made afresh or told, and a flipped letter that it cannot see is found by ``doctor``."""
    before = example(*EVERYTHING)
    for name in (
        "empty",
        "half",
        "most",
        "flips 1",
        "flips 2",
        "flips 3",
        "no database",
        "another program's",
    ):
        DAMAGES[name](index(example))
        reseal(example)
        run = run_bound(example, *EVERYTHING)
        if "flips" in name:
            assert run.returncode == 0 or "`plaintrack doctor --fix` rebuilds it" in run.stderr, (
                name
            )
        else:
            assert (run.returncode, run.stdout) == (0, before), name
        example("doctor", "--fix")
        assert example(*EVERYTHING) == before, name
    assert example("doctor") == ""


def test_doctor_mends_an_index_that_differs_from_the_files(example):
    before = example(*EVERYTHING)
    connection = sqlite3.connect(index(example))
    connection.execute(
        "UPDATE item SET data = replace(data, 'todo', 'done'), status = 'done', title = 'x'"
    )
    connection.commit()
    connection.close()
    reseal(example)
    assert example(*EVERYTHING) != before
    assert "index differs" in example("doctor", code=1)
    example("doctor", "--fix")
    assert example("doctor") == ""
    assert example(*EVERYTHING) == before


def run_bound(shell, *args):
    command = [sys.executable, "-m", "plaintrack", *args]
    return subprocess.run(
        command,
        cwd=shell.folder,
        env=shell.env,
        preexec_fn=bound,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("state", ["never indexed", "indexed", "indexed before the last edit"])
def test_a_read_only_workspace_answers(example, state):
    task = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
    if state != "indexed":
        example(*EVERYTHING)
        task.write_bytes(task.read_bytes().replace(b"title: ", b"title: New "))
    before = example(*EVERYTHING)
    if state == "never indexed":
        shutil.rmtree(cache(example))
    if state == "indexed before the last edit":
        before = before.replace(",New ", ",Newer ")
        task.write_bytes(task.read_bytes().replace(b"title: New ", b"title: Newer "))
    modes = {path: path.stat().st_mode for path in [example.folder, *example.folder.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        if (
            subprocess.run(
                ["touch", "probe"],
                cwd=example.folder,
                preexec_fn=bound,
                capture_output=True,
                check=False,
            ).returncode
            == 0
        ):
            pytest.skip("permission bits do not bind here")
        found, refused = (
            run_bound(example, *EVERYTHING),
            run_bound(example, "set", "xybp33", "priority=low"),
        )
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert (found.returncode, found.stdout, found.stderr) == (0, before, "")
    assert refused.returncode == 2
    assert "hint: nothing was lost" in refused.stderr
    assert b"priority: low" not in task.read_bytes()


def in_the_way(place):
    place.write_text("in the way")


def elsewhere(place):
    """A link that leads out of the git folder."""
    place.with_name("elsewhere").mkdir()
    place.symlink_to("elsewhere")


def anothers(place):
    place.mkdir()
    os.chown(place, 65534, 65534)


OWNED = pytest.param(
    anothers, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
)


@pytest.mark.parametrize("there", [in_the_way, elsewhere, OWNED])
@pytest.mark.parametrize("home", ["", "/dev/null/none"])
def test_where_the_cache_folder_cannot_be_made_everything_answers(example, there, home):
    """The user's folder of state stands in; where that cannot be made, memory does, and nothing can be undone."""
    if home:
        example.env["XDG_STATE_HOME"] = home
    before = example(*EVERYTHING)
    shutil.rmtree(cache(example))
    there(cache(example))
    assert example(*EVERYTHING) == before
    assert "low" in example("set", "xybp33", "priority=low")
    assert example("doctor") == ""
    if home:
        assert "nothing to undo" in (example("undo", code=1) or example.err)
    else:
        assert "priority=low" in example("undo")
    assert not cache(example).is_dir() or not list(cache(example).iterdir())


def test_a_held_lock_delays_and_does_not_change_the_answer(example):
    """Another process holds the index's lock, as a stopped one would: with an index that is good, stale, or not there."""
    example(*EVERYTHING)
    with open(lock_of(cache(example))) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        task = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
        task.write_bytes(task.read_bytes().replace(b"title: ", b"title: Stale "))
        assert "Stale" in example(*EVERYTHING)


def test_a_database_that_another_program_has_locked(example):
    before = example(*EVERYTHING)
    other = sqlite3.connect(index(example), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert example(*EVERYTHING) == before
    other.close()


def test_processes_that_index_from_nothing_at_once_agree(example):
    before = example(*EVERYTHING)
    shutil.rmtree(cache(example))
    command = [sys.executable, "-m", "plaintrack", *EVERYTHING]
    runs = [
        subprocess.Popen(
            command, cwd=example.folder, env=example.env, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert [run.communicate()[0] for run in runs] == [before] * 4
    assert len(list(cache(example).glob("index-*.sqlite"))) == 1
    assert example("doctor") == ""


def test_the_time_zone_of_the_machine_may_change(empty):
    empty("init")
    path = empty.folder / "plaintrack.yml"
    path.write_text(
        "".join(
            line for line in path.read_text().splitlines(True) if not line.startswith("timezone:")
        )
    )
    item = empty("add", "Late").split()[0]
    task = next((empty.folder / "tasks").glob("*.md"))
    os.utime(task, ns=(0, 1_800_000_000 * SECOND))  # 2027-01-15 08:00 UTC
    for zone, day in (
        ("UTC", "2027-01-15"),
        ("XXX+10", "2027-01-14"),
        ("YYY-14", "2027-01-15"),
        ("XXX+9", "2027-01-14"),
    ):
        assert day in empty("list", "--columns", "id,updated", f"id:{item}", TZ=zone), zone


def test_what_the_clock_cannot_tell_apart_is_racy():
    now = 1_800_000_000 * SECOND
    fine, coarse = 123_456_789, 0
    assert racy((now, now - 10_000_000 + 1, 1, 1), now)
    assert not racy((0, now - SECOND + fine, 1, 1), now)
    assert racy((0, now + SECOND + fine, 1, 1), now), "the clock was set back"
    assert racy((now - SECOND, now - SECOND + coarse, 1, 1), now), (
        "a file system with whole seconds"
    )
    assert not racy((now - 9 * SECOND, now - 9 * SECOND + coarse, 1, 1), now)
