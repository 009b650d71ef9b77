"""Prints what a verb did: one drawing for all commands that change items."""

from plaintrack.cli.options import show_diff
from plaintrack.cli.output import note, out, safe
from plaintrack.model.done import Done
from plaintrack.show.done import lines, moves


def tell(done: Done) -> None:
    """Print what was done, or for a dry run the differences of the files; then raise what stopped
    it, if anything did.
    """
    for line, aside in lines(done):
        (note if aside else out)(safe(line))
    if done.dry:
        differences(done)
    if done.stopped is not None:
        raise done.stopped


def differences(done: Done) -> None:
    """Print what the writes change: unified diffs, with moved files as git shows renames."""
    moved = moves(done.files)
    for file in done.files:
        if file.path in moved and file.after is None:
            out(safe(f"rename from {file.path}"))
            out(safe(f"rename to {moved[file.path]}"))
        elif file.after is None:
            out(safe(f"would delete {file.path}"))
        elif file.before is not None or file.path not in moved.values():
            show_diff(file.before, file.after, file.path)
