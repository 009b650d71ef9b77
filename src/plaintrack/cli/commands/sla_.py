"""``plaintrack sla``: how long work may take, what is left, and what was met."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    colour,
    joined,
    open_snapshot,
    report_problems,
)
from plaintrack.render import PROGRAMS


@click.command("sla", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@format_option("table", *DATA)
@at_option
@colour
def command(query: tuple[str, ...], form: str, at: str) -> int:
    """Show the SLAs of the settings: what runs and is left, and the share met by week; of the items
    that match QUERY, or all.

    The formats for programs have all cycles of all items. In queries and columns, `sla.NAME` is the
    percentage of the goal that is used, `sla.NAME.left` what is left and `sla.NAME.state` its
    state. `plaintrack explain sla sla-met` defines them.
    """
    from plaintrack.app.snapshot.sla import report
    from plaintrack.show import sla

    snapshot = open_snapshot(at)
    found = report(snapshot, joined(query))
    length = (snapshot.schema.day, snapshot.schema.week, snapshot.schema.timezone)
    say(sla.records(found, form) if form in PROGRAMS else sla.clocks(found, *length), form)
    report_problems(snapshot)
    return 0
