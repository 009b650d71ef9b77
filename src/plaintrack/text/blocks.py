"""Generated blocks of Markdown: ``<!-- plaintrack: list is:overdue -->`` … ``<!-- /plaintrack
-->``.
"""

import re
from typing import NamedTuple

from plaintrack.model.problem import Problem
from plaintrack.text.markdown import Fences

LIKE = re.compile(rb"<!--[ \t]*/?plaintrack\b(?! check -->)")
"""What a marker begins with, right or wrong; but not that of the comment which `check` writes."""
_OPEN = re.compile(rb" {0,3}<!--[ \t]*plaintrack:[ \t]*(.*?)[ \t]*-->[ \t]*(\r\n|\n|\r|$)")
_CLOSE = re.compile(rb" {0,3}<!--[ \t]*/plaintrack[ \t]*-->[ \t]*(?:\r\n|\n|\r|$)")
_LIKE = re.compile(rb" {0,3}" + LIKE.pattern)


class Block(NamedTuple):
    """One block: what it asks for, and where its content is (byte offsets); ``line`` counts from 1,
    ``newline`` and ``indent`` are those of its first line.
    """

    asked: str
    start: int
    end: int
    line: int
    column: int
    newline: str
    excerpt: str
    indent: str = ""


class Blocks(NamedTuple):
    """The blocks of a document, and what is wrong with its markers."""

    found: list[Block]
    problems: list[Problem]


def blocks(data: bytes, path: str) -> Blocks:
    """The blocks of a document, except those in fenced code or with mismatched markers."""
    found: list[Block] = []
    problems: list[Problem] = []
    fences = Fences() if b"```" in data or b"~~~" in data else None
    at, opened = 0, None
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        start, at = at, at + len(line)
        if (
            opened is None
            and fences is not None
            and fences.code(line.decode("latin-1").rstrip("\r\n"))
        ):
            continue
        if not _LIKE.match(line):
            continue
        match, closing = _OPEN.fullmatch(line), _CLOSE.fullmatch(line)
        if match and opened is None:
            opened = _block(match, line, at, number)
        elif closing and opened is not None:
            found.append(opened._replace(end=start))
            opened = None
        else:
            problems.append(_wrong(path, number, line, bool(match), bool(closing)))
            opened = None if match else opened
    if opened is not None:
        problems.append(
            _problem(
                path,
                opened.line,
                opened.excerpt,
                "this block is not closed",
                "write `<!-- /plaintrack -->` on a line of its own below it",
            )
        )
    return Blocks(found, problems)


def _block(match: "re.Match[bytes]", line: bytes, at: int, number: int) -> Block:
    words = match[1].decode("utf-8", "replace")
    column = len(line[: match.start(1)].decode("utf-8", "replace")) + 1
    indent = " " * (len(line) - len(line.lstrip(b" ")))
    return Block(words, at, at, number, column, match[2].decode() or "\n", _shown(line), indent)


def _wrong(path: str, number: int, line: bytes, opening: bool, closing: bool) -> Problem:
    if opening:
        return _problem(
            path,
            number,
            _shown(line),
            "a block inside another block",
            "close the one above with `<!-- /plaintrack -->` first",
        )
    if closing:
        return _problem(
            path,
            number,
            _shown(line),
            "this closes no block",
            "remove the line, or write `<!-- plaintrack: … -->` above it",
        )
    return _problem(
        path,
        number,
        _shown(line),
        "this is not a marker",
        "a marker is `<!-- plaintrack: list … -->` or `<!-- /plaintrack -->`, on a line of its own",
    )


def _problem(path: str, line: int, excerpt: str, message: str, hint: str) -> Problem:
    return Problem("live-block", path, message, hint, line, 1, excerpt)


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")[:200]


def filled(data: bytes, contents: list[tuple[Block, str]]) -> bytes:
    """``data`` with these contents in its blocks, indented alike; all other bytes stay."""
    for block, text in reversed(contents):
        lines = (block.indent * bool(line) + line for line in text.split("\n"))
        data = data[: block.start] + block.newline.join(lines).encode() + data[block.end :]
    return data


def aligned(data: bytes, like: bytes) -> bytes:
    """``data`` with the contents of the blocks of ``like`` that ask the same; for merging."""
    theirs: dict[str, list[bytes]] = {}
    for block in blocks(like, "").found:
        theirs.setdefault(block.asked, []).append(like[block.start : block.end])
    found = blocks(data, "").found
    for block in reversed(found):
        same = [each for each in found if each.asked == block.asked]
        known = theirs.get(block.asked, [])
        if len(known) == len(same):
            data = data[: block.start] + known[same.index(block)] + data[block.end :]
    return data
