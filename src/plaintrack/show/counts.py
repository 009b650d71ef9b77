"""How many items there are of what."""

from typing import Any

from plaintrack.model.answer import Counted
from plaintrack.render.document import Document
from plaintrack.render.figures import Counts


def counts(counted: Counted, broken: int = 0) -> Document:
    """How many items there are of each value of a field, and how many files are ``broken``."""
    field, rows, total = counted.field, counted.rows, counted.total
    about: dict[str, Any] = {"field": field, "total": total, "broken": broken}
    if counted.summed:
        about["sum"] = {"field": counted.summed, "total": counted.sums[-1]}
    return Document((Counts(field, rows, total, counted.summed, counted.sums),), about)
