"""``plaintrack tree``: what is below what, and what waits for what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import at_option, report_problems, snapshot
from plaintrack.cli.output import note, out, safe


@click.command("tree")
@click.argument("items", nargs=-1, metavar="[ID]...", shell_complete=complete.items)
@click.option("--depends", is_flag=True, help="Follow dependencies instead of sub-items.")
@at_option
def command(items: tuple[str, ...], depends: bool, at: str) -> int:
    """Draw items with their sub-items, or with their dependencies. Without ids: all trees of the
    workspace.
    """
    from plaintrack.app.snapshot import answers, find
    from plaintrack.app.snapshot.tree import Tree

    place = snapshot(at)
    tree = Tree(answers.tasks(place, answers.question(place, "sort:created")), depends)
    roots = [find.resolve(place, name) for name in items] or tree.roots()
    if not roots:
        note("no items depend on others" if depends else "no items have sub-items")
    for root in roots:
        for line in tree.draw(root):
            out(safe(line))
    report_problems(place)
    return 0
