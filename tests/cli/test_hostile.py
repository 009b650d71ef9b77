"""Files that attack: each is one Problem with its place and a remedy, in bounded time and memory; the others go on."""

import os
import re
import resource
import subprocess
import sys

import pytest
from conftest import Shell, state

from plaintrack.model.fields import schema
from plaintrack.text.parse import parse

HEAD = "---\nid: PT-hostile\ntitle: Hostile\n"
MEMORY = 400 * 1024 * 1024  # of address space, for a command on all of them at once


def bomb(size):
    """A billion laughs: every line refers ten times to the line before."""
    lines, at = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"], 0
    length = len(lines[0])
    while length < size:
        at += 1
        lines.append(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]")
        length += len(lines[-1])
    return "\n".join(lines)


MERGES = "a0: &a0 {k: v}\n" + "\n".join(
    f"a{at}: &a{at} {{<<: [{', '.join([f'*a{at - 1}'] * 9)}]}}" for at in range(1, 9)
)
# file → (its content, the code of the problem, the place in it)
FILES = {
    "alias bomb of 1 MB": (HEAD + bomb(1_000_000) + "\n---\n", "too-large", "1:1"),
    "alias bomb of 900 KB": (HEAD + bomb(900_000) + "\n---\n", "too-large", "1:1"),
    "alias bomb": (HEAD + bomb(60_000) + "\n---\n", "yaml-alias", "4:5"),
    "merge bomb": (HEAD + MERGES + "\n---\n", "yaml-alias", "4:5"),
    "flow 100,000 deep": (
        HEAD + "a: " + "[" * 100_000 + "]" * 100_000 + "\n---\n",
        "too-large",
        "1:1",
    ),
    "flow 60,000 deep": (
        HEAD + "a: " + "[" * 60_000 + "\n---\n",
        "yaml-depth",
        "4:(11|1003)",
    ),  # the first where libyaml has no bound of its own
    "mappings 10,000 deep": (HEAD + "a: " + "{a: " * 10_000 + "\n---\n", "yaml-depth", r"4:\d+"),
    "block 30,000 deep": (HEAD + "a:\n " + "- " * 30_000 + "x\n---\n", "yaml-depth", r"5:\d+"),
    "keys 60,000 deep": (HEAD + "? " * 30_000 + "\n---\n", "yaml-.*", r"4:\d+"),
    "front matter of 900 KB": (HEAD + "key: value\n" * 80_000 + "---\n", "too-large", "1:1"),
    "6,000 values": (HEAD + f"a: [{'x,' * 6_000}]\n---\n", "yaml-size", r"4:\d+"),
    "4,000 times one key": (HEAD + "key: value\n" * 4_000 + "---\n", "duplicate-key", "5:1"),
    "an endless string": (HEAD + 'a: "' + "x" * 60_000 + "\n---\n", "yaml", "4:4"),
    "a NUL": (HEAD + "---\nBody\0\n", "nul", "5:5"),
    "all NUL": (b"\0" * 4096, "nul", "1:1"),
    "Latin 1": (HEAD.encode() + b"a: caf\xe9\n---\n", "encoding", "4:7"),
    "UTF-16": ((HEAD + "---\n").encode("utf-16"), "encoding", "1:1"),
    "an overlong slash": (HEAD.encode() + b"---\n\xc0\xaf\n", "encoding", "5:1"),
    "a conflict in the front matter": (
        HEAD + "<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> b\n---\n",
        "conflict",
        "4:1",
    ),
    "a conflict around all": (
        f"<<<<<<< a\n{HEAD}---\n=======\n{HEAD}x: y\n---\n>>>>>>> b\n",
        "conflict",
        "1:1",
    ),
    "python object": (
        HEAD + 'a: !!python/object/apply:os.system ["touch owned"]\n---\n',
        "yaml-tag",
        "4:4",
    ),
    "python name": (HEAD + "a: !!python/name:os.system\n---\n", "yaml-tag", "4:4"),
    "binary": (HEAD + "a: !!binary aGVsbG8=\n---\n", "yaml-tag", "4:4"),
    "directive": ("---\n%YAML 1.1\n---\na: b\n---\n", "yaml.*", r"[23]:\d+"),
    "two documents": (
        HEAD + "--- \nx: y\n...\n",
        "",
        "",
    ),  # the front matter ends at the first fence; the rest is the body
    "10 MB": (HEAD + "---\n" + "x" * 10_000_000, "too-large", "1:1"),
    "10 MB of lines": (HEAD + "---\n" + "line\n" * 2_000_000, "too-large", "1:1"),
    "never closed": (HEAD + "a: b\n" * 10, "unterminated", "1:1"),
    "no front matter": ("x" * 900_000, "no-front-matter", "1:1"),
    "nothing": ("", "empty", "1:1"),
    "an escape as a key": (HEAD + "a\x1b[2J: b\n---\n", "yaml", "4:2"),
    "a list": ("---\n- a\n- b\n---\n", "not-a-mapping", "2:1"),
    "a path as an id": ("---\nid: ../../../etc/passwd\ntitle: x\n---\n", "bad-id", "2:5"),
    "an option as an id": ("---\nid: -rf\ntitle: x\n---\n", "bad-id", "2:5"),
    "an id of 60 KB": (f"---\nid: {'A' * 60_000}\ntitle: x\n---\n", "bad-id", "2:5"),
}
# well-formed, but made to be slow: they are items
SLOW = {
    "60 KB of title": f"title: {'é' * 30_000}",
    "4,000 tags": f"title: t\ntags: [{', '.join(f't{number}' for number in range(4_000))}]",
    "4,000 dependencies": "title: t\ndepends_on:\n"
    + "\n".join(f"- PT-{number}" for number in range(4_000)),
    "100,000 steps": "title: t\n---\n" + "- [ ] x\n" * 100_000,
    "100,000 fences": "title: t\n---\n" + "```\n~~~~\n" * 100_000,
    "quotes in quotes": "title: t\n---\n" + "> " * 200_000 + "- [ ] x\n",
    "blanks in a heading": "tags: x\n---\n# " + " " * 900_000 + "x",
    "conflict marks": "title: t\n---\n" + "<<<<<<< \n======= \n" * 40_000,
    "one line of brackets": "title: t\n---\n" + "[" * 900_000,
}


def content(text):
    return text if isinstance(text, bytes) else text.encode()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace of hostile files among ordinary ones, with things outside it that must not be touched."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("---\nid: PT-secret\ntitle: The secret\n---\n")
    (outside / "folder").mkdir()
    (outside / "folder/deep.md").write_text("---\nid: PT-deep\ntitle: The secret\n---\n")
    folder = outside / "workspace"
    tasks = folder / "tasks"
    tasks.mkdir(parents=True)
    (folder / "plaintrack.yml").write_text("")
    for number, (name, (text, *_)) in enumerate(FILES.items()):
        (tasks / f"{name}.md").write_bytes(content(text).replace(b"PT-hostile", b"PT-h%d" % number))
    for number, (name, text) in enumerate(SLOW.items()):
        end = "" if "\n---\n" in text else "\n---\n"
        (tasks / f"{name}.md").write_text(f"---\nid: PT-slow{number}\n{text}{end}", "utf-8")
    (tasks / "folder.md").mkdir()
    (tasks / "link.md").symlink_to(outside / "secret.md")
    (tasks / "dangling.md").symlink_to("/nowhere")
    (tasks / "passwd.md").symlink_to("/etc/passwd")
    (tasks / "away").symlink_to(outside / "folder")
    (folder / "goals").symlink_to(outside / "folder")
    os.mkfifo(tasks / "pipe.md")
    with open(tasks / "2 GB of nothing.md", "wb") as handle:
        handle.truncate(2 << 30)
    for number in range(20):
        (tasks / f"good-{number}.md").write_text(
            f"---\nid: PT-good{number}\ntitle: Good {number}\n---\n"
        )
    return Shell(folder)


def limited(shell, *args, **env):
    """The run of a command with little memory, and the CPU seconds it took; a crash or a hang fails."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (120, 120))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [sys.executable, "-m", "plaintrack", *args], cwd=shell.folder, env={**shell.env, **env}, capture_output=True, text=True,
        preexec_fn=limit, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Traceback" not in run.stderr
    return run, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def problems(shell):
    """File name → its findings by `doctor`."""
    run, _ = limited(shell, "doctor")
    assert run.returncode == 1
    found = {}
    for line in run.stdout.splitlines():
        match = re.match(r"(?:tasks/)?(.+?\.md|away|goals):(?:(\d+:\d+):)? (.*)", line)
        if match and "depends_on" not in line and "does not begin with its id" not in line:
            found.setdefault(match[1], []).append((match[2], match[3]))
    return found


def test_each_is_one_problem_with_its_place_and_a_remedy(place):
    found = problems(place)
    for name, (_, code, where) in FILES.items():
        if not code:
            assert f"{name}.md" not in found
            continue
        ((at, message),) = found[f"{name}.md"]
        assert re.fullmatch(where, at), (name, at, message)
        assert message.endswith(")"), (name, message)  # how to fix it
        assert len(message) < 500, name
    for name in (
        "folder.md",
        "link.md",
        "dangling.md",
        "passwd.md",
        "away",
        "goals",
        "pipe.md",
        "2 GB of nothing.md",
    ):
        assert len(found[name]) == 1, name
    assert not any(name.startswith("good") for name in found)


def test_each_has_its_code():
    for name, (text, code, _) in FILES.items():
        assert [
            bool(re.fullmatch(code, each.code))
            for each in parse("a.md", content(text), schema()).problems
        ] == [True] * bool(code), name


def test_the_others_go_on_and_nothing_is_followed(place):
    run, _ = limited(place, "list", "--format", "ids")
    assert run.returncode == 0
    assert {f"PT-good{number}" for number in range(20)} | {
        f"PT-slow{number}" for number in range(len(SLOW))
    } <= set(run.stdout.split())
    for args in (
        ["list", "--all", "--format", "json"],
        ["search", "secret"],
        ["show", "PT-good1"],
        ["board"],
        ["tree"],
        ["stats"],
    ):
        run, _ = limited(place, *args)
        assert run.returncode == 0, run.stderr
        assert "root:" not in run.stdout + run.stderr
        assert "The secret" not in run.stdout + run.stderr
    assert not (place.folder / "owned").exists()


def test_commands_neither_change_nor_follow_them(place):
    """Nothing outside is written, no hostile file is changed, whatever is done to the workspace."""
    outside = place.folder.parent
    kept = {path: path.read_bytes() for path in (outside / "secret.md", outside / "folder/deep.md")}
    kept |= {
        path: path.read_bytes()
        for name in FILES
        if (path := place.folder / f"tasks/{name}.md") and FILES[name][1] not in ("", "bad-id")
    }
    for args in (
        ["set", "PT-good1", "priority=high"], ["done", "PT-good2"], ["archive", "PT-good2"], ["undo"], ["undo"], ["undo"],
        ["set", "PT-secret", "priority=high"], ["set", "--where", "is:open", "--yes", "estimate=1d"], ["undo"], ["edit", "link"],
        ["delete", "link", "--yes"], ["delete", "PT-deep", "--yes"], ["comment", "PT-secret", "x"],
    ):  # fmt: skip
        limited(place, *args, EDITOR="true")
    assert all(path.read_bytes() == data for path, data in kept.items())
    assert (place.folder / "tasks/link.md").is_symlink()
    assert sorted(path.name for path in (outside / "folder").iterdir()) == ["deep.md"]


def test_they_cost_no_more_than_a_few_times_their_number(place, tmp_path):
    """From nothing, the hostile workspace costs at most ten times what 600 ordinary files do (measured: twice)."""
    plain = Shell(tmp_path / "plain")
    (plain.folder / "tasks").mkdir(parents=True)
    (plain.folder / "plaintrack.yml").write_text("")
    for number in range(600):
        text = (
            f"---\nid: PT-p{number}\ntitle: Plain {number}\nstatus: todo\ntags: [a, b]\n---\n"
            + "- [ ] a step of it\n" * 20
        )
        (plain.folder / f"tasks/{number}.md").write_text(text)
    assert cold(place) < 10 * min(cold(plain), cold(plain))


def cold(shell):
    """CPU seconds of a listing without an index."""
    for path in state(shell.folder, shell.env["HOME"]).glob("index*"):
        path.unlink()
    run, seconds = limited(shell, "list", "--limit", "1")
    assert run.returncode == 0
    return seconds
