"""``plaintrack undo``: the last command, taken back."""

import click

from plaintrack.cli.options import show_diff, workspace
from plaintrack.cli.output import out, safe


@click.command("undo")
@click.option("--dry-run", is_flag=True, help="Show what would be restored as a diff, and change nothing.")
def command(dry_run: bool) -> int:
    """Take the last command back, byte for byte; again for the one before."""
    from plaintrack.app.write import undo

    name, steps = undo(workspace(), dry_run)
    out(safe(f"{'would undo' if dry_run else 'undone'}: {name}"))
    for step in steps:
        if dry_run:
            show_diff(step.after, step.before, step.path)
        else:
            out(safe(f"  {step.path}"))
    return 0
