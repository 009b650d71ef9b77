"""``plaintrack plan``: when the work is done, by whom and with what, and why then."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.drawing import format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    colour,
    dry_run,
    joined,
    open_workspace,
    portfolio_options,
    refuse,
    report_ages,
    report_problems,
    report_staff,
)
from plaintrack.cli.output import confirmed, note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.planning.plan import Supposed
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.plan.answer import Line, Planned

FORMS = ("gantt", "table", "json", "csv", "markdown", "mermaid", "svg")
SOLVERS = ("plaintrack", "cp-sat")


@click.command("plan", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option("--critical", is_flag=True, help="Show only what drives the end.")
@click.option("--milestones", is_flag=True, help="Show only milestones, projects and goals.")
@click.option(
    "--why", metavar="ID", default="", shell_complete=complete.items, help="Explain one item."
)
@click.option(
    "--by",
    type=click.Choice(("person", "project", "none")),
    default="person",
    help="Group the chart by this (person).",
)
@click.option("--weeks", type=click.IntRange(1, 520), default=12, help="Draw this many weeks (12).")
@click.option(
    "--assume", metavar="DURATION", default="", help="Plan work without an estimate as this."
)
@click.option("--compare", metavar="REV|DATE", help="Show what moves since a revision.")
@click.option(
    "--set", "fields", multiple=True, metavar="'ID FIELD=VALUE'", help="Suppose other fields."
)
@click.option(
    "--without",
    multiple=True,
    metavar="NAME:FROM..TO",
    help="Suppose that a person, a team or equipment is away.",
)
@click.option("--add", multiple=True, metavar="NAME=UNITS", help="Suppose more equipment.")
@click.option(
    "--solver",
    type=click.Choice(SOLVERS),
    help="Plan with this instead of what the settings say; cp-sat needs the extra plan.",
)
@click.option("--apply", "agree", is_flag=True, help="Write the dates as target_start, target_end.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask for confirmation.")
@dry_run
@format_option(*FORMS)
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    critical: bool,
    milestones: bool,
    why: str,
    by: str,
    weeks: int,
    assume: str,
    compare: str | None,
    fields: tuple[str, ...],
    without: tuple[str, ...],
    add: tuple[str, ...],
    solver: str | None,
    agree: bool,
    yes: bool,
    dry_run: bool,
    form: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Plan the open work: what is worked on when, by whom and with what, and why then.

    The plan is computed from estimates, dependencies, people, equipment and calendars, and
    nothing is written, except by --apply. QUERY chooses what is shown; all open work is planned.
    --set, --without and --add only suppose, and show what would move.
    """
    from plaintrack.app.planning.plan import Supposed, chosen, plan

    what = Supposed(fields, without, add, assume, solver or "")
    if agree:
        if compare is not None or fields or without or add or at:
            raise click.UsageError("--apply writes the plan of the work as it is")
        refuse("--apply, which writes", "--portfolio")
        if critical or milestones or why:
            raise click.UsageError("--apply writes what QUERY chooses, and shows nothing else")
        refuse("--apply", "--by", "--weeks", "--format")
        return _agree(query, what, yes, dry_run)
    if dry_run or yes:
        raise click.UsageError("--dry-run and --yes go with --apply")
    snapshot = _asked(at, portfolio, stale, query)
    report_problems(snapshot)
    report_staff(snapshot)
    if milestones:
        refuse("--milestones", "--by")
    if compare is not None or fields or without or add:
        refuse("a comparison", "--by", "--weeks")
        if milestones:
            raise click.UsageError("--milestones shows one plan, and compares none")
        if query or critical or why:
            raise click.UsageError(
                "a comparison is of all work: leave out QUERY, --critical, --why"
            )
        code = _compare(snapshot, compare or "", what, form)
    elif why:
        refuse("--why", "--format", "--by", "--weeks", "--critical", "--milestones")
        code = _why(snapshot, plan(snapshot, what), why)
    else:
        answer = plan(snapshot, what)
        lines = chosen(snapshot, answer, query)
        if critical:
            lines = [line for line in lines if line.critical]
        draw = _roadmap if milestones else _draw
        code = draw(snapshot, answer, lines, form, by, weeks)
    report_ages(snapshot)
    return code


def _asked(at: str, portfolio: str, stale: str, query: tuple[str, ...]) -> "Snapshot":
    if portfolio:
        refuse("--portfolio, of which there is only how it is now", "--compare", "--set")
    return asked_snapshot(at, portfolio, stale, joined(query))


def _roadmap(
    snapshot: "Snapshot", answer: "Planned", lines: "list[Line]", form: str, _by: str, weeks: int
) -> int:
    from plaintrack.show import plan as shown
    from plaintrack.show import roadmap

    lines = roadmap.marks(lines)
    if form == "json":
        document = shown.records(answer, lines)
    elif form == "csv":
        document = shown.plain_table(lines)
    elif form in ("table", "markdown"):
        document = roadmap.table(lines)
    elif form == "gantt":
        document = roadmap.chart(answer, lines, weeks)
    else:
        document = shown.gantt(answer, lines, "none", weeks)
    say(document, form, snapshot)
    return 0


def _draw(
    snapshot: "Snapshot", answer: "Planned", lines: "list[Line]", form: str, by: str, weeks: int
) -> int:
    from plaintrack.show import plan as shown

    if form == "json":
        document = shown.records(answer, lines)
    elif form == "csv":
        document = shown.plain_table(lines)
    elif form in ("table", "markdown"):
        document = shown.table(answer, lines, snapshot.schema.day)
    else:
        document = shown.gantt(answer, lines, by, weeks)
    say(document, form, snapshot)
    return 0


def _compare(snapshot: "Snapshot", revision: str, what: "Supposed", form: str) -> int:
    from plaintrack.app.planning.plan import compared
    from plaintrack.show import plan as shown

    if form in ("mermaid", "svg"):
        raise click.UsageError(f"a comparison has no --format {form}")
    found = compared(snapshot, revision, what)
    drawings = {"json": shown.comparison_records, "csv": shown.comparison_table}
    say(drawings.get(form, shown.comparison)(found), form, snapshot)
    return 0


def _why(snapshot: "Snapshot", answer: "Planned", name: str) -> int:
    from plaintrack.app.snapshot.find import resolve
    from plaintrack.show import plan as shown

    item = resolve(snapshot, name)
    line = next((line for line in answer.lines if line.id.lower() == item.lower()), None)
    if line is None:
        note(safe(f"{item} is closed, so it is not planned"))
        return 1
    for text in shown.why(line, snapshot.schema.day):
        out(safe(text))
    return 0


def _agree(query: tuple[str, ...], what: "Supposed", yes: bool, dry: bool) -> int:
    from plaintrack.app.planning.plan import agreed, chosen, plan
    from plaintrack.show.done import item_line

    workspace = open_workspace()
    lines = chosen(workspace, plan(workspace, what), query)
    if not (dry or yes):
        changed = [item for item in agreed(workspace, lines, dry=True).items if item.changes]
        for item in changed:
            note(safe(item_line(item)))
        if not changed:
            note("nothing to change")
            return 0
        if not confirmed(f"Write the dates of {plural(len(changed), 'item')}?"):
            return 1
    tell(agreed(workspace, lines, dry))
    return 0
