"""``plaintrack stats``: how many of what."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, joined, report_problems, workspace
from plaintrack.cli.output import note, out, safe


@click.command("stats", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--by", "field", default="status", metavar="FIELD", shell_complete=complete.field, help="The field to count by (status)."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="The form of the output.")
def command(query: tuple[str, ...], field: str, form: str) -> int:
    """Count the items a QUERY finds (all, without one) by a field; an item with several values counts for each."""
    from collections import Counter

    from plaintrack.app import read
    from plaintrack.app.assign import declared

    place = workspace()
    name = declared(place, field).name
    tasks = read.tasks(place, read.question(place, joined(query)))
    counts = Counter(each for task in tasks for each in task.many(name) or ("",))
    order = {each: at for at, each in enumerate(place.schema.fields[name].choices)} if name in place.schema.fields else {}
    rows = sorted(counts.items(), key=lambda row: (order.get(row[0], 999), -row[1], row[0]))
    broken = len({problem.path for problem in read.problems(place) if problem.severity == "error"})
    if form == "json":
        import json

        items = [{"value": value, "count": count} for value, count in rows]
        out(
            json.dumps(
                {"schema": 1, "field": name, "total": len(tasks), "broken": broken, "items": items}, ensure_ascii=False, indent=2
            )
        )
        return 0
    widest = max((count for _, count in rows), default=1)
    size = max((len(value or "(none)") for value, _ in rows), default=6)
    for value, count in rows:
        out(f"{safe(value or '(none)'):{size}}  {count:5}  {'█' * max(1, round(count * 30 / widest))}")
    out(f"{'total':{size}}  {len(tasks):5}")
    if broken:
        note(f"{broken} files have errors; `plaintrack doctor` lists them")
    report_problems(place)
    return 0
