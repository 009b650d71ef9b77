"""Draws Markdown for a terminal, by rich (the extra ``terminal``)."""

import io
import re

from rich.console import Console
from rich.markdown import Markdown

_BOX = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[([ xX])\](?=\s)", re.MULTILINE)


def draw(text: str, width: int) -> list[str]:
    """The lines of ``text`` in at most ``width`` columns, with colours; check boxes as ☐ and ☑.
    Links are text, not terminal hyperlinks.
    """
    boxed = _BOX.sub(lambda found: found[1] + ("☐" if found[2] == " " else "☑"), text)
    console = Console(file=io.StringIO(), force_terminal=True, width=width, legacy_windows=False)
    console.print(Markdown(boxed, hyperlinks=False))
    file = console.file
    assert isinstance(file, io.StringIO)
    return [line.rstrip() for line in file.getvalue().rstrip("\n").split("\n")]
