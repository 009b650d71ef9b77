"""``plaintrack stats``: how many of what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, at_option, joined, report_problems, snapshot
from plaintrack.cli.output import encoded, note, out, safe, width
from plaintrack.model.count import plural


@click.command("stats", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--by",
    "field",
    default="status",
    metavar="FIELD",
    shell_complete=complete.field,
    help="Count by this field (status).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="Output format.",
)
@at_option
def command(query: tuple[str, ...], field: str, form: str, at: str) -> int:
    """Count the items that match QUERY, or all items, by a field. An item with several values
    counts once for each.
    """
    from collections import Counter

    from plaintrack.app.snapshot import answers, find
    from plaintrack.model.task import fold
    from plaintrack.query.nodes import DERIVED
    from plaintrack.render.table import draw

    place = snapshot(at)
    name = answers.field(place, field)
    asked = answers.question(place, joined(query))
    derived = name not in place.schema.fields and (name in DERIVED or name in answers.SHOWN)
    values = (
        answers.rows(place, asked, [name])
        if derived
        else [task.many(name) or ("",) for task in answers.tasks(place, asked)]
    )
    spelt = Counter(each for found in values for each in found)
    spelling: dict[
        str, str
    ] = {}  # what queries hold for equal is one row, in the spelling that most items use
    for each, _ in sorted(spelt.items(), key=lambda row: (-row[1], row[0])):
        spelling.setdefault(fold(each), each)
    counts = Counter(spelling[key] for found in values for key in dict.fromkeys(map(fold, found)))
    order = (
        {each: at for at, each in enumerate(place.schema.fields[name].choices)}
        if name in place.schema.fields
        else {}
    )
    rows = sorted(counts.items(), key=lambda row: (order.get(row[0], 999), -row[1], row[0]))
    broken = len({problem.path for problem in find.problems(place) if problem.severity == "error"})
    if form == "json":
        items = [{"value": value, "count": count} for value, count in rows]
        out(
            encoded(
                {
                    "schema": 1,
                    "field": name,
                    "total": len(values),
                    "broken": broken,
                    "items": items,
                },
                2,
            )
        )
        return 0
    widest = max((count for _, count in rows), default=1)
    shown = [
        (safe(value or "(none)"), f"{count:5}", "█" * max(1, round(count * 30 / widest)))
        for value, count in rows
    ]
    for line in draw(("", "", ""), [*shown, ("total", f"{len(values):5}", "")], width(), 0)[1:]:
        out(line)
    if broken:
        note(f"{plural(broken, 'file')} with errors; `plaintrack doctor` lists them")
    report_problems(place)
    return 0
