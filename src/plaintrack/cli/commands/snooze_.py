"""``plaintrack snooze``: items put off until a day."""

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.options import dry_run, open_workspace


@click.command("snooze")
@click.argument(
    "words", nargs=-1, required=True, metavar="ID... DAY", shell_complete=complete.items
)
@bulk.where_option
@bulk.yes_option
@dry_run
def command(words: tuple[str, ...], where: str | None, yes: bool, dry_run: bool) -> int:
    """Set `wait` of items: they are not ready before DAY, such as `fri`, `+2w` or 2026-12-01;
    `none` wakes them.
    """
    from plaintrack.app.items.assign import edit
    from plaintrack.app.items.change import change
    from plaintrack.app.items.target import matching, named

    *items, day = words
    bulk.either(tuple(items), where)
    workspace = open_workspace()
    targets = named(workspace, items) if where is None else matching(workspace, where)
    edits = (edit(workspace, f"wait={'' if day == 'none' else day}"),)
    said = " ".join(("snooze", *(items if where is None else ("--where", repr(where))), day))
    return bulk.carry_out(
        workspace,
        lambda dry: change(workspace, targets, edits, said, dry),
        where,
        yes,
        dry_run,
    )
