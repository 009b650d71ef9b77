"""From edits to splices: only touched values change, and every result is verified."""

from plaintrack.errors import PlaintrackError
from plaintrack.model import element
from plaintrack.model.edit import Add, Append, Edit, Remove, Set, Splice, Tick, Unset, apply
from plaintrack.model.fields import Field, Schema
from plaintrack.model.task import Value
from plaintrack.text.document import Document, Unreadable, conflict, encode, locate, read
from plaintrack.text.format import RANK
from plaintrack.text.markdown import boxes, heading, heading_span
from plaintrack.text.nodes import BadYaml, Entry, Root, scan
from plaintrack.text.span import Front, Unsupported

REMEDY = "change it in an editor (`plaintrack edit`)"


class EditRefused(PlaintrackError):
    """The edit cannot be made without risking the rest of the file; nothing was changed."""

    slug = "edit-refused"


def edited(data: bytes, path: str, edits: tuple[Edit, ...], schema: Schema) -> bytes:
    """The file's bytes with the edits made, all others as they were; raises EditRefused."""
    try:
        document = read(data, path)
    except Unreadable as error:
        from plaintrack.text.fault import ItemUnreadable

        raise ItemUnreadable(error) from error
    found = splices(document, edits, schema)
    return encode(document, apply(document.text, found)) if found else data


def splices(document: Document, edits: tuple[Edit, ...], schema: Schema) -> tuple[Splice, ...]:
    """The replacements in ``document.text`` that make the edits, tried out; raises EditRefused."""
    plan = _Plan(document, schema)
    plan.refuse_conflict()
    for edit in edits:
        plan.add(edit)
    found = plan.splices()
    if found:
        plan.verify(found)
    return found


class _Plan:
    """What a series of edits comes to: one wanted value per key, and changes of the body."""

    def __init__(self, document: Document, schema: Schema) -> None:
        self.document, self.schema = document, schema
        self.offset = document.head[0] if document.head else 0
        self.root = self._scan(document)
        self.entries = {entry.key: entry for entry in self.root.entries}
        self.front = Front(document.front, document.newline, self.root)
        self.wanted: dict[str, Value] = {}
        self.fields: dict[str, Field] = {}
        self.ticks: dict[int, bool] = {}
        self.paragraphs: list[str] = []
        self.heading: str | None = None

    def place(self, index: int = 0) -> str:
        """Path, line and column of a character, as an error shows them."""
        line, column, _ = locate(self.document.text, index)
        return f"{self.document.path}:{line}:{column}"

    def refuse_conflict(self) -> None:
        """Refuse a document whose body has conflict markers."""
        body = self.document.text[self.document.body :]
        marker = conflict(body) if "<<<<<<<" in body else None
        if marker is not None:
            from plaintrack.text.fault import BodyInConflict

            raise BodyInConflict(self.place(self.document.body + marker))

    def _scan(self, document: Document) -> Root:
        try:
            return scan(
                document.front,
                document.path,
                document.text,
                document.head[0] if document.head else 0,
            )
        except BadYaml as error:
            from plaintrack.text.fault import ItemUnreadable

            raise ItemUnreadable(error) from error

    def add(self, edit: Edit) -> None:
        """Take one edit into the plan."""
        if isinstance(edit, Tick):
            self.ticks[edit.step] = edit.done
        elif isinstance(edit, Append):
            self.paragraphs.append(edit.text)
        else:
            self._field(edit)

    def _field(self, edit: Set | Add | Remove | Unset) -> None:
        field = self.schema.fields.get(edit.field)
        key = (field and field.key) or edit.field
        if not key.strip() or not key.isprintable():
            from plaintrack.text.fault import BadFieldName

            raise BadFieldName(self.place(), key)
        self.fields[key] = field or Field(edit.field, self.front.kind(self.entries.get(key)))
        if isinstance(edit, Unset):
            value: Value = ()
        elif isinstance(edit, Set):
            value = self._set(edit, field)
        else:
            changed = self._members(edit, key, field)
            if changed is None:
                return
            value = changed
        if edit.field == "id" and not value:
            from plaintrack.text.fault import IdRemoved

            raise IdRemoved(self.place())
        if (
            edit.field == "title"
            and key not in self.entries
            and isinstance(value, str)
            and self._heading()
            and value
        ):
            self._title(value)
        else:
            self.wanted[key] = value

    def _set(self, edit: Set, field: Field | None) -> Value:
        value = edit.value
        if isinstance(value, str) or field is None or field.many:
            return value
        if len(value) > 1:
            from plaintrack.text.fault import SeveralValues

            raise SeveralValues(self.place(), edit.field, len(value))
        return value[0] if value else ""

    def _members(self, edit: Add | Remove, key: str, field: Field | None) -> Value | None:
        entry = self.entries.get(key)
        listed = entry is None or entry.value.null or entry.value.kind == "sequence"
        if not (field.many if field else listed):
            at = self.offset + entry.start if entry else 0
            from plaintrack.text.fault import NotAList

            raise NotAList(self.place(at), edit.field)
        if entry is not None and entry.value.kind == "mapping":
            from plaintrack.text.fault import MappingNotList

            raise MappingNotList(self.place(self.offset + entry.start), edit.field)
        now = self.wanted.get(key, self.front.value(entry))
        before = (now,) if isinstance(now, str) and now else tuple(now)
        if field and field.element:
            change = element.changed if isinstance(edit, Add) else element.without
            found = change(field.element, before, tuple(each for each in edit.values if each))
            return None if found == before else found
        if isinstance(edit, Add):
            new = tuple(
                each for each in dict.fromkeys(edit.values) if each.strip() and each not in before
            )
            return (*before, *new) if new else None
        left = tuple(each for each in before if each not in edit.values)
        return None if left == before else left

    def _heading(self) -> tuple[int, int] | None:
        return heading_span(self.document.text[self.document.body :])

    def _title(self, value: str) -> None:
        if not value.isprintable() or value != value.strip() or value.endswith("#"):
            from plaintrack.text.fault import NotAHeading

            raise NotAHeading(self.place(self.document.body))
        self.heading = value

    def splices(self) -> tuple[Splice, ...]:
        """The splices of the whole text, those of the front matter first."""
        found: list[Splice] = []
        fresh: list[str] = []
        try:
            for key, value in self.wanted.items():
                entry = self.entries.get(key)
                if entry is not None:
                    found += self.front.change(entry, value, self.fields[key])
                elif value:
                    fresh.append(key)
            for key in sorted(fresh, key=lambda each: RANK.get(self.fields[each].name, len(RANK))):
                found.append(
                    self.front.fresh(key, self.wanted[key], self.fields[key], self._before(key))
                )
        except Unsupported as error:
            from plaintrack.text.fault import NotEditable

            raise NotEditable(self.place(self.offset + error.index), error) from error
        shifted = [
            Splice(each.start + self.offset, each.end + self.offset, each.text) for each in found
        ]
        return (*shifted, *self._body())

    def _before(self, key: str) -> Entry | None:
        """The entry after which a new key goes: the nearest preceding one in the standard order."""
        rank = RANK.get(self.fields[key].name)
        if rank is None:
            return None
        keys = {
            (field.key or name): RANK[name]
            for name, field in self.schema.fields.items()
            if name in RANK
        }
        places = [
            (keys[each.key], number)
            for number, each in enumerate(self.root.entries)
            if keys.get(each.key, 99) < rank
        ]
        return self.root.entries[max(places)[1]] if places else None

    def _body(self) -> list[Splice]:
        document = self.document
        start, body = document.body, document.text[document.body :]
        found = []
        span = self._heading() if self.heading is not None else None
        if span and self.heading is not None and body[span[0] : span[1]] != self.heading:
            found.append(Splice(start + span[0], start + span[1], self.heading))
        marks = list(boxes(body)) if self.ticks else []
        for step, done in self.ticks.items():
            if not 1 <= step <= len(marks):
                from plaintrack.text.fault import NoSuchBox

                raise NoSuchBox(self.place(start), step, len(marks))
            if marks[step - 1].step.done != done:
                at = start + marks[step - 1].offset
                found.append(Splice(at, at + 1, "x" if done else " "))
        return [*found, *self._appended(body)]

    def _appended(self, body: str) -> list[Splice]:
        newline, end = self.document.newline, len(self.document.text)
        paragraphs = [
            newline.join(each.strip("\r\n").splitlines())
            for each in self.paragraphs
            if each.strip()
        ]
        if not paragraphs:
            return []
        text = (newline * 2).join(paragraphs)
        if not body.strip():
            lead = "" if self.document.text.endswith(("\n", "\r")) else newline
            return [Splice(end, end, f"{lead}{text}{newline}")]
        if not body.endswith(("\n", "\r")):
            return [Splice(end, end, newline * 2 + text)]
        blank = body.endswith((newline * 2, "\n\n"))
        return [Splice(end, end, f"{'' if blank else newline}{text}{newline}")]

    def verify(self, found: tuple[Splice, ...]) -> None:
        """Read the result again: touched keys have the new values, all others the same bytes."""
        try:
            text = apply(self.document.text, found)
            after = read(encode(self.document, text), self.document.path)
            front = Front(after.front, after.newline, self._scan(after))
        except (ValueError, PlaintrackError) as error:
            from plaintrack.text.fault import WouldBreak

            raise WouldBreak(self.place(), error) from error
        entries = {entry.key: entry for entry in front.root.entries}
        touched = frozenset(self.wanted)
        if front.others(touched) != self.front.others(touched):
            from plaintrack.text.fault import OthersWouldChange

            raise OthersWouldChange(self.place())
        for key, value in self.wanted.items():
            if not _same(front.value(entries.get(key)), value):
                from plaintrack.text.fault import ValueNotReadBack

                raise ValueNotReadBack(self.place(), key, value)
        body = after.text[after.body :]
        if self.heading is not None and heading(body) != self.heading:
            from plaintrack.text.fault import HeadingNotReadBack

            raise HeadingNotReadBack(self.place(self.document.body))
        if (
            not (self.ticks or self.paragraphs or self.heading)
            and body != self.document.text[self.document.body :]
        ):
            from plaintrack.text.fault import BodyWouldChange

            raise BodyWouldChange(self.place())


def _same(found: Value, wanted: Value) -> bool:
    def listed(value: Value) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,) if value else ()
        return tuple(value)

    return listed(found) == listed(wanted)
