"""Reads the fields of many versions of items: an entry of front matter that stood in one version is
not read again in the next.
"""

import re

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task, Value
from plaintrack.text.document import plain
from plaintrack.text.nodes import PLAINEST
from plaintrack.text.parse import entry, parse, settle
from plaintrack.text.parts import Parts, Said, cut

_BEFORE = re.compile(r"(?:#[^\n]*|[ ]*)(?:\n(?:#[^\n]*|[ ]*))*")  # comments before the first key
_FENCES = ("---", "...")
_ODD = re.compile(r"\n---|\n\.\.\.|<{7}|>{7}|\|{7}")
_MOST = 100_000  # parts that are remembered
_PATHS = 20_000  # and paths whose latest version is


class Skim:
    """Reads Tasks by one schema, as ``parse`` does, but without steps and problems of those that
    can be read.

    What its parts do not tell is left to ``parse``.
    """

    def __init__(self, schema: Schema) -> None:
        """``schema`` says what the values of fields are."""
        self.schema = schema
        self._parts = Parts(self._read, _MOST)
        self._ids: set[object] = set()  # that are valid, where they stand in the front matter
        self._latest: dict[str, tuple[list[str], dict[str, Value]]] = {}  # path → parts, fields

    def __call__(self, path: str, data: bytes) -> Task:
        """The Task in the bytes of a file."""
        return self._skimmed(path, data) or parse(path, data, self.schema)

    def _skimmed(self, path: str, data: bytes) -> Task | None:
        split = plain(data)
        if split is None:
            return None
        front, body = split
        if len(front) > PLAINEST - 1000:
            return None
        parts = cut(front[:-1])
        fields = self._changed(path, parts) or self._parts.fields(parts)
        if fields is None:
            return None
        id_, titled = fields.get("id"), "title" in fields
        if id_ not in self._ids or not fields.get("title"):
            id_ = settle(fields, path, body, self.schema)
        if id_ and titled and self.schema.named is None:  # then they stay as they are
            if len(self._latest) > _PATHS:
                self._latest.clear()
                self._ids.clear()
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
        known = self._parts.known
        for was, now in [each for each in zip(old, parts, strict=True) if each[0] != each[1]]:
            one, two = known.get(was), known.get(now) or self._parts.said(now)
            if one is None or two is None or one[0] != two[0]:
                return None
            if [name for name, _ in one[1]] != [name for name, _ in two[1]]:
                return None
            fields = {**fields, **dict(two[1])}
        return fields

    def _read(self, part: str) -> Said | None:
        """What a part says; None where the front matter may end in it, be in conflict, or hold more
        than an entry.
        """
        if part.startswith(_FENCES) or _ODD.search(part):
            return None
        return ("", ()) if _BEFORE.fullmatch(part) else entry(part + "\n", self.schema)
