"""The README and the pages beside it: every command line in them is run, and the picture shows what the commands write."""

import fcntl
import html
import os
import pty
import re
import runpy
import select
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def blocks(text, language):
    """The lines of the fenced blocks in a language."""
    return [
        line
        for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
        if line
    ]


def test_the_readme_tour_runs(empty):
    lines = blocks(README, "console")
    assert len(lines) > 8
    for line in lines:
        prompt, command, *words = shlex.split(line)
        assert (prompt, command) == ("$", "plaintrack")
        empty(*words)
        assert empty.err == "" or words[0] in ("init",)


SHELLS = {
    "bash": ("bash", "--norc", "-i", "-c"),
    "zsh": ("zsh", "-f", "-i", "-c"),
    "fish": ("fish", "--no-config", "-i", "-c"),
}


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_the_first_ten_minutes_of_someone_without_any_configuration(shell, tmp_path):
    """A new home, no name in git, a terminal of 80 × 24, and the shells that people have."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    home = tmp_path / "home"
    (home / "work").mkdir(parents=True)
    tour = [line.removeprefix("$ ") for line in blocks(README, "console")]
    lines = [
        *tour,
        "plaintrack commit --dry-run",
        "plaintrack help add",
        "plaintrack ls",
        "plaintrack list assignee:me",
    ]
    script = "\n".join(
        f"{line} || echo FAILED: {line.split()[1]}" for line in ["git init -q .", *lines]
    )
    text = at_a_terminal([*SHELLS[shell], script], home)
    assert re.findall(r"FAILED: (\w+)", text) == ["list"], text
    assert "plaintrack does not know who you are" in text  # the one that needs a name says so
    assert "Traceback" not in text
    assert "created: Fix the login redirect; priority: high; tags: auth, web" in re.sub(
        r"\s+", " ", text
    )
    assert max(len(line) for line in text.splitlines() if "│" in line or "──" in line) <= 80


def at_a_terminal(command, home):
    """What a command writes to a terminal of 80 × 24 in an environment with nothing in it."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    process = subprocess.Popen(
        command,
        cwd=home / "work",
        env={"HOME": str(home), "PATH": path, "TERM": "xterm", "GIT_CONFIG_NOSYSTEM": "1"},
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    found = b""
    while select.select([outer], [], [], 60)[0]:
        try:
            part = os.read(outer, 65536)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        found += part
    os.close(outer)
    process.wait(60)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", found.decode("utf-8", "replace")).replace("\r", "")


def test_the_commands_in_the_readmes_text_run(empty):
    """They stand in a workspace with the item that the README shows."""
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    found = [shlex.split(each) for each in re.findall(r"`(plaintrack [^`]+)`", prose)]
    assert {words[1] for words in found} >= {
        "list",
        "show",
        "start",
        "edit",
        "undo",
        "log",
        "diff",
        "config",
    }
    empty("init")
    (item,) = re.findall(r"```markdown\n(.*?)```", README, re.DOTALL)
    (empty.folder / "tasks/item.md").write_text(item)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("add", "Something to take back")
    for _, *words in found:
        if "--adopt" in words:
            shutil.copytree(ROOT / "tests/cases/adopt/ticket", empty.folder / "other")
            empty("-C", "other", *words)
        else:
            empty(*words, EDITOR="true")
    assert "status: in-progress" in (empty.folder / "tasks/item.md").read_text()


def test_the_make_targets_of_the_readme_exist():
    lines = blocks(README, "sh")
    targets = [line.split()[1] for line in lines if line.startswith("make ")]
    assert targets == ["demo", "test"]
    for target in targets:
        run = subprocess.run(
            ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip()


def test_the_demo_runs():
    import os
    import sys
    from pathlib import Path

    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run = subprocess.run(
        ["sh", ROOT / "example-workspace/demo.sh"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    assert run.stdout.count("\n$ plaintrack ") >= 10


def test_the_commands_on_the_adopting_page_run(empty):
    for tracker in ("backlog", "beans"):
        shutil.copytree(ROOT / "tests/cases/adopt" / tracker, empty.folder / tracker)
        for line in blocks((ROOT / "docs/adopting.md").read_text("utf-8"), "console"):
            prompt, command, *words = shlex.split(line)
            assert (prompt, command) == ("$", "plaintrack")
            empty("-C", tracker, *words)


def test_the_settings_on_the_adopting_page_are_valid(empty):
    text = "\n".join(blocks((ROOT / "docs/adopting.md").read_text("utf-8"), "yaml"))
    (empty.folder / "plaintrack.yml").write_text(text)
    (empty.folder / "issues").mkdir()
    (empty.folder / "issues/1.md").write_text(
        "---\nid: 7\ntitle: x\nstatus: doing\nlabels: [a]\ndeadline: 2026-01-01\n---\n"
    )
    assert empty("list", "tags:a", "is:overdue", "--format", "ids") == "7\n"


def test_the_commands_of_the_example_readme_run(example):
    text = (ROOT / "example-workspace/README.md").read_text("utf-8")
    lines = [line for line in blocks(text, "sh") if line.startswith(("plaintrack", "export"))]
    assert len(lines) > 5
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            assert words[1] == f"PLAINTRACK_NOW={example.env['PLAINTRACK_NOW']}"
        else:
            example(*words[1:], EDITOR="true")


def test_the_recording_shows_what_the_commands_write():
    """Its session runs, and its last screen is what stands there now; it plays only where motion is wanted."""
    recording = runpy.run_path(str(ROOT / "docs/recording.py"))
    drawn = (ROOT / "docs/recording.svg").read_text("utf-8")
    shown = unnamed(html.unescape("\n".join(re.findall(r"<tspan[^>]*>(.*?)</tspan>", drawn))))
    session = recording["frames"]()
    cells = [unnamed(cell.text) for line in session[-1][1] for cell in line]
    assert not [text for text in cells if text not in shown.split("\n")], "run `make docs`"
    assert 8 < sum(seconds for seconds, _ in session) < 16
    assert "prefers-reduced-motion:reduce" in drawn
    assert html.escape(recording["TEXT"]) in drawn
    assert recording["TEXT"] in (ROOT / "README.md").read_text("utf-8")
    assert len(drawn) < 300_000
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def unnamed(text):
    """A text without the hash of the commit, which changes with any file of the example."""
    return re.sub(r"committed [0-9a-f]{10}", "committed", text)
