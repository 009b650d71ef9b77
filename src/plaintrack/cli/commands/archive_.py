"""``plaintrack archive``: closed items, moved aside."""

import click

from plaintrack.cli import bulk
from plaintrack.cli.answer import tell
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note


@click.command("archive")
@bulk.items
@click.option(
    "--closed", metavar="QUERY", help="Archive every closed item that matches QUERY ('' for all)."
)
@bulk.where_option
@bulk.yes_option
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show the moves, as git shows renames; write nothing.",
)
def command(
    items: tuple[str, ...], closed: str | None, where: str | None, yes: bool, dry_run: bool
) -> int:
    """Move closed items to the archive folder; their ids stay taken.

    `--where` is `--closed` with a preview.
    """
    from plaintrack.app.items.archive import archive

    if where is not None:
        if items or closed is not None:
            raise click.UsageError("--where goes with neither items nor --closed")
        workspace = open_workspace()
        return bulk.carry_out(
            workspace, lambda dry: archive(workspace, (), where, dry), where, yes, dry_run
        )
    if not items and closed is None:
        raise click.UsageError("give items, or use --where QUERY")
    done = archive(open_workspace(), items, closed, dry_run)
    tell(done)
    if not done.items:
        note("nothing to archive")
    return 0
