"""``plaintrack tree``: what is below what, and what waits for what."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import (
    DATA,
    for_people,
    form_of,
    format_option,
    marks,
    named,
    say,
    view_option,
)
from plaintrack.cli.options import at_option, open_snapshot, report_problems
from plaintrack.cli.output import note
from plaintrack.render import PROGRAMS

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.model.answer import Limb
    from plaintrack.render.document import Document


@click.command("tree")
@click.argument("items", nargs=-1, metavar="[ID]...", shell_complete=complete.items)
@view_option
@click.option("--depends", is_flag=True, help="Follow dependencies instead of sub-items.")
@click.option(
    "--columns",
    metavar="NAMES",
    shell_complete=complete.column,
    help="With --format json or csv: give these fields, separated by commas, beside the level.",
)
@format_option("text", *DATA)
@at_option
def command(
    items: tuple[str, ...],
    view: str | None,
    depends: bool,
    columns: str | None,
    form: str,
    at: str,
) -> int:
    """Draw items with their sub-items, or with their dependencies. Without ids: the items of the
    view, or all trees of the workspace.
    """
    if items and view is not None:
        raise click.UsageError("give items or --view")
    from plaintrack.app.snapshot import answers, find, views
    from plaintrack.app.snapshot.rollup import Rollups
    from plaintrack.app.snapshot.tree import Tree
    from plaintrack.show.tree import tree as drawn

    snapshot = open_snapshot(at)
    everything = answers.question(snapshot, "sort:created")
    tree = Tree(answers.tasks(snapshot, everything), depends, snapshot.settings.elsewhere)
    if view is None:
        roots = [find.resolve(snapshot, name) for name in items] or tree.roots()
    else:
        chosen = views.view(snapshot, view)
        form = form_of(chosen.format, form, DATA)
        asked = answers.question(snapshot, "", within=chosen.query, sort=chosen.sort)
        roots = tree.tops([item.lower() for _, item, _ in answers.rows_raw(snapshot, asked)])
    if columns and form not in PROGRAMS:
        raise click.UsageError("--columns needs --format json or csv")
    if not roots and for_people(form):
        none = "no items depend on others" if depends else "no items have sub-items"
        note(none if view is None else "no items")
    limbs = (limb for root in roots for limb in tree.limbs(root))
    if columns:
        say(_columns(snapshot, list(limbs), columns, form == "json"), form)
        report_problems(snapshot)
        return 0
    below = None if depends or not roots else Rollups(snapshot).below
    say(drawn(limbs, below, marks(snapshot, everything, form)), form)
    report_problems(snapshot)
    return 0


def _columns(snapshot: "Snapshot", limbs: "list[Limb]", columns: str, typed: bool) -> "Document":
    """The lines of trees as rows: the level, and these fields of the item."""
    from plaintrack.app.snapshot import listing
    from plaintrack.show.tree import table

    names = named(snapshot, columns)
    paths = [limb.task.path for limb in limbs if limb.task]
    return table(limbs, names, listing.of_files(snapshot, paths, names, typed))
