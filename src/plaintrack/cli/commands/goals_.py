"""``plaintrack goals``: what the work is for, and how far that is."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, links_option, say, where
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
from plaintrack.cli.output import note, safe
from plaintrack.render import PROGRAMS


@click.command("goals", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--since",
    metavar="DATE",
    default="",
    help="Show what the work done since this day was for: the share of each goal, by week or month;"
    " QUERY then chooses the work.",
)
@click.option(
    "--per",
    type=click.Choice(["week", "month"]),
    help="With --since: by week or month (by week up to 13 weeks, else by month).",
)
@format_option("table", *DATA)
@links_option
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    since: str,
    per: str | None,
    form: str,
    links: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Show the goals that match QUERY, or the open ones, as a tree: score, health, metric, progress
    and effort; then the open work that serves no goal, and the goals no one works on.

    `plaintrack explain goal-score` defines the score; likewise health, progress, metric, spent,
    alignment and operations.
    """
    from plaintrack.app.snapshot import goals
    from plaintrack.show import goals as shown

    if per and not since:
        raise click.UsageError("--per needs --since DATE")
    snapshot = asked_snapshot(at, portfolio, stale, joined(query))
    whither = where(links, form)
    if since:
        served = goals.alignment(snapshot, joined(query), since, per or "")
        if form in PROGRAMS:
            say(shown.alignment_records(served), form, snapshot)
        elif served.shares or not for_people(form):
            say(shown.alignment(served, snapshot.schema, whither), form, snapshot)
        for line in shown.notes(served):
            note(safe(line))
    else:
        standing = goals.standing(snapshot, joined(query))
        if not standing.rows and for_people(form):
            note("no goals match the query" if query else "no open items of type goal")
        if form in PROGRAMS:
            say(shown.records(standing), form, snapshot)
        else:
            say(shown.goals(standing, snapshot.schema, whither), form, snapshot)
    report_problems(snapshot)
    report_ages(snapshot)
    return 0
