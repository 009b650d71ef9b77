"""Splices within one front matter: a changed scalar, a changed list, a new key, a removed key."""

from plaintrack.errors import PlaintrackError
from plaintrack.model.edit import Splice
from plaintrack.model.fields import Field
from plaintrack.model.task import Value
from plaintrack.text.format import alone, double, lines, scalar, single, unwritable
from plaintrack.text.nodes import Entry, Node, Root


class Unsupported(PlaintrackError):
    """This piece of YAML is written in a way that cannot be edited safely; ``index`` says where."""

    slug = "unsupported"

    def __init__(self, message: str, index: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.index = index


class Front:
    """The text of one front matter with its entries; all offsets are in this text."""

    def __init__(self, text: str, newline: str, root: Root) -> None:
        self.text, self.newline, self.root = text, newline, root
        self.indent = self._indent(root.entries[0].start) if root.entries and not root.flow else ""

    def _indent(self, index: int) -> str:
        return self.text[self._line_start(index) : index]

    def _line_start(self, index: int) -> int:
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def _next_line(self, index: int) -> int:
        ends = [
            each for each in (self.text.find("\n", index), self.text.find("\r", index)) if each >= 0
        ]
        if not ends:
            return len(self.text)
        end = min(ends)
        return end + (2 if self.text.startswith("\r\n", end) else 1)

    def source(self, entry: Entry) -> str:
        """The source of a whole entry."""
        return self.text[entry.start : max(entry.end, entry.value.end)]

    def value(self, entry: Entry | None) -> Value:
        """The value as texts: a list as a tuple, what is not a scalar as its source."""
        if entry is None or entry.value.null:
            return ()
        node = entry.value
        if node.kind == "sequence":
            return tuple(self._text(each) for each in node.items)
        return self._text(node)

    def _text(self, node: Node) -> str:
        if node.kind == "scalar":
            return "" if node.null else node.value
        return self.text[node.start : node.end]

    def others(self, touched: frozenset[str]) -> list[tuple[str, str, Value]]:
        """Key, source and value of every entry whose key is not in ``touched``."""
        entries = [each for each in self.root.entries if each.key not in touched]
        return [(each.key, self.source(each), self.value(each)) for each in entries]

    def kind(self, entry: Entry | None) -> str:
        """The kind an undeclared field seems to have, judged by its bare number or date."""
        if entry is None or entry.value.style or entry.value.kind != "scalar":
            return "text"
        kinds = ("number", "date", "boolean")
        return next(
            (
                each
                for each in kinds
                if scalar(entry.value.value, each) != scalar(entry.value.value)
            ),
            "text",
        )

    def change(self, entry: Entry, value: Value, field: Field) -> list[Splice]:
        """The splices that give an entry another value; none if it has it already."""
        node = entry.value
        now = self.value(entry)
        if not value:
            return [self._without(entry)]
        if value == now:
            return []
        if node.kind == "sequence" and (field.many or not isinstance(value, str)):
            return self._list(entry, (value,) if isinstance(value, str) else value, field.kind)
        if node.null:
            value = alone(value, field)
        if isinstance(value, str):
            return [self._scalar(entry, value, field.kind)]
        if len(value) == 1 and not node.null and node.kind == "scalar":
            if field.many and "," in value[0] and not node.style:  # one, not several
                return [Splice(node.start, node.end, single(value[0]))]
            return [] if now == value[0] else [self._scalar(entry, value[0], field.kind)]
        return self._spread(entry, value, field.kind)

    def _without(self, entry: Entry) -> Splice:
        start = self._line_start(entry.start)
        if self.root.flow or self.text[start : entry.start].strip(" "):
            from plaintrack.text.fault import RemovedFromFlow

            raise RemovedFromFlow(entry.start)
        return Splice(start, self._after(entry), "")

    def _after(self, entry: Entry) -> int:
        """Where the line after an entry begins; a block scalar includes its last blank lines."""
        at = self._next_line(max(entry.end, entry.value.end))
        last = entry.value
        while last.items or last.entries:
            last = last.items[-1] if last.items else last.entries[-1].value
        if last.style in ("|", ">"):
            while at < len(self.text) and not self.text[at : self._next_line(at)].strip():
                at = self._next_line(at)
        return at

    def _scalar(self, entry: Entry, value: str, kind: str) -> Splice:
        node = entry.value
        if node.start == node.end:
            return Splice(node.start, node.end, " " + scalar(value, kind, self.root.flow))
        if node.style == "block":
            return Splice(self._colon(entry), node.end, " " + scalar(value, kind))
        literal = self._literal(node, value) if node.style == "|" else None
        return Splice(
            node.start, node.end, literal or self._styled(node, value, kind, self.root.flow)
        )

    def _literal(self, node: Node, value: str) -> str | None:
        """The value as the literal block that stands there is written; None if that cannot hold it,
        or if blank lines count in it.
        """
        header, *old = self.text[node.start : node.end].splitlines()
        new = value.removesuffix("\n").split("\n")
        indent = next(
            (line[: len(line) - len(line.lstrip(" "))] for line in old if line.strip()), ""
        )
        if (
            not indent
            or header[1:2] not in ("", "-", " ", "\t")
            or not new[-1]
            or new[0][:1] in ("", " ")
        ):
            return None
        if any(unwritable(line) or (line and not line.strip()) for line in new):
            return None
        first = "|" + ("" if value.endswith("\n") else "-") + header[1:].removeprefix("-")
        return self.newline.join([first, *(indent + line if line else "" for line in new)])

    def _colon(self, entry: Entry) -> int:
        """The place after the colon of a key."""
        colon = self.text.find(":", entry.end) + 1
        if not colon or self.text[entry.end : colon - 1].strip(" \t"):
            from plaintrack.text.fault import OddKey

            raise OddKey(entry.start)
        return colon

    def _styled(self, node: Node, value: str, kind: str, flow: bool) -> str:
        """The value in the author's quotes; those that the old value needed are no style, so they
        go when the new one needs none.
        """
        if node.kind == "scalar" and self.text[node.start : node.end] == scalar(
            node.value, kind, flow
        ):
            return scalar(value, kind, flow)
        if node.kind == "scalar" and node.style == "'":
            return single(value)
        if node.kind == "scalar" and node.style == '"':
            return double(value)
        return scalar(value, kind, flow)

    def _alike(self, items: tuple[Node, ...], value: str, kind: str, flow: bool = False) -> str:
        """A new value of a list: in quotes where the author puts all values in such quotes."""
        styles = {item.style for item in items if item.kind == "scalar"}
        if len(styles) == 1 and styles <= {"'", '"'} and all(each.value for each in items):
            for item in items:
                found = self._styled(item, value, kind, flow)
                if found[0] == item.style:
                    return found
        return scalar(value, kind, flow)

    def _spread(self, entry: Entry, value: tuple[str, ...], kind: str) -> list[Splice]:
        """Put a block list in the place of a single value (or of nothing)."""
        node = entry.value
        if self.root.flow:
            text = "[" + ", ".join(scalar(each, kind, True) for each in value) + "]"
            return [Splice(node.start, node.end, text if node.end > node.start else " " + text)]
        colon = self._colon(entry)
        after = self._next_line(max(colon, node.end))
        items = "".join(
            f"{self.indent}- {self._item(node, each, kind)}{self.newline}" for each in value
        )
        return [Splice(colon, max(colon, node.end), ""), Splice(after, after, items)]

    def _item(self, node: Node, value: str, kind: str) -> str:
        source = self.text[node.start : node.end]
        if node.style in ("'", '"') and node.value == value and "\n" not in source:
            return source
        return scalar(value, kind)

    def _list(self, entry: Entry, value: tuple[str, ...], kind: str) -> list[Splice]:
        items = entry.value.items
        texts = [self._text(each) for each in items]
        wanted = list(value)
        kept: list[int] = []
        for number, text in enumerate(texts):
            if len(kept) < len(wanted) and wanted[len(kept)] == text:
                kept.append(number)
        fresh = wanted[len(kept) :]
        found: list[Splice] = []
        if entry.value.style != "flow" and len(kept) < len(texts) < len(wanted):
            inserted = self._inserted(items, texts, wanted, kind)
            if inserted:
                return inserted
        if any(each in texts for each in fresh):
            common = min(len(texts), len(wanted))
            kept, fresh = list(range(common)), wanted[common:]
            for number in range(common):
                found += self._replace(
                    items[number], texts[number], wanted[number], kind, entry.value.style == "flow"
                )
        gone = [number for number in range(len(items)) if number not in set(kept)]
        if entry.value.style == "flow":
            return [*found, *self._flow(entry.value, gone, fresh, kind)]
        return [*found, *self._block(entry.value, gone, fresh, kind)]

    def _inserted(
        self, items: tuple[Node, ...], texts: list[str], wanted: list[str], kind: str
    ) -> list[Splice]:
        """New items of a block list between those that stand there, each below the line of the one
        before it; nothing if the old ones do not all stay in their order.
        """
        found: list[Splice] = []
        at = 0
        for value in wanted:
            if at < len(texts) and texts[at] == value:
                at += 1
                continue
            near = items[max(at - 1, 0)]
            dash = self._dash(near)
            place = self._next_line(near.end) if at else self._line_start(dash)
            line = f"{self._indent(dash)}- {self._alike(items, value, kind)}{self.newline}"
            found.append(Splice(place, place, line))
        return found if at == len(texts) else []

    def _replace(self, node: Node, old: str, new: str, kind: str, flow: bool) -> list[Splice]:
        if old == new:
            return []
        if node.kind != "scalar":
            from plaintrack.text.fault import NotOnlyPlain

            raise NotOnlyPlain(node.start)
        lead = " " if node.start == node.end and not flow else ""
        return [Splice(node.start, node.end, lead + self._styled(node, new, kind, flow))]

    def _flow(self, node: Node, gone: list[int], fresh: list[str], kind: str) -> list[Splice]:
        items = node.items
        new = ", ".join(self._alike(items, each, kind, True) for each in fresh)
        if not items:
            return [Splice(node.start + 1, node.start + 1, new)]
        if len(gone) == len(items):
            return [Splice(items[0].start, items[-1].end, new)]
        found = []
        runs: list[list[int]] = []
        for number in gone:
            if runs and runs[-1][1] == number - 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        for first, last in runs:
            if last + 1 < len(items):
                found.append(Splice(items[first].start, items[last + 1].start, ""))
            else:
                found.append(Splice(items[first - 1].end, items[last].end, ""))
        if new:
            found.append(Splice(items[-1].end, items[-1].end, ", " + new))
        return found

    def _dash(self, item: Node) -> int:
        before = self.text[: item.start].rstrip()
        if not before.endswith("-") or self.text[
            self._line_start(len(before)) : len(before) - 1
        ].strip(" "):
            from plaintrack.text.fault import OddList

            raise OddList(item.start)
        return len(before) - 1

    def _block(self, node: Node, gone: list[int], fresh: list[str], kind: str) -> list[Splice]:
        found = []
        for number in gone:
            item = node.items[number]
            found.append(Splice(self._line_start(self._dash(item)), self._next_line(item.end), ""))
        if fresh:
            dash = self._dash(node.items[-1])
            indent = self._indent(dash)
            after = self._next_line(node.items[-1].end)
            found.append(
                Splice(
                    after,
                    after,
                    "".join(
                        f"{indent}- {self._alike(node.items, each, kind)}{self.newline}"
                        for each in fresh
                    ),
                )
            )
        return found

    def fresh(self, key: str, value: Value, field: Field, before: Entry | None) -> Splice:
        """The splice that writes a new key after the entry ``before``, or at the end."""
        if self.root.flow:
            from plaintrack.text.fault import AddedToFlow

            raise AddedToFlow()
        at = self._after(before) if before else len(self.text)
        above = self.text[:at].splitlines()
        apart = field.format == "apart" and bool(above) and bool(above[-1].strip())
        return Splice(
            at,
            at,
            (self.newline if apart else "")
            + lines(
                key,
                alone(value, field),
                field.kind,
                self.newline,
                self.indent,
                field.format == "flow",
            ),
        )
