"""``plaintrack list``: what a bare ``plaintrack`` shows."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import (
    LISTS,
    columns_option,
    form_of,
    format_option,
    given,
    items,
    links_option,
    relative_option,
    view_option,
)
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    colour,
    joined,
    portfolio_options,
)


@click.command("list", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
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
@relative_option
@format_option(*LISTS)
@links_option
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    view: str | None,
    columns: str | None,
    sort: str | None,
    group: str | None,
    limit: int | None,
    everything: bool,
    relative: bool,
    form: str,
    links: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """List the items that match QUERY, or all open items; without any argument the view that the
    setting `view` names.

    `--format json` has every field of an item; with `--columns` just these, derived ones too.
    """
    from plaintrack.app.snapshot import views

    snapshot = asked_snapshot(at, portfolio, stale, joined(query), whole=False)
    if snapshot.settings.view and not given() - {"color"} and not query:
        view = snapshot.settings.view
    chosen = views.view(snapshot, view)
    items(
        snapshot,
        joined(query),
        columns,
        form_of(chosen.format, form, LISTS),
        otherwise=list(chosen.columns),
        group=group or chosen.group,
        links=links,
        within=chosen.query,
        state="" if everything else "open?",
        sort=sort or chosen.sort,
        shown=snapshot.settings.sort,
        limit=limit,
        relative=relative,
    )
    return 0
