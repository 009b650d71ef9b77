"""What reaches the terminal: the only print, safe against control characters in titles and names."""

import os
import sys

_SHOWN = {code: chr(0x2400 + code) for code in range(32)} | {0x7F: "\u2421"}


def safe(text: str) -> str:
    """``text`` with every character that could move the cursor, change colours or reorder text made visible."""
    if text.isprintable():
        return text
    return "".join(_SHOWN.get(ord(each), each if _plain(each) else f"<U+{ord(each):04X}>") for each in text)


def _plain(character: str) -> bool:
    return character.isprintable() or character in "\u200d\ufe0f"


def out(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Write a line to standard error."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")


_colour: bool | None = None


def choose_colour(when: str) -> None:
    """Colours ``always``, ``never`` or (``auto``) as the environment and the terminal say."""
    global _colour
    _colour = {"always": True, "never": False}.get(when)


def colours() -> bool:
    """Whether to write colours: ``--color``, then ``NO_COLOR``, ``FORCE_COLOR`` and ``CLICOLOR_FORCE``, then whether this is a terminal."""
    if _colour is not None:
        return _colour
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def page(lines: list[str]) -> None:
    """Write lines; on a terminal that they do not fit, through the user's pager."""
    text = "\n".join(lines)
    if not lines:
        return
    if sys.stdout.isatty() and len(lines) >= _height():
        import click

        os.environ.setdefault("LESS", "FRX")
        click.echo_via_pager(text + "\n", color=colours())
    else:
        out(text)


def _height() -> int:
    try:
        return os.get_terminal_size().lines
    except OSError:
        return 10**9


def width() -> int | None:
    """The terminal's width in columns; None in a pipe."""
    if not sys.stdout.isatty():
        return None
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (OSError, ValueError):
        return 80
