"""Lines that are to be items: typed one by one, or pasted from a Markdown list."""

import re
from typing import NamedTuple

_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[([ xX])\](?:[ \t]+|$))?")
_HEADING = re.compile(r"#{1,6}[ \t]")
_TAB = 4


class Pasted(NamedTuple):
    """One line: its number, how deep it stands (0: at the top), its text, whether it is ticked."""

    number: int
    depth: int
    text: str
    done: bool = False


def pasted(text: str) -> tuple[list[Pasted], list[int]]:
    """The lines that are items, without bullets and check boxes; and the numbers of the headings,
    which are not. What stands further to the right than the line above is a part of it.
    """
    found: list[Pasted] = []
    headings: list[int] = []
    margins: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.expandtabs(_TAB).rstrip()
        words = bare.lstrip()
        if not words:
            continue
        if _HEADING.match(words):
            headings.append(number)
            margins = []
            continue
        bullet = _BULLET.match(words)
        rest = words[bullet.end() :].strip() if bullet else words
        if not rest:
            continue
        margin = len(bare) - len(words)
        while margins and margins[-1] >= margin:
            margins.pop()
        done = bool(bullet and (bullet[1] or " ") in "xX")
        found.append(Pasted(number, len(margins), rest, done))
        margins.append(margin)
    return found, headings
