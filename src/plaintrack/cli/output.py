"""What reaches the terminal: the only print, safe against control characters in titles and
names.
"""

import os
import re
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from plaintrack.errors import PlaintrackError
from plaintrack.render.visible import encoded as encoded
from plaintrack.render.visible import lines as lines
from plaintrack.render.visible import safe as safe

if TYPE_CHECKING:
    from plaintrack.render.document import Paint

RUNNERS = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")
_COMMAND = r"(?m)^[^\S\n]*:(?=:)|#(?=#\w*\[)"
"""Where a build server would see a command: ``::set-env`` at the start of a line, ``##vso[``
anywhere.
"""


class Unanswered(PlaintrackError):
    """A question had no answer; ``option`` answers it."""

    slug = "unanswered"

    def __init__(self, option: str) -> None:
        super().__init__("no answer; nothing was changed", f"in scripts, use {option}")


def out(text: str, commands: bool = False) -> None:
    """Write a line to standard output; ``commands``: what a build server is to obey stands in
    it.
    """
    _write(sys.stdout, (text if commands else _unobeyed(text)) + "\n")


def note(text: str) -> None:
    """Write a line to standard error."""
    _write(sys.stdout, "", flush=True)
    _write(sys.stderr, _unobeyed(text) + "\n")


def _unobeyed(text: str) -> str:
    """``text`` without what a build server would obey in its log, broken by a character without
    width.
    """
    if ("::" in text or "##" in text) and any(os.environ.get(name) for name in RUNNERS):
        return re.sub(_COMMAND, "\\g<0>\u200c", text)
    return text


_lost: OSError | None = None


def _write(stream: TextIO | None, text: str, flush: bool = False) -> None:
    """Write, unless the stream was closed. What cannot be written goes nowhere, so that a command
    still finishes its work.
    """
    global _lost
    if stream is None:
        return
    try:
        stream.write(text)
        if flush:
            stream.flush()
    except OSError as error:
        if stream is sys.stdout:
            _lost = error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def finish() -> OSError | None:
    """Send off what was written; why standard output could not be written, if it could not."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "", flush=True)
    return _lost


def confirmed(question: str) -> bool:
    """Ask on standard error; whether the answer is yes. Raises Unanswered where no one answers."""
    note(f"{question} [y/N]")
    answer = sys.stdin.readline() if sys.stdin is not None else ""
    if not answer:
        raise Unanswered("--yes")
    if answer.strip().lower() in ("y", "yes"):
        return True
    note("nothing was changed")
    return False


_colour: bool | None = None


def choose_colour(when: str) -> None:
    """Colours ``always``, ``never`` or (``auto``) as the environment and the terminal say."""
    global _colour
    _colour = {"always": True, "never": False}.get(when)


def colours() -> bool:
    """Whether to write colours: ``--color``, then ``NO_COLOR``, ``FORCE_COLOR`` and
    ``CLICOLOR_FORCE``, then whether this is a terminal.
    """
    if _colour is not None:
        return _colour
    if os.environ.get("NO_COLOR"):
        return False
    if any(
        os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    ):
        return True
    return terminal() and os.environ.get("TERM") != "dumb"


def paint() -> "Paint":
    """The user's theme, or nothing where there are no colours."""
    if not colours():
        return {}
    from plaintrack.app.process import own

    return own().paint()


def terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def page(lines: list[str]) -> None:
    """Write lines; on a terminal that they do not fit, through the user's pager."""
    if not lines:
        return
    text = "\n".join(lines)
    if terminal() and len(lines) >= _size("LINES", 1):
        import click

        os.environ.setdefault("LESS", "FRX")
        click.echo_via_pager(text + "\n", color=colours())
    else:
        out(text)


def stream(lines: Iterable[str]) -> None:
    """Write lines as they come; on a terminal through the user's pager, which may stop them."""
    if terminal():
        import click

        os.environ.setdefault("LESS", "FRX")
        click.echo_via_pager((f"{line}\n" for line in lines), color=colours())
        return
    for line in lines:
        out(line)


SOON, OFTEN = 0.5, 0.1
"""Seconds after which a piece of work is worth a progress bar, and between two drawings of it."""


class _Bar:
    """The bar that is drawn now: of how much, since when, and when it was drawn last."""

    total, begun, drawn = 0, 0.0, 0.0


def progress(done: int, total: int, verb: str = "reading") -> None:
    """Draw a progress bar on standard error, if that is a terminal and the work goes on for long;
    take it away at the end.
    """
    now = time.monotonic()
    if done >= total:
        if _Bar.drawn:
            _write(sys.stderr, "\r\x1b[K", flush=True)
        _Bar.total, _Bar.drawn = 0, 0.0
        return
    if total != _Bar.total:
        _Bar.total, _Bar.begun = total, now
    if now - _Bar.begun < SOON or now - _Bar.drawn < OFTEN:
        return
    if sys.stderr is None or not sys.stderr.isatty():
        return
    _Bar.drawn = now
    filled = done * 30 // total
    bar = "#" * filled + "-" * (30 - filled)
    _write(sys.stderr, f"\r{verb} {done:,} of {total:,} [{bar}]\x1b[K", flush=True)


def width() -> int | None:
    """The terminal's width in columns; None in a pipe."""
    return _size("COLUMNS", 0) if terminal() else None


def _size(name: str, at: int) -> int:
    """Columns (0) or lines (1): as the variable says, else the terminal, else 80 by 24."""
    given = os.environ.get(name, "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno())[at] or (80, 24)[at]
    except OSError:
        return (80, 24)[at]
