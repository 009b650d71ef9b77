"""The outline of a snapshot's work."""

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import Task, Value, fields_of
from plaintrack.plan.outline import Outline, Piece
from plaintrack.store.index import survey


def outline(snapshot: Snapshot) -> Outline:
    """All items, archived ones too, with what they are a part of; without the fields that are the
    workspace's own under a name that plaintrack has a meaning for, and without budgets for those
    who may not know them.
    """
    own = frozenset(snapshot.schema.own)
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
            )
            for row in survey.measured(snapshot.index.connection)
        ]
    )


def _fields(data: str, own: frozenset[str]) -> dict[str, Value]:
    fields = fields_of(data)
    return {name: value for name, value in fields.items() if name not in own} if own else fields
