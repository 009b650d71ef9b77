"""``plaintrack history``: the values a field had."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import workspace
from plaintrack.cli.output import encoded, note, out, safe, width


@click.command("history")
@click.argument("field", metavar="FIELD", shell_complete=complete.field)
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="Output format.",
)
def command(field: str, item: str, form: str) -> int:
    """Show the values of a FIELD of an item over time: since when, how long, by whom, in which
    commit.
    """
    from plaintrack.app.snapshot import answers, history, log

    place = workspace()
    known = history.history(place)
    name = answers.field(place, field)
    found = history.values(place, known, log.items(place, known, (item,))[0], name)
    if form == "json":
        out(encoded({"schema": 1, "values": [each._asdict() for each in found]}, indent=2))
        return 0
    if not found:
        note(f"no values: {name} was never set")
        return 1
    from plaintrack.render.table import draw

    rows = [
        (
            safe(each.value or "(none)"),
            each.since[:16].replace("T", " "),
            _days(each.since, each.until or place.now.isoformat()),
            safe(each.by),
            each.commit[:10],
        )
        for each in found
    ]
    for line in draw([name.upper(), "SINCE", "FOR", "BY", "COMMIT"], rows, width(), 0):
        out(line)
    return 0


def _days(since: str, until: str) -> str:
    """How long it was from one moment to another: hours below two days, else days."""
    from datetime import datetime

    hours = max(
        0.0, (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds() / 3600
    )
    return f"{hours:.0f}h" if hours < 48 else f"{hours / 24:.0f}d"
