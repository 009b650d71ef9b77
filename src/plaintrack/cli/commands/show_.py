"""``plaintrack show``: one item, whole."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option, links_option, say, where
from plaintrack.cli.options import at_option, colour, open_snapshot
from plaintrack.cli.output import colours, note, out, safe, width
from plaintrack.render import PROGRAMS, draw


@click.command("show")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--why", is_flag=True, help="Explain the urgency and the scores.")
@click.option(
    "--blame",
    is_flag=True,
    help="Show since when and by whom each field has its value, and which commits name the item.",
)
@format_option("text", *DATA)
@links_option
@at_option
@colour
def command(items: tuple[str, ...], why: bool, blame: bool, form: str, links: str, at: str) -> int:
    """Show items: fields, derived values, dependencies in both directions, sub-items, comments and
    body.
    """
    from plaintrack.app.snapshot import find
    from plaintrack.app.snapshot.detail import detail
    from plaintrack.show.detail import details, records

    whither = where(links, form)
    if blame and form in PROGRAMS:
        raise click.UsageError(f"--blame cannot be used with --format {form}")
    snapshot = open_snapshot(at)
    tasks = [find.view(snapshot, find.locate(snapshot, name)) for name in items]
    found = [detail(snapshot, task, blame) for task in tasks]
    if form in PROGRAMS:
        say(records(found, why), form)
        return 0
    document = details(found, why, whither)
    for line in draw(document, form, width(), colours()):
        out(line)
    for comment in (comment for each in found for comment in each.comments):
        if comment.problem:
            note(safe(f"plaintrack: {comment.problem.place}: {comment.problem.message}"))
    return 0
