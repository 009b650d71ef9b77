"""``plaintrack archive``: closed items, moved aside."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import tell, workspace
from plaintrack.cli.output import note, out, safe


@click.command("archive")
@click.argument("items", nargs=-1, metavar="ID...", shell_complete=complete.items)
@click.option(
    "--closed", metavar="QUERY", help="Archive every closed item that the query finds ('' for all)."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be moved, as git shows renames, and move nothing.",
)
def command(items: tuple[str, ...], closed: str | None, dry_run: bool) -> int:
    """Move closed items to the archive folder; their ids stay taken."""
    from plaintrack.app.snapshot import answers, find
    from plaintrack.app.write.session import writing

    place = workspace()
    paths = [find.locate(place, name) for name in items]
    archive = f"{place.settings.archive}/"
    if closed is not None:
        asked = answers.question(place, closed, within="is:closed -is:archived")
        paths += [path for path, _, _ in answers.rows_raw(place, asked)]
    if not paths and closed is None:
        raise click.UsageError("name items, or use --closed QUERY")
    tasks = [find.load(place, path) for path in dict.fromkeys(paths)]
    for task in tasks:
        if not place.schema.closed(task.text("status")):
            raise click.UsageError(
                f"{task.id} is {task.text('status') or 'open'}; only closed items are archived"
            )
    if not tasks:
        note("nothing to archive")
        return 0
    with writing(place, f"archive {' '.join(items) or closed}", dry_run) as writer:
        for task in tasks:
            target = archive + task.path.rpartition("/")[2]
            if task.path.startswith(archive):
                note(safe(f"{task.id} is archived already"))
                continue
            changes = writer.move(task.path, target)
            if dry_run:
                out(safe(f"rename from {task.path}"))
                out(safe(f"rename to {target}"))
            else:
                tell(changes, task.id)
    return 0
