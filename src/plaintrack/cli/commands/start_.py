"""``plaintrack start``: a step of the workflow."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, workspace
from plaintrack.cli.output import note, out, safe
from plaintrack.cli.workflow import move


@click.command("start")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option(
    "--branch",
    is_flag=True,
    help="Work on a branch named after the item: switch to it, made if need be.",
)
@dry_run
def command(items: tuple[str, ...], branch: bool, dry_run: bool) -> int:
    """Start work on items."""
    if branch:
        if len(items) != 1:
            raise click.UsageError("--branch takes one item")
        _switch(items[0], dry_run)
    return move("start", "active", items, dry_run)


def _switch(item: str, dry: bool) -> None:
    """Switch to the item's branch; what is not committed comes along as with `git switch`."""
    from plaintrack.app.git.branches import branch_name
    from plaintrack.app.git.commit import told
    from plaintrack.app.snapshot import find

    place = workspace()
    name = branch_name(find.load(place, find.locate(place, item)))
    if place.repo.branch == name:
        return
    if dry:
        note(safe(f"would switch to the branch {name}"))
        return
    with told(place):
        made = place.repo.switch(name)
    out(safe(f"switched to {'the new ' if made else ''}branch {name}"))
