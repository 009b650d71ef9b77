"""Commands that trust a watcher instead of scanning: whatever happened a moment before, they see the files as they are."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from soak import soak
from test_watch import used
from watching import Watcher

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store import cookies

pytestmark = pytest.mark.skipif(
    not os.path.exists("/proc/self/mountinfo"),
    reason="only Linux says in which order things happen",
)
STATUSES = ["todo", "in-progress", "review"]
TEXT = "---\nid: PT-{:06}\ntitle: Item {}\nstatus: {}\n---\nText.\n"


@pytest.fixture
def place(empty, monkeypatch):
    """A workspace of 30 items in three folders, in which even so few are asked about."""
    monkeypatch.setattr(cookies, "FEW", 0)
    monkeypatch.setattr(cookies, "EACH", 0.05)  # patience enough for a busy machine
    monkeypatch.setattr(cookies, "MOST", 1.0)
    empty("init")
    for number in range(30):
        path = empty.folder / f"tasks/{'abc'[number % 3]}/{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT.format(number, number, "todo"))
    return empty


def look(place):
    """What a command sees (path → status, those with errors too), and whether it had to scan for it."""
    workspace = Workspace(str(place.folder))
    rows = workspace.index.connection.execute(
        "SELECT file.folder || '/' || name, status FROM file LEFT JOIN item USING (number) WHERE file.ctime IS NOT NULL"
    )
    return dict(rows), workspace._scanned is not None


def truth(place):
    """The same by reading every file."""
    found = {}
    for path in (place.folder / "tasks").rglob("*.md"):
        if (
            path.is_file()
            and not path.is_symlink()
            and "/." not in str(path.relative_to(place.folder))
        ):
            lines = [
                line[8:] for line in path.read_text().splitlines() if line.startswith("status: ")
            ]
            found[path.relative_to(place.folder).as_posix()] = lines[0] if lines else None
    return found


def settled(place, wanted=True, seconds=10):
    """Wait until commands need not scan; whether that came."""
    end = time.monotonic() + seconds
    while look(place)[1]:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_command_need_not_scan_while_nothing_changes(place):
    assert look(place)[1]
    with Watcher(place) as watcher:
        assert settled(place)
        assert look(place) == (truth(place), False)
        (place.folder / "tasks/a/0.md").write_text(TEXT.format(0, 0, "review"))
        assert look(place) == (truth(place), True)
        assert settled(place)
        assert watcher.end() == 0
    assert look(place)[1]
    assert not (place.folder / ".git/plaintrack/cookies").exists()


class Chaos:
    """Random changes of files, of every kind that an editor, a command or git makes."""

    def __init__(self, place, seed):
        self.folder, self.random, self.number, self.open = (
            place.folder / "tasks",
            random.Random(seed),
            100,
            [],
        )

    def item(self):
        return self.random.choice(
            [
                path
                for path in sorted(self.folder.rglob("*.md"))
                if path.is_file() and not path.is_symlink()
            ]
        )

    def text(self):
        self.number += 1
        return TEXT.format(self.number, self.number, self.random.choice(STATUSES))

    def place(self):
        return self.random.choice(
            [
                self.folder,
                *sorted(
                    each
                    for each in self.folder.rglob("*")
                    if each.is_dir() and not each.is_symlink()
                ),
            ]
        )

    def in_place(self):
        self.item().write_text(self.text())

    def not_yet_closed(self):
        handle = self.item().open("w")
        handle.write(self.text())
        handle.flush()
        self.open.append(handle)

    def by_rename(self):
        path = self.item()
        path.with_name(".new").write_text(self.text())
        path.with_name(".new").rename(path)

    def new(self):
        (self.place() / f"{self.number}.md").write_text(self.text())

    def away(self):
        if len(truth_of(self.folder)) > 10:
            self.item().unlink()

    def moved(self):
        path = self.item()
        path.rename(self.place() / path.name)

    def new_folder(self):
        folder = self.place() / f"d{self.number}"
        folder.mkdir(exist_ok=True)
        (folder / f"{self.number}.md").write_text(self.text())

    def deep_folder(self):
        folder = self.place() / f"e{self.number}/f/g"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.number}.md").write_text(self.text())

    def renamed_folder(self):
        folder = self.place()
        if folder != self.folder:
            folder.rename(folder.with_name(f"r{self.number}"))
            self.number += 1

    def folder_from_outside(self):
        outside = self.folder.parent / "outside"
        outside.mkdir()
        (outside / f"{self.number}.md").write_text(self.text())
        self.number += 1
        outside.rename(self.place() / f"o{self.number}")

    def folder_away(self):
        folder = self.place()
        if folder != self.folder and len(truth_of(self.folder)) > 20:
            shutil.rmtree(folder)

    def everything_swapped(self):
        aside = self.folder.with_name("aside")
        shutil.copytree(self.folder, aside, symlinks=True)
        self.folder.rename(self.folder.with_name("old"))
        aside.rename(self.folder)
        next(iter(sorted(self.folder.rglob("*.md")))).write_text(self.text())
        shutil.rmtree(self.folder.with_name("old"))

    def step(self):
        while len(self.open) > 3:
            self.open.pop(0).close()
        how = self.random.choice(
            [self.in_place] * 6 + [self.not_yet_closed] * 2 + [self.by_rename] * 6 + [self.new, self.away, self.moved] * 2
            + [self.new_folder, self.deep_folder, self.renamed_folder, self.folder_from_outside, self.folder_away, self.everything_swapped]
        )  # fmt: skip
        how()
        return how.__name__


def truth_of(folder):
    return [path for path in folder.rglob("*.md") if path.is_file()]


@pytest.mark.parametrize("steps", [15, pytest.param(soak(600), marks=pytest.mark.slow)])
def test_whatever_happened_a_moment_before_is_seen(place, steps):
    """After each change, a command that may trust the watcher sees what a reader of all files sees."""
    chaos, trusted, done = Chaos(place, steps), 0, []
    with Watcher(place) as watcher:
        assert settled(place)
        for _ in range(steps):
            done.append(chaos.step())
            for _ in range(chaos.random.randrange(1, 4)):
                seen, scanned = look(place)
                assert seen == truth(place), (done[-3:], scanned)
                trusted += not scanned
                time.sleep(chaos.random.choice([0, 0, 0.01, 0.15, 0.3]))
        for handle in chaos.open:
            handle.close()
        assert watcher.end() == 0
    assert trusted > steps / 20  # it was trusted, too


def test_a_watcher_that_sleeps_or_is_dead_holds_nobody_up(place):
    path = place.folder / "tasks/a/0.md"
    with Watcher(place) as watcher:
        assert settled(place)
        watcher.sleep()
        path.write_text(TEXT.format(0, 0, "review"))
        assert look(place) == (truth(place), True)
        watcher.wake()
        assert settled(place)
        assert look(place)[0] == truth(place)
        watcher.end(signal.SIGKILL)
    path.write_text(TEXT.format(0, 0, "in-progress"))
    assert look(place) == (truth(place), True)
    assert not (place.folder / ".git/plaintrack/cookies").exists()  # nobody asks again


def test_a_copy_of_a_watched_workspace_is_told_from_it(place):
    """Nobody watches the copy, whoever lives; a watcher that only sleeps is not taken for dead."""
    copy = place.folder.with_name("copy")
    with Watcher(place) as watcher:
        assert settled(place)
        shutil.copytree(place.folder, copy)
        assert (copy / ".git/plaintrack/cookies").exists()
        _ = Workspace(str(copy)).index  # other inodes: it is written again, and sealed
        _ = Workspace(str(copy)).index
        assert not (copy / ".git/plaintrack/cookies").exists()
        watcher.sleep()
        assert look(place)[1]
        assert (place.folder / ".git/plaintrack/cookies").exists()
        watcher.wake()
        assert settled(place)


def test_files_that_change_without_a_word_are_scanned(place):
    """A file with a second name can be changed by that name, of which no folder's watch tells."""
    with Watcher(place):
        assert settled(place)
        os.link(place.folder / "tasks/a/0.md", place.folder / "elsewhere")
        (place.folder / "tasks/a/3.md").write_text(
            TEXT.format(3, 3, "review")
        )  # so that the folder is looked at
        assert not settled(place, seconds=2)
        (place.folder / "elsewhere").write_text(TEXT.format(0, 0, "review"))
        assert look(place) == (truth(place), True)
        (place.folder / "elsewhere").unlink()
        (place.folder / "tasks/a/3.md").write_text(TEXT.format(3, 3, "todo"))
        assert settled(place)


def test_a_folder_that_is_a_link_or_cannot_be_read_keeps_nobody_busy(place):
    (place.folder / "tasks/a").rename(place.folder / "other")
    (place.folder / "tasks/link").symlink_to("../other")
    shutil.rmtree(place.folder / "goals")
    (place.folder / "goals").symlink_to("other")
    (place.folder / "tasks/closed").mkdir()
    (place.folder / "tasks/closed").chmod(0)
    with Watcher(place) as watcher:
        assert settled(place)
        before = used(watcher.process.pid)
        time.sleep(2)
        assert used(watcher.process.pid) - before < 0.3
        (place.folder / "tasks/b/1.md").write_text(TEXT.format(1, 1, "review"))
        assert look(place)[0] == truth(place)
        assert settled(place)
    (place.folder / "tasks/closed").chmod(0o755)


def test_a_folder_of_cookies_that_somebody_put_there_is_not_emptied(place):
    """A repository from a stranger, in which the folder is a link to the reader's own files, or holds some."""
    mine = place.folder.with_name("mine")
    mine.mkdir()
    (mine / "letter").write_text("Dear")
    cookie = place.folder / ".git/plaintrack/cookies"
    cookie.parent.mkdir(exist_ok=True)
    cookie.symlink_to(mine)
    with Watcher(place):
        assert settled(place)
        (cookie / "letter").write_text("Sir")
    assert look(place)[0] == truth(place)
    assert (mine / "letter").read_text() == "Dear"
    assert (cookie / "letter").read_text() == "Sir"


def test_other_settings_are_seen_at_once(place):
    with Watcher(place):
        assert settled(place)
        (place.folder / "more").mkdir()
        (place.folder / "more/x.md").write_text(TEXT.format(77, 77, "todo"))
        settings = place.folder / "plaintrack.yml"
        settings.write_text(
            re.sub("(?m)^folders: .*", "folders: [tasks, more]", settings.read_text())
        )
        assert "more/x.md" in look(place)[0]
        assert settled(place)
        assert "more/x.md" in look(place)[0]


def test_an_index_that_somebody_else_wrote_is_not_vouched_for(place):
    """A command that scanned before a change and wrote the index after the watcher had looked."""
    with Watcher(place):
        assert settled(place)
        slow = Workspace(str(place.folder))
        _ = slow.scanned
        (place.folder / "tasks/a/new.md").write_text(TEXT.format(88, 88, "todo"))
        assert settled(place)
        _ = slow.index
        assert look(place)[0] == truth(place)
        assert settled(place)
        assert look(place)[0] == truth(place)


def test_writes_go_on_from_a_trusted_index(place):
    with Watcher(place):
        assert settled(place)
        workspace = Workspace(str(place.folder))
        from plaintrack.app.write.session import writing
        from plaintrack.model.edit import Set

        _ = workspace.index
        with writing(workspace, "test") as writer:
            writer.edit("tasks/a/0.md", [Set("status", "review")])
        assert workspace._scanned is None
        assert dict(workspace.index.connection.execute("SELECT path, status FROM item")) == truth(
            place
        )
        assert look(place)[0] == truth(place)


def test_what_is_to_be_ignored_is_seen_at_once(place):
    with Watcher(place):
        assert settled(place)
        settings = place.folder / "plaintrack.yml"
        settings.write_text(settings.read_text() + "ignore: [0.md]\n")
        assert "tasks/a/0.md" not in look(place)[0]
        assert settled(place)
        assert "tasks/a/0.md" not in look(place)[0]


@pytest.mark.parametrize("how", [cookies.close, shutil.rmtree])
def test_a_question_that_is_taken_away_is_not_answered(tmp_path, how, monkeypatch):
    """Of a watcher that ends, one killed before, of which another command finds out, or a cache that somebody removes."""
    monkeypatch.setattr(cookies, "MOST", 10)
    cookies.open_(str(tmp_path))
    timer = threading.Timer(0.1, how, [str(tmp_path)])
    timer.start()
    start = time.monotonic()
    assert not cookies.caught_up(str(tmp_path), "0" * 32, 1_000_000_000)
    assert time.monotonic() - start < 5
    timer.join()
    assert not (tmp_path / "cookies").exists()


def test_a_part_is_not_brought_up_to_date_in_an_index_that_somebody_else_wrote_meanwhile(place):
    """A command that scanned before a change, and wrote while another waited to write what it knows of one folder."""
    slow = Workspace(str(place.folder))
    _ = slow.scanned
    (place.folder / "tasks/a/new.md").write_text(TEXT.format(88, 88, "todo"))
    workspace = Workspace(str(place.folder))
    _ = workspace.index
    workspace._scanned = None  # as if a watcher had vouched
    _ = slow.index
    assert "tasks/a/new.md" not in dict(
        slow.index.connection.execute("SELECT path, status FROM item")
    )
    (place.folder / "tasks/b/1.md").write_text(TEXT.format(1, 1, "review"))
    workspace.touch(["tasks/b/1.md"])
    assert dict(workspace.index.connection.execute("SELECT path, status FROM item")) == truth(place)
    assert look(place)[0] == truth(place)


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts")
def test_what_is_mounted_among_the_items_is_seen(place):
    """No event tells of it; a mount that only some processes see is nobody's but theirs."""
    with Watcher(place):
        assert settled(place)
        for command in (
            "mount -t tmpfs none tasks/a",
            "mount --bind tasks/b goals",
            "mount --bind tasks/b/1.md tasks/a/0.md",
        ):
            script = f'mount --make-rprivate / && {command} && exec {sys.executable} -c "$CODE"'
            env = place.env | {"CODE": MOUNTED}
            done = subprocess.run(
                ["unshare", "-m", "sh", "-c", script],
                cwd=place.folder,
                env=env,
                capture_output=True,
                text=True,
            )
            if done.returncode and "mount" in done.stderr:
                pytest.skip(done.stderr)
            assert done.stdout.split() == ["True"], done.stderr


MOUNTED = """
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store import cookies
cookies.FEW, cookies.EACH = 0, 0.01
here = Workspace()
here.index
print(here._scanned is not None)
"""


def test_following_many_folders_takes_time_in_proportion(tmp_path):
    some, many = (
        min(follow(tmp_path / f"{count}-{turn}", count) for turn in range(3))
        for count in (1500, 6000)
    )
    assert many < 9 * some  # by the square it were 16


def follow(root, count):
    """CPU seconds to follow so many folders, and to find all of them gone."""
    from plaintrack.store.inotify import Tracker

    folders = [f"tasks/{number}" for number in range(count)]
    for folder in folders:
        (root / folder).mkdir(parents=True)
    tracker = Tracker(str(root), str(root / "cache"), lambda: None)
    try:
        start = time.process_time()
        assert not tracker.cover(["tasks", *folders], ["tasks"])
        assert tracker.cover(["tasks", *folders], ["tasks"])
        followed = time.process_time()
        shutil.rmtree(root / "tasks")
        gone = time.process_time()
        tracker.cover([], ["tasks"])
        return followed - start + time.process_time() - gone
    finally:
        tracker.close()
