"""When the items of a snapshot were done, by history."""

from typing import TYPE_CHECKING

from plaintrack.app.snapshot.history import history, local, pending
from plaintrack.model.change import INITIAL
from plaintrack.model.task import fold
from plaintrack.store.index.history import Look

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot


def finished(snapshot: "Snapshot") -> dict[str, str]:
    """Folded id → when it was done, by the commit that said so; without items that were done when
    they were first seen, and those whose status was changed since the last commit. Raises NoGit.
    """
    look = Look(field="status", initial=True)
    settled = {fold(change.id) for change in pending(snapshot, look)}
    found: dict[str, str] = {}
    for event in history(snapshot).events(look):  # the latest first
        item = fold(event.change.id)
        if item in settled:
            continue
        done = snapshot.schema.category(event.change.new) == "done"
        if done and event.change.kind == INITIAL:
            found.pop(item, None)
        elif done:
            found[item] = local(snapshot, event)
        if not done or event.change.kind == INITIAL:
            settled.add(item)
    return found
