"""``plaintrack next``: the ready work."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, at_option, colour, joined, snapshot


@click.command("next", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--limit", type=click.IntRange(0), metavar="N", default=20, help="Show at most N items (20)."
)
@at_option
@colour
def command(query: tuple[str, ...], limit: int, at: str) -> int:
    """List what can be done now, most urgent first."""
    from plaintrack.cli.commands.list_ import show

    place = snapshot(at)
    show(
        place,
        joined(query),
        list(place.settings.columns),
        state="ready",
        shown="-urgency",
        limit=limit,
    )
    return 0
