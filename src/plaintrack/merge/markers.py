"""Conflict markers: written around what two sides disagree on, and read back."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.text.lines import Line
from plaintrack.text.markdown import Fences

SIZE = 7
_MARK = re.compile(r"(<{7,}|\|{7,}|={7,}|>{7,})(?:[ ]([^\r\n]*))?$")


class Clash(NamedTuple):
    """Lines that both sides changed in different ways; ``base`` is None where no one knows it.

    ``kind`` is ``field``, ``comments`` (lines between fields), ``body``, ``file`` (fields could not
    be told apart), ``item`` (the two sides are two items) or ``deletion`` (one side has deleted the
    file, and has no lines); ``key`` is that of the field.
    """

    kind: str
    key: str
    base: tuple[Line, ...] | None
    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]
    labels: tuple[str, str] = ("ours", "theirs")

    def side(self, which: str) -> tuple[Line, ...]:
        """The lines of ``base``, ``ours``, ``theirs`` or ``both``."""
        if which == "both":
            return (*self.ours, *(line for line in self.theirs if line not in self.ours))
        if which == "base":
            return self.base or ()
        return self.ours if which == "ours" else self.theirs


Piece = Line | Clash


def resolved(pieces: Sequence[Piece], which: str) -> list[Line]:
    """The lines with every Clash settled for one side."""
    found: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Clash):
            found += piece.side(which)
        else:
            found.append(piece)
    return found


def clashes(pieces: Sequence[Piece]) -> list[Clash]:
    """The Clashes among the pieces."""
    return [piece for piece in pieces if isinstance(piece, Clash)]


def size_for(least: int, *texts: str) -> int:
    """The marker size: ``least``, or more if a line looks like a marker of that size."""
    found = re.findall(r"(?m)^(<{7,}|\|{7,}|={7,}|>{7,})(?=[ \r]|$)", "\n".join(texts))
    return max([least, *(len(mark) + 1 for mark in found if len(mark) >= least)])


def marked(
    pieces: Sequence[Piece],
    newline: str,
    size: int = SIZE,
    labels: tuple[str, str] = ("ours", "theirs"),
    base: bool = False,
) -> list[Line]:
    """The lines with standard markers around every Clash; with ``base`` in git's diff3 style, where
    the base is known.
    """
    found: list[Line] = []

    def mark(text: str) -> None:
        if found and found[-1].end in (
            "",
            "\r",
        ):
            # a marker must begin a line, for other programs too
            found[-1] = Line(found[-1].text, newline)
        found.append(Line(text, newline))

    for piece in pieces:
        if isinstance(piece, Clash):
            mark(f"{'<' * size} {labels[0]}")
            found += piece.ours
            if base and piece.base is not None:
                mark(f"{'|' * size} base")
                found += piece.base
            mark("=" * size)
            found += piece.theirs
            mark(f"{'>' * size} {labels[1]}")
        else:
            found.append(piece)
    return found


def read(lines: Sequence[Line], known: Sequence[str] | None = None) -> list[Piece]:
    """Lines with the Clashes that markers (with or without a base part) stand around; an unfinished
    one is text.

    So is one in fenced code, an example say; unless git has the file in conflict: then ``known``
    are the texts of both sides, and only what stands in one of them is text.
    """
    found: list[Piece] = []
    fences = Fences()
    at = 0
    while at < len(lines):
        clash, end = _clash(lines, at)
        if clash is not None and _example(lines[at:end], bool(fences.open), known):
            clash, end = None, at + 1
        for line in clash.ours if clash else (lines[at],):
            fences.code(line.text)
        found.append(clash or lines[at])
        at = end
    return found


def _example(lines: Sequence[Line], code: bool, known: Sequence[str] | None) -> bool:
    """Whether markers are a text that is meant as such."""
    if known is None:
        return code
    text = "\n".join([line.text for line in lines])
    return any(text in each.replace("\r\n", "\n") for each in known)


def _mark(line: Line) -> tuple[str, int, str]:
    """The sign, the size and the label of a marker line; no sign if it is none."""
    found = _MARK.match(line.text)
    return (found[1][0], len(found[1]), found[2] or "") if found else ("", 0, "")


def _clash(lines: Sequence[Line], start: int) -> tuple[Clash | None, int]:
    sign, size, label = _mark(lines[start])
    if sign != "<":
        return None, start + 1
    parts: dict[str, list[Line]] = {"<": []}
    now = "<"
    for at in range(start + 1, len(lines)):
        sign, length, other = _mark(lines[at])
        if length == size and sign == "<":
            break
        if length == size and sign == ">" and now == "=":
            base = parts.get("|")
            return (
                Clash(
                    "file",
                    "",
                    tuple(base) if base is not None else None,
                    tuple(parts["<"]),
                    tuple(parts["="]),
                    (label, other),
                ),
                at + 1,
            )
        if length == size and sign and (now + sign) in ("<|", "<=", "|="):
            now = sign
            parts[now] = []
        else:
            parts[now].append(lines[at])
    return None, start + 1
