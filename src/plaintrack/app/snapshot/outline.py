"""The outline of a snapshot's work."""

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.expected import Spent
from plaintrack.model.task import Task, Value, fields_of, fold
from plaintrack.plan.outline import Outline, Piece
from plaintrack.store.index import survey


def outline(snapshot: Snapshot, timed: bool = True) -> Outline:
    """All items, archived ones too, with what they are a part of; without the fields that are the
    workspace's own under a name that plaintrack has a meaning for, and without budgets for those
    who may not know them.
    """
    own = frozenset(snapshot.schema.own)
    logged = snapshot.logged if timed and "time" in snapshot.settings.rooms else {}
    if snapshot.discreet:
        own |= {"budget"}
    return Outline(
        [
            Piece(
                Task(row.path, row.id, _fields(row.data, own)),
                row.category,
                row.estimate,
                row.remaining,
                row.due_day,
                row.steps,
                row.ticked,
                *_logged(logged.get(fold(row.id))),
            )
            for row in survey.measured(snapshot.index.connection)
        ]
    )


def _logged(told: Spent | None) -> tuple[float | None, bool, float | None]:
    """What time records say of an item: minutes logged, whether what is left is unknown, and it."""
    if told is None or not told.known:
        return None, False, None
    return told.spent, told.stated and told.left is None, told.left


def _fields(data: str, own: frozenset[str]) -> dict[str, Value]:
    fields = fields_of(data)
    return {name: value for name, value in fields.items() if name not in own} if own else fields
