"""The outline of a snapshot's work."""

from collections.abc import Iterable, Iterator, Mapping

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.expected import Spent
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, Value, fields_of, fold
from plaintrack.plan.outline import Outline, Piece
from plaintrack.store.index import survey
from plaintrack.store.index.survey import Measured


def outline(snapshot: Snapshot, timed: bool = True) -> Outline:
    """All items, archived ones too, with what they are a part of; without the fields that are the
    workspace's own under a name that plaintrack has a meaning for, and without budgets for those
    who may not know them.
    """
    logged = snapshot.logged if timed and "time" in snapshot.settings.rooms else {}
    rows = survey.measured(snapshot.index.connection)
    return Outline(list(_pieces(snapshot, rows, logged)))


def some(snapshot: Snapshot, ids: Iterable[str], logged: Mapping[str, Spent]) -> Outline:
    """The outline of these items alone, with what time records say of them."""
    rows = survey.measured(snapshot.index.connection, ids)
    return Outline(list(_pieces(snapshot, rows, logged)))


def above(snapshot: Snapshot, ids: Iterable[str]) -> Outline:
    """The outline of these items and of all that they are a part of, without time records."""
    pieces: dict[str, Piece] = {}
    wanted, known = set(ids), set[str]()
    while wanted:
        rows = survey.measured(snapshot.index.connection, wanted)
        known |= wanted
        found = {each.task.path: each for each in _pieces(snapshot, rows, {})}
        pieces |= found
        links = (piece.task.many(name) for piece in found.values() for name in UPWARD)
        wanted = {link for some in links for link in some if link} - known
        if not all(map(str.isascii, wanted)):
            return outline(snapshot, timed=False)
    return Outline(list(pieces.values()))


def _pieces(
    snapshot: Snapshot, rows: Iterable[Measured], logged: Mapping[str, Spent]
) -> Iterator[Piece]:
    own = frozenset(snapshot.schema.own)
    if snapshot.discreet:
        own |= {"budget"}
    for row in rows:
        yield Piece(
            Task(row.path, row.id, _fields(row.data, own)),
            row.category,
            row.estimate,
            row.remaining,
            row.due_day,
            row.steps,
            row.ticked,
            *_logged(logged.get(fold(row.id))),
        )


def _logged(told: Spent | None) -> tuple[float | None, bool, float | None]:
    """What time records say of an item: minutes logged, whether what is left is unknown, and it."""
    if told is None or not told.known:
        return None, False, None
    return told.spent, told.stated and told.left is None, told.left


def _fields(data: str, own: frozenset[str]) -> dict[str, Value]:
    fields = fields_of(data)
    return {name: value for name, value in fields.items() if name not in own} if own else fields
