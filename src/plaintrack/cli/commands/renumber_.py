"""``plaintrack renumber``: another id for an item."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, workspace


@click.command("renumber")
@click.argument("item", metavar="ID|PATH", shell_complete=complete.items)
@click.argument("new", required=False, metavar="[NEW]")
@dry_run
def command(item: str, new: str | None, dry_run: bool) -> int:
    """Give an item another id, and take its references and comments along; of two items with one
    id, name the file.

    What else names the old id, such as views, rules, documents and texts, is listed and stays as it
    is.
    """
    from plaintrack.app.check.renumber import renumber

    tell(renumber(workspace(), item, new, dry_run))
    return 0
