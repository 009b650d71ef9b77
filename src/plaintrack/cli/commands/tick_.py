"""``plaintrack tick``: check boxes."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, show_diff, tell, workspace
from plaintrack.cli.output import out, safe


@click.command("tick")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.argument("steps", nargs=-1, type=click.IntRange(1), metavar="STEP...")
@click.option("--undo", "untick", is_flag=True, help="Untick instead.")
@dry_run
def command(item: str, steps: tuple[int, ...], untick: bool, dry_run: bool) -> int:
    """Tick the steps with these numbers; without numbers, list the steps."""
    from plaintrack.app.snapshot import find
    from plaintrack.app.write.session import writing
    from plaintrack.model.edit import Tick

    place = workspace()
    path = find.locate(place, item)
    task = find.load(place, path)
    if not steps:
        for number, step in enumerate(task.steps, 1):
            out(safe(f"{number:3}  [{'x' if step.done else ' '}] {step.text}"))
        return 0
    with writing(place, f"tick {task.id}", dry_run) as writer:
        changes = writer.edit(path, [Tick(number, not untick) for number in steps])
        if not dry_run:
            tell(changes, task.id)
    for each in writer.written if dry_run else ():
        show_diff(each.before, each.after, each.path)
    return 0
