"""``plaintrack reopen``: a step of the workflow."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace


@click.command("reopen")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@dry_run
def command(items: tuple[str, ...], dry_run: bool) -> int:
    """Open closed items again."""
    from plaintrack.app.items.workflow import move

    tell(move(open_workspace(), "reopen", items, dry_run))
    return 0
