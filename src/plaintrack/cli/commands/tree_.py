"""``plaintrack tree``: what is below what, and what waits for what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import at_option, open_snapshot, report_problems
from plaintrack.cli.output import note


@click.command("tree")
@click.argument("items", nargs=-1, metavar="[ID]...", shell_complete=complete.items)
@click.option("--depends", is_flag=True, help="Follow dependencies instead of sub-items.")
@format_option("text", *DATA)
@at_option
def command(items: tuple[str, ...], depends: bool, form: str, at: str) -> int:
    """Draw items with their sub-items, or with their dependencies. Without ids: all trees of the
    workspace.
    """
    from plaintrack.app.snapshot import answers, find
    from plaintrack.app.snapshot.rollup import Rollups
    from plaintrack.app.snapshot.tree import Tree
    from plaintrack.show.tree import tree as drawn

    snapshot = open_snapshot(at)
    tree = Tree(answers.tasks(snapshot, answers.question(snapshot, "sort:created")), depends)
    roots = [find.resolve(snapshot, name) for name in items] or tree.roots()
    if not roots and for_people(form):
        note("no items depend on others" if depends else "no items have sub-items")
    below = None if depends or not roots else Rollups(snapshot).below
    say(drawn((limb for root in roots for limb in tree.limbs(root)), below), form)
    report_problems(snapshot)
    return 0
