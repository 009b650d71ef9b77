"""``plaintrack sync``: fetch, integrate, push."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.git.sync import Traffic
    from plaintrack.app.snapshot.workspace import Workspace


@click.command("sync")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Fetch and show what would come in and go out; change no branch.",
)
def command(dry_run: bool) -> int:
    """Fetch the upstream of this branch, merge it or rebase on it (as git is configured), and push;
    never by force.

    What came in and is yours is named: what others did to items, or said of them, that you are the
    assignee or owner of, watch, or have changed, too. Edits of different fields of one item are
    merged. On any conflict or failure, everything is left as it was.
    """
    from plaintrack.app.git.sync import sync, yours

    workspace = open_workspace()
    found = sync(workspace, dry_run)
    if not found.incoming.commits and not found.outgoing.commits:
        names = dict.fromkeys((found.upstream, found.target))
        out(safe(f"up to date with {' and '.join(names)}"))
        return 0
    would = "would come in" if dry_run else "in", "would go out" if dry_run else "out"
    _tell(workspace, f"{would[0]} from {found.upstream}", found.incoming)
    for item, why in yours(workspace, found):
        out(safe(f"  yours: {item} ({why})"))
    _tell(workspace, f"{would[1]} to {found.target}", found.outgoing)
    return 0


def _tell(workspace: "Workspace", heading: str, traffic: "Traffic") -> None:
    """The commits and items that go one way, in field terms."""
    from plaintrack.app.git.commit import events
    from plaintrack.app.snapshot.review import grouped

    if not traffic.commits:
        return
    counts = ", ".join(
        f"{len(some)} {name.lower()}" for name, some in grouped(traffic.items, workspace.schema)
    )
    out(safe(f"{heading}: {plural(traffic.commits, 'commit')}, {counts or 'no items changed'}"))
    for item in traffic.items:
        title = f"{item.title}  " if item.title else ""
        out(safe(f"  {item.id or item.path}  {title}{events(item, titled=title != '')}"))
