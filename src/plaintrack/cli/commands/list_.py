"""``plaintrack list``: what a bare ``plaintrack`` shows."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import LISTS, columns_option, format_option, items, links_option
from plaintrack.cli.options import QueryCommand, at_option, colour, joined, open_snapshot


@click.command("list", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--view", metavar="NAME", shell_complete=complete.view, help="Use a view from the settings."
)
@columns_option
@click.option("--sort", metavar="FIELDS", help="Sort by these fields, such as due,-urgency.")
@click.option("--group", metavar="FIELD", shell_complete=complete.column, help="Group by a field.")
@click.option("--limit", type=click.IntRange(0), help="Show at most N items.", metavar="N")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Include closed items (implied by a query about states).",
)
@format_option(*LISTS)
@links_option
@at_option
@colour
def command(
    query: tuple[str, ...],
    view: str | None,
    columns: str | None,
    sort: str | None,
    group: str | None,
    limit: int | None,
    everything: bool,
    form: str,
    links: str,
    at: str,
) -> int:
    """List the items that match QUERY, or all open items.

    `--format json` has every field of an item; with `--columns` just these, derived ones too.
    """
    snapshot = open_snapshot(at)
    views = snapshot.settings.views
    chosen = views.get(view) if view else None
    if view and chosen is None:
        raise click.UsageError(
            f"unknown view {view!r}; the views are: {', '.join(views) or 'none'}"
        )
    items(
        snapshot,
        joined(query),
        columns,
        form,
        otherwise=list(chosen.columns) if chosen else None,
        group=group or (chosen.group if chosen else ""),
        links=links,
        within=chosen.query if chosen else "",
        state="" if everything else "open?",
        sort=sort or (chosen.sort if chosen else ""),
        shown=snapshot.settings.sort,
        limit=limit,
    )
    return 0
