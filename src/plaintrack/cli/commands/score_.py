"""``plaintrack score``: items by a scoring model."""

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
from plaintrack.cli.output import note, safe
from plaintrack.model.count import plural


@click.command("score", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--model",
    metavar="NAME",
    default="",
    shell_complete=complete.model,
    help="Use this scoring model of the settings (the first).",
)
@click.option("--why", is_flag=True, help="Show the inputs of the formula.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show the best N items.")
@format_option("table", *DATA)
@at_option
@colour
def command(
    query: tuple[str, ...], model: str, why: bool, limit: int | None, form: str, at: str
) -> int:
    """Rank the open items that match QUERY by a scoring model, such as WSJF, RICE or ICE.

    An item that lacks an input of the formula is unscored and stands at the end, with what it
    lacks. Models stand under `scores:` in plaintrack.yml; `plaintrack explain wsjf` explains one.
    """
    from plaintrack.app.snapshot import answers
    from plaintrack.app.snapshot.scores import scores
    from plaintrack.show.scores import records, table

    snapshot = open_snapshot(at)
    found = scores(snapshot, answers.question(snapshot, joined(query), state="open?"), model)
    found = found._replace(rows=found.rows[:limit])
    report_problems(snapshot)
    if form == "json":
        say(records(found), form)
        return 0
    if form == "csv":
        say(records(found, flat=True), form)
        return 0
    if not found.rows and for_people(form):
        note("no items")
        return 0
    say(table(found, why), form)
    if for_people(form):
        unscored = sum(each.value is None for each in found.rows)
        note(safe(f"{found.model}: {found.formula}"))
        if unscored:
            note(f"{unscored} of {plural(len(found.rows), 'item')} unscored")
    return 0
