"""``plaintrack start``: a step of the workflow."""

import click

from plaintrack.cli import bulk
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import note, out, safe


@click.command("start")
@bulk.items
@bulk.comment_option
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
@bulk.where_option
@bulk.yes_option
@bulk.force_option
@dry_run
def command(
    items: tuple[str, ...],
    comment: str,
    branch: bool,
    timer: bool | None,
    where: str | None,
    yes: bool,
    force: str,
    dry_run: bool,
) -> int:
    """Start work on items."""
    bulk.either(items, where)
    if branch:
        if len(items) != 1:
            raise click.UsageError("--branch takes exactly one item")
        _switch(items[0], dry_run)
    return bulk.take("start", items, comment, where, yes, force, dry_run, timer)


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
