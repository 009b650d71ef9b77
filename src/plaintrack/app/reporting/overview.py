"""The first page of a site: how much there is of what, and what is late."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.counts import counts, progress
from plaintrack.app.snapshot.listing import listing
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.render.document import Document
from plaintrack.render.figures import Counts, Progress
from plaintrack.render.sections import Fields, Heading
from plaintrack.show.items import Where, table
from plaintrack.store.refusals import NoGit

if TYPE_CHECKING:
    from plaintrack.render.document import Part

_NUMBERS = (
    ("open", "is:open"),
    ("in progress", "is:active"),
    ("ready", "is:ready"),
    ("blocked", "is:blocked"),
    ("overdue", "is:overdue"),
    ("unassigned", "is:open is:unassigned"),
    ("closed in 7 days", "closed:-7d.."),
)
_LATE = 15


def overview(snapshot: Snapshot, where: Where) -> Document:
    """The numbers of the work, its progress, and what is overdue."""
    return Document(list(_parts(snapshot, where)))


def _parts(snapshot: Snapshot, where: Where) -> Iterator["Part"]:
    yield Fields(list(_about(snapshot)))
    rows = [
        (name, len(answers.rows_raw(snapshot, answers.question(snapshot, query))))
        for name, query in _NUMBERS
    ]
    yield Heading("Work", "")
    yield Progress(*progress(snapshot, answers.question(snapshot, "")))
    total = len(answers.rows_raw(snapshot, answers.question(snapshot, "")))
    yield Counts("what", rows, total)
    for field in ("status", "type", "priority"):
        if field in snapshot.schema.fields:
            yield Heading("Open items", f"by {field}")
            yield Counts(*counts(snapshot, answers.question(snapshot, "is:open"), field))
    late = answers.question(snapshot, f"is:overdue sort:due,id limit:{_LATE}")
    found = listing(snapshot, late, ["id", "title", "assignee", "due"], paths=True)
    if found.rows:
        yield Heading("Overdue", "the oldest")
        yield from table(found, where).parts


def _about(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Of which day and commit the site is; here alone, so that other pages stay as they are."""
    yield "as of", snapshot.today.isoformat()
    try:
        yield "commit", snapshot.tip[:12]
    except NoGit:
        return
