"""Edits: what we want of one item's file. Only ``app.write`` carries them out."""

from typing import NamedTuple

from plaintrack.model.task import Value


class Set(NamedTuple):
    """Give a field a value; an empty tuple or text unsets it."""

    field: str
    value: Value


class Add(NamedTuple):
    """Add values to a list; those it has already are left alone."""

    field: str
    values: tuple[str, ...]


class Remove(NamedTuple):
    """Remove values from a list."""

    field: str
    values: tuple[str, ...]


class Unset(NamedTuple):
    """Remove a field."""

    field: str


class Tick(NamedTuple):
    """Tick (or untick) the step with this number, counted from 1."""

    step: int
    done: bool = True


class Append(NamedTuple):
    """Append a paragraph to the body."""

    text: str


Edit = Set | Add | Remove | Unset | Tick | Append


class Shift(NamedTuple):
    """Move the date in a field by an offset such as ``+3d``: what it comes to is a Set, item by
    item.
    """

    field: str
    offset: str


class Splice(NamedTuple):
    """Replace the characters ``start`` to ``end`` of a text by ``text``."""

    start: int
    end: int
    text: str


def apply(text: str, splices: tuple[Splice, ...]) -> str:
    """``text`` with these splices, which must not overlap; offsets are those of the original."""
    parts: list[str] = []
    position = 0
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        if splice.start < position:
            raise ValueError(f"overlapping splices at {splice.start}")
        parts += text[position : splice.start], splice.text
        position = splice.end
    return "".join(parts) + text[position:]
