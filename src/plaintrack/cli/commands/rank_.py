"""``plaintrack rank``: the manual order."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import LISTS, columns_option, for_people, format_option, items
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    colour,
    dry_run,
    joined,
    open_snapshot,
    open_workspace,
    refuse,
)
from plaintrack.cli.output import note
from plaintrack.model.count import plural

COLUMNS = ["rank", "id", "title", "status", "priority", "assignee"]


@click.command("rank", cls=QueryCommand)
@click.argument(
    "words",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[ID...|QUERY]",
    shell_complete=complete.query,
)
@click.option(
    "--before",
    metavar="ID",
    shell_complete=complete.items,
    help="Move the items before this one.",
)
@click.option(
    "--after", metavar="ID", shell_complete=complete.items, help="Move the items after this one."
)
@click.option("--top", is_flag=True, help="Move the items to the top.")
@click.option("--bottom", is_flag=True, help="Move the items to the end of the order.")
@click.option(
    "--rebalance",
    is_flag=True,
    help="Give the items that match QUERY short ranks, in the same order.",
)
@dry_run
@columns_option
@format_option(*LISTS)
@at_option
@colour
def command(
    words: tuple[str, ...],
    before: str | None,
    after: str | None,
    top: bool,
    bottom: bool,
    rebalance: bool,
    dry_run: bool,
    columns: str | None,
    form: str,
    at: str,
) -> int:
    """Show the manual order of the open items, or move items in it.

    `rank ID... --before ID` moves items, in the order in which they are named; only their own files
    change. Items without a rank come after all others: before one of them is the end of the order,
    and after one of them ranks it, too. Without an option: list the items that have a rank.
    """
    sides = {"before": before, "after": after, "top": top, "bottom": bottom}
    given = [side for side, value in sides.items() if value]
    if len(given) + rebalance > 1:
        raise click.UsageError("use one of --before, --after, --top, --bottom and --rebalance")
    if not given and not rebalance:
        if dry_run:
            raise click.UsageError("--dry-run needs --before, --after, --top or --bottom")
        return _show(words, columns, form, at)
    if at:
        raise click.UsageError("--at shows an order; it cannot be changed there")
    refuse("a move", "--columns", "--format")
    from plaintrack.app.items import rank
    from plaintrack.cli.answer import tell

    if rebalance:
        tell(rank.rebalance(open_workspace(), joined(words), dry_run))
        return 0
    if not words:
        raise click.UsageError("name the items to move")
    where = rank.Where(given[0], before or after or "")
    tell(rank.move(open_workspace(), [each.strip() for each in words], where, dry_run))
    return 0


def _show(words: tuple[str, ...], columns: str | None, form: str, at: str) -> int:
    from plaintrack.app.snapshot import answers

    snapshot = open_snapshot(at)
    query = joined(words)
    items(
        snapshot,
        query,
        columns,
        form,
        otherwise=COLUMNS,
        within="has:rank",
        state="open?",
        shown="rank",
    )
    if for_people(form):
        others = answers.question(snapshot, query, within="no:rank", state="open?")
        count = len(answers.rows_raw(snapshot, others))
        if count:
            note(f"{plural(count, 'item')} without a rank; `plaintrack list no:rank` lists them")
    return 0
