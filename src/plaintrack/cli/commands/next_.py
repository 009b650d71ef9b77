"""``plaintrack next``: the ready work."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import LISTS, columns_option, format_option, items
from plaintrack.cli.options import QueryCommand, at_option, colour, joined, open_snapshot


@click.command("next", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@columns_option
@click.option(
    "--limit", type=click.IntRange(0), default=20, metavar="N", help="Show at most N items (20)."
)
@format_option(*LISTS)
@at_option
@colour
def command(query: tuple[str, ...], columns: str | None, limit: int, form: str, at: str) -> int:
    """List what can be done now, most urgent first."""
    snapshot = open_snapshot(at)
    items(snapshot, joined(query), columns, form, state="ready", shown="-urgency", limit=limit)
    return 0
