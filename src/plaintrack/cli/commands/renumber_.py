"""``plaintrack renumber``: another id for an item."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, show_diff, workspace
from plaintrack.cli.output import out, safe


@click.command("renumber")
@click.argument("item", metavar="ID|PATH", shell_complete=complete.items)
@click.argument("new", required=False, metavar="[NEW]")
@dry_run
def command(item: str, new: str | None, dry_run: bool) -> int:
    """Give an item another id and rewrite the references to it; of two items with one id, name the file."""
    from plaintrack.app import doctor, mend, read
    from plaintrack.app.write import writing

    place = workspace()
    paths = [task.path for task in doctor.all_tasks(place) if task.path == item]
    path = paths[0] if paths else read.locate(place, item)
    with writing(place, f"renumber {item}", dry_run) as writer:
        old, given, referring = mend.renumber(place, writer, path, new)
        name = path.rpartition("/")[2]
        if name.lower().startswith(old.lower()):
            target = f"{path.rpartition('/')[0]}/{given}{name[len(old) :]}"
            if not dry_run:
                writer.move(path, target)
    for each in writer.written if dry_run else ():
        show_diff(each.before, each.after, each.path)
    if not dry_run:
        out(safe(f"{given}  id: {old} → {given}" + (f"; references rewritten in {referring} item{'s' * (referring > 1)}" if referring else "")))
    return 0
