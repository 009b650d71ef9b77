"""``plaintrack owners``: who is asked about what."""

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


@click.command("owners", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--since",
    metavar="REV",
    default="",
    help="Only the items that a change touches, with their owners before and after it: REV...HEAD,"
    " or REV for all up to the work tree.",
)
@format_option("table", *DATA)
@at_option
@colour
def command(query: tuple[str, ...], since: str, form: str, at: str) -> int:
    """Show who owns the items that match QUERY, else the open ones.

    Owners are those of the last rule under `owners:` in plaintrack.yml that fits, else those in the
    field `owner`. JSON also has the people as `reviewers` and the groups as `labels`, for a forge.
    """
    if since and at:
        raise click.UsageError("--since compares with what is here; leave out --at")
    from plaintrack.app.snapshot.approvals import owned
    from plaintrack.show.approvals import owners, owners_of

    snapshot = open_snapshot(at)
    found = owned(snapshot, joined(query), since)
    report_problems(snapshot)
    if form in ("json", "csv"):
        say(owners_of(found), form)
        return 0
    if not found and for_people(form):
        note("no items")
        return 0
    say(owners(found), form)
    return 0
