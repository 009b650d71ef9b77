"""``plaintrack board``: the workflow as columns."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import (
    DATA,
    for_people,
    form_of,
    format_option,
    links_option,
    marks,
    say,
    view_option,
    where,
)
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    colour,
    joined,
    portfolio_options,
    report_ages,
    report_problems,
)

CARDS = 12
"""Cards of a column that people see unless they say otherwise."""


@click.command("board", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"Show at most N items per column (as text {CARDS}, else all).",
)
@format_option("text", *DATA)
@links_option
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    view: str | None,
    limit: int | None,
    form: str,
    links: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Draw the items that match QUERY as a board: one column per status, the most urgent on top."""
    from plaintrack.app.snapshot import answers, views
    from plaintrack.app.snapshot.board import board, of_columns
    from plaintrack.app.snapshot.snapshot import Wanted
    from plaintrack.show.board import board as drawn

    snapshot = asked_snapshot(at, portfolio, stale, joined(query), whole=False)
    chosen = views.view(snapshot, view)
    form = form_of(chosen.format, form, DATA)
    asked = answers.question(
        snapshot, joined(query), within=chosen.query, sort=chosen.sort, shown="-urgency"
    )
    if limit is None and for_people(form):
        limit = CARDS
    snapshot.narrow(asked, Wanted(counted="status" if limit else "", each=limit, rolled=True))
    columns = board(snapshot, asked)
    sums = of_columns(snapshot, columns)
    told = marks(snapshot, asked, form)
    say(drawn(*columns, where(links, form), limit, sums, told), form, snapshot)
    report_problems(snapshot)
    report_ages(snapshot)
    return 0
