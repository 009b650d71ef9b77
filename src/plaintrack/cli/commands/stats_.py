"""``plaintrack stats``: how many of what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, form_of, format_option, say, view_option
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    joined,
    portfolio_options,
    report_ages,
    report_problems,
)
from plaintrack.cli.output import note
from plaintrack.model.count import plural


@click.command("stats", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
@click.option(
    "--by",
    "field",
    default="",
    metavar="FIELD",
    shell_complete=complete.column,
    help="Count by this field (status).",
)
@click.option(
    "--sum",
    "summed",
    default="",
    metavar="FIELD",
    shell_complete=complete.column,
    help="Add up a field: estimate, left, spent, or any field with numbers.",
)
@format_option("table", *DATA)
@at_option
@portfolio_options
def command(
    query: tuple[str, ...],
    view: str | None,
    field: str,
    summed: str,
    form: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Count the items that match QUERY, or all items, by a field. An item with several values
    counts once for each, and once in the total. Sums of estimate, left and spent add no work
    twice: see `plaintrack explain roll-up`.
    """
    from plaintrack.app.snapshot import answers, views
    from plaintrack.app.snapshot.counts import counts
    from plaintrack.app.snapshot.snapshot import Wanted
    from plaintrack.app.snapshot.sums import ROLLED
    from plaintrack.show.counts import counts as drawn

    snapshot = asked_snapshot(at, portfolio, stale, joined(query), whole=False)
    chosen = views.view(snapshot, view)
    form = form_of(chosen.format, form, DATA)
    asked = answers.question(snapshot, joined(query), within=chosen.query)
    by = field or chosen.group or "status"
    if summed:
        told = [answers.field(snapshot, each) for each in (by, summed)]
        told = [each for each in told if each not in ROLLED]
        snapshot.narrow(asked, Wanted(told, rolled=True))
    else:
        snapshot.narrow(asked, Wanted(counted=answers.field(snapshot, by)))
    counted = counts(snapshot, asked, by, summed)
    broken = answers.broken(snapshot)
    say(drawn(counted, broken), form, snapshot)
    if form == "json":
        return 0
    if broken and for_people(form):
        note(f"{plural(broken, 'file')} with errors; `plaintrack doctor` lists them")
    report_problems(snapshot)
    report_ages(snapshot)
    return 0
