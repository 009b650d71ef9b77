"""Changes fields of items."""

from collections.abc import Sequence

from plaintrack.app.items.target import Target
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.model.done import Done
from plaintrack.model.edit import Edit


def change(
    workspace: Workspace,
    targets: Sequence[Target],
    edits: Sequence[Edit],
    command: str = "",
    dry: bool = False,
) -> Done:
    """Make the same edits to every target. ``command`` is what ``undo`` calls it."""
    command = command or f"set {' '.join(target.id for target in targets)}"
    with verb(workspace, command, dry) as work:
        for target in targets:
            work.item(target.id, target.path, work.writer.edit(target.path, edits))
    return work.done()
