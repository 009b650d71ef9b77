"""Reads the fields of many versions of items: an entry of front matter that stood in one version is
not read again in the next.
"""

import re

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task, Value
from plaintrack.text.nodes import PLAINEST
from plaintrack.text.parse import entry, parse, settle

_KEY = re.compile(r"\n(?=[A-Za-z_])")
_WITHIN = (" ", "-", "#")  # what lines begin with that go with the line before
_BEFORE = re.compile(r"(?:#[^\n]*|[ ]*)(?:\n(?:#[^\n]*|[ ]*))*")  # comments before the first key
_FENCES = ("---", "...")
_MOST = 100_000  # entries that are kept, and
_LARGEST = 8_000_000  # their characters

Known = tuple[str, tuple[tuple[str, Value], ...]]
"""The key of an entry, and the fields that it gives."""


class Skim:
    """Reads Tasks by one schema, as ``parse`` does, but without steps and problems of those that
    can be read.

    Front matter is cut before lines that can begin an entry. If every part is YAML of one entry, so
    is the whole, and it holds just these entries: what is open at the end of a part (a quote, a
    bracket) is an error there. All else is left to ``parse``.
    """

    def __init__(self, schema: Schema) -> None:
        """``schema`` says what the values of fields are."""
        self.schema = schema
        self._known: dict[str, Known] = {}
        self._ids: set[object] = set()  # that are valid, where they stand in the front matter
        self._size = 0
        self._latest: dict[str, tuple[list[str], dict[str, Value]]] = {}  # path → parts, fields

    def __call__(self, path: str, data: bytes) -> Task:
        """The Task in the bytes of a file."""
        return self._skimmed(path, data) or parse(path, data, self.schema)

    def _skimmed(self, path: str, data: bytes) -> Task | None:
        end = data.find(b"\n---\n", 3, PLAINEST - 1000)
        if end < 4 or len(data) > _LARGEST or not data.startswith(b"---\n") or b"\r" in data:
            return None
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return None
        end = text.index("\n---\n", 3)
        front = text[4:end]
        if "\0" in text or front.startswith(_FENCES) or _odd(front):
            return None
        parts = _parts(front)
        fields = self._changed(path, parts) or self._fields(parts)
        if fields is None:
            return None
        body = text[end + 5 :]
        id_, titled = fields.get("id"), "title" in fields
        if id_ not in self._ids or not fields.get("title"):
            id_ = settle(fields, path, body, self.schema)
        if id_ and titled and self.schema.named is None:  # then they stay as they are
            if len(self._latest) > _MOST // 5:
                self._latest.clear()
            self._latest[path] = parts, fields
            self._ids.add(id_)
        return Task(path, id_, fields, body)  # type: ignore[arg-type]  # one of the ids

    def _changed(self, path: str, parts: list[str]) -> dict[str, Value] | None:
        """The fields, if they are those of the version before at this path but for the values of
        entries, as they are nearly always; else None.
        """
        before = self._latest.get(path)
        if before is None or len(before[0]) != len(parts):
            return None
        old, fields = before
        for was, now in [each for each in zip(old, parts, strict=True) if each[0] != each[1]]:
            one, two = self._known.get(was), self._known.get(now) or self._learnt(now)
            if one is None or two is None or one[0] != two[0]:
                return None
            if [name for name, _ in one[1]] != [name for name, _ in two[1]]:
                return None
            fields = {**fields, **dict(two[1])}
        return fields

    def _fields(self, parts: list[str]) -> dict[str, Value] | None:
        known = self._known
        try:
            entries = [known[part] for part in parts]
        except KeyError:
            found = [known.get(part) or self._learnt(part) for part in parts]
            entries = [each for each in found if each is not None]
            if len(entries) < len(parts):
                return None
        pairs = [pair for _, given in entries for pair in given]
        fields = dict(pairs)
        # Two entries of one key are an error; which of two keys of one field counts, is not ours.
        if len(fields) < len(pairs) or len(dict(entries)) < len(entries):
            return None
        return fields

    def _learnt(self, part: str) -> Known | None:
        text = part.replace("\1", "\n") + "\n"
        found = ("", ()) if _BEFORE.fullmatch(part) else entry(text, self.schema)
        if found is not None:
            if len(self._known) >= _MOST or self._size > _LARGEST:
                self._known.clear()
                self._ids.clear()
                self._size = 0
            self._known[part] = found
            self._size += len(part)
        return found


def _parts(front: str) -> list[str]:
    """Front matter, cut before lines that can begin an entry."""
    if "\n\n" in front:
        return _KEY.split(front)
    for each in _WITHIN:
        front = front.replace(f"\n{each}", f"\1{each}")
    return front.split("\n")


def _odd(front: str) -> bool:
    """Whether the front matter may end earlier, be in conflict, or hold what stands for a line."""
    return (
        "\1" in front
        or "\n---" in front
        or "\n..." in front
        or "<<<<<<<" in front
        or ">>>>>>>" in front
        or "|||||||" in front
    )
