"""The merge of two front matters: by lines where that says what it should, else field by field."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.merge.body import split_clash, trimmed
from plaintrack.merge.markers import Clash, Piece, clashes, resolved
from plaintrack.merge.side import NOTHING, TAIL, Head, head_of
from plaintrack.merge.values import (
    DIFFER,
    UNKNOWN,
    Meaning,
    agrees,
    earlier,
    elements,
    kept,
    later,
    listed,
    meaning,
    merged,
    union,
)
from plaintrack.model.edit import apply
from plaintrack.model.fields import SAVED, Field, Schema
from plaintrack.model.task import fold
from plaintrack.text.lines import Line, join, match, regions, split
from plaintrack.text.nodes import scan
from plaintrack.text.span import Front


class Tangled(PlaintrackError):
    """The fields cannot be merged one by one, since they do not stand on lines of their own."""

    slug = "tangled"


class SharedLines(Tangled):
    """Several fields stand on one line."""

    slug = "shared-lines"

    def __init__(self) -> None:
        super().__init__("its fields are not on lines of their own")


class TangledFields(Tangled):
    """The merged fields are not read as what was merged."""

    slug = "tangled-fields"

    def __init__(self) -> None:
        super().__init__("its fields cannot be merged individually")


class TangledBody(Tangled):
    """The merged text is not read as the merged fields and the merged body."""

    slug = "tangled-body"

    def __init__(self) -> None:
        super().__init__("its fields and body cannot be told apart after the merge")


SOURCE = "source"
"""The key that says which item of another program one was imported from."""


class Plan(NamedTuple):
    """What the fields are to mean afterwards; ``differ`` names those that both sides changed to
    different values.
    """

    values: dict[str, Meaning]
    differ: frozenset[str]


def plan(base: Head, ours: Head, theirs: Head, schema: Schema) -> Plan:
    """Merge the values."""
    keys = schema.keys()
    values: dict[str, Meaning] = {}
    differ = set()
    for key in dict.fromkeys((*ours.values, *theirs.values, *base.values)):
        was, one, two = (head.values.get(key) for head in (base, ours, theirs))
        field = keys.get(key)
        single = all(key in head.single or key not in head.values for head in (base, ours, theirs))
        if field and field.element and field.many:
            value = elements(was, one, two, field.element)
        else:
            value = merged(was, one, two, bool(field and field.many), single)
        if value is DIFFER and key in SAVED:
            value = later(one, two, schema.timezone)
        if value is DIFFER:
            differ.add(key)
        elif value is not None:
            values[key] = value
    for key in _stamps(ours, theirs, schema) & differ:
        first = earlier(ours.values.get(key), theirs.values.get(key))
        if first is not DIFFER:
            values[key] = first
            differ.remove(key)
    key = _key(schema, "closed")
    if differ == {key} and _both_closed(base, ours, theirs, schema):
        first = earlier(ours.values.get(key), theirs.values.get(key))
        if first is not DIFFER:
            return Plan({**values, key: first}, frozenset())
    return Plan(values, frozenset(differ))


def identity(head: Head, schema: Schema) -> str:
    """An item's identity: its folded id or, where ids are file names, its creation time; may be
    empty.
    """
    found = head.values.get(identity_key(schema))
    return fold(found) if isinstance(found, str) else ""


def identity_key(schema: Schema) -> str:
    """The front matter key that tells an item from others."""
    return _key(schema, "id" if schema.named is None else "created")


def _key(schema: Schema, name: str) -> str:
    field = schema.fields.get(name)
    return (field and field.key) or name


def _stamps(ours: Head, theirs: Head, schema: Schema) -> set[str]:
    """The moments of an item that both sides imported, for which its source may have had none: the
    first import counts.
    """
    if not ours.values.get(SOURCE) or ours.values[SOURCE] != theirs.values.get(SOURCE):
        return set()
    status = _key(schema, "status")
    alike = ours.values.get(status) == theirs.values.get(status)
    return {_key(schema, "created"), *([_key(schema, "closed")] if alike else [])}


def _both_closed(base: Head, ours: Head, theirs: Head, schema: Schema) -> bool:
    """Whether both sides closed the item, and in the same way."""
    status = _key(schema, "status")
    was, one, two = (head.values.get(status) for head in (base, ours, theirs))
    return (
        was is not None
        and was is not UNKNOWN
        and was != one == two
        and base.values.get(_key(schema, "closed")) is None
    )


class Merge:
    """Three front matters, and the Plan of what they come to."""

    def __init__(
        self, base: Head, ours: Head, theirs: Head, wanted: Plan, schema: Schema, newline: str
    ) -> None:
        self.heads, self.wanted, self.schema, self.newline = (
            (base, ours, theirs),
            wanted,
            schema,
            newline,
        )
        self.keys = schema.keys()

    def pieces(self) -> list[Piece]:
        """The merged lines, read again and compared with the Plan; raises Tangled."""
        if not self.wanted.differ:
            lines = united(*(head.lines for head in self.heads))
            if lines is not None and self._right(
                lines, self.wanted.values, [head.comments for head in self.heads]
            ):
                return [*lines]
        found = list(self._by_field())
        if not self._verified(found):
            raise TangledFields
        return found

    def _read(self, lines: Sequence[Line]) -> Head | None:
        try:
            return head_of(join(lines), "", self.schema)
        except PlaintrackError:
            return None

    def _remarks(self, lines: Sequence[Line] | None) -> Counter[str]:
        head = self._read(lines) if lines else None
        return head.comments if head else Counter()

    def _right(
        self, lines: Sequence[Line], values: Mapping[str, Meaning], remarks: Sequence[Counter[str]]
    ) -> bool:
        """Whether lines have exactly these values and the merged comments."""
        head = self._read(lines)
        return (
            head is not None
            and head.values.keys() == values.keys()
            and all(agrees(head.values[key], value) for key, value in values.items())
            and kept(head.comments, *remarks)
        )

    def _verified(self, pieces: list[Piece]) -> bool:
        """Whether all that is not in dispute says what it should, and each side does with its
        version of the rest.
        """
        disputed = clashes(pieces)
        out = {clash.key for clash in disputed}
        left = [Counter(head.comments) for head in self.heads]
        for clash in disputed:
            for counts, which in zip(left, ("base", "ours", "theirs"), strict=True):
                counts -= self._remarks(clash.side(which))
        values = {key: value for key, value in self.wanted.values.items() if key not in out}
        if not self._right(
            [piece for piece in pieces if not isinstance(piece, Clash)], values, left
        ):
            return False
        for which, given in zip(("ours", "theirs"), self.heads[1:], strict=True):
            head = self._read(resolved(pieces, which))
            if head is None or any(head.values.get(key) != given.values.get(key) for key in out):
                return False
        return True

    def _by_field(self) -> Iterator[Piece]:
        base, ours, theirs = (head.parts for head in self.heads)
        if base is None or ours is None or theirs is None:
            raise SharedLines
        for key in _order(list(base), list(ours), list(theirs)):
            parts = [each.get(key) for each in (base, ours, theirs)]
            gaps = [part.gap if part else () for part in parts]
            lines = united(*gaps)
            yield from split_clash("comments", *map(list, gaps)) if lines is None else lines
            if key != TAIL:
                yield from self.field(key, *(part and part.own for part in parts))

    def field(
        self,
        key: str,
        base: Sequence[Line] | None,
        ours: Sequence[Line] | None,
        theirs: Sequence[Line] | None,
    ) -> Sequence[Piece]:
        """The lines of one field."""
        known = self.heads[0].values.get(key) is not UNKNOWN
        if key not in self.wanted.differ:
            if ours == theirs or (theirs == base and known):
                return ours or ()
            if ours == base and known:
                return theirs or ()
            value = self.wanted.values.get(key)
            remarks = [self._remarks(each) for each in (base, ours, theirs)]
            for lines in self._candidates(key, value, base, ours, theirs):
                if self._right(lines, {} if value is None else {key: value}, remarks):
                    return lines
        return [
            Clash(
                "field",
                key,
                tuple(base or ()) if known else None,
                tuple(ours or ()),
                tuple(theirs or ()),
            )
        ]

    def _candidates(
        self,
        key: str,
        value: Meaning,
        base: Sequence[Line] | None,
        ours: Sequence[Line] | None,
        theirs: Sequence[Line] | None,
    ) -> Iterator[Sequence[Line]]:
        """What the lines of a field could be; the first that says what it should is taken."""
        if ours is not None and theirs is not None:
            lines = united(base or (), ours, theirs)
            if lines is not None:
                yield lines
        elif value is None:
            yield ()
        sides = ((ours, theirs), (theirs, ours))
        if isinstance(value, str):  # as one of them writes it
            yield from (one for one, _ in sides if one is not None)
        for one, two in sides:
            if one is not None:
                yield one
                yield from self._edited(key, value, one, two or ())

    def _edited(
        self, key: str, value: Meaning, lines: Sequence[Line], others: Sequence[Line]
    ) -> Iterator[Sequence[Line]]:
        """The lines of a field, edited by span to another value; none if it is not all text."""
        spelled = {**self._spelled(key, others), **self._spelled(key, lines)}
        texts = tuple(spelled.get(each, "") for each in listed(value))
        if not texts or "" in texts:
            return
        text = join(lines)
        try:
            front = Front(text, self.newline, scan(text, ""))
            wanted = texts if isinstance(value, tuple) else texts[0]
            splices = front.change(front.root.entries[0], wanted, self.keys.get(key, Field(key)))
            yield split(apply(text, tuple(splices)))
        except (PlaintrackError, ValueError):
            return

    def _spelled(self, key: str, lines: Sequence[Line]) -> dict[Meaning, str]:
        """Meaning → text of the single values of a field."""
        if not lines:
            return {}
        field = self.keys.get(key, Field(key))._replace(many=False)
        node = scan(join(lines), "").entries[0].value
        nodes = node.items if node.kind == "sequence" else (node,)
        return {meaning(each, field): each.value for each in nodes if each.kind == "scalar"}


def both(clash: Clash, schema: Schema, newline: str) -> Sequence[Line] | None:
    """The lines of a list field with the values of both sides; None if it is not a list, or its
    comments cannot be kept.
    """
    ours, theirs = (head_of(join(lines), "", schema) for lines in (clash.ours, clash.theirs))
    one, two = ours.values.get(clash.key), theirs.values.get(clash.key)
    field = schema.keys().get(clash.key)
    if field and field.element:
        return None  # one element, with two values
    if not isinstance(one, tuple) and not isinstance(two, tuple):
        return None
    wanted = Plan({clash.key: union(listed(one), listed(two))}, frozenset())
    merge = Merge(NOTHING.head, ours, theirs, wanted, schema, newline)
    pieces = merge.field(clash.key, None, clash.ours or None, clash.theirs or None)
    return None if clashes(pieces) else [piece for piece in pieces if isinstance(piece, Line)]


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """All keys in the order of the side that changed it, else of ours; what the other has added
    goes where it stands there.
    """
    common = {*base} & {*ours} & {*theirs}
    was, mine, other = ([key for key in keys if key in common] for keys in (base, ours, theirs))
    one, two = (theirs, ours) if mine == was != other else (ours, theirs)
    found = list(one)
    for number, key in enumerate(two):
        if key not in found:
            found.insert(found.index(two[number - 1]) + 1 if number else 0, key)
    return found


def united(base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line]) -> list[Line] | None:
    """Lines with both changes, what both put in at one place side by side; None where they meet.
    Must be read again by the caller.
    """
    texts = [[line.text for line in lines] for lines in (base, ours, theirs)]
    found: list[Line] = []
    for region in regions(
        match(texts[0], texts[1]),
        match(texts[0], texts[2]),
        (len(ours), len(theirs)),
        lambda *_: True,
    ):
        one, two = list(ours[region.ours]), list(theirs[region.theirs])
        if region.by == "theirs":
            found += two
        elif region.by != "both" or texts[1][region.ours] == texts[2][region.theirs]:
            found += one
        elif region.base.start == region.base.stop:
            head, one, two, tail = trimmed(one, two)
            first, second = sorted((one, two), key=lambda each: [line.text for line in each])
            known = {line.text for line in first if line.text.strip()}
            found += [*head, *first, *(line for line in second if line.text not in known), *tail]
        else:
            return None
    return found
