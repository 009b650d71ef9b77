"""``plaintrack set``: change fields."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, show_diff, tell, workspace
from plaintrack.cli.output import out


@click.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="ID... FIELD=VALUE...", shell_complete=complete.assignments)
@click.option("--where", metavar="QUERY", help="Change every item that the query finds.")
@click.option("--yes", is_flag=True, help="With --where: do not ask.")
@dry_run
def command(words: tuple[str, ...], where: str | None, yes: bool, dry_run: bool) -> int:
    """Change fields: field=value, field+=value, field-=value, field= (unset)."""
    from plaintrack.app import read
    from plaintrack.app.assign import edits, is_assignment
    from plaintrack.app.write import writing

    place = workspace()
    wanted = edits(place, [word for word in words if is_assignment(word)])
    names = [word for word in words if not is_assignment(word)]
    if not wanted or bool(names) == bool(where):
        raise click.UsageError("name items (or --where QUERY) and at least one field=value")
    paths = [read.locate(place, name) for name in names]
    if where:
        paths = [path for path, _, _ in read.rows_raw(place, read.question(place, where))]
        if not dry_run and not yes:
            for path in paths:
                out(path)
            click.confirm(f"Change {len(paths)} items?", abort=True, err=True)
    with writing(place, f"set {' '.join(words)}", dry_run) as writer:
        for path in dict.fromkeys(paths):
            changes = writer.edit(path, wanted)
            if not dry_run:
                tell(changes, changes[0].id if changes else path)
    if dry_run:
        for each in writer.written:
            show_diff(each.before, each.after, each.path)
    return 0
