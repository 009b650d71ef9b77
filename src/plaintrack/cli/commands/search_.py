"""``plaintrack search``: full text over titles and bodies, closed items too."""

import click

from plaintrack.cli.drawing import (
    LISTS,
    columns_option,
    form_of,
    format_option,
    items,
    relative_option,
    view_option,
)
from plaintrack.cli.options import at_option, colour, open_snapshot


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@view_option
@columns_option
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N items.")
@relative_option
@format_option(*LISTS)
@at_option
@colour
def command(
    words: tuple[str, ...],
    view: str | None,
    columns: str | None,
    limit: int | None,
    relative: bool,
    form: str,
    at: str,
) -> int:
    """List the items whose title or body contains all of the WORDS (an argument with spaces is one
    phrase).
    """
    from plaintrack.app.snapshot import answers, views

    snapshot = open_snapshot(at)
    text = answers.phrases(snapshot, words)
    chosen = views.view(snapshot, view)
    items(
        snapshot,
        text,
        columns,
        form_of(chosen.format, form, LISTS),
        otherwise=list(chosen.columns),
        group=chosen.group,
        within=chosen.query,
        sort=chosen.sort,
        shown=snapshot.settings.sort,
        limit=limit,
        relative=relative,
    )
    return 0
