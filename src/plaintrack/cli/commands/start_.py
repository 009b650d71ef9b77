"""``plaintrack start``: a step of the workflow."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import note, out, safe


@click.command("start")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option(
    "--branch",
    is_flag=True,
    help="Switch to a branch named after the item, created if needed.",
)
@click.option(
    "--timer/--no-timer",
    default=None,
    help="Start the timer on it, or not (as `time: {timer: ...}` says).",
)
@dry_run
def command(items: tuple[str, ...], branch: bool, timer: bool | None, dry_run: bool) -> int:
    """Start work on items."""
    from plaintrack.app.items.workflow import move

    if branch:
        if len(items) != 1:
            raise click.UsageError("--branch takes exactly one item")
        _switch(items[0], dry_run)
    tell(move(open_workspace(), "start", items, dry_run, timer))
    return 0


def _switch(item: str, dry: bool) -> None:
    """Switch to the item's branch, and say so."""
    from plaintrack.app.git.branches import switch

    switched = switch(open_workspace(), item, dry)
    if switched is None:
        return
    if dry:
        note(safe(f"would switch to branch {switched.branch}"))
    else:
        new = "the new " if switched.made else ""
        out(safe(f"switched to {new}branch {switched.branch}"))
