"""``plaintrack search``: full text over titles and bodies, closed items too."""

import click

from plaintrack.cli.options import workspace


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(0), help="At most so many items.")
def command(words: tuple[str, ...], limit: int | None) -> int:
    """List the items whose title or body holds each of the WORDS (an argument with blanks is one phrase)."""
    from plaintrack.cli.commands.list_ import show

    place = workspace()
    text = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    show(place, text, list(place.settings.columns), sort=place.settings.sort, limit=limit)
    return 0
