"""Records docs/recording.svg, the README's picture: a session in a real terminal, on the example.

A shell runs in a pseudo-terminal, its screen is that of the emulator pyte, and the clock is ours,
so that each recording of the same session is the same file. The drawing is SVG that CSS animates:
browsers play it in an image, and where motion is not wanted the last screen stands. (termtosvg and
svg-term are no longer kept; a GIF is ten times as large, and no text.) `make docs` runs it.
"""

import fcntl
import html
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyte

HERE = Path(__file__).parent
COLUMNS, LINES = 112, 31
SESSION = (
    ("plaintrack next --limit 3", 1.4),
    ("plaintrack set 4vdqk5 estimate=8d", 0.8),
    ("git diff -U0", 1.4),
    ("plaintrack plan --compare HEAD", 2.8),
    ("plaintrack commit", 3.0),
)
"""What is typed, and the seconds for which the answer is looked at."""
STROKES, STROKE = 3, 0.06
"""Characters that are typed at once, and the seconds that takes."""
TEXT = (
    "A terminal: plaintrack next lists what is urgent, plaintrack set changes the estimate of an"
    " item to 8d, git diff shows that one line of its file changed, plaintrack plan --compare HEAD"
    " says what moves because of it and why, and plaintrack commit commits it."
)
"""The alternative text, which the README has, too."""
COLOURS = {
    "default": "#c9d1d9", "black": "#484f58", "red": "#ff7b72", "green": "#3fb950",
    "brown": "#d29922", "blue": "#58a6ff", "magenta": "#bc8cff", "cyan": "#39c5cf",
    "white": "#b1bac4", "brightblack": "#8b949e",
}  # fmt: skip
HEIGHT, WIDTH, EDGE = 19, 8.4, 16
FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"


class Screen(pyte.Screen):
    """A screen that counts how often the shell was ready."""

    ready = 0

    def set_title(self, param: str) -> None:  # noqa: ARG002  # as pyte calls it
        """The prompt sets the title."""
        self.ready += 1


class Cell(NamedTuple):
    """Characters that look alike."""

    text: str
    at: int
    colour: str
    bold: bool


Row = tuple[Cell, ...]
Frame = tuple[float, tuple[Row, ...]]
"""The seconds for which a screen stands, and its rows."""


def row(screen: pyte.Screen, line: int) -> Row:
    """One line of the screen in cells."""
    found, at = [], 0
    characters = [screen.buffer[line][column] for column in range(COLUMNS)]
    for (colour, bold), some in groupby(characters, lambda each: (each.fg, each.bold)):
        text = "".join(each.data for each in some)
        if text.strip():
            found.append(Cell(text.rstrip(), at, colour, bold))
        at += len(text)
    return tuple(found)


class Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, folder: Path) -> None:
        self.screen = Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self.outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        env = {
            "HOME": str(folder.parent),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "PAGER": "cat",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": "2026-11-23T09:00:00+01:00",
            "GIT_AUTHOR_DATE": "2026-11-23T09:00:00+01:00",
            "PLAINTRACK_NOW": "2026-11-23T09:00:00+01:00",
            "PS1": r"\[\e]0;ready\a\e[1;32m\]$\[\e[0m\] ",
        }
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-i"],
            cwd=folder, env=env, stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
        )  # fmt: skip
        os.close(inner)

    def wait(self, until: "int | str", seconds: float = 120) -> None:
        """Read until the shell was ready that many times, or the text stands before the cursor."""
        end = time.monotonic() + seconds
        while not self._reached(until):
            if not select.select([self.outer], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("\n".join(self.screen.display))
            self.stream.feed(os.read(self.outer, 65536))

    def _reached(self, until: "int | str") -> bool:
        if isinstance(until, int):
            return self.screen.ready >= until
        line = self.screen.display[self.screen.cursor.y]
        return line[: self.screen.cursor.x].endswith(until)

    def rows(self) -> tuple[Row, ...]:
        """What the screen shows."""
        return tuple(row(self.screen, line) for line in range(LINES))

    def send(self, text: str) -> None:
        """Type a text."""
        os.write(self.outer, text.encode())

    def close(self) -> None:
        """End the shell."""
        self.send("exit\n")
        self.shell.wait(30)
        os.close(self.outer)


def frames() -> list[Frame]:
    """The session, screen by screen."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "work")
        shutil.copytree(HERE.parent / "example-workspace", folder)
        terminal = Terminal(folder)
        terminal.wait(1)
        for words in (
            "init -q -b main",
            "config user.name Jonas",
            "config user.email jonas@rinnwerk.example",
            "add -A",
            "commit -qm start",
        ):
            terminal.send(f"git {words}\n")
            terminal.wait(terminal.screen.ready + 1)
        terminal.send("clear\n")
        terminal.wait(terminal.screen.ready + 1)
        found = [(0.6, terminal.rows())]
        for command, seconds in SESSION:
            for start in range(0, len(command), STROKES):
                terminal.send(command[start : start + STROKES])
                terminal.wait(command[: start + STROKES])
                found.append((STROKE, terminal.rows()))
            ready = terminal.screen.ready
            terminal.send("\n")
            terminal.wait(ready + 1)
            found.append((seconds, terminal.rows()))
        terminal.close()
    return found


def drawn(session: list[Frame]) -> str:
    """The session as SVG. Each look of a line has the time for which it stands."""
    total = sum(seconds for seconds, _ in session)
    looks: list[str] = []
    times: dict[tuple[float, float], str] = {}
    for line in range(LINES):
        for start, end, look in _runs(session, line):
            last = end > total - 0.001
            name = times.setdefault((start, total if last else end), f"t{len(times)}")
            looks.append(_look(look, line, name, last))
    rules = [_rule(name, start, end, total) for (start, end), name in times.items()]
    width, height = COLUMNS * WIDTH + 2 * EDGE, LINES * HEIGHT + 2 * EDGE
    box = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    timing = f"{total:.2f}s step-end infinite"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="t">',
        f'<title id="t">{html.escape(TEXT)}</title>',
        "<style>",
        f"text{{font:14px {FONTS};white-space:pre}}.b{{font-weight:bold}}.h{{visibility:hidden}}",
        f"g{{animation:{timing}}}",
        *rules,
        "@media (prefers-reduced-motion:reduce){g{animation:none!important}}",
        "</style>",
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
        *looks,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _runs(session: list[Frame], line: int) -> Iterator[tuple[float, float, Row]]:
    """From when until when a line looks how, where there is something on it."""
    now = 0.0
    for look, some in groupby(session, lambda frame: frame[1][line]):
        start, now = now, now + sum(seconds for seconds, _ in some)
        if look:
            yield start, now, look


def _rule(name: str, start: float, end: float, total: float) -> str:
    """When something is seen."""
    steps = [(0.0, "visible" if start == 0 else "hidden")]
    if start > 0:
        steps.append((start / total * 100, "visible"))
    steps.append((100.0, "visible") if end >= total else (end / total * 100, "hidden"))
    if end < total:
        steps.append((100.0, "hidden"))
    told = "".join(f"{at:.2f}%{{visibility:{how}}}" for at, how in steps)
    return f".{name}{{animation-name:{name}}}@keyframes {name}{{{told}}}"


def _look(look: Row, line: int, name: str, last: bool) -> str:
    """One look of a line; the last one stands where nothing moves."""
    y = EDGE + (line + 0.75) * HEIGHT
    shown = name if last else f"{name} h"
    texts = "".join(map(_cell, look))
    return f'<g class="{shown}"><text y="{y:g}" xml:space="preserve">{texts}</text></g>'


def _cell(cell: Cell) -> str:
    fill = COLOURS.get(cell.colour, COLOURS["default"])
    bold = ' class="b"' if cell.bold else ""
    place = f'x="{EDGE + cell.at * WIDTH:g}" textLength="{len(cell.text) * WIDTH:g}"'
    return f'<tspan {place} fill="{fill}"{bold}>{html.escape(cell.text, quote=False)}</tspan>'


if __name__ == "__main__":
    (HERE / "recording.svg").write_text(drawn(frames()), "utf-8")
