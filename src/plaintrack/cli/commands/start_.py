"""``plaintrack start``: a step of the workflow."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run
from plaintrack.cli.workflow import move


@click.command("start")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@dry_run
def command(items: tuple[str, ...], dry_run: bool) -> int:
    """Start work on items."""
    return move("start", "active", items, dry_run)
