"""A review of work as a Document: for people, for programs, and for a comment on a pull request."""

from collections.abc import Sequence
from urllib.parse import quote

from plaintrack.model.answer import Differing
from plaintrack.model.change import telling
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.figures import Comparison
from plaintrack.render.sections import Alert, Entry, Section

Groups = Sequence[tuple[str, Sequence[Differing]]]
LARGEST = 60_000
"""Characters; a GitHub comment may have 65,536."""
MORE = "… and {} more: too many for one comment; `plaintrack diff` shows all."
_COLUMNS = ("id", "title", "path", "group", "kind", "field", "old", "new")


def summary(groups: Groups) -> str:
    """The groups in one line: ``2 closed, 1 added``."""
    return ", ".join(f"{len(rows)} {name.lower()}" for name, rows in groups) or "no items changed"


UNTOLD = ("leave", "rate", "allowance", "email", "budget", "cost", "rates", "salary", "time")
"""Fields whose values a comment on a pull request leaves out."""


def review(
    groups: Groups,
    old: str,
    new: str,
    settings: bool,
    links: str = "",
    untold: Sequence[str] = (),
) -> Document:
    """What differs between ``old`` and ``new``; ``links`` is the address that the items' paths are
    put after. Of the fields ``untold`` it is only said that they changed.
    """
    about = Comparison("Work changed", summary(groups), old, new)
    alerts = [Alert("the settings (plaintrack.yml) changed")] if settings else []
    sections = [
        Section(name, [_entry(row, links, untold) for row in rows]) for name, rows in groups
    ]
    return Document((about, *alerts, *sections))


def _entry(row: Differing, links: str, untold: Sequence[str]) -> Entry:
    events = [
        f"{change.field} changed" if change.field in untold else change.describe()
        for change in telling(row.changes)
        if change.kind not in ("created", "deleted")
    ]
    facts = ", ".join(f"{name} {text}" for name, text in row.facts if name not in untold)
    events = [*([facts] if facts else []), *events]
    link = links + quote(row.path) if row.path else ""
    return Entry(list(dict.fromkeys(events)), row.id or "(no id)", row.title, link)


def records(groups: Groups, old: str, new: str, settings: bool) -> Document:
    """The same for programs: each item with its changes."""
    items = [
        {
            "id": row.id,
            "title": row.title,
            "path": row.path,
            "group": name,
            "changes": [change._asdict() for change in row.changes],
            **({"added": dict(row.facts)} if row.facts else {}),
        }
        for name, rows in groups
        for row in rows
    ]
    return Document((Records(items),), {"old": old, "new": new, "settings": settings})


def changes(groups: Groups) -> Document:
    """The same as a table with a row for each change."""
    rows = [
        (row.id, row.title, row.path, name, change.kind, change.field, change.old, change.new)
        for name, some in groups
        for row in some
        for change in row.changes
    ]
    return Document((Table(_COLUMNS, rows, "changes"),))
