"""``plaintrack show``: one item, whole."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import (
    DATA,
    columns_option,
    format_option,
    links_option,
    named,
    say,
    where,
)
from plaintrack.cli.options import at_option, colour, open_snapshot, refuse
from plaintrack.cli.output import note, safe
from plaintrack.render import PROGRAMS

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.render.document import Document
    from plaintrack.show.items import Where


@click.command("show")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--why", is_flag=True, help="Explain the urgency and the scores.")
@click.option(
    "--blame",
    is_flag=True,
    help="Show since when and by whom each field has its value, and which commits name the item.",
)
@columns_option
@format_option("text", *DATA)
@links_option
@at_option
@colour
def command(
    items: tuple[str, ...],
    why: bool,
    blame: bool,
    columns: str | None,
    form: str,
    links: str,
    at: str,
) -> int:
    """Show items: fields, derived values, dependencies in both directions, sub-items, comments and
    body; with `--columns` just these.

    `--format json` has the fields of an item, where it stands (`state`, `blocked`, `progress` …)
    and `links` with the items that it leads to.
    """
    from plaintrack.app.snapshot import find
    from plaintrack.app.snapshot.detail import detail
    from plaintrack.show.detail import details, records

    if columns:
        refuse("--columns", "--why", "--blame")
    whither = where(links, form)
    if blame and form in PROGRAMS:
        raise click.UsageError(f"--blame cannot be used with --format {form}")
    snapshot = open_snapshot(at)
    if columns:
        paths = [find.locate(snapshot, name) for name in items]
        say(_columns(snapshot, paths, columns, form, whither), form)
        return 0
    tasks = [find.view(snapshot, find.locate(snapshot, name)) for name in items]
    found = [detail(snapshot, task, blame, form in PROGRAMS) for task in tasks]
    if form in PROGRAMS:
        say(records(found, why), form)
        return 0
    say(details(found, why, whither), form)
    for comment in (comment for each in found for comment in each.comments):
        if comment.problem:
            note(safe(f"plaintrack: {comment.problem.place}: {comment.problem.message}"))
    return 0


def _columns(
    snapshot: "Snapshot", paths: list[str], columns: str, form: str, whither: "Where | None"
) -> "Document":
    """Items as rows, in the order in which they were named."""
    from plaintrack.app.snapshot import listing
    from plaintrack.model.listing import Listing
    from plaintrack.show.items import table

    names = named(snapshot, columns)
    rows = listing.of_files(snapshot, paths, names, form == "json")
    found = Listing(names, [rows[path] for path in paths], paths if whither else None)
    return table(found, whither)
