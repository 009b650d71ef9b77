"""Draws docs/picture.svg, the README's picture: real commands in a scratch copy of the example.

`make docs` runs it.
"""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
COLUMNS = 106
COMMANDS = (
    "plaintrack list is:overdue",
    "plaintrack board project:45fpas --limit 2",
    "plaintrack set 4vdqk5 due=+2d tags+=drill",
    "git diff -U0",
)


def record(command: str, folder: Path) -> str:
    """What a command writes to a terminal of COLUMNS columns."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 200, COLUMNS, 0, 0))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "LINES", "NO_COLOR") and not name.startswith("GIT_")
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": path,
        "TERM": "xterm",
        "PAGER": "cat",
        "XDG_CONFIG_HOME": os.devnull,
        "PLAINTRACK_NOW": "2026-11-23T09:00:00+01:00",
    }
    process = subprocess.Popen(
        command.split(),
        cwd=folder,
        env=env,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    found = b""
    try:
        while part := os.read(outer, 65536):
            found += part
    except OSError:  # the other end was closed
        pass
    os.close(outer)
    assert process.wait() == 0, found
    return found.decode().replace("\r\n", "\n")


def transcript() -> str:
    """The commands, each with what it writes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "work")
        shutil.copytree(HERE.parent / "example-workspace", folder)
        for words in (
            "init -q",
            "config core.autocrlf false",
            "add -A",
            "-c user.name=a -c user.email=a@b.example commit -qm start",
        ):
            subprocess.run(["git", *words.split()], cwd=folder, check=True)
        parts = [
            f"\x1b[1;32m$\x1b[0m \x1b[1m{command}\x1b[0m\n{record(command, folder)}"
            for command in COMMANDS
        ]
    return "\n".join(parts)


def picture() -> str:
    """The transcript as SVG, which asks no other server for a font."""
    console = Console(
        file=StringIO(), record=True, width=COLUMNS, force_terminal=True, legacy_windows=False
    )
    console.print(Text.from_ansi(transcript()), no_wrap=True)
    drawn = console.export_svg(title="plaintrack", unique_id="plaintrack")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL) + "\n"


if __name__ == "__main__":
    (HERE / "picture.svg").write_text(picture(), "utf-8")
