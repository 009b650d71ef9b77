"""How the items of a snapshot went through the workflow, from history."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.snapshot.folded import series, tip
from plaintrack.flow.passage import Ladder, Passage, passages
from plaintrack.when import moments

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot


class Passed(NamedTuple):
    """The passage of every item; when the line began (``first``, Unix seconds) and ended, and its
    commits; ``notes`` say what it lacks.
    """

    items: Sequence[Passage]
    first: int
    last: int
    commits: int
    notes: Sequence[str] = ()


def passed(snapshot: "Snapshot", by_author: bool) -> Passed:
    """The passages of a snapshot of one repository. Raises NoGit."""
    folded = series(snapshot, tip(snapshot))
    schema = snapshot.schema
    ladder = Ladder(schema.statuses)
    found = passages(folded, ladder, schema.statuses, stamp(schema.timezone), by_author)
    return Passed(found, folded.first, folded.last, folded.commits, _cut(snapshot))


def _cut(snapshot: "Snapshot") -> list[str]:
    if not snapshot.repo.shallow:
        return []
    return ["this clone is shallow: history begins where it was cut"]


def stamp(timezone: str) -> Callable[[str], float | None]:
    """What gives a stamp as Unix seconds; a day without a time as its beginning."""
    zone = moments.zone(timezone)

    def read(text: str) -> float | None:
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()

    return read
