"""``plaintrack log``: what happened."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import format_option, say_lazily
from plaintrack.cli.options import QueryCommand, open_workspace
from plaintrack.cli.output import note
from plaintrack.render import PROGRAMS


@click.command("log", cls=QueryCommand)
@click.argument(
    "query",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[ID|QUERY]...",
    shell_complete=complete.items,
)
@click.option(
    "--field",
    metavar="NAME",
    default="",
    shell_complete=complete.field,
    help="Show only changes of this field.",
)
@click.option(
    "--by",
    metavar="WHO",
    default="",
    help="Show only changes by this author: me, a name, an e-mail address, or a short name"
    " from `people:`.",
)
@click.option("--since", metavar="DATE", default="", help="Show only changes since this day.")
@click.option(
    "--until", metavar="DATE", default="", help="Show only changes up to and including this day."
)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N commits.")
@click.option("--patch", "-p", is_flag=True, help="Also show the changed lines of the files.")
@format_option("text", "json", "jsonl", "csv", "markdown")
def command(
    query: tuple[str, ...],
    field: str,
    by: str,
    since: str,
    until: str,
    limit: int | None,
    patch: bool,
    form: str,
) -> int:
    """Show what happened to items, latest first: to those named by ID (also deleted ones), to those
    that match QUERY, or to all.

    Uncommitted changes come first.
    """
    from plaintrack.app.snapshot.log import happened, log, records
    from plaintrack.show import history

    if patch and form in PROGRAMS:
        raise click.UsageError(f"--patch cannot be used with --format {form}")
    workspace = open_workspace()
    found = log(workspace, query, field, by, since, until, limit)
    if found.nothing:
        note("no items match the query")
    if found.shallow:
        note(
            "this is a shallow clone; its history is incomplete (`git fetch --unshallow`"
            " fetches the rest)"
        )
    if form in PROGRAMS:
        document = history.changes(records(workspace, found))
    else:
        document = history.log(happened(workspace, found, patch), found.named)
    if not say_lazily(document, form) and not found.nothing:
        note("no changes")
    return 0
