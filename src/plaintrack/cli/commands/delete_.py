"""``plaintrack delete``: files gone (until ``undo``)."""

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import confirmed, note, safe


@click.command("delete")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted; delete nothing.")
def command(items: tuple[str, ...], yes: bool, dry_run: bool) -> int:
    """Delete items and their comments; `undo` brings them back."""
    from plaintrack.app.items.delete import delete

    workspace = open_workspace()
    if dry_run or yes:
        tell(delete(workspace, items, dry_run))
        return 0
    planned = delete(workspace, items, dry=True)
    for line in planned.notes:
        note(safe(line))
    if not confirmed(f"Delete {bulk.titled(workspace, [item.id for item in planned.items])}?"):
        return 1
    tell(delete(workspace, items)._replace(notes=()))
    return 0
