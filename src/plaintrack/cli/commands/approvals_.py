"""``plaintrack approvals``: who approved what, and what is missing."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    colour,
    joined,
    open_snapshot,
    report_problems,
)
from plaintrack.cli.output import note


@click.command("approvals", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@format_option("table", *DATA)
@at_option
@colour
def command(query: tuple[str, ...], form: str, at: str) -> int:
    """Show the verdicts on the items that match QUERY, else on open ones, and what they need.

    An approval is valid for the content it was given on, and void once that changes. Who wrote it
    is proven by the commits of a change alone: see `plaintrack check --since`.
    """
    from plaintrack.app.snapshot.approvals import approved
    from plaintrack.show.approvals import records, table

    snapshot = open_snapshot(at)
    found = approved(snapshot, joined(query))
    report_problems(snapshot)
    if form in ("json", "csv"):
        say(records(found), form)
        return 0
    if not found and for_people(form):
        note("no verdicts, and nothing that needs one")
        return 0
    say(table(found), form)
    if for_people(form):
        note("author not proven: `plaintrack check --since BASE` proves those that a change brings")
    return 0
