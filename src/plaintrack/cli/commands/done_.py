"""``plaintrack done``: a step of the workflow."""

import click

from plaintrack.cli import bulk
from plaintrack.cli.options import dry_run, open_workspace


@click.command("done")
@bulk.items
@bulk.comment_option
@bulk.where_option
@bulk.yes_option
@bulk.force_option
@dry_run
def command(
    items: tuple[str, ...], comment: str, where: str | None, yes: bool, force: str, dry_run: bool
) -> int:
    """Close items as done."""
    from plaintrack.app.items.workflow import move

    bulk.either(items, where)
    workspace = open_workspace()
    return bulk.carry_out(
        workspace,
        lambda dry: move(workspace, "done", items, dry, None, comment, force, where),
        where,
        yes,
        dry_run,
    )
