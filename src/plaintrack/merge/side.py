"""One side of a merge, taken apart: its fields with their lines, its comments, its body."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.merge.values import UNKNOWN, Meaning, meaning
from plaintrack.model.fields import Schema
from plaintrack.text.document import Document
from plaintrack.text.lines import Line, hunks, join, match, split
from plaintrack.text.nodes import Node, Root, scan

_COMMENT = re.compile(r"(?:^|(?<=[\s,\[\]{}]))#[^\r\n]*")
_DOUBT = Line("\0", "\n")  # equal to no line of any item
TAIL = ""  # stands for the end of the front matter among the keys, which are never empty


class Part(NamedTuple):
    """The lines of one field, with the comments and blank lines above it."""

    gap: tuple[Line, ...] = ()
    own: tuple[Line, ...] = ()


class Head(NamedTuple):
    """A front matter: what each key means, its lines, and its comments.

    ``parts`` is None if the fields do not stand on lines of their own; what follows the last field
    is the gap of ``TAIL``. ``single`` has the keys whose value is not a list.
    """

    lines: tuple[Line, ...]
    values: dict[str, Meaning]
    parts: dict[str, Part] | None
    comments: Counter[str]
    single: frozenset[str]


class Side(NamedTuple):
    """One of the three texts; ``opening`` and ``closing`` are the lines of its fences."""

    head: Head
    body: tuple[Line, ...]
    opening: tuple[Line, ...] = ()
    closing: tuple[Line, ...] = ()


NOTHING = Side(Head((), {}, {TAIL: Part()}, Counter(), frozenset()), ())  # there is no file yet


def side(document: Document, newline: str, schema: Schema) -> Side:
    """Take a file apart, its usual line ending replaced by ``newline``; raises BadYaml."""
    start, end = document.head or (0, 0)
    head = head_of(document.front, document.path, schema, document.text, start)
    if document.newline != newline:
        head = head_of(join(_ended(head.lines, document.newline, newline)), document.path, schema)
    parts = (
        document.text[document.body :],
        document.text[:start],
        document.text[end : document.body],
    )
    return Side(head, *(_ended(split(text), document.newline, newline) for text in parts))


def _ended(lines: Sequence[Line], old: str, new: str) -> tuple[Line, ...]:
    return tuple(Line(line.text, new if line.end == old else line.end) for line in lines)


def unsure(one: Side, two: Side) -> Side:
    """A base known only by two versions; where these differ, it differs from everything."""
    head = one.head
    values = {key: head.values.get(key) for key in (*head.values, *two.head.values)}
    values = {
        key: value if value == two.head.values.get(key) else UNKNOWN
        for key, value in values.items()
    }
    single = head.single & two.head.single
    body: list[Line] = []
    at = 0
    for hunk in hunks(match(one.body, two.body), len(two.body)):
        body += *one.body[at : hunk.start], _DOUBT
        at = hunk.end
    body += one.body[at:]
    return Side(
        Head(head.lines, values, head.parts, head.comments & two.head.comments, single),
        tuple(body),
        one.opening,
        one.closing,
    )


def head_of(front: str, path: str, schema: Schema, whole: str = "", offset: int = 0) -> Head:
    """Take a front matter apart; raises BadYaml."""
    root = scan(front, path, whole, offset)
    keys = schema.keys()
    values = {entry.key: meaning(entry.value, keys.get(entry.key)) for entry in root.entries}
    single = frozenset(entry.key for entry in root.entries if entry.value.kind == "scalar")
    lines = tuple(split(front))
    return Head(
        lines,
        {key: each for key, each in values.items() if each is not None},
        _parts(lines, root),
        comments(front, root),
        single,
    )


def comments(front: str, root: Root) -> Counter[str]:
    """The comments of a front matter: all outside keys and values that begins with ``#``."""
    spans: list[tuple[int, int]] = []
    waiting = [Node("mapping", 0, 0, entries=root.entries)]
    while waiting:
        node = waiting.pop()
        waiting += node.items
        for entry in node.entries:
            spans.append((entry.start, entry.end))
            waiting.append(entry.value)
        if node.kind == "scalar":
            start = (
                front.find("\n", node.start, node.end) if node.style in ("|", ">") else node.start
            )
            spans.append((start if start >= 0 else node.end, node.end))
    found: Counter[str] = Counter()
    at = 0
    for start, end in [*sorted(spans), (len(front), len(front))]:
        found.update(each.group().strip() for each in _COMMENT.finditer(front[at:start]))
        at = max(at, end)
    return found


def _parts(lines: tuple[Line, ...], root: Root) -> dict[str, Part] | None:
    """The lines of every field; None if two fields share a line."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + len(line.end))
    found: dict[str, Part] = {}
    at = number = 0
    for entry in root.entries:
        first = at
        while number + 1 < len(starts) and starts[number + 1] <= entry.start:
            number += 1
        if (
            root.flow
            or number < at
            or number >= len(lines)
            or lines[number].text[: entry.start - starts[number]].strip(" ")
        ):
            return None
        end = _last(entry.value, max(entry.end, entry.value.end))
        at = number + 1
        while at < len(lines) and starts[at] < end:
            at += 1
        found[entry.key] = Part(lines[first:number], lines[number:at])
    found[TAIL] = Part(lines[at:])
    return found


def _last(node: Node, end: int) -> int:
    """Where a value ends; a comment line between the last two items of a list is inside, one after
    the last is not.
    """
    while node.items or node.entries:
        node = node.items[-1] if node.items else node.entries[-1].value
    return max(end, node.end)
