"""``plaintrack health``: status updates of projects and goals."""

import sys

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import (
    at_option,
    colour,
    dry_run,
    open_snapshot,
    open_workspace,
    refuse,
)
from plaintrack.cli.output import note
from plaintrack.cli.typed import quoted, safe_name, typed

WORDS = ("on-track", "at-risk", "off-track")


@click.command("health")
@click.argument("item", required=False, metavar="[ID]", shell_complete=complete.items)
@click.argument("health", required=False, type=click.Choice(WORDS))
@click.option("-m", "--message", metavar="TEXT", help="The text, without opening the editor.")
@dry_run
@format_option("table", *DATA)
@at_option
@colour
def command(
    item: str | None, health: str | None, message: str | None, dry_run: bool, form: str, at: str
) -> int:
    """Show the health of open projects and goals, all updates of one, or write an update.

    An update is a dated file. Its text comes from -m, from standard input, or from your editor,
    and ends with the facts since the last one: done, added, slipped, blocked, effort, planned end.
    If writing fails, what you wrote is kept in a file that the message names.
    """
    if health is None:
        if message is not None or dry_run:
            raise click.UsageError(f"say how it stands: {', '.join(WORDS)}")
        return _show(item, form, at)
    if at:
        raise click.UsageError("--at shows the health of then; an update is written now")
    refuse("an update", "--format")
    assert item is not None
    given = message is None and sys.stdin is not None and not sys.stdin.isatty()
    again = f"plaintrack health {quoted(item)} {health}"
    with typed(f"health-{safe_name(item)}", lambda: again, given) as text:
        from plaintrack.app.items.health import say as write
        from plaintrack.app.reporting.facts import facts

        text.workspace = workspace = open_workspace()
        found = facts(workspace, item)
        if message is not None:
            whole = f"{message.rstrip()}\n\n{found}" if message.strip() else ""
        elif given:
            read = text.read()
            whole = f"{read.rstrip()}\n\n{found}" if read.strip() else ""
        else:
            text.data = f"\n\n{found}".encode()
            whole = text.edit()
            if whole.strip() == found.strip():
                whole = ""
        tell(write(workspace, item, health.replace("-", " "), whole, dry_run))
    return 0


def _show(item: str | None, form: str, at: str) -> int:
    from plaintrack.app.snapshot import updates
    from plaintrack.show import updates as show

    snapshot = open_snapshot(at)
    if item is None:
        found = updates.told(snapshot)
        if not found and for_people(form):
            note("no open projects or goals")
            return 0
        say(show.records(found) if form in ("json", "csv") else show.table(found), form)
        return 0
    task = updates.subject(snapshot, item)
    said = updates.updates(snapshot, task)
    if form in ("json", "csv"):
        say(show.texts(said), form)
        return 0
    (subject,) = updates.told(snapshot, [task.id])
    if not said and for_people(form):
        note(f"no updates of {task.id} yet; {subject.health or 'nothing known'} by rule")
        return 0
    say(show.whole(subject, said), form)
    return 0
