"""``plaintrack next``: the ready work."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, joined, workspace


@click.command("next", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option("--limit", type=click.IntRange(0), default=20, help="At most so many items (20).")
def command(query: tuple[str, ...], limit: int) -> int:
    """List what can be done now, the most urgent first."""
    from plaintrack.cli.commands.list_ import show

    place = workspace()
    show(place, joined(query), list(place.settings.columns), state="ready", sort="-urgency", limit=limit)
    return 0
