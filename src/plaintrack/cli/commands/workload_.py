"""``plaintrack workload``: what is left against the time there is."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    colour,
    joined,
    portfolio_options,
    report_ages,
    report_problems,
    report_staff,
)
from plaintrack.render import PROGRAMS


@click.command("workload", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--by",
    type=click.Choice(["person", "team", "skill", "equipment", "project"]),
    default="person",
    help="What to add up (person).",
)
@click.option(
    "--per",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    help="The periods (week).",
)
@click.option("--from", "first", metavar="DATE", default="", help="The first day to show (today).")
@click.option(
    "--until",
    "last",
    metavar="DATE",
    default="",
    help="The last day to show (two weeks, eight weeks or half a year ahead).",
)
@click.option("--planned", is_flag=True, help="By the plan instead of by the dates of the items.")
@format_option("table", *DATA, "svg")
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    by: str,
    per: str,
    first: str,
    last: str,
    planned: bool,
    form: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Show the open work that matches QUERY, or all open work, against the time there is for it.

    What is left of each item is spread over the days that its assignee has until it is due; a `!`
    marks more work than time, in the whole period or on one of its days. `plaintrack explain load`
    defines it; likewise capacity and overload. With --planned each item counts on the days, and for
    the people and equipment, that `plaintrack plan` gives it (`plaintrack explain planned-load`).
    """
    from plaintrack.app.snapshot import workload
    from plaintrack.show import workload as shown

    snapshot = asked_snapshot(at, portfolio, stale, joined(query))
    wanted = workload.days(snapshot, per, first, last)
    found = workload.workload(snapshot, joined(query), by, wanted, planned)
    if form in PROGRAMS:
        flat = form != "json"
        document = shown.records(by, per, found.rows, found.unknown, flat, found.planned)
    else:
        document = shown.workload(by, found.rows, found.unknown, found.planned)
    say(document, form, snapshot)
    report_problems(snapshot)
    report_staff(snapshot)
    report_ages(snapshot)
    return 0
