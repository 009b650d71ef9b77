"""``plaintrack delete``: files gone (until ``undo``)."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import tell, workspace
from plaintrack.cli.output import confirmed, note, out, safe


@click.command("delete")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def command(items: tuple[str, ...], yes: bool, dry_run: bool) -> int:
    """Delete items and their comments; `undo` brings them back."""
    from plaintrack.app.items import comment
    from plaintrack.app.snapshot import detail, find
    from plaintrack.app.write.session import writing

    place = workspace()
    tasks = [
        find.load(place, path) for path in dict.fromkeys(find.locate(place, name) for name in items)
    ]
    for task in tasks:
        for heading, lines in detail.related(place, task.id):
            if heading != "Depends on":
                note(
                    safe(
                        f"{task.id} still {heading.lower()}: "
                        + ", ".join(line.split()[0] for line in lines)
                    )
                )
    if dry_run:
        for task in tasks:
            for path in (task.path, *comment.comments(place, task.id)):
                out(safe(f"would delete {path}"))
        return 0
    if not yes and not confirmed(f"Delete {', '.join(task.id for task in tasks)}?"):
        return 1
    with writing(place, f"delete {' '.join(items)}") as writer:
        for task in tasks:
            changes = writer.delete(task.path)
            for path in comment.comments(place, task.id):
                writer.delete(path)
            tell(changes, task.id)
    return 0
