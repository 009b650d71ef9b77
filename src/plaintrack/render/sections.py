"""The parts of a Document that are read: headings, fields, sections, prose."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Heading(NamedTuple):
    """What the following is about: a name, its title, and its address, if it has one."""

    name: str
    title: str
    link: str = ""


class Alert(NamedTuple):
    """A sentence that no reader may miss."""

    text: str


class Fields(NamedTuple):
    """Names with what they hold."""

    rows: Sequence[tuple[str, str]]


class Entry(NamedTuple):
    """One thing of a section, and what there is to say of it; without a name just that."""

    lines: Sequence[str]
    name: str = ""
    title: str = ""
    link: str = ""


class Section(NamedTuple):
    """Entries below a title; ``mark`` is a short name before it, of a commit say."""

    title: str
    entries: Sequence[Entry]
    mark: str = ""


class Prose(NamedTuple):
    """Markdown that a person wrote; ``title`` says who said it and when, if it is a quotation, and
    ``depth`` how many others it answers, one in the other.
    """

    text: str
    title: str = ""
    depth: int = 0


class Sentences(NamedTuple):
    """What is to be said in words, a line each."""

    lines: Sequence[str]


class Code(NamedTuple):
    """Lines that stand as they are."""

    lines: Iterable[str]
    language: str = ""
