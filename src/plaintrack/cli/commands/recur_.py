"""``plaintrack recur``: the next items of recurring work."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, report_problems, show_diff, tell_next, workspace
from plaintrack.cli.output import encoded, note, out, safe

if TYPE_CHECKING:
    from datetime import date

    from plaintrack.app.snapshot.workspace import Workspace


@click.command("recur")
@click.argument("item", required=False, metavar="[ID]", shell_complete=complete.items)
@click.option(
    "--preview",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Show the next N dates, of one item or of all, and make nothing.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to say it (text).",
)
@dry_run
def command(item: str | None, preview: int | None, form: str, dry_run: bool) -> int:
    """Make the items whose day has come, and those that follow items closed elsewhere.

    For cron, CI and hooks; what is there already is not made again. See docs/recurring.md for what
    `repeat` may say.
    """
    from plaintrack.app.items import recur
    from plaintrack.app.snapshot import find

    place = workspace()
    paths = None if item is None else [find.locate(place, item)]
    if preview:
        return _preview(place, paths, preview, form)
    report_problems(place)
    found = recur.generate(place, dry=dry_run, only=paths)
    if form == "json":
        made = [
            {
                "id": each.id,
                "path": each.path,
                "title": each.title,
                "day": each.day.isoformat(),
                "follows": each.follows,
            }
            for each in found.made
        ]
        out(encoded({"schema": 1, "items": made}, 2))
    elif dry_run:
        for each in found.written:
            show_diff(each.before, each.after, each.path)
    else:
        tell_next(found.made)
    for path, why in found.failed:
        note(safe(f"{path}: {why}"))
    if not found.made and not found.failed and form == "text":
        note("nothing has come due")
    return 1 if found.failed else 0


def _preview(place: "Workspace", paths: list[str] | None, count: int, form: str) -> int:
    """The next dates, the earliest first."""
    from plaintrack.app.items import recur
    from plaintrack.app.snapshot import find

    rows: list[tuple[date, date, str, str]] = []
    for path in paths if paths is not None else recur.candidates(place):
        task = find.load(place, path)
        if paths is None and (not task.text("repeat") or place.schema.closed(task.text("status"))):
            continue
        rows += [
            (day, nominal, task.id, task.text("title"))
            for day, nominal in recur.preview(place, path, count)
        ]
    rows = sorted(rows)[:count]
    if form == "json":
        names = ("day", "occurrence", "id", "title")
        out(
            encoded(
                {
                    "schema": 1,
                    "dates": [
                        dict(zip(names, (str(row[0]), str(row[1]), *row[2:]), strict=True))
                        for row in rows
                    ],
                },
                2,
            )
        )
        return 0
    for day, nominal, name, title in rows:
        out(
            safe(
                f"{day:%a} {day.isoformat()}  {name}  {title}"
                + (f"  (for {nominal:%a} {nominal.isoformat()})" if day != nominal else "")
            )
        )
    if not rows:
        note("no dates are to come")
    return 0
