"""The times that go with edits of the status."""

import os
import re
from collections.abc import Sequence
from datetime import datetime

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.edit import Append, Edit, Set, Tick, Unset
from plaintrack.model.task import Task, fold

_HEXADECIMAL = re.compile("[0-9a-f]{6}")
_MOST = 0xFFFFFF
_GAP = 0x10000
"""How far behind the last record of the same second the next one is put, at most."""


def stamps(workspace: Workspace, before: Task, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The Edits of ``closed`` that go with Edits of the status, whoever makes them: commands,
    rules, checks.

    Closing stamps the time, opening again removes it. An item that is closed already keeps its
    time, unless it goes from done to cancelled or back; so does one whose status is only spelt
    anew. Who edits ``closed`` by name means it.
    """
    if any(not isinstance(each, Tick | Append) and each.field == "closed" for each in edits):
        return ()
    statuses = [each for each in edits if isinstance(each, Set | Unset) and each.field == "status"]
    if not statuses:
        return ()
    schema, old = workspace.schema, before.text("status")
    new = str(statuses[-1].value) if isinstance(statuses[-1], Set) else ""
    if not schema.closed(new):
        return (Unset("closed"),) if before.fields.get("closed") else ()
    if schema.category(old) == schema.category(new) or _letters(old) == _letters(new):
        return ()
    return tuple(Set(name, text) for name, text in stamp(workspace, "closed").items())


def _letters(status: str) -> str:
    return "".join(each for each in fold(status) if each.isalnum())


def stamp(workspace: Workspace, name: str) -> dict[str, str]:
    """This moment for the field ``created`` or ``closed``, as its type and format want it; nothing
    if the settings do without it.
    """
    if name not in workspace.settings.stamps:
        return {}
    field = workspace.schema.fields[name]
    if field.format:
        return {name: workspace.now.strftime(field.format)}
    return {
        name: workspace.today.isoformat() if field.kind == "date" else workspace.now.isoformat()
    }


def formed(workspace: Workspace, name: str, moment: str) -> str:
    """A moment, or a day, in ISO 8601 for the field ``created`` or ``closed``, as its type and
    format want it.
    """
    field = workspace.schema.fields[name]
    if field.format:
        return datetime.fromisoformat(moment).strftime(field.format)
    return moment[:10] if field.kind == "date" else moment


def behind(workspace: Workspace, folder: str, stamp: str) -> str:
    """The path of a new record in a folder: ``stamp`` and six random letters that put it behind
    those of the same stamp, so that what one person said in one second keeps its order.
    """
    letters = (
        name[len(stamp) + 1 : len(stamp) + 7]
        for name in workspace.names(folder)
        if name.startswith(f"{stamp}-")
    )
    last = max((int(each, 16) for each in letters if _HEXADECIMAL.fullmatch(each)), default=-1)
    number = int.from_bytes(os.urandom(3), "big")
    if 0 <= last < _MOST:
        number = last + 1 + number % min(_MOST - last, _GAP)
    return f"{folder}/{stamp}-{number:06x}.md"
