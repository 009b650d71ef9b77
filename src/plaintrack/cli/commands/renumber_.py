"""``plaintrack renumber``: another id for an item."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace


@click.command("renumber")
@click.argument("item", metavar="ID|PATH", shell_complete=complete.items)
@click.argument("new", required=False, metavar="[NEW]")
@dry_run
def command(item: str, new: str | None, dry_run: bool) -> int:
    """Give an item a new id, and update references to it and its comments. If two items share an
    id, name the file.

    Other places that name the old id, such as views, rules, documents and texts, are listed but not
    changed.
    """
    from plaintrack.app.check.renumber import renumber

    tell(renumber(open_workspace(), item, new, dry_run))
    return 0
