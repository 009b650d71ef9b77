"""``plaintrack project``: what a project is for, how far it is, and its end."""

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.answer import tell
from plaintrack.cli.drawing import DATA, for_people, format_option, links_option, say, where
from plaintrack.cli.options import (
    at_option,
    colour,
    dry_run,
    open_snapshot,
    open_workspace,
    report_problems,
)
from plaintrack.cli.output import note
from plaintrack.render import PROGRAMS


@click.group("project")
def command() -> None:
    """Show projects, and close one."""


@command.command("show")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--plan", is_flag=True, help="Also show when it ends by the plan.")
@click.option(
    "--compare",
    metavar="REV|DATE",
    default="",
    help="Also show how far the plan has moved since a revision.",
)
@format_option("text", *DATA)
@links_option
@at_option
@colour
def show(items: tuple[str, ...], plan: bool, compare: str, form: str, links: str, at: str) -> int:
    """Show projects: objective, people, progress and health, deliverables with their acceptance,
    phases, milestones, what is late, risks and decisions.

    `plaintrack explain progress` defines progress; likewise health, spent, budget, cost, kind and
    accepted.
    """
    from plaintrack.app.snapshot.projects import projects
    from plaintrack.show import projects as shown

    whither = where(links, form)
    snapshot = open_snapshot(at)
    found = projects(snapshot, items)
    if plan or compare:
        from plaintrack.app.planning.outlook import outlook

        found = outlook(snapshot, found, compare)
    if form in PROGRAMS:
        say(shown.records(found, snapshot.schema, flat=form == "csv"), form)
    else:
        say(shown.projects(found, snapshot.schema, whither), form)
    report_problems(snapshot)
    return 0


@command.command("status")
@click.argument("items", nargs=-1, metavar="[ID]...", shell_complete=complete.items)
@format_option("table", *DATA)
@links_option
@at_option
@colour
def status(items: tuple[str, ...], form: str, links: str, at: str) -> int:
    """Show a line for each project, or for each open one; and the share of operations in what is
    left of all open work.
    """
    from plaintrack.app.snapshot.projects import matching, projects
    from plaintrack.show import projects as shown

    whither = where(links, form)
    snapshot = open_snapshot(at)
    found = projects(snapshot, items) if items else matching(snapshot)
    if not found.projects and for_people(form):
        note("no open items of type project")
    if form in PROGRAMS:
        say(shown.records(found, snapshot.schema, flat=form == "csv"), form)
    else:
        say(shown.status(found, snapshot.schema, whither), form)
    report_problems(snapshot)
    return 0


@command.command("close")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@bulk.force_option
@dry_run
def close(item: str, force: str, dry_run: bool) -> int:
    """Close a project and archive it with everything below it, if each deliverable is accepted (in
    a done status, or cancelled) and each item below is closed; else say which are not, and exit
    with 1.
    """
    from plaintrack.app.items.project import close

    tell(close(open_workspace(), item, dry_run, force))
    return 0
