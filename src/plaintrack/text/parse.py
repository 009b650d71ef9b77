"""From bytes to a Task: faults of the file become Problems, never exceptions."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from plaintrack.model.dependency import LAGS
from plaintrack.model.fields import LATER, Field, Schema
from plaintrack.model.ids import acceptable, of_file
from plaintrack.model.problem import Problem, shown
from plaintrack.model.task import Task, Value
from plaintrack.text.document import Document, Unreadable, conflict, locate, plain, read
from plaintrack.text.markdown import heading, steps
from plaintrack.text.nodes import NULLS, PLAINEST, BadYaml, Entry, Node, line_of, plainest, scan
from plaintrack.text.parts import Parts, Said, cut
from plaintrack.when.moments import iso

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATETIME = (
    r"(\d{4}-\d\d-\d\d)(?:[Tt]|\s+)\s*(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
    r"\s*([Zz]|[-+]\d\d(?::?\d\d)?)?"
)
_DURATION = r"(?:\d+(?:\.\d+)?[mhdw])+"
_INTEGER = r"[-+]?\d{1,400}"
_NUMBER = r"[-+]?(?:\d{1,400}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_BOOLEANS = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "false": "false",
    "no": "false",
    "off": "false",
}
_SINGULAR = ("id", "title")  # keys whose values hardly repeat
REMEMBERED = 2000
"""Parts of front matters that are remembered at a time."""
_PLAIN = frozenset(("text", "person", "link"))
_HINTS = {
    "date": "write it as YYYY-MM-DD",
    "datetime": "write it as YYYY-MM-DDThh:mm:ss+hh:mm",
    "duration": "write it as 45m, 6h, 2d or 1w2d",
    "integer": "write digits only",
    "number": "write a number such as 3 or 2.5",
    "boolean": "write true or false",
}


def canonical(kind: str, text: str) -> str | None:
    """The one spelling of a value of a kind, or None if it is none.

    Dates are ISO, integers digits, booleans ``true`` or ``false``; texts and durations stay as
    typed.
    """
    if kind == "date" or kind == "datetime":
        return _moment(text)
    if kind == "duration":
        return text if re.fullmatch(_DURATION, text, re.ASCII) else None
    if kind == "integer":
        return str(int(text)) if re.fullmatch(_INTEGER, text, re.ASCII) else None
    if kind == "number":
        return text if re.fullmatch(_NUMBER, text, re.ASCII) else None
    if kind == "boolean":
        return _BOOLEANS.get(text.lower())
    return text


def _meant_day(kind: str, text: str) -> str:
    """The hint for a day without its zeros or with other strokes: the same day as it is written."""
    found = (
        re.fullmatch(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", text.strip(), re.ASCII)
        if kind in ("date", "datetime")
        else None
    )
    if found is None:
        return ""
    day = f"{found[1]}-{found[3]:0>2}-{found[4]:0>2}"
    return f"write it as {day}" if _moment(day) else ""


def _moment(text: str) -> str | None:
    if len(text) == 25 and _canonical(text):
        return text
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        found = re.fullmatch(_DATETIME, text, re.ASCII)
        if found is None:
            return None
        day, clock, offset = found.groups()
        return iso(f"{day}T{clock}{(offset or '').upper()}")
    except ValueError:
        return None


def _canonical(text: str) -> bool:
    """Whether a moment is spelt as it should be, which is quickly told of most."""
    try:
        return datetime.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def parse(path: str, data: bytes, schema: Schema) -> Task:
    """The Task in a file's bytes, with what is wrong with it in ``problems``.

    A file that cannot be read has the id ``""`` and no fields.
    """
    usual = _known(schema).usual(path, data)
    if usual is not None:
        return usual
    try:
        document = read(data, path)
        offset = document.head[0] if document.head else 0
        root = scan(document.front, path, document.text, offset)
    except (Unreadable, BadYaml) as error:
        return Task(path, "", {}, problems=(error.problem,))
    reader = _Reader(document, offset, schema)
    for entry in root.entries:
        reader.field(entry.key, entry.value)
    return reader.task()


class _Reader:
    """Types the values of one document by the schema, and gathers what is wrong with them."""

    __slots__ = ("document", "fields", "front", "keys", "offset", "problems", "required", "schema")

    def __init__(self, document: Document, offset: int, schema: Schema) -> None:
        self.document, self.offset, self.schema = document, offset, schema
        self.front = document.front
        known = _known(schema)
        self.keys, self.required = known.keys, known.required
        self.fields: dict[str, Value] = {}
        self.problems: list[Problem] = []

    def note(self, code: str, message: str, hint: str, index: int, severity: str = "error") -> None:
        line, column, excerpt = locate(self.document.text, index)
        self.problems.append(
            Problem(code, self.document.path, message, hint, line, column, excerpt, severity)
        )

    def field(self, key: str, node: Node) -> None:
        field = self.keys.get(key)
        if node.kind == "scalar":
            if not node.style:
                if self.front.startswith(" #", node.end):
                    self._hash(key, node)
                if node.value in NULLS:
                    return
            if field is None:
                self.fields.setdefault(key, node.value)
                return
            if not node.value:
                return
            value = self._typed(field, node)
            if value is not None:
                self.fields[field.name] = (value,) if field.many else value
                if field.element:
                    self._elements(field, (node,))
                elif field.many and "," in value and not node.style:
                    self._comma(field, node)
            elif field.name in LATER:
                self.fields.setdefault(field.name, node.value)
        elif field is None:
            self.fields.setdefault(key, self._free(node))
        else:
            self._collection(field, node)

    def _hash(self, key: str, node: Node) -> None:
        if self.front[node.end + 2 : node.end + 3] not in ("", " ", "\n", "\r", "#", "!"):
            message = (
                f"YAML reads the rest of the line after `#` as a comment, so {key[:80]}"
                f" is {shown(node.value)}"
            )
            hint = "put the value in quotes, or a space after the #"
            self.note("hash", message, hint, self.offset + node.end + 1, "warning")

    def _comma(self, field: Field, node: Node) -> None:
        """Several values were meant, or one that should be in quotes."""
        from plaintrack.text.format import scalar

        values = [each.strip() for each in node.value.split(",")]
        if field.kind in _PLAIN and all(values) and field.name not in ("time", "waive"):
            elements = [scalar(each, flow=True) for each in values]
            key = field.key or field.name
            message = f"{field.name} is one value, {shown(node.value)}, with a comma in it"
            hint = f"write `{key}: [{', '.join(elements)}]`, or put it in quotes if it is one"
            self.note("comma", message, hint, self.offset + node.start, "warning")

    def _collection(self, field: Field, node: Node) -> None:
        if field.name in LATER and (not field.many or node.kind == "mapping"):
            message = f"{field.name} is a {'list' if node.kind == 'sequence' else 'mapping'}"
            hint = f"write {'a list of lines' if field.many else 'one value'}"
            self._late(field, message, hint, self.offset + node.start)
            self.fields.setdefault(field.name, self._free(node))
            return
        if not field.many or node.kind == "mapping":
            found, wanted = (
                ("list" if node.kind == "sequence" else "mapping"),
                ("a list" if field.many else "one value"),
            )
            message = f"{field.name} is a {found}, but takes {wanted}"
            self.note("field-type", message, f"write {wanted}", self.offset + node.start)
            return
        values = []
        if field.element and any(each.kind == "mapping" for each in node.items):
            node = self._lines(field, node)
        for item in node.items:
            if item.kind != "scalar":
                value: str | None = self.front[item.start : item.end]
                if field.name != "time":
                    message = (
                        f"{field.name} has a {'list' if item.kind == 'sequence' else item.kind} in"
                        " it, but takes texts"
                    )
                    self.note(
                        "field-type", message, "write one value per line", self.offset + item.start
                    )
                    continue
            else:
                value = None if item.null or not item.value else self._typed(field, item)
            if value is not None:
                values.append(value)
        if values:
            self.fields[field.name] = tuple(values)
            if field.element:
                self._elements(field, [each for each in node.items if each.value])

    def _elements(self, field: Field, nodes: Sequence[Node]) -> None:
        """Look into the elements of a field that say more than one word: note what cannot be read,
        and keep lags apart from the ids that all others read.
        """
        from plaintrack.text import elements

        if field.element == "dependency" and not any(" " in each.value for each in nodes):
            return
        found = elements.read(field.element, [each.value for each in nodes])
        for node, fault in zip(nodes, found.faults, strict=True):
            if fault:
                message = f"{field.name} is {shown(node.value)}: {fault.message}"
                self._late(field, message, fault.hint, self.offset + node.start)
        if field.many:
            self.fields[field.name] = found.values
        if found.lags:
            self.fields[LAGS] = found.lags

    def _lines(self, field: Field, node: Node) -> Node:
        """A list without the mappings in it, each of which is noted with the line to write."""
        from plaintrack.text import elements

        for each in node.items:
            if each.kind == "mapping":
                line = elements.line(field.element, self.front[each.start : each.end])
                message = f"{field.name} has a mapping in it, where a line was meant"
                self._late(field, message, f"write `- {line}`", self.offset + each.start)
        return node._replace(items=tuple(each for each in node.items if each.kind != "mapping"))

    def _late(self, field: Field, message: str, hint: str, index: int) -> None:
        """Note what is wrong with a value; with one of LATER that may be meant for something else
        as less of a fault.
        """
        if field.name in LATER:
            hint = f"{hint}; if it means something else here, declare {field.name} under `fields:`"
            self.note("newer-field", message, hint, index, "warning")
        else:
            self.note("field-value", message, hint, index)

    def _free(self, node: Node) -> Value:
        if node.kind == "mapping":
            return self.front[node.start : node.end]
        found = [
            each.value if each.kind == "scalar" else self.front[each.start : each.end]
            for each in node.items
            if not each.null
        ]
        return tuple([each for each in found if each])

    def _typed(self, field: Field, node: Node) -> str | None:
        kind = field.kind
        if kind in _PLAIN:
            return node.value
        if kind == "choice":
            if field.choices and node.value not in field.choices:
                hint = "one of " + ", ".join(field.choices)
                self.note(
                    "unknown-choice",
                    f"{field.name} is {shown(node.value)}",
                    hint,
                    self.offset + node.start,
                    "warning",
                )
            return node.value
        if kind == "repeat":
            return self._repeat(field, node)
        value = canonical(kind, node.value.strip())
        if value is None:
            message = f"{field.name} is {shown(node.value)}, which is not a valid {kind}"
            hint = _meant_day(kind, node.value) or _HINTS.get(kind, "")
            self._late(field, message, hint, self.offset + node.start)
        return value

    def _repeat(self, field: Field, node: Node) -> str | None:
        """A way to recur; what is wrong with it is told at its place in the value."""
        from plaintrack.when.repeat import read
        from plaintrack.when.rule import BadRepeat

        try:
            read(node.value)
        except BadRepeat as error:
            inside = error.column - 1 if error.column else 0
            index = min(node.start + inside + bool(node.style), node.end)
            self.note(
                "field-value",
                f"{field.name} is {shown(node.value)}: {error.message}",
                error.hint,
                self.offset + index,
            )
            return None
        return node.value

    def task(self) -> Task:
        """The Task with its id checked and its title found."""
        document = self.document
        body = document.text[document.body :]
        fields = self.fields
        titled = bool(fields.get("title"))
        given = given_id(fields, document.path, self.schema)
        id_ = settle(fields, document.path, body, self.schema)
        if not id_:
            message = f"the id {shown(given)} is not valid" if given else "the item has no id"
            hint = "add a line `id: …`, or run `plaintrack doctor --fix`"
            if given:
                hint = "use ASCII letters, digits, `.`, `_`, `-`; at most 64"
            self.note("bad-id" if given else "no-id", message, hint, self._place("id"))
        if not titled and not _by_name(self.schema) and not heading(body):
            self.note("no-title", "the item has no title", "add a line `title: …`", 0, "warning")
        for field in self.required:
            if not fields.get(field.name):
                hint = f"add a line `{field.key or field.name}: …`"
                self.note("missing", f"{field.name} is required but not set", hint, self.offset)
        if "<<<<<<<" in body and (marker := conflict(body)) is not None:
            hint = "resolve the conflict, then save the file"
            self.note("conflict", "the body has conflict markers", hint, document.body + marker)
        return Task(document.path, id_, fields, body, steps(body), tuple(self.problems))

    def _place(self, name: str) -> int:
        field = self.schema.fields.get(name)
        key = (field and field.key) or name
        found = re.search(rf"(?m)^{re.escape(key)}\s*:\s*", self.front)
        return self.offset + found.end() if found else 0


def given_id(fields: dict[str, Value], path: str, schema: Schema) -> Value:
    """The id that the file's name or a field gives, valid or not; empty if neither does."""
    if schema.named is not None:
        fields["id"] = of_file(path, schema.named)
    return fields.get("id", "")


def settle(fields: dict[str, Value], path: str, body: str, schema: Schema) -> str:
    """The id, empty if it is not valid; gives ``fields`` their title and takes a wrong id out."""
    id_ = given_id(fields, path, schema)
    if not isinstance(id_, str) or not acceptable(id_):
        fields.pop("id", None)
        id_ = ""
    if not fields.get("title"):
        title = "" if _by_name(schema) else heading(body)
        fields["title"] = title or path.rpartition("/")[2].removesuffix(".md")
    return id_


def _by_name(schema: Schema) -> bool:
    """Whether an item without a title is called by its file's name."""
    return schema.named == "" or schema.untitled


def entry(text: str, schema: Schema) -> Said | None:
    """The key of front matter that is one entry, and the fields it gives; None for anything else.

    What is wrong with the value is not told.
    """
    said = _known(schema).line(text)
    if said is not None:
        return said
    try:
        root = scan(text, "")
    except BadYaml:
        return None
    if root.flow or len(root.entries) != 1 or root.entries[0].start:
        return None
    return _said(root.entries[0], text, schema)[0]


def _said(entry: Entry, text: str, schema: Schema) -> tuple[Said, bool]:
    """What the only entry of a text says, and whether there is nothing to note."""
    reader = _Reader(Document("", text, False, "\n", (0, len(text)), len(text)), 0, schema)
    reader.field(entry.key, entry.value)
    return (entry.key, tuple(reader.fields.items())), not reader.problems


class _Known:
    """A schema: its fields by key and those that are required, worked out once, and what parts of
    front matters said by it.

    What a part says depends on no other, as long as `plainest` can read it.
    """

    __slots__ = ("keys", "parts", "required", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.keys = schema.keys()
        self.required = [field for field in schema.fields.values() if field.required]
        self.parts = Parts(self._part, REMEMBERED, _SINGULAR)

    def usual(self, path: str, data: bytes) -> Task | None:
        """The Task of a file that has nothing wrong or unusual about it; None for any other."""
        split = plain(data)
        if split is None or self.schema.named is not None:
            return None
        front, body = split
        if len(front) > PLAINEST:
            return None
        fields = self.parts.fields(cut(front[:-1]))
        if fields is None or "<<<<<<<" in body:
            return None
        id_ = fields.get("id")
        if not isinstance(id_, str) or not acceptable(id_) or not fields.get("title"):
            return None
        for field in self.required:
            if not fields.get(field.name):
                return None
        return Task(path, id_, fields, body, steps(body))

    def _part(self, part: str) -> Said | None:
        """What a part says; None if `plainest` can't read it, or there is something to note."""
        part += "\n"
        return self.line(part) or self._words(part) or self._lines(part)

    def line(self, part: str) -> Said | None:
        """What one line says that is a text or a time; None for any other."""
        one = line_of(part)
        if one is None:
            return None
        key, quote, value = one
        field = self.keys.get(key)
        if not value or (not quote and value in NULLS):
            return None
        if field is None:
            return key, ((key, value),)
        if field.kind in ("datetime", "date"):
            value = _moment(value.strip()) or ""
        elif field.kind not in _PLAIN or field.element or (field.many and "," in value):
            return None
        return (key, ((field.name, (value,) if field.many else value),)) if value else None

    def _words(self, part: str) -> Said | None:
        """What a list of single words says, below its key or in brackets; None for any other."""
        key, _, rest = part.partition(":")
        field = self.keys.get(key)
        if field is None or not field.many or field.kind not in _PLAIN:
            return None
        if field.element not in ("", "dependency"):
            return None
        if rest == " []\n":
            return key, ()
        if rest.startswith(" [") and rest.endswith("]\n"):
            words = rest[2:-2].split(", ")
        else:
            words = rest.split()[1::2]
            dent = rest[1 : rest.find("-")]
            if len(dent) > 4 or dent.strip(" "):
                return None
            if rest != "\n" + "".join([f"{dent}- {word}\n" for word in words]):
                return None
        values = tuple([_bare(word) for word in words])
        return (key, ((field.name, values),)) if values and all(values) else None

    def _lines(self, part: str) -> Said | None:
        if part[0] == "#":  # above the first key
            return ("", ()) if plainest(f"{part}a: b\n") else None
        root = plainest(part)
        if root is None or len(root.entries) != 1:
            return None
        said, usual = _said(root.entries[0], part, self.schema)
        return said if usual else None


def _bare(word: str) -> str:
    """A word that means the same in all YAML, without its quotes; empty for any other."""
    if len(word) > 2 and word[0] == word[-1] == "'":
        word = word[1:-1]
    usual = word.isascii() and word.replace("-", "x").isalnum() and word[0] != "-"
    return word if usual and word not in NULLS else ""


_last: _Known | None = None


def _known(schema: Schema) -> _Known:
    """What is known of the schema that was used last."""
    global _last
    if _last is None or _last.schema is not schema:
        _last = _Known(schema)
    return _last
