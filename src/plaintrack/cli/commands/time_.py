"""``plaintrack time``: timers, time entries, reports and timesheets."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    colour,
    dry_run,
    joined,
    open_snapshot,
    open_workspace,
)
from plaintrack.cli.output import note, safe
from plaintrack.render import PROGRAMS

if TYPE_CHECKING:
    from plaintrack.app.snapshot import hours
    from plaintrack.app.time.entries import Given
    from plaintrack.timeclock.entry import Fault

person_option = click.option(
    "--person",
    metavar="NAME",
    default="",
    shell_complete=complete.people,
    help="Whose time it is (yours).",
)
note_option = click.option("--note", metavar="TEXT", default=None, help="What was done.")
tag_option = click.option(
    "--tag", "tags", metavar="TAG", multiple=True, help="A tag; may be repeated."
)
adjust_option = click.option(
    "--adjust", is_flag=True, help="Log only what other entries leave free, and say what is cut."
)
remaining_option = click.option(
    "--remaining", metavar="DURATION", default="", help="Set what remains to be done."
)
query_argument = click.argument(
    "query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query
)
people_option = click.option(
    "--person",
    "people",
    metavar="NAME",
    multiple=True,
    shell_complete=complete.people,
    help="Only of this person or team; may be repeated.",
)
from_option = click.option("--from", "first", metavar="DATE", default="", help="The first day.")
until_option = click.option("--until", "last", metavar="DATE", default="", help="The last day.")


def at_time(text: str) -> Callable[[Any], Any]:
    """``--at`` for a moment."""
    return click.option("--at", metavar="TIME", default="", help=text)


@click.group("time")
def command() -> None:
    """Log time, run a timer, report, and submit timesheets.

    An entry is found under the name that `time list` shows. Days are those of the workspace's time
    zone; see docs/time.md.
    """


def _given(
    note: str | None, tags: tuple[str, ...], remaining: str = "", adjust: bool = False
) -> "Given":
    from plaintrack.app.time.entries import Given

    return Given(note, tags, remaining, adjust)


@command.command("start")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@at_time("When it began, such as 09:30 or -20m (now).")
@note_option
@tag_option
@person_option
@adjust_option
def start(
    item: str, at: str, note: str | None, tags: tuple[str, ...], person: str, adjust: bool
) -> int:
    """Start the timer on an item; one that runs is stopped first."""
    from plaintrack.app.time import timer

    tell(timer.start(open_workspace(), item, at, person, _given(note, tags, "", adjust)))
    return 0


@command.command("stop")
@at_time("When it ended, such as 17:30 or -20m (now).")
@note_option
@tag_option
@remaining_option
@person_option
@adjust_option
@click.option("--discard", is_flag=True, help="Log nothing.")
@dry_run
def stop(
    at: str,
    note: str | None,
    tags: tuple[str, ...],
    remaining: str,
    person: str,
    adjust: bool,
    discard: bool,
    dry_run: bool,
) -> int:
    """Stop the timer, and log what it ran."""
    from plaintrack.app.time import timer

    if discard:
        if dry_run or at or remaining or note is not None or tags or adjust:
            raise click.UsageError("--discard takes no other option than --person")
        tell(timer.discard(open_workspace(), person))
        return 0
    given = _given(note, tags, remaining, adjust)
    tell(timer.stop(open_workspace(), at, person, given, dry_run))
    return 0


@command.command("continue")
@at_time("When it began, such as 09:30 or -20m (now).")
@person_option
def carry_on(at: str, person: str) -> int:
    """Start the timer anew on what was logged last, with its note and tags."""
    from plaintrack.app.time import timer

    tell(timer.carry_on(open_workspace(), at, person))
    return 0


@command.command("status")
@format_option("table", *DATA)
@colour
def status(form: str) -> int:
    """Show the timers that run in this clone; exit with 1 if there are none."""
    from plaintrack.app.time import timer
    from plaintrack.show import time as shown

    running = timer.status(open_workspace())
    if form in PROGRAMS:
        say(shown.status_records(running), form)
    elif running:
        say(shown.status(running), form)
    elif for_people(form):
        note("no timer is running")
    return 0 if running else 1


@command.command("log")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.argument("duration", metavar="DURATION")
@at_time("When it began, or the day: 09:30, yesterday, `mon 14:00` (it ends now).")
@note_option
@tag_option
@remaining_option
@person_option
@adjust_option
@dry_run
def log(
    item: str,
    duration: str,
    at: str,
    note: str | None,
    tags: tuple[str, ...],
    remaining: str,
    person: str,
    adjust: bool,
    dry_run: bool,
) -> int:
    """Log time on an item: 2h30m, 45m, or 1d for a working day.

    With a day alone it begins where the last entry of that day ends, or at 09:00.
    """
    from plaintrack.app.time import entries

    given = _given(note, tags, remaining, adjust)
    tell(entries.log(open_workspace(), item, duration, at, person, given, dry_run))
    return 0


@command.command("edit")
@click.argument("entry", metavar="ENTRY")
@click.option("--start", metavar="TIME", default="", help="When it began.")
@click.option("--end", metavar="TIME", default="", help="When it ended.")
@click.option("--item", metavar="ID", default="", shell_complete=complete.items, help="The item.")
@note_option
@click.option("--tags", metavar="TAGS", default=None, help="Its tags, separated by commas.")
@click.option(
    "--count-in",
    metavar="PERIOD",
    default=None,
    help="Count it in the timesheet of another week or month; '' for its own.",
)
@click.option("--delete", is_flag=True, help="Take it out.")
@dry_run
def edit(
    entry: str,
    start: str,
    end: str,
    item: str,
    note: str | None,
    tags: str | None,
    count_in: str | None,
    delete: bool,
    dry_run: bool,
) -> int:
    """Change or delete an entry, which is named as `time list` shows it."""
    from plaintrack.app.time import entries

    listed = None if tags is None else (tags,)
    wish = entries.Wish(start, end, item, note, listed, count_in)
    if delete:
        if wish != entries.Wish():
            raise click.UsageError("--delete takes no other change")
        tell(entries.delete(open_workspace(), entry, dry_run))
        return 0
    if wish == entries.Wish():
        raise click.UsageError("say what to change: --start, --end, --item, --note, --tags …")
    tell(entries.edit(open_workspace(), entry, wish, dry_run))
    return 0


@command.command("list", cls=QueryCommand)
@query_argument
@from_option
@until_option
@people_option
@format_option("table", *DATA)
@at_option
@colour
def list_(
    query: tuple[str, ...], first: str, last: str, people: tuple[str, ...], form: str, at: str
) -> int:
    """List the entries on items that match QUERY, this week's without --from."""
    from plaintrack.app.snapshot import hours
    from plaintrack.show import time as shown

    snapshot = open_snapshot(at)
    found = hours.chosen(snapshot, _question(query, first, last, people))
    say(shown.entry_records(found) if form in PROGRAMS else shown.entries(found), form)
    _report(found.faults)
    return 0


def _question(
    query: tuple[str, ...], first: str, last: str, people: tuple[str, ...]
) -> "hours.Question":
    from plaintrack.app.snapshot import hours

    return hours.Question(joined(query), first, last, people)


def _report(faults: "tuple[Fault, ...]") -> None:
    """One line on standard error per fault in the files; the first five."""
    for fault in faults[:5]:
        note(safe(f"{fault.path}:{fault.line}: {fault.message}; {fault.hint}"))
    if len(faults) > 5:
        note(f"… and {len(faults) - 5} more; `plaintrack check` lists them all")


@command.command("report", cls=QueryCommand)
@query_argument
@click.option(
    "--by",
    type=click.Choice(["item", "person", "project", "goal", "tag", "week"]),
    default="item",
    help="What to add up (item).",
)
@click.option("--planned", is_flag=True, help="Compare with the estimates of the items.")
@from_option
@until_option
@people_option
@format_option("table", *DATA)
@at_option
@colour
def report(
    query: tuple[str, ...],
    by: str,
    planned: bool,
    first: str,
    last: str,
    people: tuple[str, ...],
    form: str,
    at: str,
) -> int:
    """Add up the time on items that match QUERY, this week's without --from.

    `plaintrack explain time-report` defines the numbers. With --planned all time counts unless
    --from says otherwise, since an estimate is that of the whole item.
    """
    from plaintrack.app.snapshot import hours
    from plaintrack.show import time as shown

    snapshot = open_snapshot(at)
    asked = _question(query, first, last, people)
    if planned:
        asked = asked._replace(whole=True)
    found = hours.add_up(snapshot, asked, by, planned)
    if form in PROGRAMS:
        say(shown.report_records(found), form)
    else:
        schema = snapshot.schema
        say(shown.report(found, schema.day, schema.week), form)
    _report(found.faults)
    return 0


@command.command("accuracy", cls=QueryCommand)
@query_argument
@click.option(
    "--by", type=click.Choice(["person", "type"]), default="person", help="By what (person)."
)
@format_option("table", *DATA)
@at_option
@colour
def accuracy(query: tuple[str, ...], by: str, form: str, at: str) -> int:
    """Compare estimates with the time logged, of the done items that match QUERY.

    `plaintrack explain accuracy` and `plaintrack explain bias` define the numbers.
    """
    from plaintrack.app.snapshot import hours
    from plaintrack.show import time as shown

    rows = hours.accuracies(open_snapshot(at), joined(query), by)
    if form in PROGRAMS:
        say(shown.accuracy_records(rows, by), form)
    elif rows:
        say(shown.accuracy(rows, by), form)
    elif for_people(form):
        note("no item is done that has an estimate and time logged")
    return 0


@command.command("sheet")
@click.argument("period", metavar="[PERIOD]", default="")
@person_option
@format_option("table", *DATA)
@at_option
@colour
def sheet(period: str, person: str, form: str, at: str) -> int:
    """Show a week or month as a grid: this week, 2026-W48, `last week`, 2026-11."""
    from plaintrack.app.snapshot import hours
    from plaintrack.app.time.clock import whose
    from plaintrack.show import time as shown

    snapshot = open_snapshot(at)
    found = hours.sheet(snapshot, whose(snapshot, person), period)
    say(shown.sheet_records(found) if form in PROGRAMS else shown.sheet(found), form)
    _report(found.faults)
    return 0


@command.command("submit")
@click.argument("period", metavar="[PERIOD]", default="")
@person_option
@dry_run
def submit(period: str, person: str, dry_run: bool) -> int:
    """Submit a week or month: freeze its entries by a hash."""
    from plaintrack.app.time import sheets

    tell(sheets.submit(open_workspace(), period, person, dry_run))
    return 0


@command.command("approve")
@click.argument("person", metavar="PERSON", shell_complete=complete.people)
@click.argument("period", metavar="[PERIOD]", default="")
@click.option("--note", metavar="TEXT", default="", help="What there is to say.")
@dry_run
def approve(person: str, period: str, note: str, dry_run: bool) -> int:
    """Approve what another person submitted; commit it yourself."""
    from plaintrack.app.time import sheets

    tell(sheets.judge(open_workspace(), "approved", person, period, note, dry_run))
    return 0


@command.command("reject")
@click.argument("person", metavar="PERSON", shell_complete=complete.people)
@click.argument("period", metavar="[PERIOD]", default="")
@click.option("--note", metavar="TEXT", required=True, help="Why.")
@dry_run
def reject(person: str, period: str, note: str, dry_run: bool) -> int:
    """Reject what another person submitted, and say why."""
    from plaintrack.app.time import sheets

    tell(sheets.judge(open_workspace(), "rejected", person, period, note, dry_run))
    return 0


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@person_option
@dry_run
def import_(files: tuple[str, ...], person: str, dry_run: bool) -> int:
    """Take over timeclock files of hledger, ledger, Emacs or Timewarrior (`*.data`).

    Entries that are there already are passed over, so that a file can be imported again. What
    cannot be read stops it before anything is written.
    """
    from plaintrack.app.time import exchange

    tell(exchange.take(open_workspace(), files, person, dry_run))
    return 0


@command.command("pack")
@click.option(
    "--before",
    metavar="MONTH",
    default="",
    help="Only months before this one (the present one).",
)
@person_option
@dry_run
def pack(before: str, person: str, dry_run: bool) -> int:
    """Put the files of each month that is over and approved into one; commit it by itself.

    The entries, and so the hashes of timesheets, stay what they are.
    """
    from plaintrack.app.time import exchange

    tell(exchange.pack(open_workspace(), before, person, dry_run))
    return 0
