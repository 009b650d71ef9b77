"""What plaintrack reads in a Markdown body: its fenced code, its check boxes and its heading."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.model.task import Step

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_FENCE = re.compile(r"[ ]{0,3}(?:(`{3,})([^`]*)|(~{3,})(.*))$")
_MARKER = re.compile(r"([ ]{0,3}(?:[-*+]|\d{1,9}[.)]))(?:([ ]{1,4})(?![ ])|[ ]|$)")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_BOX = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\](?:[ \t]+(.*))?$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?=[^ \t])")


class Fences:
    """Tells line by line what is fenced code: also in list items and quotes, with which it ends.
    CommonMark 0.31, sections 4.5 and 5.
    """

    def __init__(self) -> None:
        self.open = ""
        self._within: list[
            int
        ] = []  # the quotes (0) and the list items (how far their text is indented) that we are in

    def code(self, line: str) -> bool:
        """Whether the next line (without its ending) belongs to fenced code, fences included."""
        rest = line.expandtabs(4) if "\t" in line else line
        depth = 0
        for indent in self._within:
            inside = _inside(rest, indent)
            if inside is None:
                break
            rest, depth = inside, depth + 1
        if self.open and depth == len(self._within):
            if _closes(self.open, rest):
                self.open = ""
            return True
        self.open = ""
        del self._within[depth:]
        while marker := _QUOTE.match(rest) or _MARKER.match(rest):
            if marker.re is _QUOTE:
                self._within.append(0)
            else:
                self._within.append(marker.end() if marker[2] else marker.end(1) + 1)
            rest = rest[marker.end() :]
        fence = _FENCE.match(rest)
        if fence:
            self.open = fence[1] or fence[3]
        return bool(fence)


def _inside(line: str, indent: int) -> str | None:
    """What is left of a line within a quote (0) or a list item; None if it is not in it."""
    if not indent:
        quote = _QUOTE.match(line)
        return line[quote.end() :] if quote else None
    if not line.strip():
        return ""
    return line[indent:] if not line[:indent].strip(" ") else None


def _closes(fence: str, line: str) -> bool:
    bare = line.strip(" ")
    return (
        bare.startswith(fence)
        and not bare.strip(fence[0])
        and len(line) - len(line.lstrip(" ")) < 4
    )


def has_fence(text: str) -> bool:
    """Whether there may be fenced code in a text."""
    return "```" in text or "~~~" in text


class Box(NamedTuple):
    """A check box: the Step, and the offset in the body of the character between its brackets."""

    step: Step
    offset: int


def boxes(body: str) -> Iterator[Box]:
    """The check boxes of list items outside fenced code, in their order."""
    if not ("[ ]" in body or "[x]" in body or "[X]" in body):
        return
    fences = Fences() if has_fence(body) else None
    for number, line in enumerate(_LINE.finditer(body)):
        text = line.group(1)
        if fences is not None and fences.code(text):
            continue
        if "[" in text and (found := _BOX.match(text)):
            yield Box(_step(found, number), line.start() + found.start(1))


def _step(box: re.Match[str], number: int) -> Step:
    return Step((box.group(2) or "").strip(), box.group(1) != " ", number)


def steps(body: str) -> tuple[Step, ...]:
    """The check boxes as Steps."""
    if "[" not in body:
        return ()
    if "\r" in body or has_fence(body):
        return tuple([box.step for box in boxes(body)])
    return tuple(
        [
            _step(box, number)
            for number, line in enumerate(body.split("\n"))
            if "[" in line and (box := _BOX.match(line))
        ]
    )


def heading_span(body: str) -> tuple[int, int] | None:
    """Where the text of the body's first ATX heading stands that has one, outside fenced code."""
    fences = Fences() if has_fence(body) else None
    for line in _LINE.finditer(body):
        if fences is not None and fences.code(line[1]):
            continue
        text = line[1].rstrip()
        found = _HEADING.match(text)
        if found is None:
            continue
        bare = text.rstrip("#")
        if bare != text and bare[-1:] in (" ", "\t"):
            text = bare.rstrip()
        if len(text) > found.end():
            return line.start() + found.end(), line.start() + len(text)
    return None


def heading(body: str) -> str:
    """The text of the body's first heading, or an empty text."""
    span = heading_span(body) if "#" in body else None
    return body[span[0] : span[1]] if span else ""


_TARGET = re.compile(r"""(\]\([ \t]*<?|^[ ]{0,3}\[[^]\r\n]+\]:[ \t]*<?)([^)>\s]+)""", re.MULTILINE)
"""A link within a line, or a definition of one, up to the end of its target."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CODE = re.compile(r"(`+)(?!`)[^\r\n]*?(?<!`)\1(?!`)")
_SAFE = "/@:+,;=&!$'*~"


def linked(body: str, path: str) -> list[str]:
    """The workspace paths that the links of a body at ``path`` lead to, each once, in order; what
    leads elsewhere is left out.
    """
    found = (_inside_of(match[2], path) for match in _TARGET.finditer(body))
    return list(dict.fromkeys(filter(None, found)))


def targets(text: str, path: str) -> Iterator[tuple[str, int, int]]:
    """The workspace paths that links outside of code lead to from a file at ``path``, and from
    where to where each target stands in its text.
    """
    fences = Fences()
    for line in _LINE.finditer(text):
        if not fences.code(line[1]) and "]" in line[1]:
            bare = _CODE.sub(lambda each: "`" * len(each[0]), line[1])
            for match in _TARGET.finditer(bare):
                place = _inside_of(match[2], path)
                if place:
                    yield place, line.start() + match.start(2), line.start() + match.end(2)


def relative(path: str, to: str) -> str:
    """The target of a link in the file at ``path`` that leads to the one at ``to``."""
    import posixpath
    from urllib.parse import quote

    return quote(posixpath.relpath(to, posixpath.dirname(path) or "."), safe=_SAFE)


def _inside_of(target: str, path: str) -> str:
    """The workspace path that the target of a link at ``path`` leads to; empty if it leads
    elsewhere.
    """
    import posixpath

    plain = _relative(target)
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), plain)) if plain else ""
    return "" if place == ".." or place.startswith("../") else place


def _relative(target: str) -> str:
    """The file that the target of a link names from where it stands; empty if it names none so."""
    from urllib.parse import unquote

    plain = unquote(target.partition("#")[0].partition("?")[0])
    return "" if plain.startswith("/") or _SCHEME.match(plain) else plain


def relinked(text: str, path: str, to: str) -> str:
    """The text of a file that goes from ``path`` to ``to``: its relative links, outside of code,
    lead where they led.
    """
    import posixpath
    from urllib.parse import quote

    old, new = posixpath.dirname(path), posixpath.dirname(to)
    if old == new or ("](" not in text and "]:" not in text):
        return text

    def moved(match: re.Match[str]) -> str:
        plain = _relative(match[2])
        if not plain:
            return match[0]
        there = posixpath.join(old, plain)
        target = posixpath.relpath(there, new or ".") + ("/" if plain.endswith("/") else "")
        rest = match[2][len(match[2].partition("#")[0].partition("?")[0]) :]
        return match[1] + quote(target, safe=_SAFE) + rest

    fences, lines = Fences(), []
    for line in text.splitlines(keepends=True):
        code = fences.code(line.rstrip("\r\n"))
        lines.append(line if code else _TARGET.sub(moved, line))
    return "".join(lines)
