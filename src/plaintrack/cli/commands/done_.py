"""``plaintrack done``: a step of the workflow."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace


@click.command("done")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@dry_run
def command(items: tuple[str, ...], dry_run: bool) -> int:
    """Close items as done."""
    from plaintrack.app.items.workflow import move

    tell(move(open_workspace(), "done", items, dry_run))
    return 0
