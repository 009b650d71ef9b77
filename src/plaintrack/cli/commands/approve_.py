"""``plaintrack approve``: a verdict on an item as it is now."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace


@click.command("approve")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.option(
    "--as",
    "role",
    metavar="GROUP",
    default="",
    shell_complete=complete.people,
    help="Give the verdict in the name of this group alone, or of `owner`.",
)
@click.option("-m", "--message", metavar="TEXT", default="", help="Say why.")
@dry_run
def command(item: str, role: str, message: str, dry_run: bool) -> int:
    """Approve an item as it is now.

    The approval is a file of its own, bound to the content of the item by a digest: once that
    changes, it is void. `approvals:` in plaintrack.yml says what counts as content, and which items
    need whose approval.
    """
    from plaintrack.app.items.approve import decide

    tell(decide(open_workspace(), item, True, role, message, dry_run))
    return 0
