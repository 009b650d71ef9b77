"""``plaintrack stats``: how many of what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import QueryCommand, at_option, joined, open_snapshot, report_problems
from plaintrack.cli.output import note
from plaintrack.model.count import plural


@click.command("stats", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--by",
    "field",
    default="status",
    metavar="FIELD",
    shell_complete=complete.column,
    help="Count by this field (status).",
)
@format_option("table", *DATA)
@at_option
def command(query: tuple[str, ...], field: str, form: str, at: str) -> int:
    """Count the items that match QUERY, or all items, by a field. An item with several values
    counts once for each.
    """
    from plaintrack.app.snapshot import answers
    from plaintrack.app.snapshot.counts import counts
    from plaintrack.show.counts import counts as drawn

    snapshot = open_snapshot(at)
    counted = counts(snapshot, answers.question(snapshot, joined(query)), field)
    broken = answers.broken(snapshot)
    say(drawn(counted, broken), form)
    if form == "json":
        return 0
    if broken and for_people(form):
        note(f"{plural(broken, 'file')} with errors; `plaintrack doctor` lists them")
    report_problems(snapshot)
    return 0
