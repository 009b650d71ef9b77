"""``plaintrack undo``: the last command, taken back."""

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import out, safe


@click.command("undo")
@click.option("--dry-run", is_flag=True, help="Say what would be restored, and change nothing.")
def command(dry_run: bool) -> int:
    """Take the last command back, byte for byte; again for the one before."""
    from plaintrack.app.write import undo

    name, paths = undo(workspace(), dry_run)
    out(safe(f"{'would undo' if dry_run else 'undone'}: {name}"))
    for path in paths:
        out(safe(f"  {path}"))
    return 0
