"""``plaintrack archive``: closed items, moved aside."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note


@click.command("archive")
@click.argument("items", nargs=-1, metavar="ID...", shell_complete=complete.items)
@click.option(
    "--closed", metavar="QUERY", help="Archive every closed item that matches QUERY ('' for all)."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show the moves, as git shows renames; write nothing.",
)
def command(items: tuple[str, ...], closed: str | None, dry_run: bool) -> int:
    """Move closed items to the archive folder; their ids stay taken."""
    from plaintrack.app.items.archive import archive

    if not items and closed is None:
        raise click.UsageError("give items, or use --closed QUERY")
    done = archive(open_workspace(), items, closed, dry_run)
    tell(done)
    if not done.items:
        note("nothing to archive")
    return 0
