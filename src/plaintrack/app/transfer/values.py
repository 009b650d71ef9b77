"""The words of another program as values of ours, where a field can hold them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.transfer import ledger
from plaintrack.app.transfer.links import Links, bare
from plaintrack.app.transfer.read import Reading
from plaintrack.errors import PlaintrackError
from plaintrack.exchange.draft import MAPPED, PEOPLE, Draft, Words
from plaintrack.exchange.mapping import key, many
from plaintrack.model.count import plural
from plaintrack.model.fields import Field
from plaintrack.when import durations

LONGEST = 500
"""Characters of a title."""
ROOM = 20_000
"""Bytes of values that a front matter holds for certain, however they are quoted."""
BESIDE = "_there"
"""Ends the key of what a link says that leads nowhere."""
_PARTS = ("parent", "depends_on")
"""Fields that lead to items, which some trackers keep as numbers."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[-+]\d\d:\d\d)?)?", re.ASCII)
_MARKER = re.compile(r"<!--(\s*/?plaintrack)", re.IGNORECASE)


class Found(NamedTuple):
    """One item as it is to stand here."""

    title: str
    body: str
    fields: Map[str, Words]

    def value(self, name: str) -> Words:
        """A field, the title or the body."""
        if name == "title":
            return self.title
        return self.body.strip() if name == "body" else self.fields.get(name, "")

    def marks(self) -> dict[str, str]:
        """The hash of each value."""
        all_ = {"title": self.title, "body": self.body.strip(), **self.fields}
        return {name: ledger.mark(value) for name, value in all_.items() if value}


class Values:
    """Puts the words of one Reading into ours."""

    def __init__(self, workspace: Workspace, reading: Reading, links: Links) -> None:
        self.schema = workspace.schema
        self.mapping = reading.mapping
        self.links = links
        self._notes: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._linked: set[str] = set()  # the fields that links were put into
        self._linking = True

    def of(self, draft: Draft, linking: bool = True) -> Found:
        """An item in our words. What a field cannot hold stands under a key of its own. Without
        ``linking`` links are left out, since the items they lead to are not made yet.
        """
        self._linking = linking
        fields: dict[str, Words] = {}
        for name, value in draft.fields.items():
            ours = self._ours(name, value)
            lost = () if ours else many(value)
            if lost and all(self.mapping.kept(name, each) for each in lost):
                name = key(name, self.schema.fields)
                ours = lost if len(lost) > 1 else lost[0]
                self._note(f"words that mean nothing here are in {name}", lost)
            self._put(fields, name, ours, draft.key)
        for name, keys in draft.links.items():
            others = [each for each in keys if each != draft.key]
            field = self.schema.fields.get(name)
            if field is not None and field.kind != "link":  # the settings keep names in it, or ids
                names = tuple(map(bare, others))
                ids = tuple(map(self.links.item, others if name in _PARTS else ()))
                if ids and all(ids) and all(self._fits(field, each) for each in ids):
                    names = ids
                self._put(fields, name, names if field.many else names[:1], draft.key)
            else:
                self._link(fields, name, others, self.links.item)
        for name, value in draft.extra.items():
            ours = self.mapping.get("field", name)
            if ours and many(value):
                self._put(fields, ours, value, draft.key)
        title = draft.title
        if not title.isprintable():
            title = "".join(_shown(each) for each in title)
        title = " ".join(title.split())
        body = self.inert(draft.body).strip()
        if len(title) > LONGEST:  # nothing is lost: the whole title begins the body
            body = f"{title}\n\n{body}".strip()
            self._note("titles too long for a line: cut, and whole in the body", [title])
            title = f"{title[: LONGEST - 1]}…"
        body = self._roomy(fields, body)
        return Found(title or "(untitled)", f"{body}\n" if body else "", fields)

    def _roomy(self, fields: dict[str, Words], body: str) -> str:
        """The body, with the longest properties where the front matter would not hold them."""
        sizes = {
            name: sum(len(each.encode()) for each in many(value)) for name, value in fields.items()
        }
        whole = sum(sizes.values())
        for name in sorted(sizes, key=lambda each: -sizes[each]) if whole > ROOM else ():
            if whole > ROOM and name not in self.schema.fields:
                text = self.inert("\n".join(many(fields.pop(name)))).strip()
                body = f"{body}\n\n## {name}\n\n{text}".strip()
                whole -= sizes[name]
                self._note(f"{name}: too long for a front matter, so it ends the body", [text])
        return body

    def only_names(self, draft: Draft) -> bool:
        """Whether the settings keep the names of such a group, so that it is no item."""
        kind = str(draft.fields.get("type", ""))
        field = self.schema.fields.get(kind) if draft.named else None
        if field is None or field.kind == "link":
            return False
        self._note(f"{kind}: the settings keep names, so no items are made of these", [draft.title])
        return True

    def linked(self, found: Found) -> list[tuple[str, Words]]:
        """The links of an item, and what leads nowhere."""
        return [
            (name, value)
            for name, value in found.fields.items()
            if name.removesuffix(BESIDE) in self._linked
        ]

    def _link(
        self,
        fields: dict[str, Words],
        name: str,
        words: Iterable[str],
        found: Callable[[str], str],
    ) -> None:
        """Put the ids of what the words lead to into a field; what leads nowhere, or finds no room,
        beside it.
        """
        self._linked.add(name)
        if not self._linking:
            return
        field = self.schema.fields.get(name)
        ids: dict[str, None] = dict.fromkeys(many(fields.get(name, ())))
        left: list[str] = []
        for word in words:
            item = found(word)
            if item and (field is None or field.many or not ids or item in ids):
                ids[item] = None
            else:
                left.append(word)
        if ids:
            mine = tuple(ids)
            fields[name] = mine if field is None or field.many else mine[0]
        if left:
            beside = f"{name}{BESIDE}"
            self._note(f"{name}: words that lead to no item, or to several, are in {beside}", left)
            fields[beside] = tuple(dict.fromkeys((*many(fields.get(beside, ())), *left)))

    def _note(self, text: str, words: Iterable[str]) -> None:
        self._notes[text] += 1
        self._examples.setdefault(text, next(iter(words)))

    def _ours(self, name: str, value: Words) -> Words:
        part = name if name in MAPPED else "person" if name in PEOPLE else ""
        if not part:
            return value
        if isinstance(value, str):
            return self.mapping.get(part, value)
        return tuple(filter(None, (self.mapping.get(part, each) for each in value)))

    def _put(self, fields: dict[str, Words], name: str, value: Words, item: str) -> None:
        """Put a value of the item with the key ``item`` into a field, or beside it."""
        field = self.schema.fields.get(name)
        texts = tuple(" ".join(each.split()) if field else each for each in many(value))
        if not texts:
            return
        if field is None:  # two properties may go to one key
            whole = (*many(fields.get(name, ())), *texts)
            fields[name] = whole[0] if len(whole) == 1 and isinstance(value, str) else whole
        elif field.kind == "link":
            own = self.links.item(item)
            parts = [part for each in texts for part in self._parts(name, each)]
            words = [each for each in parts if self.links.meant(name, each) != own or not own]
            self._link(fields, name, words, lambda word: self.links.meant(name, word))
        elif all(self._fits(field, each) for each in texts) and (field.many or len(texts) == 1):
            if name == "closed" and field.kind == "date":
                texts = (texts[0][:10],)
            mine = tuple(dict.fromkeys((*many(fields.get(name, ())), *texts)))
            fields[name] = mine if field.many else texts[0]
        else:
            other = key(name, self.schema.fields)
            self._note(f"{name}: values that it cannot hold are in {other}", texts)
            fields[other] = texts[0] if len(texts) == 1 else texts

    def _parts(self, field: str, text: str) -> list[str]:
        """The words of one value: all of it where that is an item, else what commas part."""
        if self.links.meant(field, text):
            return [text]
        return [each.strip() for each in text.split(",") if each.strip()]

    def _fits(self, field: Field, text: str) -> bool:
        """Whether a field can hold a value."""
        if field.kind in ("date", "datetime"):
            return _DAY.fullmatch(text) is not None
        if field.kind == "choice":
            return text in field.choices
        try:
            if field.kind == "duration":
                durations.minutes(text, self.schema.day, self.schema.week)
            elif field.kind == "repeat":
                from plaintrack.when.repeat import read

                read(text)
            elif field.kind in ("integer", "number", "boolean"):
                from plaintrack.text.parse import canonical

                return canonical(field.kind, text) is not None
        except PlaintrackError:
            return False
        return True

    def inert(self, text: str) -> str:
        """A text in which nothing is a generated block of ours."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�")
        found = _MARKER.search(plain)
        if found is None:
            return plain
        self._note("marks of generated blocks in texts are made inert", [found[0]])
        return _MARKER.sub(r"<!-- (imported)\1", plain)

    def notes(self) -> list[str]:
        """What the user should know."""
        return [
            f"{text} ({plural(count, 'item')}, for example {short(self._examples[text])!r})"
            for text, count in sorted(self._notes.items())
        ]


def short(value: Words, most: int = 80) -> str:
    """A value in one line of so many characters."""
    text = ", ".join(many(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _shown(char: str) -> str:
    """A character of a title; what is a control there is a blank."""
    return char if char.isprintable() else " "
