"""``plaintrack comment``: say something on an item."""

import sys

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, show_diff, workspace
from plaintrack.cli.output import out, safe


@click.command("comment")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.argument("words", nargs=-1, metavar="TEXT...")
@dry_run
def command(item: str, words: tuple[str, ...], dry_run: bool) -> int:
    """Comment on an item with TEXT; without it, with what stands on standard input or what you write in your editor."""
    from plaintrack.app import add, read
    from plaintrack.app.write import writing

    place = workspace()
    found = read.resolve(place, item)
    text = " ".join(words)
    if not text:
        text = (click.edit("") or "") if sys.stdin.isatty() else sys.stdin.read()
    if not text.strip():
        raise click.UsageError("the comment is empty; nothing was written")
    with writing(place, f"comment {found}", dry_run) as writer:
        path = add.comment(place, writer, found, text)
        if not dry_run:
            out(safe(f"{found}  comment added  ({path})"))
    if dry_run:
        show_diff(None, writer.written[0].after, path)
    return 0
