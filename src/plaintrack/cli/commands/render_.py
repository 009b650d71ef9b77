"""``plaintrack render``: generated blocks in Markdown documents, kept true."""

from datetime import datetime, time

import click

from plaintrack.cli.options import diff_lines, dry_run, report_problems, show_diff, workspace
from plaintrack.cli.output import note, out, safe

_SHORT = 12


@click.command("render")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 and show which blocks are not true. For CI.")
@dry_run
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As it is true on another day.")
def command(paths: tuple[str, ...], check: bool, dry_run: bool, today: datetime | None) -> int:
    """Bring the blocks between `<!-- plaintrack: … -->` and `<!-- /plaintrack -->` up to date: in the documents PATH, else in all of the repository."""
    from plaintrack.app.documents import document, rendered, write

    place = workspace()
    if today:
        place.now = datetime.combine(today.date(), time(12), place.now.tzinfo)
    wanted = [document(place, path) for path in paths] or None
    found = rendered(place, wanted)
    stale = [each for each in found if each.stale]
    for path in set(wanted or ()) - {each.path for each in found}:
        note(safe(f"{path} holds no block; a block begins with a line such as `<!-- plaintrack: list -->`"))
    for each in stale:
        if check:
            lines = list(diff_lines(each.before, each.after, each.path))
            out(safe(f"{each.path} is not true any more; `plaintrack render` mends it"))
            for line in lines[2 : 2 + _SHORT]:
                out(f"  {line}")
            if len(lines) > 2 + _SHORT:
                out(f"  … and {len(lines) - 2 - _SHORT} more lines")
        elif dry_run:
            show_diff(each.before, each.after, each.path)
    done = [each.path for each in stale]
    if not check and not dry_run:
        done = write(place, stale)
        for path in done:
            out(safe(f"rendered {path}"))
        for path in (each.path for each in stale if each.path not in done):
            note(safe(f"{path} was not written, since another program is at it or does not let us; run it again"))
    for problem in (problem for each in found for problem in (each.problems if check or dry_run or each.path not in done else each.left)):
        note(safe(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")))
        note(f"  {safe(problem.excerpt)}")
    if found:
        report_problems(place)
    return int(any(each.problems for each in found) or (check and bool(stale)) or len(done) < len(stale))
