"""``plaintrack set``: change fields."""

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import confirmed, note, safe
from plaintrack.model.count import plural


@click.command("set", context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    nargs=-1,
    required=True,
    metavar="ID... FIELD=VALUE...",
    shell_complete=complete.assignments,
)
@click.option(
    "--where",
    metavar="QUERY",
    shell_complete=complete.query,
    help="Change every item that matches QUERY.",
)
@click.option(
    "--view",
    metavar="NAME",
    shell_complete=complete.view,
    help="Change every item of a view (that matches QUERY, too).",
)
@bulk.yes_option
@bulk.force_option
@dry_run
def command(
    words: tuple[str, ...],
    where: str | None,
    view: str | None,
    yes: bool,
    force: str,
    dry_run: bool,
) -> int:
    """Change fields: field=value, field+=value, field-=value, field= (unset).

    `due+=3d` and `due-=1w` move a date from where it is. As in `add`, `pri:high`, `+auth`, `@ana`
    and `in:7k3` are understood, too.

    Lists take several values, separated by commas; put a value that contains a comma in double
    quotes: 'assignee="Doe, Jane",bob'.
    """
    from plaintrack.app.items.capture import changes, sets
    from plaintrack.app.items.change import change
    from plaintrack.app.items.target import matching, named
    from plaintrack.app.snapshot import views

    workspace = open_workspace()
    wanted = changes(workspace, [word for word in words if sets(word)])
    names = [word for word in words if not sets(word)]
    asked = where is not None or view is not None
    if not wanted or bool(names) == asked:
        raise click.UsageError("give items (or --where QUERY) and at least one field=value")
    if not asked:
        tell(
            change(
                workspace, named(workspace, names), wanted, f"set {' '.join(words)}", dry_run, force
            )
        )
        return 0
    targets = matching(workspace, where or "", views.view(workspace, view).query)
    if not targets:
        note("nothing to change: no items match the query")
        return 0
    if not (dry_run or yes):
        planned = change(workspace, targets, wanted, dry=True, force=force)
        changed = [item for item in planned.items if item.changes]
        for line in bulk.preview(workspace, planned):
            note(safe(line))
        if not confirmed(f"Change {len(changed)} of {plural(len(targets), 'item')}?"):
            return 1
    given = (
        (name, text) for name, text in (("--where", where), ("--view", view)) if text is not None
    )
    said = " ".join(("set", *(f"{name} {text!r}" for name, text in given), *words))
    tell(change(workspace, targets, wanted, said, dry_run, force))
    return 0
