"""``plaintrack people``: time, leave, and what they do."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option
from plaintrack.cli.options import at_option, colour, dry_run
from plaintrack.cli.staff import new_option, run


@click.command("people")
@click.argument(
    "words", nargs=-1, metavar="[NAME]... [FIELD=VALUE]...", shell_complete=complete.people
)
@new_option
@dry_run
@format_option("table", *DATA)
@at_option
@colour
def command(words: tuple[str, ...], new: bool, dry_run: bool, form: str, at: str) -> int:
    """Show people: their time in the coming weeks, leave, and the open work assigned to
    them; with a NAME, of a person or team, in full: balance of leave, hours, rate, each item.

    With FIELD=VALUE change the file of the person: `people ana 'leave+=2026-12-09 pm sick'` puts a
    line in by its date, `people ana leave-=2026-12-09` takes it out.
    """
    return run("people", words, new, dry_run, form, at)
