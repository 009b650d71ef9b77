"""``plaintrack inbox``: what concerns you."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import colour, open_workspace, refuse
from plaintrack.cli.output import note


@click.command("inbox")
@click.option(
    "--read",
    "words",
    metavar="ID|all",
    multiple=True,
    shell_complete=complete.items,
    help="Mark what concerns this item, or all, as read on this machine.",
)
@click.option(
    "--digest",
    "period",
    type=click.Choice(["day", "week"]),
    help="Write what the last day or week brought as Markdown, read or not.",
)
@click.option(
    "--of",
    "who",
    metavar="PERSON",
    shell_complete=complete.people,
    help="With --digest: that of another person.",
)
@format_option("table", *DATA)
@colour
def command(words: tuple[str, ...], period: str | None, who: str | None, form: str) -> int:
    """Show what happened since you last read and concerns you, by item, the newest first.

    That is what others committed: assigned, mentioned, answered, commented, approved, unblocked,
    changed; and what is due within three days or waits for your approval.
    """
    from plaintrack.app.snapshot import inbox
    from plaintrack.model.count import plural
    from plaintrack.show.inbox import digest, records, table

    if words and period:
        raise click.UsageError("--read marks, --digest reports; leave out one")
    if who and not period:
        raise click.UsageError("--of takes --digest: what others have read is known to them alone")
    if words:
        refuse("--read", "--format")
    workspace = open_workspace()
    if words:
        done = inbox.read(workspace, words)
        note(f"{plural(done.total, 'entry', 'entries')} read")
        return 0
    if period:
        found = inbox.digest_of(workspace, inbox.DAYS[period], who or "")
        if form == "table":
            form = "markdown"
    else:
        found = inbox.inbox(workspace)
    if form in ("json", "csv"):
        say(records(found.items), form)
        return 0
    if period:
        say(digest(found.items, inbox.title(workspace, period, who or "")), form)
        return 0
    if found.first and for_people(form):
        note("you never marked anything as read: this is what the last 14 days brought")
    if not found.items and for_people(form):
        note("nothing that you have not read")
        return 0
    say(table(found.items), form)
    return 0
