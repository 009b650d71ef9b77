"""``plaintrack check``: what is wrong with the work, or what a change does to it."""

from datetime import date
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import links_option
from plaintrack.cli.options import (
    QueryCommand,
    colour,
    joined,
    open_workspace,
    portfolio_options,
    refuse,
    report_ages,
    terminal,
)
from plaintrack.cli.output import colours, lines, note, out, safe
from plaintrack.show.findings import FORMATS

if TYPE_CHECKING:
    from plaintrack.app.check.check import Asked
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.checks.report import Report

SAFE = ("text", "markdown", "comment")
"""Formats that are made safe as they are written."""


@click.command("check", cls=QueryCommand)
@click.argument("terms", nargs=-1, metavar="[QUERY|PATH|ID]...", shell_complete=complete.query)
@click.option(
    "--since",
    metavar="A...B",
    default="",
    help="Report only what a change introduces: A...B, A..B, or A (to the work tree).",
)
@click.option("--staged", is_flag=True, help="Report only what the staged changes introduce.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), help="Output format (text).")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="A format and the file to write it to; may be repeated.",
)
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "note", "never"]), default="error",
    help="Exit with 1 from this severity up (error).",
)  # fmt: skip
@click.option("--baseline", metavar="FILE", help="Leave out the findings recorded in FILE.")
@click.option("--write-baseline", is_flag=True, help="Write the findings to the --baseline FILE.")
@click.option(
    "--policy-from",
    metavar="REV",
    default="",
    help="Read the enforced settings from a revision.",
)
@links_option
@click.option("--today", metavar="DATE", help="Use DATE as today.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely; `undo` takes it back.")
@click.option(
    "--dry-run", is_flag=True, help="With --fix: show the change as a diff; write nothing."
)
@portfolio_options
@colour
def command(
    terms: tuple[str, ...], since: str, staged: bool, format_: str | None, outputs: tuple[str, ...],
    fail_on: str, baseline: str | None, write_baseline: bool,
    policy_from: str, links: str, today: str | None, fix: bool, dry_run: bool,
    portfolio: str, stale: str,
) -> int:  # fmt: skip
    """Check items, settings, views and rules; or, with --since or --staged, only what a change
    introduces.

    QUERY, PATH and ID limit what is reported; a PATH or ID that does not exist is an error.
    `plaintrack explain` lists and explains the checks. Exit with 1 if a finding is at least as
    severe as --fail-on.

    With --portfolio the links that lead from one repository to another are checked, and nothing
    else: an item that is not there, a circle, an open item below a closed one.
    """
    from plaintrack.app.check import check
    from plaintrack.app.check.output import discreet

    given = (*([format_] if format_ else []), *outputs) or ("text",)
    wanted = [_output(each) for each in given]
    if portfolio:
        return _across(joined(terms), portfolio, stale, wanted, fail_on)
    refuse("one repository: it needs --portfolio", "--stale")
    _compatible(bool(since), staged, fix, dry_run, bool(policy_from or baseline))
    if links and not {"markdown", "comment"} & {form for form, _ in wanted}:
        raise click.UsageError("--links needs --format markdown or comment")
    if dry_run and (format_ or outputs):
        raise click.UsageError("--dry-run shows what --fix would change; it takes no format")
    if write_baseline and not baseline:
        raise click.UsageError("--write-baseline needs --baseline")
    workspace = open_workspace()
    query, paths = check.narrowed(workspace, terms, bool(since or staged))
    asked = check.Asked(
        query,
        paths,
        since,
        staged,
        policy_from,
        _day(today),
        check.read_baseline(baseline) if baseline and not write_baseline else {},
        any(form in ("json", "markdown", "comment") for form, _ in wanted),
    )
    if fix:
        _fix(workspace, asked, dry_run)
        if dry_run:  # nothing was fixed, so the answer is that of the items as they are
            report = check.check(workspace, asked)
            note(safe(report.summary()))
            return int(report.fails(fail_on))
        workspace = open_workspace()
    discreet(workspace, [form for form, _ in wanted])
    report = check.check(workspace, asked)._replace(links=links)
    _write(workspace, asked, report, wanted)
    if write_baseline and baseline:
        from plaintrack.app.check.output import save

        save(workspace, baseline, check.baseline(report))
        return 0
    return int(report.fails(fail_on))


_OTHERS = (
    *("--since", "--staged", "--baseline", "--write-baseline", "--policy-from", "--links"),
    *("--today", "--fix", "--dry-run"),
)
"""What is of one repository."""


def _across(
    query: str, portfolio: str, stale: str, wanted: list[tuple[str, str]], fail_on: str
) -> int:
    """Check the links between the repositories of a portfolio."""
    from plaintrack.app.check.across import across
    from plaintrack.app.check.check import Asked
    from plaintrack.app.snapshot.gather import linked

    refuse("--portfolio, which checks links between repositories", *_OTHERS)
    snapshot = linked(portfolio, query, stale, terminal())
    report = across(snapshot, query)
    _write(snapshot, Asked(query), report, wanted)
    report_ages(snapshot)
    return int(report.fails(fail_on))


def _compatible(since: bool, staged: bool, fix: bool, dry_run: bool, compared: bool) -> None:
    """Refuse options that say nothing together."""
    if since and staged:
        raise click.UsageError("--staged compares with the last commit; leave --since out")
    if fix and (since or staged or compared):
        raise click.UsageError("--fix cannot be used with another snapshot or a baseline")
    if dry_run and not fix:
        raise click.UsageError("--dry-run needs --fix")


def _fix(workspace: "Workspace", asked: "Asked", dry_run: bool) -> None:
    """Fix what can be fixed; say what was done, or show what would be."""
    from plaintrack.app.check.fix import fix
    from plaintrack.cli.options import show_diff

    done, written = fix(workspace, asked, dry_run)
    for line in done:
        note(safe(f"fixed: {line}"))
    for each in written if dry_run else ():
        show_diff(each.before, each.after, each.path)


def _write(
    workspace: "Snapshot", asked: "Asked", report: "Report", wanted: list[tuple[str, str]]
) -> None:
    """Write a report in each format to its file, or to standard output."""
    from plaintrack.app.check.output import save, written

    for form, file in wanted:
        text = written(workspace, asked, report, form, not file and colours())
        if file:
            save(workspace, file, text)
        else:
            _say(text, form)
    for text in report.notes:
        note(safe(text))
    note(safe(report.summary()))


def _output(text: str) -> tuple[str, str]:
    form, _, file = text.partition("=")
    if form not in FORMATS:
        raise click.UsageError(f"unknown output format {form!r}; choose from {', '.join(FORMATS)}")
    return form, file


def _say(text: str, form: str) -> None:
    """Write to standard output."""
    shown = text.removesuffix("\n")
    if form not in SAFE:
        shown = "\n".join(lines(shown))
    if shown:
        out(shown, form == "github")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError(f"--today {text}: write it as 2026-11-23") from error
