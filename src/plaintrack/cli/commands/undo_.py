"""``plaintrack undo``: the last command, taken back."""

import click

from plaintrack.cli.options import open_workspace, show_diff
from plaintrack.cli.output import out, safe


@click.command("undo")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="List the commands that can be undone, latest first.",
)
@click.option(
    "--command",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Undo command N of the list instead of the last one.",
)
@click.option("--dry-run", is_flag=True, help="Show the change as a diff; write nothing.")
def command(listed: bool, number: int | None, dry_run: bool) -> int:
    """Undo the last command, byte for byte. Repeat to undo the one before.

    If one of its files has changed since, or git has already taken the command back, nothing is
    changed. Earlier commands are undone only if named with --command.
    """
    from plaintrack.app.write.undo import undo

    if listed:
        if number or dry_run:
            raise click.UsageError("--list cannot be used with --command or --dry-run")
        return _list()
    name, steps = undo(open_workspace(), dry_run, number)
    out(safe(f"{'would undo' if dry_run else 'undone'}: {name}"))
    for step in steps:
        if dry_run:
            show_diff(step.after, step.before, step.path)
        else:
            out(safe(f"  {step.path}"))
    return 0


def _list() -> int:
    """A line for each command that the journal knows."""
    from plaintrack.app.write.undo import commands

    for each in commands(open_workspace()):
        who = "(not by you) " if each.entry.aside else ""
        standing = f"  ({each.standing})" if each.standing else ""
        out(safe(f"{each.number:>3}  {each.when}  {who}{each.entry.command}{standing}"))
    return 0
