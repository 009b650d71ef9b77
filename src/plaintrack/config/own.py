"""The user's own settings: how plaintrack looks to them, in every workspace."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError, suggestion

STYLES = {"bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7"}
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
TONES = ("id", "overdue", "blocked", "mine", "heading", "status", "priority")
"""What a theme gives colours to; `status` and `priority` have one for each name."""
THEME: Mapping[str, str] = {
    "id": "dim",
    "overdue": "red",
    "blocked": "yellow",
    "mine": "cyan",
    "heading": "bold",
    "status.active": "green",
    "status.done": "dim",
    "status.cancelled": "dim",
    "priority.first": "bold magenta",
    "priority.second": "magenta",
    "priority.last": "dim",
}
"""Tone → its colour, where the user says nothing else."""
_WHERE = "`plaintrack config --own` shows what there is"


class BadOwn(PlaintrackError):
    """A setting of the user's own that cannot be used."""

    slug = "bad-own-setting"

    def __init__(self, path: str, name: str, message: str, hint: str = "") -> None:
        super().__init__(f"{path}: {name}: {message}", hint or _WHERE)


class Own(NamedTuple):
    """``relative``: dates in lists as days from today; ``theme``: tone → colour."""

    relative: bool = False
    theme: Mapping[str, str] = THEME

    def paint(self) -> dict[str, str]:
        """Tone → the parameters of its escape sequence."""
        return {tone: parameters(colour) for tone, colour in self.theme.items()}


def read(found: Mapping[str, Any], path: str) -> Own:
    """The settings in the file ``path``; raises BadOwn."""
    for name in found:
        if name not in Own._fields:
            raise BadOwn(path, name, "is not a setting", suggestion(name, Own._fields) or _WHERE)
    relative = found.get("relative", "false")
    if relative not in ("true", "false"):
        raise BadOwn(path, "relative", f"{relative!r} must be true or false")
    theme = {**THEME, **_theme(found.get("theme") or {}, path)}
    return Own(relative == "true", theme)


def _theme(given: Any, path: str) -> dict[str, str]:
    example = "such as `theme: {overdue: bold red, priority: {high: yellow}}`"
    if not isinstance(given, dict):
        raise BadOwn(path, "theme", "must be a mapping (key: value)", example)
    theme = {}
    for tone, value in given.items():
        if tone not in TONES:
            hint = suggestion(tone, TONES) or f"one of {', '.join(TONES)}"
            raise BadOwn(path, f"theme.{tone}", "has no colour", hint)
        several = tone in ("status", "priority")
        if isinstance(value, dict) != several:
            raise BadOwn(path, f"theme.{tone}", "must be " + _wanted(several), example)
        for name, colour in value.items() if several else [("", value)]:
            key = f"{tone}.{name.lower()}" if name else tone
            theme[key] = _colour(colour, path, f"theme.{key}")
    return theme


def _wanted(several: bool) -> str:
    return "a mapping from names to colours" if several else "a colour"


def _colour(value: Any, path: str, name: str) -> str:
    """``bold red``, ``208``, ``#ff8800`` or ``none``, as it was written; raises BadOwn."""
    words = value.lower().split() if isinstance(value, str) else []
    if not words:
        raise BadOwn(path, name, "must be a colour", _colours())
    for word in words:
        if word != "none" and not _parameter(word):
            known = (*STYLES, *COLOURS, *(f"bright-{each}" for each in COLOURS))
            hint = suggestion(word, known) or _colours()
            raise BadOwn(path, name, f"{word!r} is not a colour", hint)
    return " ".join(words)


def parameters(colour: str) -> str:
    """The parameters of the escape sequence of a colour; empty for ``none``."""
    return ";".join(filter(None, map(_parameter, colour.split())))


def _parameter(word: str) -> str:
    """The parameter of one word; empty if that is not a colour."""
    if word in STYLES:
        return STYLES[word]
    plain = word.removeprefix("bright-")
    if plain in COLOURS:
        return str(COLOURS.index(plain) + (30 if plain == word else 90))
    if word.isascii() and word.isdecimal() and int(word) < 256:
        return f"38;5;{int(word)}"
    if re.fullmatch("#[0-9a-f]{6}", word):
        return "38;2;" + ";".join(str(int(word[at : at + 2], 16)) for at in (1, 3, 5))
    return ""


def _colours() -> str:
    return (
        f"write {', '.join(COLOURS)}, one of these with bright- before it, a number to 255 or"
        f" #rrggbb; beside it {', '.join(STYLES)}; or none"
    )
