"""The merge of one item's file: fields, comments and body, each by its own rules, and verified."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from plaintrack.errors import PlaintrackError
from plaintrack.merge import body, markers
from plaintrack.merge.head import Merge, Tangled, TangledBody, both, identity, identity_key, plan
from plaintrack.merge.markers import Clash, Piece, clashes, marked, resolved
from plaintrack.merge.net import CLASH, woven
from plaintrack.merge.side import NOTHING, Side, head_of, side, unsure
from plaintrack.model.fields import Schema
from plaintrack.text.document import Document, Unreadable, conflict, read
from plaintrack.text.lines import Line, Region, join, match, regions, split
from plaintrack.text.nodes import BadYaml

_BOM = b"\xef\xbb\xbf"
_T = TypeVar("_T")


class Conflicted(PlaintrackError):
    """A side has conflict markers already."""

    slug = "conflicted"

    def __init__(self, path: str, side: str) -> None:
        super().__init__(f"{path}: the side {side!r} has conflict markers")


class Unsettled(PlaintrackError):
    """A conflict cannot be settled this way."""

    slug = "unsettled"


class UnreadableResult(Unsettled):
    """What was chosen would give a file that is not an item."""

    slug = "unreadable-result"

    def __init__(self, why: str) -> None:
        super().__init__(f"the result could not be read: {why}", "resolve it in an editor")


class NotBoth(Unsettled):
    """The field holds one value."""

    slug = "not-both"

    def __init__(self, path: str, field: str) -> None:
        super().__init__(
            f"{path}: {field} cannot take the values of both sides",
            "take ours or theirs, or resolve it in an editor",
        )


class PlaceTaken(Unsettled):
    """The file of the other item has no free place."""

    slug = "place-taken"

    def __init__(self, path: str, item: str, known: str, side: str) -> None:
        super().__init__(
            f"{path}: {item} is in {known} already", f"take {side}, or resolve it in an editor"
        )


class Merged(NamedTuple):
    """The result of a merge in pieces, without the byte order mark that ``bom`` stands for;
    ``final``: it ends with a newline.

    ``reason`` says why it was merged by lines, if the fields could not be told apart.
    """

    pieces: tuple[Piece, ...]
    newline: str = "\n"
    bom: bool = False
    final: bool = True
    reason: str = ""
    encoding: str = "utf-8"

    @property
    def clashes(self) -> list[Clash]:
        """What the two sides disagree on."""
        return clashes(self.pieces)

    @property
    def clean(self) -> bool:
        """Whether nothing is left to settle or to look at."""
        return not self.reason and not self.clashes

    def data(
        self,
        size: int = markers.SIZE,
        labels: tuple[str, str] = ("ours", "theirs"),
        base: bool = False,
    ) -> bytes:
        """The bytes of the file, with conflict markers of safe length around every Clash."""
        if self.clashes:
            size = markers.size_for(
                size, *(join(resolved(self.pieces, which)) for which in ("ours", "theirs"))
            )
        found = marked(self.pieces, self.newline, size, labels, base)
        lines = [line if line.end else line._replace(end=self.newline) for line in found]
        if not self.final and lines and lines[-1].text and not isinstance(self.pieces[-1], Clash):
            lines[-1] = lines[-1]._replace(end="")
        return (_BOM if self.bom else b"") + join(lines).encode(self.encoding)


class Result(NamedTuple):
    """The bytes of a merge, its clashes, and why it was merged by lines (empty: by fields)."""

    data: bytes
    clashes: tuple[Clash, ...] = ()
    reason: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing is left to settle or to look at."""
        return not self.clashes and not self.reason


def merge(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    path: str,
    schema: Schema,
    size: int = markers.SIZE,
    labels: tuple[str, str] = ("ours", "theirs"),
) -> Result:
    """Both changes of ``base``, which is empty for two new files; a side that did not change gives
    the other, byte for byte.
    """
    if ours == theirs or theirs == base:
        return Result(ours)
    if ours == base:
        return Result(theirs)
    found = pieces(base, ours, theirs, path, schema)
    return Result(found.data(size, labels), tuple(found.clashes), found.reason)


def pieces(base: bytes, ours: bytes, theirs: bytes, path: str, schema: Schema) -> Merged:
    """As ``merge``, in pieces.

    A side that cannot be read makes it a merge by lines, and never a clean one, unless none of the
    three is an item at all.
    """
    try:
        return by_fields(
            _bases(base, path),
            _document("ours", ours, path),
            _document("theirs", theirs, path),
            schema,
        )
    except (Unreadable, BadYaml, Tangled, Conflicted) as error:
        return by_lines(
            base, ours, theirs, "" if _foreign((base, ours, theirs), path) else error.message
        )


def versions(
    data: bytes, path: str, known: Sequence[str] | None = None
) -> tuple[Document, Document]:
    """Both sides of a file with conflict markers (``known`` as for ``markers.read``); raises
    Unreadable, Conflicted if markers are left in them.
    """
    bom = _BOM if data.startswith(_BOM) else b""
    found = markers.read(split(data[len(bom) :].decode("utf-8", "replace")), known)
    one, two = (
        _document(which, bom + join(resolved(found, which)).encode(), path)
        for which in ("ours", "theirs")
    )
    return one, two


def by_fields(
    bases: Sequence[Document], ours: Document, theirs: Document, schema: Schema
) -> Merged:
    """The merge of two documents; raises BadYaml, Tangled.

    ``bases`` is empty for two new files; two documents are versions of a base that no one knows,
    which are believed where they agree.
    """
    first = bases[0] if bases else theirs  # without a base everything is as in ours
    newline = _pick(first.newline, ours.newline, theirs.newline)
    sides = [side(each, newline, schema) for each in bases]
    base = sides[0] if sides else NOTHING
    if len(sides) > 1:
        base = unsure(*sides)
    one, two = side(ours, newline, schema), side(theirs, newline, schema)
    ids = [identity(each.head, schema) for each in (base, one, two)]
    renumbered = len(sides) == 1 and any(_renumbered(base, each, schema) for each in (one, two))
    if ids[1] and ids[2] and ids[1] != ids[2] and not renumbered:
        # two items, one of which git took for the other renamed
        was = None if len(sides) > 1 else _lines(bases, newline)
        whole = Clash("item", "", was, _lines([ours], newline), _lines([theirs], newline))
        return Merged((whole,), newline, _pick(first.bom, ours.bom, theirs.bom), True)
    if (
        bases
        and ids[0]
        and ids[1]
        and ids[1] == ids[2] != ids[0]
        and not _akin(base, one, two, schema)
    ):
        return by_fields((), ours, theirs, schema)  # both are one item, and the base is another
    head = Merge(
        base.head, one.head, two.head, plan(base.head, one.head, two.head, schema), schema, newline
    ).pieces()
    text = body.merge(base.body, one.body, two.body, fresh=not bases)
    opening, closing = (
        _pick(base.opening, one.opening, two.opening),
        _pick(base.closing, one.closing, two.closing),
    )
    final = _pick(*(each.text.endswith(("\n", "\r")) for each in (first, ours, theirs)))
    found = Merged(
        (*opening, *head, *closing, *text), newline, _pick(first.bom, ours.bom, theirs.bom), final
    )
    _check(found, head, text, ours.path)
    return found


def _renumbered(base: Side, now: Side, schema: Schema) -> bool:
    """Whether a side changed nothing but the id: it is the same item."""
    key = identity_key(schema)
    before, after = (
        {name: value for name, value in each.head.values.items() if name != key}
        for each in (base, now)
    )
    return schema.named is None and before == after and _texts(base.body) == _texts(now.body)


def _akin(base: Side, ours: Side, theirs: Side, schema: Schema) -> bool:
    """Whether both sides have the title of the base, or were created with it."""
    values = [each.head.values for each in (base, ours, theirs)]
    keys = [field.key or field.name for field in (schema.fields["title"], schema.fields["created"])]
    return any(
        key in values[0] and all(each.get(key) == values[0][key] for each in values) for key in keys
    )


def _lines(documents: Sequence[Document], newline: str) -> tuple[Line, ...]:
    """The lines of a file, each of them ended."""
    lines = [line for document in documents for line in split(document.text)]
    return tuple(line if line.end else Line(line.text, newline) for line in lines)


def settled(found: Merged, choose: Callable[[Clash], str], path: str, schema: Schema) -> Merged:
    """The merge with Clashes settled for ``ours``, ``theirs`` or ``both``; an empty text leaves
    one. Raises Unsettled.
    """
    pieces: list[Piece] = []
    for piece in found.pieces:
        side = choose(piece) if isinstance(piece, Clash) else ""
        if not isinstance(piece, Clash) or not side:
            pieces.append(piece)
        elif side == "both" and piece.kind == "field":
            lines = both(piece, schema, found.newline)
            if lines is None:
                raise NotBoth(path, piece.key)
            pieces += lines
        else:
            pieces += piece.side(side)
    result = found._replace(pieces=tuple(pieces))
    if found.clashes and not result.clashes:
        result = result._replace(reason="")
        try:
            head_of(_document("both", result.data(), path).front, path, schema)
        except PlaintrackError as error:
            raise UnreadableResult(error.message) from error
    return result


def _check(found: Merged, head: Sequence[Piece], text: Sequence[Piece], path: str) -> None:
    """Read the result again: it must fall into the merged front matter and the merged body,
    whichever side is taken.
    """
    for which in ("ours", "theirs") if found.clashes else ("ours",):
        again = read(found._replace(pieces=tuple(resolved(found.pieces, which))).data(), path)
        fits = _texts(split(again.front)) == _texts(resolved(head, which))
        body_text = again.text[again.body :]
        if (
            not fits
            or _texts(split(body_text)) != _texts(resolved(text, which))
            or conflict(body_text) is not None
        ):
            raise TangledBody


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def _pick(base: _T, ours: _T, theirs: _T) -> _T:
    """The side that changed it; ours if both did."""
    return theirs if ours == base else ours


def _document(name: str, data: bytes, path: str) -> Document:
    document = read(data, path)
    if conflict(document.text[document.body :]) is not None:
        raise Conflicted(path, name)
    return document


def _bases(data: bytes, path: str) -> tuple[Document, ...]:
    """The base, or both versions of one that a merge of several bases left in conflict."""
    if not data:
        return ()
    try:
        return (_document("base", data, path),)
    except (Conflicted, Unreadable) as error:
        if isinstance(error, Unreadable) and error.problem.code != "conflict":
            raise
        return versions(data, path)


def _foreign(sides: Sequence[bytes], path: str) -> bool:
    """Whether none of the files is an item: a README, say."""
    for data in sides:
        try:
            read(data, path)
        except Unreadable as error:
            if error.problem.code != "no-front-matter" and data.strip():
                return False
        else:
            return False
    return True


def by_lines(base: bytes, ours: bytes, theirs: bytes, reason: str) -> Merged:
    """The merge by lines alone, as git does it: changes that touch are a Clash."""
    boms = [data.startswith(_BOM) for data in (base, ours, theirs)]
    encoding = "utf-8"
    try:
        texts = [data.decode("utf-8-sig") for data in (base, ours, theirs)]
    except UnicodeDecodeError:
        encoding, boms = "latin-1", [False] * 3  # which gives every byte back
        texts = [data.decode(encoding) for data in (base, ours, theirs)]
    sides = [split(text) for text in texts]
    was, one, two = ([line.text for line in lines] for lines in sides)

    def build(region: Region) -> Sequence[Piece]:
        mine, other = sides[1][region.ours], sides[2][region.theirs]
        if region.by == "theirs":
            return other
        if region.by in ("both", CLASH) and one[region.ours] != two[region.theirs]:
            return body.split_clash("file", sides[0][region.base], mine, other)
        return mine

    places = regions(match(was, one), match(was, two), (len(one), len(two)), lambda *_: False)
    found = woven((sides[0], sides[1], sides[2]), places, build)
    newline = "\r\n" if texts[1].count("\r\n") * 2 > texts[1].count("\n") else "\n"
    ends = [text.endswith(("\n", "\r")) for text in texts]
    final, bom = (_pick(flags[0] if base else flags[2], *flags[1:]) for flags in (ends, boms))
    return Merged(tuple(found), newline, bom, final, reason, encoding)
