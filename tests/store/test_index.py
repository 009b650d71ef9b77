"""Whatever happens to the files, and whoever looked in between, the index answers like one made from nothing."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rights import obeyed

from plaintrack.app.follow import opened
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.undo import undo
from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Add, Set
from plaintrack.store.files import scan
from plaintrack.store.index.update import Refresh

IDS = [f"PT-{number:02}" for number in range(70)]
SETTINGS = b"timezone: Europe/Berlin\nfolders: [tasks, projects]\n"
QUERIES = (
    "sort:-urgency", "is:blocked", "is:ready sort:updated", "under:PT-01", "under:PT-02 is:closed", "depends_on:PT-03,PT-04",
    "has:parent sort:-progress", "project:PT-02", "word3 sort:path", "is:archived", "progress:1..99", "tags:web", "no:depends_on",
)  # fmt: skip
COLUMNS = ("path", "id", "title", "status", "updated", "progress", "blocked", "colour")
DAY = 86_400 * 10**9
FOLDERS = ("tasks", "tasks/deep", "tasks/deep/down", "projects", "archive")


def text(seed):
    """An item made of a seed: links to others, a status, steps, sometimes a key nobody declared."""
    chance = random.Random(seed)
    lines = [
        f"id: {chance.choice(IDS)}",
        f"title: Word{seed % 7}",
        f"status: {chance.choice(['todo', 'done', 'in-progress'])}",
    ]
    for link in ("parent", "project", "milestone", "goal"):
        if chance.random() < 0.3:
            lines.append(f"{link}: {chance.choice(IDS)}")
    lines.append(f"depends_on: [{', '.join(chance.sample(IDS, chance.randrange(4)))}]")
    lines += ["tags: [web]"] * (seed % 2) + ["colour: red"] * (seed % 3 == 0)
    steps = [] if seed % 4 == 0 else ["- [ ] a", "- [x] b"]
    return "\n".join(["---", *lines, "---", *steps, "word", ""]).encode()


def build(root):
    """A workspace in git with 60 items on ``main``; half of them are others on ``other``."""
    git = (
        "git",
        "-C",
        root,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x.example",
        "-c",
        "core.autocrlf=false",
    )
    run = {
        "check": True,
        "capture_output": True,
        "env": {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "HOME": root},
    }
    subprocess.run([*git, "init", "-q", "-b", "main", "--template="], **run)
    for branch, first in (("main", 0), ("other", 30)):
        for folder in FOLDERS:
            os.makedirs(f"{root}/{folder}", exist_ok=True)
        for number in range(first, first + 60):
            head, _, rest = text(number + 100 * first).partition(b"id: PT-")
            put(
                f"{root}/{FOLDERS[number % 5]}/{number:02}.md",
                head + b"id: " + IDS[number % 70].encode() + rest[2:],
            )
        put(f"{root}/plaintrack.yml", SETTINGS)
        subprocess.run([*git, "checkout", "-q", "-b", branch], **run) if first else None
        subprocess.run([*git, "add", "-A"], **run)
        subprocess.run([*git, "commit", "-qm", branch], **run)
        if not first:
            shutil.rmtree(f"{root}/tasks/deep")
    subprocess.run([*git, "checkout", "-q", "main"], **run)


def put(path, data):
    with open(path, "wb", opener=at_once) as handle:
        handle.write(data)


def get(path):
    with open(path, "rb", opener=at_once) as handle:
        return handle.read()


def at_once(path, flags):
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK, 0o644)


class Hand:
    """Does things to the files of one workspace; each takes two numbers to choose with."""

    def __init__(self, root):
        self.root = root
        self.place = Workspace(root)
        self.backup = {}

    def path(self, number):
        found = []
        for folder, below, names in os.walk(self.root):
            if "/.git" not in folder:
                found += [
                    os.path.join(folder, name) for name in (*names, *below) if name.endswith(".md")
                ]
        return sorted(found)[number % len(found)]

    def name(self, number):
        return f"{self.root}/{FOLDERS[number % 5]}/{number % 61:02}{'äÄ ü'[number % 4]}.md"

    def create(self, one, two):
        put(self.name(one), text(two))

    def edit(self, one, two):
        put(self.path(one), text(two))

    def edit_with_the_same_size_and_time(self, one, two):
        path = self.path(one)
        info, data = os.stat(path), get(path)
        swaps = (
            (b"status: todo", b"status: done"),
            (b"depends_on: [PT-0", b"depends_on: [PT-1"),
            (b"id: PT-0", b"id: PT-1"),
        )
        old, new = swaps[two % 3]
        put(path, data.replace(old, new) if old in data else data.replace(new, old))
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    def delete(self, one, two):
        os.unlink(self.path(one))

    def rename(self, one, two):
        os.rename(self.path(one), self.name(two))

    def replace(self, one, two):
        os.replace(self.path(one), self.path(two))

    def swap(self, one, two):
        first, second = self.path(one), self.path(two)
        os.rename(first, first + "~")
        os.rename(second, first)
        os.rename(first + "~", second)

    def link(self, one, two):
        os.link(self.path(one), self.name(two))

    def back_up(self, one, two):
        path = self.path(one)
        self.backup[path] = (get(path), os.stat(path).st_mtime_ns)

    def restore(self, one, two):
        for path, (data, time_) in self.backup.items():
            put(path, data)
            os.utime(path, ns=(time_, time_))

    def forbid(self, one, two):
        os.chmod(self.path(one), 0)

    def permit(self, one, two):
        with suppress(OSError):
            os.chmod(f"{self.root}/tasks/deep", 0o755)
        for each in range(40):
            with suppress(OSError):
                os.chmod(self.path(each), 0o644)

    def forbid_a_folder(self, one, two):
        os.chmod(f"{self.root}/tasks/deep", 0)

    def time(self, one, two):
        os.utime(
            self.path(one),
            ns=(
                0,
                (0, -DAY, time.time_ns() + 3 * DAY, 2**33 * 10**9, time.time_ns() - 400 * DAY, 1)[
                    two % 6
                ],
            ),
        )

    def into_something_else(self, one, two):
        path = self.path(one)
        os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
        if two % 4 == 0:
            os.mkdir(path)
        elif two % 4 == 1:
            os.mkfifo(path)
        else:
            os.symlink(self.path(two) if two % 2 else "nowhere", path)

    def move_a_folder(self, one, two):
        os.rename(f"{self.root}/tasks/deep", f"{self.root}/projects/deep{two % 2}")

    def remove_a_folder(self, one, two):
        shutil.rmtree(f"{self.root}/tasks/deep")

    def make_the_folder(self, one, two):
        with suppress(OSError):
            os.unlink(f"{self.root}/tasks/deep")
        os.makedirs(f"{self.root}/tasks/deep/down")

    def link_a_folder(self, one, two):
        shutil.rmtree(f"{self.root}/tasks/deep")
        os.symlink(f"{self.root}/projects", f"{self.root}/tasks/deep")

    def break_it(self, one, two):
        broken = (
            b"",
            b"---\nid: [\n---\n",
            b"\xff\xfe",
            b"---\nid: PT-00\ntitle: a: b\n---\n",
            b"no front matter",
            b"\0",
            b"---\nid: PT-00\n",
        )
        put(self.path(one), broken[two % 7])

    def truncate(self, one, two):
        os.truncate(self.path(one), two % 60)

    def checkout(self, one, two):
        subprocess.run(
            ["git", "-C", self.root, "checkout", "-qf", ("main", "other")[one % 2]],
            check=False,
            capture_output=True,
        )

    def configure(self, one, two):
        more = (
            b"",
            b"statuses: {todo: open, in-progress: done, done: cancelled}\n",
            b"fields: {colour: {type: list of text}}\n",
            b"archive: old\n",
        )
        put(f"{self.root}/plaintrack.yml", SETTINGS + more[one % 4])

    def wait(self, one, two):
        """Until no stamp is racy any more."""
        time.sleep(0.055)

    def open(self, one, two):
        """A command that looked now, and may write later."""
        self.place = Workspace(self.root)
        answers.rows(self.place, answers.question(self.place, "is:open"), ("id",))

    def plaintrack_writes(self, one, two):
        place = self.place
        paths = [path for (path,) in answers.rows(place, answers.question(place, ""), ("path",))]
        path = paths[one % len(paths)]
        with writing(place, "test") as writer:
            if two % 4 == 0:
                writer.delete(path)
            elif two % 4 == 1:
                writer.move(path, f"archive/{os.path.basename(path)}")
            else:
                writer.edit(
                    path,
                    [Set("status", ("todo", "done")[two % 2]), Add("depends_on", (IDS[two % 70],))],
                )

    def undo(self, one, two):
        undo(opened(self.root))


DEEDS = sorted(name for name in vars(Hand) if name[0] != "_" and name not in ("path", "name"))
STEPS = st.tuples(
    st.sampled_from([*DEEDS, "wait"]),
    st.integers(0, 200),
    st.integers(0, 2000),
    st.sampled_from(("", "", "look", "meanwhile", "compare")),
)


def told(root, cache=True):
    """Every row of the index but for its numbers, and the answers to some questions."""
    place = Workspace(root)
    if not cache:
        place.cache = None
    connection = place.index.connection
    assert (place.index.path is not None) == cache
    columns = [
        f'i."{row[1]}"'
        for row in connection.execute("PRAGMA table_info(item)")
        if row[1] != "number"
    ]
    found = [
        connection.execute(f"SELECT {', '.join(columns)} FROM item i ORDER BY i.path").fetchall(),
        connection.execute(
            "SELECT i.path, v.field, v.key, v.number FROM value v JOIN item i ON i.number = v.item ORDER BY 1, 2, 3, 4"
        ).fetchall(),
        connection.execute(
            "SELECT i.path, w.haystack FROM words w JOIN item i ON i.number = w.item ORDER BY 1"
        ).fetchall(),
        sorted(answers.problems(place)),
    ]
    for query in QUERIES:
        with suppress(PlaintrackError):
            found.append(answers.rows(place, answers.question(place, query), COLUMNS))
    connection.close()
    return found


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    root = tmp_path_factory.mktemp("original")
    build(str(root))
    return str(root)


def check(original, steps):
    with tempfile.TemporaryDirectory() as root, obeyed():
        shutil.copytree(original, root, dirs_exist_ok=True)
        os.makedirs(f"{root}/tasks/deep/down", exist_ok=True)
        hand = Hand(root)
        for deed, one, two, look in steps:
            place = hand.place
            if (
                look == "meanwhile"
            ):  # it happens between the scan of the folders and the reading of the files
                found = scan(root, (*place.settings.folders, place.settings.archive))
            with suppress(OSError, shutil.Error, ZeroDivisionError, PlaintrackError):
                getattr(hand, deed)(one, two)
            if look == "look":
                assert Workspace(root).index
            elif look == "meanwhile":
                Refresh(place.index, root, place.schema, found).run()
            elif look == "compare":
                assert told(root) == told(root, cache=False)
        assert told(root) == told(root, cache=False)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, max_size=25))
def test_the_index_equals_one_made_from_nothing(original, steps):
    check(original, steps)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=5, max_size=60))
def test_the_index_equals_one_made_from_nothing_at_length(original, steps):
    check(original, steps)
