"""``plaintrack archive``: closed items, moved aside."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import tell, workspace
from plaintrack.cli.output import out


@click.command("archive")
@click.argument("items", nargs=-1, metavar="ID...", shell_complete=complete.items)
@click.option("--closed", metavar="QUERY", help="Archive every closed item that the query finds ('' for all).")
@click.option("--dry-run", is_flag=True, help="Say what would be moved, and move nothing.")
def command(items: tuple[str, ...], closed: str | None, dry_run: bool) -> int:
    """Move closed items to the archive folder; their ids stay taken."""
    from plaintrack.app import read
    from plaintrack.app.write import writing

    place = workspace()
    paths = [read.locate(place, name) for name in items]
    if closed is not None:
        text = f"({closed}) is:closed -is:archived" if closed else "is:closed -is:archived"
        paths += [path for path, _, _ in read.rows_raw(place, read.question(place, text))]
    if not paths:
        raise click.UsageError("name items, or use --closed QUERY")
    with writing(place, "archive", dry_run) as writer:
        for path in dict.fromkeys(paths):
            task = read.load(place, path)
            target = f"{place.settings.archive}/{path.rpartition('/')[2]}"
            if path == target:
                continue
            if not place.schema.closed(task.text("status")):
                raise click.UsageError(f"{task.id} is {task.text('status') or 'open'}; only closed items are archived")
            changes = writer.move(path, target)
            if dry_run:
                out(f"{task.id}  would be moved to {target}")
            else:
                tell(changes, task.id)
    return 0
