"""A workspace's own reports: Markdown files with live blocks and placeholders. No code of theirs is
run: a placeholder is one of the names below, and a block asks what a command could ask.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from plaintrack.app.reporting.blocks import answer, understood
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.query.ast import BadQuery
from plaintrack.render.document import Document
from plaintrack.render.sections import Prose
from plaintrack.show.items import Where
from plaintrack.store import files
from plaintrack.text.blocks import Block, blocks

if TYPE_CHECKING:
    from plaintrack.render.document import Part

ROOM = "reports"
_PLACE = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_COUNT = "count"
NAMES = ("today", "since", "week", "month", "year", "workspace", _COUNT)
"""What ``{{…}}`` may name; ``count`` is followed by a query."""
_TITLE = re.compile(r"\s*#[ \t]+([^\n]+?)[ \t#]*(?:\n|$)")


class BadReport(PlaintrackError):
    """A report of the workspace asks for what there is not."""

    slug = "bad-report"

    def __init__(self, path: str, line: int, message: str, hint: str, excerpt: str) -> None:
        super().__init__(f"{path}:{line}: {message}", hint, excerpt)


class UnknownPlace(BadReport):
    """A placeholder that means nothing."""

    slug = "unknown-placeholder"

    def __init__(self, path: str, line: int, word: str, excerpt: str) -> None:
        hint = suggestion(word, NAMES, f"the placeholders are {', '.join(NAMES)}")
        super().__init__(path, line, f"unknown placeholder {word!r}", hint, excerpt)


def names(snapshot: Snapshot) -> list[str]:
    """The names of the workspace's own reports."""
    folder = snapshot.settings.rooms.get(ROOM)
    if folder is None:
        return []
    return [
        name.removesuffix(".md")
        for name in snapshot.names(folder)
        if name not in snapshot.settings.ignore
    ]


def report(snapshot: Snapshot, name: str, since: date, where: Where) -> tuple[str, Document]:
    """Title and parts of a report. Raises BadReport, OSError, Oddity."""
    path = f"{snapshot.settings.rooms[ROOM]}/{name}.md"
    data = snapshot.read(path)
    if len(data) > files.LARGEST:
        raise BadReport(path, 1, "the file is too large", "split it", "")
    found = blocks(data, path)
    if found.problems:
        first = found.problems[0]
        raise BadReport(path, first.line, first.message, first.hint, first.excerpt)
    known = _known(snapshot, since)
    parts = list(_parts(snapshot, path, data, found.found, known, where))
    title = name
    if parts and isinstance(parts[0], Prose) and (head := _TITLE.match(parts[0].text)):
        title = head[1]
        parts[0] = Prose(parts[0].text[head.end() :].strip("\n"))
    return title, Document([part for part in parts if part != Prose("")])


def _parts(
    snapshot: Snapshot,
    path: str,
    data: bytes,
    found: list[Block],
    known: Mapping[str, str],
    where: Where,
) -> Iterator["Part"]:
    """Texts and the answers of blocks, one after the other, without the markers."""
    lines = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    at = 0
    for block in found:
        yield Prose(_filled(snapshot, path, lines[at : block.line - 1], at, known).strip("\n"))
        try:
            kind, query, options = understood(block.asked)
            yield from answer(snapshot, kind, query, options, where).parts
        except PlaintrackError as error:
            raise BadReport(path, block.line, error.message, error.hint, block.excerpt) from error
        at = block.line + data[block.start : block.end].count(b"\n") + 1
    yield Prose(_filled(snapshot, path, lines[at:], at, known).strip("\n"))


def _known(snapshot: Snapshot, since: date) -> dict[str, str]:
    today = snapshot.today
    year, week, _ = today.isocalendar()
    title = snapshot.settings.site["title"]
    return {
        "today": today.isoformat(),
        "since": since.isoformat(),
        "week": f"{year}-W{week:02}",
        "month": today.isoformat()[:7],
        "year": str(today.year),
        "workspace": title or snapshot.root.replace("\\", "/").rpartition("/")[2],
    }


def _filled(
    snapshot: Snapshot, path: str, lines: list[str], before: int, known: Mapping[str, str]
) -> str:
    """Lines with their placeholders filled in."""

    def value(place: "re.Match[str]", number: int) -> str:
        word, _, query = place[1].partition(" ")
        if word == _COUNT:
            asked = answers.question(snapshot, query, state="open?")
            return str(len(answers.rows_raw(snapshot, asked)))
        if query or word not in known:
            raise UnknownPlace(path, number, place[1], place.string.strip())
        return known[word]

    found = []
    for number, line in enumerate(lines, before + 1):
        try:
            found.append(_PLACE.sub(partial(value, number=number), line))
        except BadQuery as error:
            raise BadReport(path, number, error.message, error.hint, line.strip()) from error
    return "\n".join(found)
