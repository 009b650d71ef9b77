"""The words of another program as values of ours, where a field can hold them."""

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Map
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.transfer import ledger
from plaintrack.app.transfer.read import Reading
from plaintrack.errors import PlaintrackError
from plaintrack.exchange.draft import MAPPED, PEOPLE, Draft, Words
from plaintrack.exchange.mapping import key, many
from plaintrack.model.count import plural
from plaintrack.model.fields import Field
from plaintrack.when import durations

LONGEST = 500
"""Characters of a title."""
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

    def __init__(
        self, workspace: Workspace, reading: Reading, linked: Callable[[str], str]
    ) -> None:
        self.schema = workspace.schema
        self.mapping = reading.mapping
        self.linked = linked
        self._notes: Counter[str] = Counter()

    def of(self, draft: Draft) -> Found:
        """An item in our words. What a field cannot hold stands under a key of its own."""
        fields: dict[str, Words] = {}
        for name, value in draft.fields.items():
            self._put(fields, name, self._ours(name, value))
        fields.update(self.links(draft))
        for name, value in draft.extra.items():
            ours = self.mapping.get("field", name)
            if ours and many(value):
                self._put(fields, ours, value)
        title = " ".join("".join(_shown(each) for each in draft.title).split())
        body = self.inert(draft.body).strip()
        if len(title) > LONGEST:  # nothing is lost: the whole title begins the body
            body = f"{title}\n\n{body}".strip()
            title = f"{title[: LONGEST - 1]}…"
        return Found(title or "(untitled)", f"{body}\n" if body else "", fields)

    def links(self, draft: Draft) -> dict[str, Words]:
        """The links of an item, by our ids; what leads nowhere stands under a key of its own."""
        fields: dict[str, Words] = {}
        for name, keys in draft.links.items():
            found = {each: self.linked(each) for each in keys if each != draft.key}
            ids = tuple(dict.fromkeys(filter(None, found.values())))
            lost = tuple(each for each, item in found.items() if not item)
            if ids:
                field = self.schema.fields.get(name)
                fields[name] = ids if field is None or field.many else ids[0]
            if lost:
                self._notes[f"{name}: items that are not in the file"] += 1
                fields[f"{name}_there"] = lost
        return fields

    def _ours(self, name: str, value: Words) -> Words:
        part = name if name in MAPPED else "person" if name in PEOPLE else ""
        if not part:
            return value
        if isinstance(value, str):
            return self.mapping.get(part, value)
        return tuple(filter(None, (self.mapping.get(part, each) for each in value)))

    def _put(self, fields: dict[str, Words], name: str, value: Words) -> None:
        field = self.schema.fields.get(name)
        texts = tuple(" ".join(each.split()) if field else each for each in many(value))
        if not texts:
            return
        if field is None:
            fields[name] = texts[0] if isinstance(value, str) else texts
        elif all(self._fits(field, each) for each in texts) and (field.many or len(texts) == 1):
            mine = tuple(dict.fromkeys((*many(fields.get(name, ())), *texts)))
            fields[name] = mine if field.many else texts[0]
        else:
            other = key(name, self.schema.fields)
            self._notes[f"{name}: values that it cannot hold stand in {other}"] += 1
            fields[other] = texts[0] if len(texts) == 1 else texts

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
        return field.kind != "link"

    def inert(self, text: str) -> str:
        """A text in which nothing is a generated block of ours."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "�")
        return _MARKER.sub(r"<!-- (imported)\1", plain)

    def notes(self) -> list[str]:
        """What the user should know."""
        return [f"{text} ({plural(count, 'item')})" for text, count in sorted(self._notes.items())]


def _shown(char: str) -> str:
    """A character of a title; what is a control there is a blank."""
    return char if char.isprintable() else " "
