"""``plaintrack recur``: the next items of recurring work."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace, report_problems
from plaintrack.cli.output import encoded, note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.items.recur import Occurrence
    from plaintrack.model.done import Next
    from plaintrack.show import outputs


@click.command("recur")
@click.argument("item", required=False, metavar="[ID]", shell_complete=complete.items)
@click.option(
    "--preview",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Show the next N dates of one item or of all; create nothing.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format.",
)
@dry_run
def command(item: str | None, preview: int | None, form: str, dry_run: bool) -> int:
    """Create the due items of recurring work, and those that follow items closed outside
    plaintrack.

    For cron, CI and hooks; items that already exist are not created again. docs/recurring.md lists
    the forms of `repeat`.
    """
    from plaintrack.app.items import recur
    from plaintrack.app.snapshot import find

    if preview and dry_run:
        raise click.UsageError("--preview creates nothing; leave --dry-run out")
    workspace = open_workspace()
    if preview:
        return _preview(recur.upcoming(workspace, preview, item), form)
    paths = None if item is None else [find.locate(workspace, item)]
    report_problems(workspace)
    done = recur.generate(workspace, dry=dry_run, only=paths)
    if form == "json":
        out(encoded({"schema": 1, "items": [_json(each) for each in done.followers]}, 2))
        for path, why in done.failed:
            note(safe(f"{path}: {why}"))
    else:
        tell(done)
        if not done.followers and not done.failed:
            note("no items are due")
    return 1 if done.failed else 0


def _json(follower: "Next") -> "outputs.Next":
    return {
        "id": follower.id,
        "path": follower.path,
        "title": follower.title,
        "day": follower.day.isoformat(),
        "follows": follower.follows,
    }


def _preview(dates: "list[Occurrence]", form: str) -> int:
    """The next dates, the earliest first."""
    if form == "json":
        names = ("day", "occurrence", "id", "title")
        found = [dict(zip(names, map(str, each), strict=True)) for each in dates]
        out(encoded({"schema": 1, "dates": found}, 2))
        return 0
    for day, nominal, item, title in dates:
        line = f"{day:%a} {day.isoformat()}  {item}  {title}"
        if day != nominal:
            line += f"  (for {nominal:%a} {nominal.isoformat()})"
        out(safe(line))
    if not dates:
        note("no upcoming dates")
    return 0
