"""``plaintrack search``: full text over titles and bodies, closed items too."""

import click

from plaintrack.cli.options import at_option, colour, snapshot


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N items.")
@at_option
@colour
def command(words: tuple[str, ...], limit: int | None, at: str) -> int:
    """List the items whose title or body contains all of the WORDS (an argument with spaces is one
    phrase).
    """
    from plaintrack.cli.commands.list_ import show

    place = snapshot(at)
    from plaintrack.app.snapshot import answers

    quoted = ('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    text = " ".join(
        f"id:{each}" if answers.is_item(place, word) else each
        for word, each in zip(words, quoted, strict=True)
    )
    show(place, text, list(place.settings.columns), shown=place.settings.sort, limit=limit)
    return 0
