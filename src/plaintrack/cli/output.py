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


def colours() -> bool:
    """Whether standard output takes colours: a terminal without ``NO_COLOR``."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("CLICOLOR_FORCE")) or sys.stdout.isatty()


def width() -> int | None:
    """The terminal's width in columns; None in a pipe."""
    if not sys.stdout.isatty():
        return None
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (OSError, ValueError):
        return 80
