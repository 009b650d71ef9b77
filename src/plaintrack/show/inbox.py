"""The inbox as a Document."""

from collections.abc import Sequence

from plaintrack.model.inbox import Entry
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Entry as Line
from plaintrack.render.sections import Heading, Section

COLUMNS = ("id", "title", "when", "who", "why", "what")
Items = Sequence[tuple[str, list[Entry]]]


def table(items: Items) -> Document:
    """What is not read, for people: a row each, those of an item together."""
    rows = [
        (item, each.title, _minute(each), each.who, each.why, each.text)
        for item, entries in items
        for each in entries
    ]
    return Document((Table(COLUMNS, rows, "entries", flexible=5),))


def records(items: Items) -> Document:
    """The same for programs."""
    rows = [each._asdict() for _, entries in items for each in entries]
    return Document((Records(rows, "entries", Entry._fields),))


def digest(items: Items, title: str) -> Document:
    """What concerned someone in a time, item by item, for a mail or a chat."""
    sections = [
        Section(
            f"{item}  {entries[0].title}",
            [Line([_line(each)]) for each in entries],
        )
        for item, entries in items
    ]
    return Document((Heading("Inbox", title), *sections))


def _line(each: Entry) -> str:
    who = f" by {each.who}" if each.who else ""
    return f"{each.why}: {each.text} ({_minute(each)}{who})"


def _minute(each: Entry) -> str:
    return each.when[:16].replace("T", " ")
