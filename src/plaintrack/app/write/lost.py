"""Brings back what a command wrote where another program has written over it: an editor that held
an older text, say.
"""

from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.journal import Chain, NothingToUndo
from plaintrack.app.write.session import alone, writing
from plaintrack.app.write.undo import Command, named
from plaintrack.errors import command
from plaintrack.store import files
from plaintrack.store.index import ask


class NothingLost(NothingToUndo):
    """The files of the command hold what it wrote."""

    slug = "nothing-lost"

    def __init__(self, found: Command) -> None:
        super().__init__(
            f"nothing that {found.name} wrote is lost; nothing was changed",
            f"{command('undo', '--list')} lists earlier commands",
        )


class Regained(NamedTuple):
    """A file that gets back what a command wrote: its path, the bytes that it holds (None: it is
    gone) and those that it gets.

    ``merged``: what was saved over it stays as well, else both changed the same.
    """

    path: str
    before: bytes | None
    after: bytes
    merged: bool


def bring_back(
    workspace: Workspace, dry: bool = False, number: int | None = None
) -> tuple[str, list[Regained]]:
    """Bring back what the last command of a person, or the one of that ``number``, wrote: (its
    words, what becomes of each file). It is a command, which ``undo`` takes back.

    Raises NothingToUndo; Changed if a file is saved meanwhile.
    """
    with alone(workspace):
        chosen, _ = named(workspace, number)
        regained = [each for chain in chosen.entry.chains for each in _regained(workspace, chain)]
    if not regained:
        raise NothingLost(chosen)
    with writing(workspace, "undo --lost", dry) as writer:
        for each in regained:
            if each.before is None:
                writer.create(each.path, each.after)
            else:
                writer.rewrite(each.path, each.before, each.after)
    return chosen.entry.command, regained


def _regained(workspace: Workspace, chain: Chain) -> list[Regained]:
    """What a file gets back; nothing where the command left no file, or its item is in another."""
    from plaintrack.merge.item import merge

    left = chain.after[-1]
    if left is None:
        return []
    try:
        now = workspace.read_whole(chain.path)
    except (FileNotFoundError, NotADirectoryError):
        return (
            []
            if _elsewhere(workspace, chain.path, left)
            else [Regained(chain.path, None, left, True)]
        )
    except (OSError, files.Oddity):
        return []
    merged = merge(chain.before or b"", now, left, chain.path, workspace.schema)
    wanted = merged.data if merged.clean else left
    return [] if wanted == now else [Regained(chain.path, now, wanted, merged.clean)]


def _elsewhere(workspace: Workspace, path: str, data: bytes) -> bool:
    """Whether the item of a file that is gone is in another one."""
    from plaintrack.text.parse import parse

    if not workspace.is_item(path):
        return False
    item = parse(path, data, workspace.schema).id
    return bool(item and ask.spelt(workspace.index.connection, item))
