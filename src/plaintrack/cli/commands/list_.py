"""``plaintrack list``: what a bare ``plaintrack`` shows."""

import re
from typing import TYPE_CHECKING, Any

import click

from plaintrack.cli import complete
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    colour,
    joined,
    report_problems,
    snapshot,
)
from plaintrack.cli.output import colours, encoded, note, out, page, safe, width

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "ids")
RED, DIM, BOLD, OFF = "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"


@click.command("list", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--view", metavar="NAME", shell_complete=complete.view, help="Use a view from the settings."
)
@click.option(
    "--columns",
    metavar="NAMES",
    shell_complete=complete.field,
    help="Show these columns, separated by commas; a narrow terminal leaves out the last ones.",
)
@click.option("--sort", metavar="FIELDS", help="Sort by these fields, such as due,-urgency.")
@click.option("--group", metavar="FIELD", shell_complete=complete.field, help="Group by a field.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N items.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Include closed items (implied by a query about states).",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", help="Output format."
)
@at_option
@colour
def command(
    query: tuple[str, ...],
    view: str | None,
    columns: str | None,
    sort: str | None,
    group: str | None,
    limit: int | None,
    everything: bool,
    form: str,
    at: str,
) -> int:
    """List the items that match QUERY, or all open items."""
    place = snapshot(at)
    chosen = place.settings.views.get(view) if view else None
    if view and chosen is None:
        raise click.UsageError(
            f"unknown view {view!r}; the views are: {', '.join(place.settings.views) or 'none'}"
        )
    names = (
        [each.strip() for each in columns.split(",")]
        if columns
        else list(chosen.columns if chosen and chosen.columns else place.settings.columns)
    )
    order = sort or (chosen.sort if chosen else "")
    within = chosen.query if chosen else ""
    state = "" if everything else "open?"
    group = group or (chosen.group if chosen else "")
    show(
        place,
        joined(query),
        names,
        form,
        group,
        within=within,
        state=state,
        sort=order,
        shown=place.settings.sort,
        limit=limit,
    )
    return 0


def show(
    place: "Snapshot",
    text: str,
    names: list[str],
    form: str = "table",
    group: str = "",
    **more: Any,
) -> None:
    """Ask the question and write the answer in the form asked for; ``more`` goes to
    ``app.read.question``.
    """
    from plaintrack.app.snapshot import answers

    asked = answers.question(place, text, **more)
    if group:
        group = answers.field(place, group)
        asked = asked._replace(shown=((group, False), *(asked.shown or asked.sort)))
    names = [answers.field(place, name) for name in names]
    report_problems(place)
    if form in ("json", "jsonl"):
        _json(place, asked, form)
        return
    shown = ["id"] if form == "ids" else names
    rows = answers.rows(place, asked, [*shown, group] if group and form == "table" else shown)
    if not rows and form == "table":
        note("no items")
        for each in answers.unused(place, asked.where):
            note(safe(f"  {each}"))
    elif form == "table":
        _table(place, shown, rows, bool(group))
    else:
        _plain(form, shown, rows)


def _json(place: "Snapshot", asked: object, form: str) -> None:
    import json

    from plaintrack.app.snapshot import answers
    from plaintrack.query.bind import Question

    assert isinstance(asked, Question)
    items = [{"path": path, **json.loads(data)} for path, _, data in answers.rows_raw(place, asked)]
    if form == "jsonl":
        for item in items:
            out(encoded(item))
    else:
        out(encoded({"schema": 1, "items": items}, 2))


def _plain(form: str, names: list[str], rows: list[tuple[str, ...]]) -> None:
    if form == "csv":
        import csv
        import io

        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            [
                [_cell(safe(each)) for each in names],
                *([_cell(safe(each)) for each in row] for row in rows),
            ]
        )
        out(text.getvalue()[:-1])
        return
    lines = [tuple(names), *rows] if form != "ids" else rows
    for at, row in enumerate(lines):
        cells = [safe(text) for text in row]
        if form == "markdown":
            from plaintrack.show.review import escape

            # Terminals show U+200B, which other writers of Markdown put in; a non-joiner parts
            # words as well.
            out(
                "| "
                + " | ".join(escape(text, None).replace("\u200b", "\u200c") for text in cells)
                + " |"
            )
            if at == 0:
                out("|" + " --- |" * len(cells))
        else:
            out("\t".join(map(_cell, cells) if form == "tsv" else cells))


def _cell(text: str) -> str:
    """A cell of CSV or TSV that no spreadsheet takes for a formula; a number stays one."""
    if re.fullmatch(r"-\d+(\.\d+)?", text, re.ASCII):
        return text
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _late(place: "Snapshot", due: str) -> bool:
    """Whether the day of a date or moment has passed."""
    from plaintrack.when.moments import day

    found = day(due, place.schema.timezone)
    return found is not None and found < place.today


def _table(place: "Snapshot", names: list[str], rows: list[tuple[str, ...]], grouped: bool) -> None:
    from plaintrack.render.table import draw

    cells = (
        rows
        if all(map(str.isprintable, map("".join, rows)))
        else [tuple(safe(text) for text in row) for row in rows]
    )
    paint = colours()
    at = names.index("title") if "title" in names else 1
    lines = draw(
        [safe(name.upper()) for name in names], [row[: len(names)] for row in cells], width(), at
    )
    if not paint and not grouped:
        page(lines)
        return
    due = names.index("due") if "due" in names else None
    previous: str | None = None
    drawn = [f"{BOLD}{lines[0]}{OFF}" if paint else lines[0]]
    for row, line in zip(cells, lines[1:], strict=True):
        if grouped and row[-1] != previous:
            previous = row[-1]
            drawn += ["", f"{BOLD}{previous or '(none)'}{OFF}" if paint else previous or "(none)"]
        late = paint and due is not None and bool(row[due]) and _late(place, row[due])
        drawn.append(f"{RED}{line}{OFF}" if late else line)
    page(drawn)
