"""``plaintrack render``: generated blocks in Markdown documents, kept true."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import diff_lines, dry_run, report_problems, show_diff, workspace
from plaintrack.cli.output import note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.documents import Rendered
    from plaintrack.model.problem import Problem

_SHORT = 12


@click.command("render")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; show the blocks that are out of date and exit with 1 if there are"
    " any. For CI.",
)
@dry_run
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Use DATE as today.",
)
def command(paths: tuple[str, ...], check: bool, dry_run: bool, today: datetime | None) -> int:
    """Update the blocks between `<!-- plaintrack: … -->` and `<!-- /plaintrack -->` in the
    documents PATH, or in all documents of the repository.
    """
    from plaintrack.app.documents import document, rendered, write

    place = workspace(today.date() if today else None)
    wanted = [document(place, path) for path in paths] or None
    found = rendered(place, wanted)
    stale = [each for each in found if each.stale]
    for path in set(wanted or ()) - {each.path for each in found}:
        note(
            safe(
                f"{path} has no blocks; a block begins with a line such as `<!--"
                " plaintrack: list -->`"
            )
        )
    written: list[str] = []
    if check:
        for each in stale:
            _tell_stale(each)
    elif dry_run:
        for each in stale:
            show_diff(each.before, each.after, each.path)
    else:
        written = write(place, stale)
        _tell_written(written, stale)
    for each in found:
        _tell_problems(each.left if each.path in written else each.problems)
    if found:
        report_problems(place)
    failed = not check and not dry_run and len(written) < len(stale)
    return int(any(each.problems for each in found) or (check and bool(stale)) or failed)


def _tell_stale(document: "Rendered") -> None:
    """The first lines of what ``render`` would change."""
    out(safe(f"{document.path} is out of date; run `plaintrack render`"))
    lines = list(diff_lines(document.before, document.after, document.path))[2:]
    for line in lines[:_SHORT]:
        out(f"  {line}")
    if len(lines) > _SHORT:
        out(f"  … and {len(lines) - _SHORT} more lines")


def _tell_written(written: list[str], stale: "list[Rendered]") -> None:
    for path in written:
        out(safe(f"rendered {path}"))
    for document in stale:
        if document.path not in written:
            note(
                safe(
                    f"{document.path} was not written: another program is saving it, or"
                    " it is read-only; run `plaintrack render` again"
                )
            )


def _tell_problems(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        note(safe(problem.describe()))
        note(f"  {safe(problem.excerpt)}")
