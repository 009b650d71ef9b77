"""The first reading of history: it finds what every version parsed by itself tells, in whatever pieces it is read."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from versions_alone import rows

from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.index.history import Look


def kept(workspace):
    """What the history of a workspace says, as the oracle puts it."""
    known = history(workspace)
    changes = [(event.commit, event.change) for event in known.events(Look(initial=True))]
    sql = """SELECT r.hash, i.text, o.text, t.old_blob, p.text, t.blob FROM touch t JOIN revision r ON r.number = t.revision
        JOIN name i ON i.number = t.item JOIN name o ON o.number = t.old_path JOIN name p ON p.number = t.path
        ORDER BY r.stamp, r.hash, t.place"""
    touched = [
        tuple(
            (each.hex() if each else "") if number in (3, 5) else each
            for number, each in enumerate(row[1:], 1)
        )
        for row in known.connection.execute(sql)
    ]
    return changes, touched


def compared(folder):
    """Fails unless history says what the oracle says, row for row."""
    os.chdir(folder)
    workspace = Workspace(str(folder))
    wanted, files = rows(workspace)
    changes, touched = kept(workspace)
    by_commit = {}
    for name, change in changes:
        by_commit.setdefault(name, []).append(change)
    found = [
        (name, change)
        for name in dict.fromkeys(name for name, _ in reversed(changes))
        for change in by_commit[name]
    ]
    assert found == [(name, change) for name, _, change in wanted]
    assert touched == [tuple(each[1:]) for each in files]
    return wanted


HEADS = (
    "id: PT-{n}\ntitle: Item {n}\nstatus: todo\n",
    'id: \'PT-{n}\'\ntitle: "Item: {n}"\nstatus: "todo"\ntags: [a, b]\n',
    "# made by hand\nid: PT-{n}   # the id\ntitle: >-\n  Long\n  title {n}\n\n  of two\nstatus: done\n",
    "title: Item {n}\nid: PT-{n}\ndepends_on:\n- PT-1\n- PT-2 +2d\nnote: |+\n  kept\n\nstatus: review\n",
    "id: PT-{n}\ntitle: null\ndue: 2026-12-01\nestimate: 2h\nmine: {{a: 1}}\n",
    "id: PT-{n}\ntitle: Ütf {n}\nassignee: ada\nassignees: [bob]\ntags:\n  - x\n  - 'y z'\n",
    "id: PT-{n}\nid: PT-9\ntitle: twice\n",
    "id: PT-{n}\ntitle: 'open\nstatus: todo\n",
    "id: PT-{n}\ntitle: it\\tis\nstatus: todo\nstatus:\n",
    "title: no id {n}\nstatus: todo\n",
    "id: PT {n}\ntitle: bad id\n",
    "? id\n: PT-{n}\n",
    " id: PT-{n}\ntitle: indented\n",
    "%YAML 1.1\nid: PT-{n}\n",
    "{{id: PT-{n}, title: flow}}\n",
    "id: PT-{n}\ntitle: a\n<<<<<<< x\nstatus: todo\n=======\n>>>>>>> y\n",
    "id: PT-{n}\ntitle: &a x\nother: *a\n",
    "id: PT-{n}\ntags: []\ntitle: ~\nx: ''\ny: \"\"\nz:\n- ~\n- null\n",
    "",
    "# nothing\n",
)
BODIES = (
    "",
    "Body\n",
    "Body of two\nlines\n\n- [ ] one\n- [x] two\n",
    "- [x] one\n- [ ] three\n",
    "# Heading\ntext\n",
    "a\r\nb\r\n",
)


def text(rng, number):
    """The bytes of a file, of all kinds that trackers, people and accidents write."""
    heads = HEADS[:6] if rng.random() < 0.7 else HEADS
    data = f"---\n{rng.choice(heads).format(n=number)}---\n{rng.choice(BODIES)}".encode()
    odd = rng.random()
    if odd < 0.03:
        return data.replace(b"\n", b"\r\n")
    if odd < 0.05:
        return b"\xef\xbb\xbf" + data
    if odd < 0.07:
        return data + b"\xff\xfe"
    if odd < 0.09:
        return data + b"\0"
    if odd < 0.11:
        return b"" if odd < 0.1 else b"no front matter\n"
    if odd < 0.13:
        return data.replace(b"\n---\n", b"\n...\n")
    if odd < 0.14:
        return data.replace(b"\n---\n", b"\n--- \n")
    return data


def edited(rng, data, number):
    """A file with one change, or another one."""
    if rng.random() < 0.3:
        return text(rng, number)
    if rng.random() < 0.3:  # made good
        return f"---\n{HEADS[0].format(n=number)}---\n{rng.choice(BODIES)}".encode()
    swap = [
        (b"todo", b"review"),
        (b"review", b"done"),
        (b"done", b"todo"),
        (b"[ ]", b"[x]"),
        (b"Item", b"Thing"),
        (b"ody", b"eer"),
    ]
    old, new = rng.choice(swap)
    return data.replace(old, new, 1)


def changed(rng, files, counter):
    """A step: the files after it."""
    files = dict(files)
    for _ in range(rng.choice([0, 1, 1, 1, 2, 4])):
        kind = rng.random()
        items = [path for path in files if path.startswith("tasks")]
        if kind < 0.25 or not items:
            number = next(counter)
            folder = rng.choice(["tasks", "tasks/sub", "tasks/.hidden", "tasks/a b"])
            files[f"{folder}/n{number}.md"] = ("100644", text(rng, number))
            continue
        path = rng.choice(items)
        mode, data = files[path]
        number = int(path.rpartition("/n")[2].split(".")[0])
        if kind < 0.65:
            files[path] = (mode, edited(rng, data, number))
        elif kind < 0.75:  # moved, perhaps changed as well
            del files[path]
            files[f"{rng.choice(['tasks/new', 'archive'])}/n{number}.{next(counter)}.md"] = (
                mode,
                edited(rng, data, number) if rng.random() < 0.5 else data,
            )
        elif kind < 0.8:
            del files[path]
        elif kind < 0.86:
            files[path] = (rng.choice(["100755", "100644", "120000"]), data)
        elif kind < 0.9:  # another id, and its comments go along
            old, new = f"PT-{number}", f"PT-{number}r{next(counter)}"
            files[path] = (mode, data.replace(old.encode(), new.encode()))
            for name in [each for each in files if each.startswith(f"comments/{old}/")]:
                files[name.replace(old, new)] = files.pop(name)
        else:
            name = f"comments/PT-{number}/{rng.choice('abc')}.md"
            words = rng.choice([b"Fine.\n", b"Long " * 40, b"", b"\xff", b"one\ntwo\n"])
            files[name] = ("100644", b"---\nauthor: Ada\ndate: 2026-11-02T09:00:00Z\n---\n" + words)
    files["notes.txt"] = ("100644", b"%d" % next(counter))
    return files


def imported(folder, seed, commits):
    """Write a random history with branches and merges by ``git fast-import``."""
    rng, counter = random.Random(seed), iter(range(1, 10**6))
    with open(os.path.join(folder, "plaintrack.yml"), "rb") as handle:
        settings = handle.read()
    states = [{"plaintrack.yml": ("100644", settings)}]
    out = []
    for number in range(1, commits + 1):
        base = max(1, number - 1 - (rng.randint(1, 5) if rng.random() < 0.2 else 0))
        merged = (
            rng.randint(max(1, number - 8), number - 1) if number > 3 and rng.random() < 0.25 else 0
        )
        files = states[base - 1] if number > 1 else states[0]
        if merged and merged != base:
            both = sorted({*files, *states[merged - 1]})
            sides = [files, states[merged - 1]]
            picked = {path: rng.choice(sides).get(path) for path in both}
            files = {path: each for path, each in picked.items() if each} | {
                "plaintrack.yml": ("100644", settings)
            }
        files = changed(rng, files, counter) if not merged or rng.random() < 0.5 else files
        # one that is broken for ten commits, time and again
        head = HEADS[7 if number // 10 % 2 else 0].format(n=0)
        files["tasks/n0.md"] = ("100644", f"---\n{head}---\n{number // 10}\n".encode())
        when = 1_790_000_000 + (number * 3600 if rng.random() < 0.8 else 0)
        out.append(
            f"commit refs/heads/main\nmark :{number}\ncommitter A U <a@example.org> {when} +0100\ndata 4\nstep\n".encode()
        )
        out.append(f"from :{base}\n".encode() if number > 1 else b"")
        out.append(f"merge :{merged}\n".encode() if merged and merged != base else b"")
        out.append(b"deleteall\n")
        for path, (mode, data) in files.items():
            out.append(f'M {mode} inline "{path}"\ndata {len(data)}\n'.encode() + data + b"\n")
        if number > 1:
            states.append(files)
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"], input=b"".join(out), cwd=folder, check=True
    )
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=pytest.mark.slow) if n > 3 else n for n in range(40)]
)
def test_row_for_row_as_the_oracle(empty, seed, monkeypatch):
    empty("init")
    imported(empty.folder, seed, 150)
    monkeypatch.chdir(empty.folder)
    wanted = compared(empty.folder)
    kinds = {change.kind for _, _, change in wanted}
    assert {"created", "initial", "set", "moved", "broken", "mended", "commented", "body"} <= kinds
    # the same in pieces, from the middle on
    for each in (empty.folder / ".git/plaintrack").glob("history*"):
        each.unlink()
    for name in reversed(
        subprocess.run(
            ["git", "rev-list", "main"], capture_output=True, text=True, check=True
        ).stdout.split()[::25]
    ):
        history(Workspace(str(empty.folder)), name)
    compared(empty.folder)


def read(folder, every, at=0, how="SIGKILL"):
    """Reads history in another process, which may end before it has done so: its exit code, and what it said."""
    script = str(Path(__file__).with_name("reading.py"))
    done = subprocess.run(
        [sys.executable, script, str(folder), str(every), str(at), how],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.returncode, [int(each) for each in done.stdout.split()]


@pytest.mark.parametrize(
    ("how", "code"), [("SIGKILL", -signal.SIGKILL), ("SIGTERM", -signal.SIGTERM), ("SIGINT", 130)]
)
def test_what_was_read_is_kept_though_the_process_ends(empty, how, code):
    empty("init")
    imported(empty.folder, 7, 600)
    assert read(empty.folder, 0, 200, how) == (code, [])
    assert read(empty.folder, 0, 300, how) == (code, [])
    code, (first, _) = read(empty.folder, 0)
    assert code == 0
    assert first > 200  # it went on
    compared(empty.folder)
    assert empty("log", "--format", "json", "--limit", "3")


def test_a_store_that_was_broken_off_and_damaged_is_not_believed(empty):
    empty("init")
    imported(empty.folder, 8, 300)
    read(empty.folder, 0, 200)
    (store,) = (empty.folder / ".git/plaintrack").glob("history-*.sqlite")
    data = bytearray(store.read_bytes())
    for at in range(4096 * 3, len(data) - 100, 4096):
        data[at : at + 8] = b"\xff" * 8
    store.write_bytes(data)
    code, (first, _) = read(empty.folder, 2)
    assert code == 0
    assert first < 100  # from the start
    compared(empty.folder)


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on(empty):
    """Killed after times that grow, as long as it takes; a reading that ends says what the oracle says."""
    empty("init")
    imported(empty.folder, 9, 1500)
    script = str(Path(__file__).with_name("reading.py"))
    code, lives = 1, 0
    while code:
        process = subprocess.Popen([sys.executable, script, str(empty.folder), "0", "0", "SIGKILL"])
        try:
            code = process.wait(0.1 + 0.01 * lives)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        lives += 1
    assert lives > 3
    compared(empty.folder)


def heavy(folder, commits, files=200, each=20, lines=100):
    """Write a history whose commits change many long files."""
    rng = random.Random(1)
    words = [f"word{number}" for number in range(400)]
    pool = [" ".join(rng.choices(words, k=8)) for _ in range(2000)]
    texts = {}
    out = []
    for number in range(1, commits + 1):
        out.append(
            f"commit refs/heads/main\ncommitter A <a@b> {1_790_000_000 + number} +0000\ndata 1\nx\n".encode()
        )
        out.append(b"from refs/heads/main^0\n" if number == 1 else b"")
        for name in rng.sample(range(files), each):
            body = texts.setdefault(name, None) or rng.choices(pool, k=lines)
            body[rng.randrange(lines)] = rng.choice(pool)
            texts[name] = body
            status = rng.choice(("todo", "review", "done"))
            text = f"---\nid: PT-{name}\ntitle: Item {name}\nstatus: {status}\n---\n" + "\n".join(
                body
            )
            data = text.encode()
            out.append(
                f"M 100644 inline tasks/{name}.md\ndata {len(data)}\n".encode() + data + b"\n"
            )
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], stdin=subprocess.PIPE, cwd=folder
    ) as process:
        process.stdin.writelines(out)
    assert process.returncode == 0


def test_memory_does_not_grow_with_the_commits(empty):
    peaks = []
    empty("init")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    for commits in (60, 240):
        heavy(empty.folder, commits, files=100)
        for each in (empty.folder / ".git/plaintrack").glob("history*"):
            each.unlink()
        code, (_, peak) = read(empty.folder, 2)
        assert code == 0
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 12

    assert peaks[1] < 140


@pytest.mark.slow
def test_memory_and_store_of_a_long_history(empty):
    """3,000 commits of 20 files of 100 lines: at most 200 MB, and a store of at most twice the pack."""
    empty("init")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    heavy(empty.folder, 3000, files=2000)
    empty.git("gc", "-q")
    code, (_, peak) = read(empty.folder, 2)
    assert code == 0
    assert peak < 200
    size = sum(each.stat().st_size for each in (empty.folder / ".git/plaintrack").glob("history*"))
    pack = sum(each.stat().st_size for each in (empty.folder / ".git/objects/pack").glob("*.pack"))
    assert size < 2 * pack
