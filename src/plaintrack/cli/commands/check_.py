"""``plaintrack check``: what is wrong with the work, or what a change does to it."""

import os
from datetime import date
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, colour, workspace
from plaintrack.cli.output import colours, lines, note, out, safe
from plaintrack.errors import PlaintrackError
from plaintrack.show.findings import FORMATS, write

if TYPE_CHECKING:
    from plaintrack.app.check.check import Asked
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.checks.report import Report


@click.command("check", cls=QueryCommand)
@click.argument("terms", nargs=-1, metavar="[QUERY|PATH|ID]...", shell_complete=complete.query)
@click.option(
    "--since",
    metavar="A...B",
    default="",
    help="Report only what a change introduces: A...B, A..B, or A (to the work tree).",
)
@click.option("--staged", is_flag=True, help="Report only what the staged changes introduce.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"Output format and file; may be repeated: {', '.join(FORMATS)}.",
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
@click.option(
    "--links",
    metavar="URL",
    default="",
    help="With markdown and comment: the address to put before the paths of files.",
)
@click.option("--today", metavar="DATE", help="Use DATE as today.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely; `undo` takes it back.")
@click.option(
    "--dry-run", is_flag=True, help="With --fix: show the change as a diff; write nothing."
)
@colour
def command(
    terms: tuple[str, ...], since: str, staged: bool, outputs: tuple[str, ...], fail_on: str,
    baseline: str | None, write_baseline: bool,
    policy_from: str, links: str, today: str | None, fix: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Check items, settings, views and rules; or, with --since or --staged, only what a change
    introduces.

    QUERY, PATH and ID limit what is reported; a PATH or ID that does not exist is an error.
    `plaintrack explain` lists and explains the checks. Exit with 1 if a finding is at least as
    severe as --fail-on.
    """
    from plaintrack.app.check import check

    wanted = [_output(each) for each in outputs or ("text",)]
    if since and staged:
        raise click.UsageError("--staged compares with the last commit; leave --since out")
    if (
        (fix and (since or staged or policy_from or baseline))
        or (dry_run and not fix)
        or (write_baseline and not baseline)
    ):
        raise click.UsageError(
            "--fix cannot be used with another snapshot or a baseline; --dry-run needs"
            " --fix, --write-baseline needs --baseline"
        )
    place = workspace()
    query, paths = check.narrowed(place, terms, bool(since or staged))
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
        from plaintrack.app.check.fix import fix as mend
        from plaintrack.cli.options import show_diff

        done, written = mend(place, asked, dry_run)
        for line in done:
            note(safe(f"fixed: {line}"))
        for each in written if dry_run else ():
            show_diff(each.before, each.after, each.path)
        if dry_run:
            return 0
        place = workspace()
    report = check.check(place, asked)._replace(links=links)
    for form, file in wanted:
        _say(place, _written(place, asked, report, form, not file), file, form)
    for text in report.notes:
        note(safe(text))
    note(safe(report.summary()))
    if write_baseline and baseline:
        _write(place, baseline, check.baseline(report))
        return 0
    return int(report.fails(fail_on))


def _output(text: str) -> tuple[str, str]:
    form, _, file = text.partition("=")
    if form not in FORMATS:
        raise click.UsageError(f"unknown output format {form!r}; choose from {', '.join(FORMATS)}")
    return form, file


def _written(place: "Workspace", asked: "Asked", report: "Report", form: str, shown: bool) -> str:
    """The Report in a format; ``shown``: on standard output."""
    if form == "text":
        from plaintrack.show.findings.text import write as text

        return text(report, safe, shown and colours())
    if form == "comment":
        from plaintrack.show.findings.comment import write as comment

        return comment(report, _review(place, asked, report))
    return write(report, form)


def _review(place: "Workspace", asked: "Asked", report: "Report") -> str:
    """The review of the change as Markdown; empty if everything was checked. What cannot be
    reviewed says why.
    """
    from urllib.parse import quote

    from plaintrack.app.snapshot import review
    from plaintrack.cli.commands.diff_ import rows
    from plaintrack.show.findings.comment import HALF
    from plaintrack.show.review import escape, markdown

    if not (asked.since or asked.staged):
        return ""
    try:
        found = review.review(place, asked.since, asked.staged)
        return markdown(
            rows(place, found),
            found.old,
            found.new,
            found.settings,
            report.links + quote(report.prefix),
            HALF,
        )
    except PlaintrackError as error:
        return f"### Work changed\n\n{escape(error.message)}\n"


def _write(place: "Workspace", file: str, text: str) -> None:
    """Write a file that was named; raises Oddity if it stands among the files of the work and is,
    or lies behind, a symbolic link.

    Such a link may have come with a change that is being checked. Elsewhere links are the user's
    own.
    """
    from plaintrack.store import files
    from plaintrack.store.place import top

    full = os.path.abspath(file)
    for bound in (place.root, top(place.root) or place.root):
        if full.startswith(bound.rstrip(os.sep) + os.sep) and (
            link := files.linked(bound, os.path.relpath(full, bound))
        ):
            raise files.LinkedOutput(link)
    with open(file, "w", encoding="utf-8") as handle:
        handle.write(text)


def _say(place: "Workspace", found: str, file: str, form: str) -> None:
    """Write to a file or to standard output."""
    if file:
        _write(place, file, found)
    elif found:
        out(
            (
                found.removesuffix("\n")
                if form == "text"
                else "\n".join(lines(found.removesuffix("\n")))
            ),
            form == "github",
        )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError(f"--today {text}: write it as 2026-11-23") from error
