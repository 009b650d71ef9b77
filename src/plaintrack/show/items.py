"""Items as a Document: a list for people, or records for programs.

What asks for items (a command, a block of a document) hands the answer to these functions and the
Document to ``render``, so that the same question looks the same through every door.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.render.document import Document, Records, Table

if TYPE_CHECKING:
    from plaintrack.model.listing import Listing
    from plaintrack.model.task import Task
    from plaintrack.show import outputs

Where = Callable[[str], str]
"""The address of an item's file, as the reader of the Document finds it."""


def table(listed: "Listing", where: Where | None = None) -> Document:
    """Items as a table; with ``where``, their ids lead to their files."""
    names = listed.names
    links = [where(path) for path in listed.paths or ()] if where else None
    flexible = names.index("title") if "title" in names else 1
    part = Table(
        names, listed.rows, groups=listed.groups, links=links, late=listed.late, flexible=flexible
    )
    if listed.standings:
        from plaintrack.show.standing import looked

        part = looked(part, listed.standings)
    return Document((part._replace(sums=_together(listed)) if listed.groups else part,))


def _together(listed: "Listing") -> dict[str, str]:
    """How many rows each group has, and their sums."""
    from collections import Counter

    from plaintrack.show.rollup import sums

    return {
        group: ", ".join([str(count), *(sums(listed.rolled[group]) if listed.rolled else ())])
        for group, count in Counter(listed.groups).items()
    }


def groups(listed: "Listing") -> "list[outputs.Group]":
    """The groups of a list for programs: name, number of rows, and what they are together."""
    from collections import Counter

    from plaintrack.show.rollup import record

    return [
        {"name": group, "count": count, "sums": record((listed.rolled or {}).get(group))}
        for group, count in Counter(listed.groups).items()
    ]


def records(items: Iterable[Mapping[str, Any]]) -> Document:
    """Items for programs, each with all of its fields."""
    return Document((Records(items),))


def address(path: str, document: str = "") -> str:
    """The relative link from a document to a file; both are paths below the same folder, with
    ``/``.
    """
    import posixpath
    from urllib.parse import quote

    folder = posixpath.dirname(document)
    return quote(posixpath.relpath(path, folder) if folder else path)


def plain(tasks: "Iterable[Task]", columns: Sequence[str], programs: bool) -> Document:
    """Items with these fields: a table for people, records for ``programs``."""
    if programs:
        rows = [
            {"path": task.path, **{name: task.text(name) for name in columns}} for task in tasks
        ]
        return Document((Records(rows, columns=("path", *columns)),))
    return Document((Table(columns, [tuple(map(task.text, columns)) for task in tasks]),))
