"""What was published as a Document."""

from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Sentences

if TYPE_CHECKING:
    from plaintrack.app.reporting.publish import Made
    from plaintrack.show import outputs

_COLUMNS = ("file", "rows", "bytes", "state")


def publication(made: "Made") -> Document:
    """The files, and what they are together, for people."""
    there = [each for each in made.files if each.state != "removed"]
    rows = [(each.name, f"{each.rows:,}", f"{each.bytes:,}", each.state) for each in made.files]
    total = sum(each.rows for each in there)
    counts = f"{plural(len(there), 'file')}, {total:,} {'row' if total == 1 else 'rows'}"
    said = f"{made.name} at {made.tip[:10]} of {made.day}: {counts}"
    end = "; nothing was written (--dry-run)" if made.dry else ""
    return Document([Table(_COLUMNS, rows, flexible=0), Sentences([said + end])])


def records(made: "Made") -> Document:
    """The same for programs."""
    about: outputs.Publication = {
        "name": made.name,
        "tip": made.tip,
        "day": made.day,
        "private": made.private,
        "dry": made.dry,
        "notes": list(made.notes),
    }
    rows: list[outputs.PublishedFile] = [
        {"file": each.name, "rows": each.rows, "bytes": each.bytes, "state": each.state}
        for each in made.files
    ]
    told: dict[str, Any] = dict(about)
    return Document([Records([dict(each) for each in rows], "files", _COLUMNS)], told)
