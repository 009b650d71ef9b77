"""The syntax tree of a query, with columns counted from 1, and the error that points into it."""

from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.errors import PlaintrackError, suggestion


class BadQuery(PlaintrackError):
    """A query that cannot be understood; it is the excerpt, with the column that is meant."""

    slug = "bad-query"

    def __init__(self, what: str, text: str = "", column: int = 0, hint: str = "") -> None:
        super().__init__(what, hint, text if column else "", column)


class Value(NamedTuple):
    """One value of a term; ``kind`` is ``bare``, ``quoted``, ``wild``, ``regex`` or ``iregex``."""

    text: str
    column: int
    kind: str = "bare"


class Range(NamedTuple):
    """``low..high``; either end may be missing."""

    low: Value | None
    high: Value | None
    column: int


class Term(NamedTuple):
    """``field op value,…``; full text has no field. ``op`` is ``:``, ``<``, ``<=``, ``>`` or
    ``>=``.
    """

    field: str
    op: str
    items: tuple[Value | Range, ...]
    column: int


class Group(NamedTuple):
    """Terms joined by ``and`` or ``or``, or one term after ``not``."""

    op: str
    parts: "tuple[Term | Group, ...]"


class Ast(NamedTuple):
    """A whole query: its condition (None: everything), its order and its length."""

    text: str
    where: Term | Group | None
    sort: tuple[tuple[Value, bool], ...]
    limit: int | None


def words(tree: Term | Group | None) -> Iterator[Value]:
    """The unquoted words that stand alone: ids, names of people, or text to search for."""
    if isinstance(tree, Group):
        for part in tree.parts:
            yield from words(part)
    elif tree is not None and not tree.field:
        yield from (each for each in tree.items if isinstance(each, Value) and each.kind == "bare")


def nearest(word: str, names: list[str], otherwise: str = "") -> str:
    """A hint that names the known word nearest to ``word``."""

    from plaintrack.query.written import written

    return suggestion(word, names, otherwise or f"known: {', '.join(names[:30])}", write=written)
