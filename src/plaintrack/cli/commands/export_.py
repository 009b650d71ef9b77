"""``plaintrack export``: the work in formats of other programs."""

import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import given, view_option
from plaintrack.cli.options import (
    QueryCommand,
    at_option,
    joined,
    open_snapshot,
    report_problems,
)
from plaintrack.cli.output import note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.exchange.changes import Changes
    from plaintrack.store.pages import Pages

FORMATS = (
    "ical",
    "markdown",
    "org",
    "table",
    "taskwarrior",
    "timeclock",
    "todotxt",
    "vtodo",
    "xlsx",
)
_EITHER = "--output is one file, --vdir a folder of files; choose one"
PARTS = "due,planned,milestones,leave"


@click.command("export", cls=QueryCommand)
@click.argument("form_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@view_option
@click.option(
    "--what",
    metavar="NAMES",
    default=PARTS,
    help=f"With ical: export these, separated by commas ({PARTS}).",
)
@click.option("--output", metavar="FILE", default="", help="Write to FILE.")
@click.option(
    "--vdir",
    metavar="DIR",
    default="",
    help="With ical and vtodo: write a file for each entry into DIR, as todoman, khal and"
    " vdirsyncer keep them; only what differs is written.",
)
@at_option
def command(
    form_name: str,
    query: tuple[str, ...],
    view: str | None,
    what: str,
    output: str,
    vdir: str,
    at: str,
) -> int:
    """Export the open items that match QUERY, or all open ones, in the format of another program:
    ical, markdown (Obsidian Tasks), org (Emacs), table (JSON Lines), taskwarrior, timeclock
    (hledger), todotxt, vtodo (to-dos of calendars), xlsx (Excel).

    `ical` is a calendar: due dates as to-dos, planned work and milestones as events, and the leave
    of people, without its type unless the settings say `site: {private: true}`. It and vtodo need
    the extra `ical`, and xlsx the extra `xlsx`. docs/import.md says what each format has no place
    for.
    """
    from plaintrack.app.snapshot import views

    snapshot = open_snapshot(at)
    within = views.view(snapshot, view).query
    if form_name == "ical":
        return _calendar(snapshot, (joined(query), within), what, output, vdir)
    if "what" in given():
        raise click.UsageError("--what belongs to ical")
    if vdir:
        return _folder(snapshot, form_name, (joined(query), within), output, vdir)
    from plaintrack.app.transfer.give import give
    from plaintrack.exchange.changes import Changes

    left: Counter[str] = Counter()
    changes = Changes()
    pieces = give(snapshot, form_name, joined(query), within, left, changes)
    if not output and form_name == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("a workbook is not text; write it with --output FILE.xlsx")
    _write(output, pieces)
    _tell(form_name, left, changes)
    report_problems(snapshot)
    return 0


def _tell(form_name: str, left: Counter[str], changes: "Changes") -> None:
    """Say what the format has no place for, and what it holds otherwise."""
    if left:
        counts = ", ".join(f"{name} ({count})" for name, count in sorted(left.items()))
        note(safe(f"{form_name} has no place for: {counts}"))
    for each in changes.altered():
        said = " ".join(each.old.split())[:60]
        example = f"{said} → {each.new}" if each.new else said
        note(
            safe(f"{form_name} changes {each.field}: {each.why} ({each.items}, such as {example})")
        )


def _write(output: str, pieces: Iterable[bytes]) -> None:
    if not output:
        size = sum(sys.stdout.buffer.write(piece) for piece in pieces)
        sys.stdout.buffer.flush()
        if not size:
            note("there is nothing to export")
        return
    try:
        with open(output, "wb") as handle:
            handle.writelines(pieces)
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from error
    note(safe(f"wrote {output}"))


def _folder(
    snapshot: "Snapshot", form_name: str, query: tuple[str, str], output: str, vdir: str
) -> int:
    from plaintrack.app.transfer.give import VTODO, folder
    from plaintrack.exchange.changes import Changes

    if form_name != VTODO:
        raise click.UsageError("--vdir belongs to ical and vtodo")
    if output:
        raise click.UsageError(_EITHER)
    left: Counter[str] = Counter()
    changes = Changes()
    _told(folder(snapshot, query[0], vdir, query[1], left, changes), vdir)
    _tell(form_name, left, changes)
    report_problems(snapshot)
    return 0


def _told(made: "Pages", vdir: str) -> None:
    out(safe(f"{vdir}: {made.written} written, {made.same} unchanged, {made.removed} removed"))


def _calendar(
    snapshot: "Snapshot", query: tuple[str, str], what: str, output: str, vdir: str
) -> int:
    from plaintrack.app.reporting import calendar

    if output and vdir:
        raise click.UsageError(_EITHER)
    parts = [each.strip() for each in what.split(",") if each.strip()]
    text, within = query
    if vdir:
        made = calendar.vdir(snapshot, text, parts, vdir, within)
        _told(made, vdir)
    else:
        data = calendar.ical(snapshot, text, parts, within)
        if output:
            _write(output, [data])
        else:
            for line in data.decode().replace("\r\n", "\n").rstrip("\n").split("\n"):
                out(line)
    report_problems(snapshot)
    return 0
