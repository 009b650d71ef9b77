"""``plaintrack assign``: who works on items."""

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.options import dry_run, open_workspace


@click.command("assign")
@click.argument(
    "words", nargs=-1, required=True, metavar="ID... PERSON", shell_complete=complete.assignees
)
@click.option("--add", is_flag=True, help="Beside those it is assigned to, not instead of them.")
@bulk.where_option
@bulk.yes_option
@dry_run
def command(words: tuple[str, ...], add: bool, where: str | None, yes: bool, dry_run: bool) -> int:
    """Assign items to PERSON: a name, `@ana`, `me`, a team, or several with commas; `none` takes
    the assignees away.
    """
    from plaintrack.app.items.assign import assignment
    from plaintrack.app.items.change import change
    from plaintrack.app.items.target import matching, named

    *items, person = words
    bulk.either(tuple(items), where)
    workspace = open_workspace()
    targets = named(workspace, items) if where is None else matching(workspace, where)
    edits, notes = assignment(workspace, person, add)
    said = " ".join(("assign", *(items if where is None else ("--where", repr(where))), person))
    return bulk.carry_out(
        workspace,
        lambda dry: change(workspace, targets, edits, said, dry, notes=notes),
        where,
        yes,
        dry_run,
    )
