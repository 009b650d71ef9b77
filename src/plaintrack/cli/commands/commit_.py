"""``plaintrack commit``: the changed items, committed."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note, out, safe


@click.command("commit")
@click.argument("names", nargs=-1, metavar="[ID|PATH]...", shell_complete=complete.items)
@click.option(
    "-m",
    "--message",
    metavar="TEXT",
    default="",
    help="Use this subject instead of a summary of the changes.",
)
@click.option("--dry-run", is_flag=True, help="Show the message and the files; commit nothing.")
def command(names: tuple[str, ...], message: str, dry_run: bool) -> int:
    """Commit the changed items with their comments, or only those named. Whatever else is staged
    stays staged.

    Name the PATH of settings, templates and automations to commit them; the first commit of a
    workspace takes them along.

    In a merge whose conflicts are all resolved it commits the merge.
    """
    from plaintrack.app.git import commit

    workspace = open_workspace()
    if dry_run:
        plan = commit.plan(workspace, names, message)
        for line in plan.message.splitlines() if plan.paths or plan.merge else ():
            out(safe(line))
        for path in plan.paths:
            note(safe(f"would commit {path}"))
    else:
        made, plan = commit.commit(workspace, names, message)
        where = workspace.repo.branch
        if made:
            out(safe(f"committed {made[:10]}{f' on {where}' if where else ''}: {plan.subject}"))
    if plan.paths or plan.merge:
        return 0
    note("nothing to commit: no item has changed")
    return 1
