"""Where in a file a finding points: the line and columns of the very key or value."""

import re
from functools import cached_property
from typing import NamedTuple

from plaintrack.checks.report import Finding
from plaintrack.checks.work import Found
from plaintrack.model import dependency
from plaintrack.model.fields import Schema
from plaintrack.text.document import Unreadable, locate, read
from plaintrack.text.nodes import BadYaml, Entry, Node, scan


class Spot(NamedTuple):
    """A place in a file: line and columns from 1, ``end`` behind the last character on that line
    (0: not known), and the line's text.
    """

    line: int = 0
    column: int = 0
    end: int = 0
    excerpt: str = ""


_PLAIN = re.compile(rb"[A-Za-z0-9][A-Za-z0-9.:+-]*")


def quick(data: bytes, key: str) -> Spot | None:
    """The place of a value of the plainest kind, a single word on the line of its key, without a
    scan of the file; else None.
    """
    if not data.startswith(b"---\n"):
        return None
    mark = f"\n{key}: ".encode()
    end = data.find(b"\n---\n", 3)
    start = data.find(mark, 3, end)
    if start < 0 or data.find(mark, start + 1, end) >= 0:
        return None
    line = data[start + 1 : data.find(b"\n", start + 1)]
    if not _PLAIN.fullmatch(line, len(mark) - 1):
        return None
    return Spot(data.count(b"\n", 0, start) + 2, len(mark), len(line) + 1, line.decode())


class Places:
    """The places of one file's fields; the file is scanned once."""

    def __init__(self, path: str, data: bytes, schema: Schema) -> None:
        """``data`` are the bytes of an item's file."""
        self.path, self.data, self.schema = path, data, schema
        self.text, self.offset = "", 0
        self._values: dict[str, dict[str, Node]] = {}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The entries of the front matter by key; nothing of a file that cannot be read."""
        try:
            document = read(self.data, self.path)
            self.text, self.offset = document.text, document.head[0] if document.head else 0
            return {each.key: each for each in scan(document.front, self.path).entries}
        except (Unreadable, BadYaml):
            return {}

    def spot(self, found: Found) -> Spot:
        """Where a finding points: the value, else the value of the field, else its key, else the id
        of the item.
        """
        if found.line:
            return Spot(found.line, found.column, 0, found.excerpt)
        if not found.field:
            return Spot()
        declared = self.schema.fields.get(found.field)
        key = (declared and declared.key) or found.field
        spotted = quick(self.data, key) if not found.value or found.value.isascii() else None
        if spotted and (not found.value or spotted.excerpt[spotted.column - 1 :] == found.value):
            return spotted
        entry = self.entries.get(key)
        id_ = self.schema.fields["id"].key or "id"
        entry = entry or self.entries.get(id_) or next(iter(self.entries.values()), None)
        if entry is None:
            return Spot(1, 1, 0, self.text.split("\n", 1)[0][:200].rstrip("\r"))
        return spot(self.text, *self._span(entry, found.value))

    def _span(self, entry: Entry, value: str) -> tuple[int, int]:
        """The characters of a value of an entry; of its key where the value is not a text."""
        node = entry.value
        if value and node.kind == "sequence":
            if entry.key not in self._values:
                self._values[entry.key] = {
                    name: each
                    for each in reversed(node.items)
                    if each.kind == "scalar"
                    for name in (dependency.item(each.value), each.value)
                }
            node = self._values[entry.key].get(value, node)
        if node.kind == "scalar" and node.end > node.start:
            return self.offset + node.start, self.offset + node.end
        return self.offset + entry.start, self.offset + entry.end

    def within(self, finding: Finding, node: Node) -> bool:
        """Whether a finding points at a value."""
        line, column, _ = locate(self.text, self.offset + node.start)
        return (line, column) == (finding.line, finding.column)


def spot(text: str, start: int, end: int) -> Spot:
    """The place of the characters ``start`` to ``end`` of a text."""
    line, column, excerpt = locate(text, start)
    last = min(column + end - start, len(excerpt) + 1)
    return Spot(line, column, last if last > column else 0, excerpt)


def setting(data: bytes, path: str, key: str) -> Spot:
    """Where a setting stands in plaintrack.yml; ``key`` is the way to it, as ``views.mine.query``;
    the nearest that is there.
    """
    try:
        text = data.decode("utf-8-sig")
        entries = scan(text, path).entries
    except (UnicodeDecodeError, BadYaml):
        return Spot(1, 1)
    node = Node("mapping", 0, 0, entries=entries)
    found: tuple[int, int] | None = None
    while key:
        if node.kind == "sequence":
            name, _, key = key.partition(".")
            if not name.isdecimal() or int(name) >= len(node.items):
                break
            node = node.items[int(name)]
            found = node.start, node.end
            continue
        fitting = [
            each for each in node.entries if key == each.key or key.startswith(each.key + ".")
        ]
        if not fitting:
            break
        entry = max(fitting, key=lambda each: len(each.key))
        key = key[len(entry.key) + 1 :]
        node = entry.value
        if not key and node.kind == "scalar" and node.end > node.start:
            found = (node.start, node.end)
        else:
            found = (entry.start, entry.end)
    return spot(text, *found) if found else Spot(1, 1, 0, text.split("\n", 1)[0][:200])
