"""The commands that can be undone, as a Document for programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaintrack.render.document import Document
from plaintrack.show.data import rows

if TYPE_CHECKING:
    from plaintrack.app.write.undo import Command
    from plaintrack.show import outputs

_COLUMNS = ("number", "when", "command", "aside", "standing")


def commands(found: "Sequence[Command]", form: str) -> Document:
    """The commands that the journal knows, the latest first."""
    return rows([_command(each) for each in found], "commands", _COLUMNS, form)


def _command(each: "Command") -> "outputs.Undoable":
    return {
        "number": each.number,
        "when": each.moment,
        "command": each.entry.command,
        "aside": each.entry.aside,
        "standing": each.standing or None,
    }
