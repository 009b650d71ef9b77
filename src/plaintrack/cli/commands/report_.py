"""``plaintrack report``: reports to read, to send and to publish."""

from functools import partial
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import say
from plaintrack.cli.options import (
    asked_snapshot,
    at_option,
    colour,
    open_snapshot,
    portfolio_options,
    report_problems,
)
from plaintrack.cli.output import note, out, progress, safe

if TYPE_CHECKING:
    from plaintrack.app.reporting.report import Report

FORMS = ("text", "markdown", "html", "json")
_SITE = "site"


def _output(text: str) -> tuple[str, str]:
    """Format and path of an ``--output``."""
    form, equals, path = text.partition("=")
    if form not in FORMS[1:] or not equals or not path:
        raise click.UsageError(f"--output is FORMAT=PATH; the formats are {', '.join(FORMS[1:])}")
    return form, path


@click.command("report")
@click.argument("name", required=False, shell_complete=complete.report)
@click.argument("words", nargs=-1, metavar="[ID|DIR]")
@click.option(
    "--since", metavar="DATE", default="", help="The first day of the report (weekly: -7d)."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Output format: text on a terminal, else markdown; html is one file and needs the extra"
    " `report`.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=PATH",
    help="Write markdown, html or json to a file; may be repeated.",
)
@at_option
@portfolio_options
@colour
def command(
    name: str | None,
    words: tuple[str, ...],
    since: str,
    form: str | None,
    outputs: tuple[str, ...],
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Write the report NAME; without a name list the reports.

    `report weekly` says what was done, added and slipped, what is blocked and what comes next;
    `report project ID`, `goals`, `people` and others are about what they are called after. Your
    own are Markdown files with live blocks in the folder that `rooms: {reports: reports}` names.

    `report site DIR` writes all of them, a page for each item and search as static HTML into DIR,
    for a web server, a forge's pages or a browser alone. It needs the extra `report`.

    Reports and sites leave out rates, cost, e-mail addresses and types of leave, unless the
    settings say `site: {private: true}`.
    """
    if name == _SITE:
        return _write_site(words, at, since or form or outputs or portfolio or stale)
    from plaintrack.app.reporting.drawn import drawn
    from plaintrack.app.reporting.report import Asked, report, reports

    files = list(map(_output, outputs))
    for option, value in (("--format", form), ("--output", outputs), ("--since", since)):
        if name is None and value:
            raise click.UsageError(f"{option} needs the name of a report")
    snapshot = asked_snapshot(at, portfolio, stale)
    if name is None:
        for each, about in reports(snapshot):
            out(safe(f"{each:14} {about}"))
        return 0
    asked = Asked(words, since)
    if portfolio:
        asked = asked._replace(where=None)  # there are no files to lead to
    found = report(snapshot, name, asked)
    for kind, path in files:
        text = drawn(found, kind)
        try:
            with open(path, "w", encoding="utf-8", newline="\n") as handle:
                handle.write(text)
        except OSError as error:
            raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
        note(safe(f"wrote {path}"))
    if not outputs or form:
        _say(found, form)
    report_problems(snapshot)
    return 0


def _write_site(words: tuple[str, ...], at: str, more: object) -> int:
    """`report site DIR`."""
    from plaintrack.app.reporting.site import site

    if len(words) != 1 or more:
        raise click.UsageError("write `plaintrack report site DIR`, with no option but --at")
    snapshot = open_snapshot(at)
    made = site(snapshot, words[0], partial(progress, verb="writing"))
    counts = f"{made.written} written, {made.same} unchanged, {made.removed} removed"
    out(safe(f"{words[0]}: {counts}"))
    for line in made.notes:
        note(safe(line))
    report_problems(snapshot)
    return 0


def _say(found: "Report", form: str | None) -> None:
    from plaintrack.app.reporting.drawn import days, drawn
    from plaintrack.cli.output import terminal

    form = form or ("text" if terminal() else "markdown")
    if form == "text":
        out(safe(f"{found.title}  ({days(found)})"))
        out("")
        say(found.document, form)
        return
    for line in drawn(found, form).rstrip("\n").split("\n"):
        out(line)
