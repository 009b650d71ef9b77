"""``plaintrack tick``: check boxes."""

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import out, safe


@click.command("tick")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.argument("steps", nargs=-1, type=click.IntRange(1), metavar="STEP...")
@click.option("--undo", "untick", is_flag=True, help="Untick the steps instead.")
@dry_run
def command(item: str, steps: tuple[int, ...], untick: bool, dry_run: bool) -> int:
    """Tick the steps with these numbers. Without numbers: list the steps."""
    from plaintrack.app.items import tick

    if steps:
        tell(tick.tick(open_workspace(), item, steps, not untick, dry_run))
        return 0
    for number, step in enumerate(tick.steps(open_workspace(), item), 1):
        out(safe(f"{number:3}  [{'x' if step.done else ' '}] {step.text}"))
    return 0
