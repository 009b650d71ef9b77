"""``plaintrack equipment``: units, maintenance, and what needs it."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option
from plaintrack.cli.options import at_option, colour, dry_run
from plaintrack.cli.staff import new_option, run


@click.command("equipment")
@click.argument(
    "words", nargs=-1, metavar="[NAME]... [FIELD=VALUE]...", shell_complete=complete.equipment
)
@new_option
@dry_run
@format_option("table", *DATA)
@at_option
@colour
def command(words: tuple[str, ...], new: bool, dry_run: bool, form: str, at: str) -> int:
    """Show equipment: units, the time there is in the coming weeks, maintenance, and the open
    work that needs it; with a NAME in full.

    With FIELD=VALUE change its file: `equipment van 'maintenance+=2026-12-01 oil'` puts a line in
    by its date.
    """
    return run("equipment", words, new, dry_run, form, at)
