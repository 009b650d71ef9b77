"""Takes commands back byte for byte: the last one, or the one that is named; see docs/undo.md for
the model.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.app.write.journal import Chain, Entry, Journal, NothingToUndo, Record, append
from plaintrack.app.write.session import alone
from plaintrack.app.write.writer import follow_of
from plaintrack.errors import command
from plaintrack.store import files, replace, state
from plaintrack.store.lock import uninterrupted

_NAMED = 3
"""How many files a message names."""


class Command(NamedTuple):
    """One command that the journal knows: its place in it (1: the last), and what it did."""

    number: int
    entry: Entry
    # what is to be done to take it back: `before` is to come back, `after` is there now
    steps: list[Record]
    others: list[str]  # the files that hold neither what the command left nor what it found
    covered: bool = False  # whether they will, when the later commands are undone

    @property
    def when(self) -> str:
        """The local time."""
        return f"{datetime.fromtimestamp(self.entry.time):%Y-%m-%d %H:%M}"

    @property
    def moment(self) -> str:
        """The same with seconds and the offset, for programs."""
        return datetime.fromtimestamp(self.entry.time).astimezone().isoformat(timespec="seconds")

    @property
    def name(self) -> str:
        """The command and its time, as messages name it."""
        return f"`{self.entry.command}` of {self.when}"

    @property
    def standing(self) -> str:
        """Why it can't be taken back; empty if it can."""
        if self.covered:
            return "after the later ones"
        if self.others:
            return "changed since"
        if not self.steps and not self.entry.undoing:
            return "taken back already"
        return ""


class Undone(NamedTuple):
    """What was taken back: the words of the command, what was done to each file, and when the
    command wrote first (Unix seconds).
    """

    command: str
    steps: list[Record]
    time: float


class NoSuchCommand(NothingToUndo):
    """The journal has no command of that number."""

    slug = "no-such-command"

    def __init__(self, number: int) -> None:
        super().__init__(f"no command {number} to undo", f"{command('undo', '--list')} lists them")


class TakenBack(NothingToUndo):
    """The files of the command are as they were before it."""

    slug = "taken-back"

    def __init__(self, command: Command, earlier: Command | None) -> None:
        super().__init__(
            f"{command.name} is already taken back, by git or by hand; nothing was changed",
            _others(earlier),
        )


class ChangedSince(files.Changed):
    """Files of the command were changed after it."""

    slug = "changed-since"

    def __init__(self, command: Command, earlier: Command | None) -> None:
        paths = command.others
        was = "was" if len(paths) == 1 else "were"
        super().__init__(
            f"{_listed(paths)} {was} changed after {command.name}; nothing was undone",
            f"{_regained(command)} brings back what it wrote; to pass over it: {_others(earlier)}",
        )


def _regained(lost: Command) -> str:
    """The command that brings back what was written over."""
    return command("undo", "--lost", *(("--command", str(lost.number)) if lost.number > 1 else ()))


def _others(earlier: Command | None) -> str:
    """Which other command can be undone, if any."""
    if earlier is None:
        return f"{command('undo', '--list')} lists earlier commands"
    one = command("undo", "--command", str(earlier.number))
    return f"{one} undoes `{earlier.entry.command}`; `--list` lists all commands"


def undo(workspace: Workspace, dry: bool = False, number: int | None = None) -> Undone:
    """Take the last command that a person gave back, or the one of that ``number``.

    Either all its files come back as they were before it, or nothing is changed: raises Changed if
    one was changed since, TakenBack if they are as before already. An ``undo`` that was cut short
    is finished first.
    """
    with alone(workspace):
        chosen = _chosen(workspace, number)
        paths = [] if dry else [step.path for step in chosen.steps]
        if not dry:
            _carry_out(workspace, chosen)
        if paths:
            follow_of(workspace).undone(workspace, paths)
    if paths:
        follow_of(workspace).released(workspace, list(dict.fromkeys(paths)), False)
    return Undone(chosen.entry.command, chosen.steps, chosen.entry.time)


def commands(workspace: Workspace) -> list[Command]:
    """Every command that the journal knows, the last one first."""
    with alone(workspace):
        return list(_commands(workspace))


def _commands(workspace: Workspace) -> Iterator[Command]:
    """As ``commands``; to be called under the lock, since a command at work has an entry, too.

    One that was killed before it wrote is none, and forgotten: else it would be one as soon as an
    earlier one is undone.
    """
    number = 0
    back: dict[str, bytes | None] = {}  # what files hold when the commands so far are undone
    for entry in Journal(workspace.cache).entries():
        if not all(state.inside(workspace.root, each.path) for each in entry.chains):
            continue  # no command of ours wrote that
        steps, others = _steps(workspace, entry)
        if not (steps or others or entry.ended or entry.undoing):
            with suppress(OSError):
                os.unlink(entry.file)
            continue
        left = [each for each in entry.chains if each.path in others]
        covered = all(
            each.path in back and back[each.path] in (each.before, *each.after) for each in left
        )
        number += 1
        yield Command(number, entry, steps, others, bool(others) and covered)
        if covered and not entry.aside:
            back.update({each.path: each.before for each in entry.chains})


def named(workspace: Workspace, number: int | None) -> tuple[Command, Command | None]:
    """The last Command that a person gave, or that of the number, and the one before it that can be
    undone; to be called under the lock. Raises NothingToUndo.
    """
    found = _commands(workspace)
    chosen = next(
        (each for each in found if (each.number == number if number else not each.entry.aside)),
        None,
    )
    if chosen is None:
        raise NoSuchCommand(number) if number else NothingToUndo
    earlier = next((each for each in found if not each.entry.aside and not each.standing), None)
    return chosen, earlier


def _chosen(workspace: Workspace, number: int | None) -> Command:
    """The Command that is meant, which can be undone; raises NothingToUndo, TakenBack, Changed."""
    chosen, earlier = named(workspace, number)
    if chosen.others:
        raise ChangedSince(chosen, earlier)
    if chosen.standing:
        raise TakenBack(chosen, earlier)
    return chosen


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more


def _steps(workspace: Workspace, entry: Entry) -> tuple[list[Record], list[str]]:
    """What is to be done, the last write first; and the files that someone else has changed."""
    steps, others = [], []
    for chain in reversed(entry.chains):
        try:
            now = _current(workspace, chain)
        except (OSError, files.Oddity):  # no file at all by now
            others.append(chain.path)
            continue
        if now == chain.before:
            continue
        if now in chain.after:
            steps.append(Record(chain.path, chain.before, now))
        else:
            others.append(chain.path)
    return steps, others


def _carry_out(workspace: Workspace, chosen: Command) -> None:
    """Bring the files back. The entry is marked first: if this is cut short, the next ``undo`` goes
    on with it.
    """
    with uninterrupted():
        with suppress(OSError):
            append(chosen.entry.file, {"undoing": True})
        _take_back(workspace, chosen.steps)
        os.unlink(chosen.entry.file)


def _take_back(workspace: Workspace, steps: list[Record]) -> None:
    gone = {step.after: step.path for step in steps if step.before is None}
    moved = set()
    for step in steps:
        place, attic = workspace.path(step.path), rescue.attic(workspace)
        if step.path in moved:
            continue
        if step.before is None and step.after is not None:
            replace.remove(place, step.after, attic)
        elif step.after is None and step.before is not None:
            if step.before in gone and gone[step.before] not in moved:
                replace.move(workspace.path(gone[step.before]), place)
                moved.add(gone[step.before])
            else:
                replace.create(place, step.before)
        elif step.before is not None and step.after is not None:
            replace.replace(place, step.after, step.before, attic)


def _current(workspace: Workspace, chain: Chain) -> bytes | None:
    try:
        return workspace.read_whole(chain.path)
    except (FileNotFoundError, NotADirectoryError):
        return None
