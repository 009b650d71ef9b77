"""Changes fields of items."""

from collections.abc import Sequence
from datetime import date

from plaintrack.app.items.steps import forced, guard
from plaintrack.app.items.target import Target
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.edit import Edit, Set, Shift
from plaintrack.model.fields import LINKS
from plaintrack.when import dates


class NotAnOffset(PlaintrackError):
    """What a date is to be moved by is not a time."""

    slug = "not-an-offset"

    def __init__(self, offset: str) -> None:
        super().__init__(
            f"{offset[1:]!r} is not a time to move a date by", "write 3d, 2w, 1mo or 5bd"
        )


def change(
    workspace: Workspace,
    targets: Sequence[Target],
    edits: Sequence[Edit | Shift],
    command: str = "",
    dry: bool = False,
    force: str = "",
    notes: Sequence[str] = (),
) -> Done:
    """Make the same edits to every target; dates that are to be moved, from where each stands.
    ``command`` is what ``undo`` calls it, ``notes`` go into the answer, and ``force`` is the reason
    for a step of the workflow that is not allowed. Raises NotAllowed, NotMover, NotAnOffset,
    ClosesCircle.
    """
    command = command or f"set {' '.join(target.id for target in targets)}"
    status = next(
        (str(each.value) for each in edits if isinstance(each, Set) and each.field == "status"), ""
    )
    if status and not force:
        for target in targets:
            guard(workspace, find.load(workspace, target.path), status)
    if len(targets) > 1 and any(getattr(each, "field", "") in LINKS for each in edits):
        from plaintrack.app.write.linked import refuse

        # a link of the last item may be refused: then none is made
        refuse(workspace, [target.id for target in targets], edits)
    with verb(workspace, command, dry) as work:
        work.notes += notes
        for target in targets:
            said: tuple[Change, ...] = ()
            if status and force:
                said = forced(work, find.load(workspace, target.path), status, force)
            wanted = _resolved(work, target, edits)
            if wanted or not edits:
                changes = work.writer.edit(target.path, wanted)
                work.item(target.id, target.path, (*changes, *said))
    return work.done()


def _resolved(work: Verb, target: Target, edits: Sequence[Edit | Shift]) -> list[Edit]:
    """The Edits of one item, with the days that moved dates come to; what has no date is kept, and
    that is told.
    """
    found: list[Edit] = []
    for each in edits:
        if not isinstance(each, Shift):
            found.append(each)
            continue
        old = find.load(work.workspace, target.path).text(each.field)
        if old:
            found.append(Set(each.field, _moved(work.workspace, old, each.offset)))
        else:
            work.kept(target.id, target.path, f"{target.id} has no {each.field} to move")
    return found


def _moved(workspace: Workspace, old: str, offset: str) -> str:
    """A date or datetime, moved; the time of day stays."""
    from plaintrack.app.snapshot.answers import works

    if not offset[1:2].isdigit():
        raise NotAnOffset(offset)
    day = date.fromisoformat(dates.read(old, workspace.today)[:10])
    try:
        new = dates.read(offset, day, works(workspace))
    except dates.BadDate as error:
        raise NotAnOffset(offset) from error
    return new + old[10:] if len(old) > 10 and old[:10] == day.isoformat() else new
