"""How many items there are of what."""

from plaintrack.model.answer import Counted
from plaintrack.render.document import Document
from plaintrack.render.figures import Counts


def counts(counted: Counted, broken: int = 0) -> Document:
    """How many items there are of each value of a field, and how many files are ``broken``."""
    field, rows, total = counted
    about = {"field": field, "total": total, "broken": broken}
    return Document((Counts(field, rows, total),), about)
