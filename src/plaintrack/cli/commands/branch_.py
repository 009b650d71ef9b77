"""``plaintrack branch``: items on other branches."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import encoded, note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.git.branches import Seen
    from plaintrack.show import outputs


@click.command("branch")
@click.argument("items", nargs=-1, metavar="[ID]...", shell_complete=complete.items)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format.",
)
def command(items: tuple[str, ...], form: str) -> int:
    """Show how items differ on other branches, local and remote, since they left this one. Nothing
    is fetched.
    """
    from plaintrack.app.git.branches import seen

    found = seen(open_workspace(), items)
    if form == "json":
        out(encoded({"schema": 1, "items": [_json(each) for each in found]}, 2))
        return 0
    for each in found:
        words = "; ".join(change.describe() for change in each.item.changes)
        what = (
            f"{each.item.id or each.item.path}  {each.state + ' ' if each.state else ''}on"
            f" {', '.join(each.branches)}"
        )
        out(safe(f"{what}  ({words})"))
    if not found:
        note("no items differ on other branches")
    return 0


def _json(each: "Seen") -> "outputs.Elsewhere":
    item = each.item
    return {
        "id": item.id,
        "title": item.title,
        "path": item.path,
        "status": each.state,
        "branches": list(each.branches),
        "commit": each.commit,
        "changes": [{**change._asdict(), "text": change.describe()} for change in item.changes],
    }
