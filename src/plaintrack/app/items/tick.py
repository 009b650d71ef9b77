"""Ticks the steps of an item."""

from collections.abc import Sequence

from plaintrack.app.items.target import named
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.model.done import Done
from plaintrack.model.edit import Tick
from plaintrack.model.task import Step


def steps(workspace: Workspace, name: str) -> tuple[Step, ...]:
    """The steps of the item that ``name`` names, in order."""
    (target,) = named(workspace, [name])
    return find.load(workspace, target.path).steps


def tick(
    workspace: Workspace, name: str, numbers: Sequence[int], done: bool = True, dry: bool = False
) -> Done:
    """Tick the steps with these numbers (from 1), or untick them; raises CannotEdit where there is
    no such step.
    """
    (target,) = named(workspace, [name])
    edits = [Tick(number, done) for number in numbers]
    with verb(workspace, f"tick {target.id}", dry) as work:
        work.item(target.id, target.path, work.writer.edit(target.path, edits))
    return work.done()
