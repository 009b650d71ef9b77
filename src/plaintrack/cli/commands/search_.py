"""``plaintrack search``: full text over titles and bodies, closed items too."""

import click

from plaintrack.cli.drawing import LISTS, columns_option, format_option, items
from plaintrack.cli.options import at_option, colour, open_snapshot


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@columns_option
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N items.")
@format_option(*LISTS)
@at_option
@colour
def command(
    words: tuple[str, ...], columns: str | None, limit: int | None, form: str, at: str
) -> int:
    """List the items whose title or body contains all of the WORDS (an argument with spaces is one
    phrase).
    """
    from plaintrack.app.snapshot import answers

    snapshot = open_snapshot(at)
    text = answers.phrases(snapshot, words)
    items(snapshot, text, columns, form, shown=snapshot.settings.sort, limit=limit)
    return 0
