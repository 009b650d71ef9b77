"""``plaintrack renumber``: another id for an item."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, left, show_diff, workspace
from plaintrack.cli.output import out, safe


@click.command("renumber")
@click.argument("item", metavar="ID|PATH", shell_complete=complete.items)
@click.argument("new", required=False, metavar="[NEW]")
@dry_run
def command(item: str, new: str | None, dry_run: bool) -> int:
    """Give an item another id, and take its references and comments along; of two items with one
    id, name the file.

    What else names the old id, such as views, rules, documents and texts, is listed and stays as it
    is.
    """
    from plaintrack.app.check import doctor
    from plaintrack.app.check.renumber import renumber
    from plaintrack.app.snapshot import find
    from plaintrack.app.write.session import writing

    place = workspace()
    paths = [task.path for task in doctor.all_tasks(place) if task.path == item]
    path = paths[0] if paths else find.locate(place, item)
    with writing(place, f"renumber {item}", dry_run) as writer:
        done = renumber(place, writer, path, new)
    for each in writer.written if dry_run else ():
        show_diff(each.before, each.after, each.path)
    if not dry_run:
        out(safe(f"{done.new}  {done.describe()}"))
    left(place, done, {each.path for each in writer.written} if dry_run else set())
    return 0
