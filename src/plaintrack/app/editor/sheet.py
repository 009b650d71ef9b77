"""One file as an editor shows it: what kind of file it is, and what stands at a place."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from plaintrack.app.editor.desk import Desk
from plaintrack.app.snapshot.buffers import Buffers
from plaintrack.app.snapshot.people import schema_for
from plaintrack.checks.report import Finding
from plaintrack.model import dependency
from plaintrack.model.fields import LINKS, SERIES, Field, Schema
from plaintrack.model.task import Task, fold
from plaintrack.store import place
from plaintrack.store.index import ask
from plaintrack.text.blocks import blocks
from plaintrack.text.document import conflict
from plaintrack.text.draft import Draft, Element, Given

REFERENCES = (*LINKS, *SERIES)
"""The fields whose values are ids."""
_WORD = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_ID = re.compile(r"\w{4,}")  # behind the prefix
_MENTION = re.compile(r"(?<![\w@/\\.-])@([^\W_][\w.-]*)")
_URL = re.compile(r"https://[^\s<>()\"'`]+[^\s<>()\"'`.,;:!?]")
_TARGET = re.compile(r"\]\(\s*<?([^)>\s]+)>?\s*\)")


class Named(NamedTuple):
    """A word that names something: an ``item`` by its id, or a ``person``; where it stands; and of
    a word in the front matter its field.
    """

    kind: str
    name: str
    start: int
    end: int
    field: str = ""


class Sheet:
    """One file of a desk. Raises PlaintrackError where the settings cannot be used at all."""

    def __init__(self, desk: Desk, path: str, text: str | None = None) -> None:
        """``text``: as the editor shows it; None: as the desk has it."""
        self.desk, self.path = desk, path
        self.text = desk.text(path) if text is None else text
        self.snapshot: Buffers = desk.snapshot
        self.kind = self._kind()
        self.draft = Draft(self.text, self.kind in ("settings", "rules"))

    def _kind(self) -> str:
        """``item``, ``people``, ``equipment``, ``settings``, ``rules``, ``template``, ``comment``,
        or ``document``.
        """
        settings, path = self.snapshot.settings, self.path
        if path == place.SETTINGS:
            return "settings"
        if place.is_rules(path):
            return "rules"
        room = settings.room(path)
        if room in ("people", "equipment"):
            return room
        if path.startswith("templates/"):
            return "template"
        if path.startswith(f"{place.COMMENTS}/"):
            return "comment"
        return "item" if settings.is_item(path) and not room else "document"

    @property
    def item(self) -> bool:
        """Whether it has the front matter of an item."""
        return self.kind in ("item", "template")

    @cached_property
    def schema(self) -> Schema:
        """The fields of its front matter."""
        if self.kind in ("people", "equipment"):
            return schema_for(self.snapshot.settings, self.path)
        return self.snapshot.schema

    @cached_property
    def keys(self) -> dict[str, Field]:
        """Key → field of its front matter; none where that is not fields."""
        if self.kind not in ("item", "template", "people", "equipment"):
            return {}
        keys = self.schema.keys()
        if self.kind in ("people", "equipment"):
            keys.pop("id", None)
            keys.pop("title", None)
        return keys

    @cached_property
    def task(self) -> Task | None:
        """The item that it is, by the last text that could be read; None if it is none."""
        from plaintrack.app.snapshot.find import load

        if self.kind != "item":
            return None
        try:
            return load(self.snapshot, self.path)
        except OSError:
            return None

    @property
    def id(self) -> str:
        """The id of the item that it is; empty if it is none."""
        return self.task.id if self.task else ""

    def field(self, entry: Given | None) -> Field | None:
        """The field of an entry."""
        return self.keys.get(entry.key) if entry else None

    def values(self) -> Iterator[tuple[Given, Field, Element]]:
        """Every value of every entry that is a field."""
        for entry in self.draft.entries:
            field = self.field(entry)
            if field is not None:
                for element in self.draft.elements(entry):
                    yield entry, field, element

    def names(self) -> Iterator[Named]:
        """Every id and person that it names: in fields, and in its body outside code."""
        for _, field, element in self.values():
            yield from self._in_field(field, element)
        yield from self._in_prose()

    def _in_field(self, field: Field, element: Element) -> Iterator[Named]:
        if field.name in REFERENCES or field.kind == "link":
            item = dependency.item(element.text)
            yield Named("item", item, element.start, element.start + len(item), field.name)
        elif field.kind == "person":
            yield Named("person", element.text, element.start, element.end, field.name)
        elif field.name == "id":
            yield Named("item", element.text, element.start, element.end, "id")

    def _in_prose(self) -> Iterator[Named]:
        prefix = fold(f"{self.snapshot.settings.prefix}-")
        known = self.known
        for start, end in self.prose:
            for found in _MENTION.finditer(self.text, start, end):
                name = found[1].rstrip(".-_")
                yield Named("person", name, found.start(1), found.start(1) + len(name))
            for found in _WORD.finditer(self.text, start, end):
                word = fold(found[0])
                if word in known or (word.startswith(prefix) and _ID.fullmatch(word, len(prefix))):
                    yield Named("item", found[0], *found.span())

    @cached_property
    def known(self) -> frozenset[str]:
        """The folded ids of the words of the body that are those of items."""
        words = {
            fold(found[0])
            for start, end in self.prose
            for found in _WORD.finditer(self.text, start, end)
            if "-" in found[0]
        }
        connection = self.snapshot.index.connection
        return frozenset(word for word in words if ask.spelt(connection, word))

    @cached_property
    def prose(self) -> list[tuple[int, int]]:
        """The spans of the body's lines that are not code."""
        from plaintrack.text.markdown import Fences

        if self.draft.whole:
            return []
        fences, found, at = Fences(), [], self.draft.body
        for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", self.text[at:]):
            if not fences.code(line.rstrip("\r\n")):
                found.append((at, at + len(line)))
            at += len(line)
        return found

    def named(self, offset: int) -> Named | None:
        """What the word at a place names."""
        for each in self.names():
            if each.start <= offset <= each.end:
                return each
        return None

    def links(self) -> Iterator[tuple[int, int, str]]:
        """Start, end and target of every link of the body: a workspace path or an https address."""
        import posixpath
        from urllib.parse import unquote

        for start, end in self.prose:
            for found in _URL.finditer(self.text, start, end):
                yield *found.span(), found[0]
            for found in _TARGET.finditer(self.text, start, end):
                plain = unquote(found[1].partition("#")[0].partition("?")[0])
                if not plain or plain[0] in "/\\" or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", plain):
                    continue
                path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), plain))
                if not path.startswith("../") and path != "..":
                    yield *found.span(1), path

    def block(self, offset: int) -> tuple[str, int] | None:
        """What is asked for in the marker of a generated block at a place, as far as it stands
        before that, and where it begins; None if the place is in none.
        """
        start = self.text.rfind("\n", 0, offset) + 1
        found = re.match(r" {0,3}<!--[ \t]*plaintrack:[ \t]*", self.text[start:offset])
        if found is None:
            return None
        begin = start + found.end()
        return self.text[begin:offset], begin

    @property
    def blocks(self) -> list[tuple[int, int, str]]:
        """Start, end (of the content) and question of the generated blocks."""
        data = self.text.encode("utf-8", "surrogatepass")
        found = []
        for each in blocks(data, self.path).found:
            start, end = (
                len(data[:at].decode("utf-8", "surrogatepass")) for at in (each.start, each.end)
            )
            found.append((start, end, each.asked))
        return found

    def span(self, finding: Finding) -> tuple[int, int]:
        """Where a finding is: to the end of the line, if it does not say how far it goes."""
        starts = [0, *(each.end() for each in re.finditer(r"\r\n|\n|\r", self.text))]
        line = min(max(finding.line, 1), len(starts)) - 1
        stop = starts[line + 1] if line + 1 < len(starts) else len(self.text)
        last = starts[line] + len(self.text[starts[line] : stop].rstrip("\r\n"))
        start = min(starts[line] + max(finding.column, 1) - 1, last)
        return start, min(starts[line] + finding.end - 1, last) if finding.end else last

    @property
    def disputed(self) -> bool:
        """Whether it holds conflict markers."""
        return conflict(self.text) is not None
