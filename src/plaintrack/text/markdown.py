"""The two things plaintrack reads in a Markdown body: its check boxes and its heading."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.model.task import Step

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_FENCE = re.compile(r"[ ]{0,3}(?:[-*+][ ]+|\d+[.)][ ]+)?(`{3,}|~{3,})(.*)")
_BOX = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\](?:[ \t]+(.*))?$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?=[^ \t])")


class Box(NamedTuple):
    """A check box: the Step, and the offset in the body of the character between its brackets."""

    step: Step
    offset: int


def boxes(body: str) -> Iterator[Box]:
    """The check boxes of list items outside fenced code, in their order."""
    if "[" not in body:
        return
    fence = ""
    for number, line in enumerate(_LINE.finditer(body)):
        text = line.group(1)
        mark = _FENCE.match(text) if "```" in text or "~~~" in text else None
        if fence:
            bare = text.strip()
            if mark and mark.group(1).startswith(fence) and not bare.strip(fence[0]):
                fence = ""
        elif mark and not (mark.group(1)[0] == "`" and "`" in mark.group(2)):
            fence = mark.group(1)
        elif "[" in text and (found := _BOX.match(text)):
            label = (found.group(2) or "").strip()
            yield Box(Step(label, found.group(1) != " ", number), line.start() + found.start(1))


def steps(body: str) -> tuple[Step, ...]:
    """The check boxes as Steps."""
    return tuple([box.step for box in boxes(body)])


def heading_span(body: str) -> tuple[int, int] | None:
    """Where the text of the ATX heading stands, if that is the body's first non-blank line."""
    start = len(body) - len(body.lstrip())
    start = max(body.rfind("\n", 0, start), body.rfind("\r", 0, start)) + 1
    line = _LINE.match(body, start)
    text = line.group(1).rstrip() if line else ""
    found = _HEADING.match(text)
    if found is None:
        return None
    bare = text.rstrip("#")
    if bare != text and bare[-1:] in (" ", "\t"):
        text = bare.rstrip()
    return (start + found.end(), start + len(text)) if len(text) > found.end() else None


def heading(body: str) -> str:
    """The text of the ATX heading in the body's first non-blank line, or an empty text."""
    span = heading_span(body) if "#" in body else None
    return body[span[0] : span[1]] if span else ""
