"""``plaintrack next``: the ready work."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import (
    LISTS,
    columns_option,
    form_of,
    format_option,
    items,
    relative_option,
    view_option,
)
from plaintrack.cli.options import QueryCommand, at_option, colour, joined, open_snapshot


@click.command("next", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
@columns_option
@click.option(
    "--limit", type=click.IntRange(0), default=20, metavar="N", help="Show at most N items (20)."
)
@relative_option
@format_option(*LISTS)
@at_option
@colour
def command(
    query: tuple[str, ...],
    view: str | None,
    columns: str | None,
    limit: int,
    relative: bool,
    form: str,
    at: str,
) -> int:
    """List what can be done now, most urgent first."""
    from plaintrack.app.snapshot import views

    snapshot = open_snapshot(at)
    chosen = views.view(snapshot, view)
    items(
        snapshot,
        joined(query),
        columns,
        form_of(chosen.format, form, LISTS),
        otherwise=list(chosen.columns),
        group=chosen.group,
        within=chosen.query,
        state="ready",
        sort=chosen.sort,
        shown="-urgency",
        limit=limit,
        relative=relative,
    )
    return 0
