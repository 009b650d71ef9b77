"""``plaintrack diff``: review what changed."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import colours, encoded, note, out, page, safe

if TYPE_CHECKING:
    from plaintrack.app.snapshot.review import Review
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.show.review import Row

BOLD, OFF = "\x1b[1m", "\x1b[0m"


@click.command("diff")
@click.argument("range", required=False, default="", metavar="[A..B|A...B|A]")
@click.option("--staged", is_flag=True, help="Compare what is staged with the last commit.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="Output format.",
)
@click.option(
    "--links",
    metavar="URL",
    default="",
    help="With --format markdown: the address to put before the paths of files.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
def command(range: str, staged: bool, form: str, links: str, exit_code: bool) -> int:
    """Review what changed in the work: field by field, grouped by what happened.

    A..B compares two revisions, A...B compares B with the merge base, A compares the work tree with
    A. Without a revision: uncommitted changes.
    """
    from plaintrack.app.snapshot import review

    if staged and range:
        raise click.UsageError("--staged compares with the last commit; leave the revisions out")
    place = workspace()
    found = review.review(place, range, staged)
    groups = rows(place, found)
    if form == "json":
        out(encoded(_json(found, groups), indent=2))
    elif form == "markdown":
        from plaintrack.show.review import markdown

        out(markdown(groups, found.old, found.new, found.settings, links).rstrip("\n"))
    else:
        _text(found, groups)
    return int(exit_code and bool(found.items or found.settings))


def rows(place: "Workspace", found: "Review") -> "list[tuple[str, list[Row]]]":
    """The groups of a review with what is shown of each item."""
    from plaintrack.app.snapshot import answers, review
    from plaintrack.show.review import Row

    titles = answers.titles(place)
    return [
        (
            name,
            [
                Row(
                    each.id,
                    each.title or titles.get(each.id.lower(), ""),
                    each.path if each.new else "",
                    each.changes,
                )
                for each in items
            ],
        )
        for name, items in review.grouped(found.items, place.schema)
    ]


def _text(found: "Review", groups: "list[tuple[str, list[Row]]]") -> None:
    from plaintrack.model.change import telling
    from plaintrack.show.review import summary

    bold, off = (BOLD, OFF) if colours() else ("", "")
    if not groups and not found.settings:
        note(safe(f"{found.old} → {found.new}: no items changed"))
        return
    lines = [safe(f"{found.old} → {found.new}: {summary(groups)}")]
    lines += ["the settings (plaintrack.yml) changed"] if found.settings else []
    for name, items in groups:
        lines += ["", f"{bold}{name}{off}"]
        for row in items:
            lines.append(safe(f"  {row.id or '(no id)'}  {row.title}"))
            lines += [
                safe(f"    {change.describe()}")
                for change in telling(row.changes)
                if change.kind not in ("created", "deleted")
            ]
    page(lines)


def _json(found: "Review", groups: "list[tuple[str, list[Row]]]") -> dict[str, object]:
    items = [
        {
            "id": row.id,
            "title": row.title,
            "path": row.path,
            "group": name,
            "changes": [change._asdict() for change in row.changes],
        }
        for name, some in groups
        for row in some
    ]
    return {
        "schema": 1,
        "old": found.old,
        "new": found.new,
        "settings": found.settings,
        "items": items,
    }
