"""``plaintrack export``: the work in formats of other programs."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import view_option
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    joined,
    open_snapshot,
    report_problems,
)
from plaintrack.cli.output import note, out, safe


@click.command("export", cls=QueryCommand)
@click.argument("_form", metavar="ical", type=click.Choice(["ical"]))
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
@click.option(
    "--what",
    metavar="NAMES",
    default="due,planned,milestones,leave",
    help="Export these, separated by commas (due,planned,milestones,leave).",
)
@click.option("--output", metavar="FILE", default="", help="Write to FILE.")
@click.option(
    "--vdir",
    metavar="DIR",
    default="",
    help="Write a file for each entry into DIR, as todoman, khal and vdirsyncer keep them; only"
    " what differs is written.",
)
@at_option
def command(
    _form: str,
    query: tuple[str, ...],
    view: str | None,
    what: str,
    output: str,
    vdir: str,
    at: str,
) -> int:
    """Export the open items that match QUERY, or all, as a calendar: due dates as to-dos, planned
    work and milestones as events, and the leave of people, without its type unless the settings
    say `site: {private: true}`. It needs the extra `ical`.
    """
    from plaintrack.app.reporting import calendar
    from plaintrack.app.snapshot import views

    if output and vdir:
        raise click.UsageError("--output is one file, --vdir a folder of files; choose one")
    snapshot = open_snapshot(at)
    parts = [each.strip() for each in what.split(",") if each.strip()]
    within = views.view(snapshot, view).query
    if vdir:
        made = calendar.vdir(snapshot, joined(query), parts, vdir, within)
        counts = f"{made.written} written, {made.same} unchanged, {made.removed} removed"
        out(safe(f"{vdir}: {counts}"))
        report_problems(snapshot)
        return 0
    data = calendar.ical(snapshot, joined(query), parts, within)
    if output:
        try:
            with open(output, "wb") as handle:
                handle.write(data)
        except OSError as error:
            raise click.UsageError(f"cannot write {output}: {error.strerror}") from error
        note(safe(f"wrote {output}"))
    else:
        for line in data.decode().replace("\r\n", "\n").rstrip("\n").split("\n"):
            out(line)
    report_problems(snapshot)
    return 0
