"""``plaintrack diff``: review what changed."""

import click

from plaintrack.cli.drawing import DATA, format_option, links_option, say
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note, out, safe


@click.command("diff")
@click.argument("range", required=False, default="", metavar="[A..B|A...B|A]")
@click.option("--staged", is_flag=True, help="Compare what is staged with the last commit.")
@format_option("text", *DATA)
@links_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
def command(range: str, staged: bool, form: str, links: str, exit_code: bool) -> int:
    """Review what changed in the work: field by field, grouped by what happened.

    A..B compares two revisions, A...B compares B with the merge base, A compares the work tree with
    A. Without a revision: uncommitted changes.
    """
    from plaintrack.app.snapshot import review
    from plaintrack.render.markdown import limited
    from plaintrack.show import review as show

    if staged and range:
        raise click.UsageError("--staged compares with the last commit; leave the revisions out")
    if links and form != "markdown":
        raise click.UsageError("--links needs --format markdown")
    workspace = open_workspace()
    found = review.review(workspace, range, staged)
    groups = review.differing(workspace, found)
    if form == "csv":
        say(show.changes(groups), form)
    elif form == "json":
        say(show.records(groups, found.old, found.new, found.settings), form)
    elif form == "markdown":
        document = show.review(groups, found.old, found.new, found.settings, links)
        out(limited(document, show.LARGEST, show.MORE).rstrip("\n"))
    elif groups or found.settings:
        say(show.review(groups, found.old, found.new, found.settings), form)
    else:
        note(safe(f"{found.old} → {found.new}: {show.summary(groups)}"))
    return int(exit_code and bool(found.items or found.settings))
