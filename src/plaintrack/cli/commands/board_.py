"""``plaintrack board``: the workflow as columns."""

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
from plaintrack.cli.output import colours, page, safe, width


@click.command("board", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=12,
    help="Show at most N items per column (12).",
)
@at_option
@colour
def command(query: tuple[str, ...], limit: int, at: str) -> int:
    """Draw the items that match QUERY as a board: one column per status, the most urgent on top."""
    from plaintrack.app.snapshot import answers
    from plaintrack.render.board import draw
    from plaintrack.show.live import by_status

    place = snapshot(at)
    tasks = answers.tasks(place, answers.question(place, joined(query), shown="-urgency"))
    columns: dict[str, list[str]] = {}
    for status, found in by_status(tasks, place.schema).items():
        columns[status] = []
        for task in found:
            who = task.text("assignee")
            columns[status].append(
                safe(f"{task.id} {task.text('title')}" + (f" @{who}" if who else ""))
            )
    bold, off = ("\x1b[1m", "\x1b[0m") if colours() else ("", "")
    size = width()
    lines = draw(
        {safe(name): cards for name, cards in columns.items()},
        size or 120,
        limit,
        3 if size else None,
    )
    page(
        [
            f"{bold}{line}{off}" if below.startswith("─") else line
            for line, below in zip(lines, [*lines[1:], ""], strict=True)
        ]
    )
    report_problems(place)
    return 0
