"""``plaintrack render``: generated blocks in Markdown documents, kept true."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import diff_lines, dry_run, open_workspace, report_problems, show_diff
from plaintrack.cli.output import note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.documents import Rendered
    from plaintrack.model.problem import Problem

_SHORT = 12
_EXAMPLE = "`<!-- plaintrack: list -->`"


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

    if check and dry_run:
        raise click.UsageError("--check writes nothing; leave --dry-run out")
    workspace = open_workspace(today.date() if today else None)
    wanted = [document(workspace, path) for path in paths] or None
    documents = rendered(workspace, wanted)
    stale = [each for each in documents if each.stale]
    _tell_without_blocks(wanted, documents)
    written: list[str] = []
    if check:
        _tell_stale(stale)
    elif dry_run:
        for each in stale:
            show_diff(each.before, each.after, each.path)
    else:
        written = write(workspace, stale)
        _tell_written(written, stale)
    if documents and not stale and not any(each.problems for each in documents):
        note(f"{plural(len(documents), 'document')}: all blocks are up to date")
    elif not documents and wanted is None:
        note(f"no document has blocks; one begins with a line such as {_EXAMPLE}")
    for each in documents:
        _tell_problems(each.left if each.path in written else each.problems)
    if documents:
        report_problems(workspace)

    if any(each.problems for each in documents):
        return 1
    if dry_run and not check:
        return 0
    return int(len(written) < len(stale))


def _tell_without_blocks(wanted: list[str] | None, documents: "list[Rendered]") -> None:
    for path in set(wanted or ()) - {each.path for each in documents}:
        note(safe(f"{path} has no blocks; a block begins with a line such as {_EXAMPLE}"))


def _tell_stale(stale: "list[Rendered]") -> None:
    """The first lines of what ``render`` would change in each document."""
    for document in stale:
        out(safe(f"{document.path} is out of date; run `plaintrack render`"))
        lines = list(diff_lines(document.before, document.after, document.path))[2:]
        for line in lines[:_SHORT]:
            out(f"  {line}")
        if len(lines) > _SHORT:
            out(f"  … and {len(lines) - _SHORT} more lines")


def _tell_written(written: list[str], stale: "list[Rendered]") -> None:
    for path in written:
        out(safe(f"rendered {path}"))
    why = "another program is saving it, or it is read-only; run `plaintrack render` again"
    for document in stale:
        if document.path not in written:
            note(safe(f"{document.path} was not written: {why}"))


def _tell_problems(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        note(safe(problem.describe()))
        note(f"  {safe(problem.excerpt)}")
