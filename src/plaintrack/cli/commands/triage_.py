"""``plaintrack triage``: walk through what is new."""

import shlex
import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli import bulk, complete
from plaintrack.cli.answer import tell
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import QueryCommand, colour, joined, open_workspace, report_problems
from plaintrack.cli.output import note, out, paint, safe, width
from plaintrack.errors import PlaintrackError
from plaintrack.model.count import plural
from plaintrack.render import draw

if TYPE_CHECKING:
    from plaintrack.model.task import Task

HELP = (
    "p PRIORITY  set the priority        a PERSON  assign it\n"
    "s F=VALUE   set fields, as `set`    c TEXT    comment\n"
    "d ID        duplicate of ID         x REASON  decline\n"
    "n or empty  the next one            u         undo the last step\n"
    "q           stop"
)


@click.command("triage", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@bulk.force_option
@format_option("table", *DATA)
@colour
def command(query: tuple[str, ...], force: str, form: str) -> int:
    """Walk through new items, the oldest first: accept, assign, decline, name duplicates.

    New is what matches QUERY, else the view `triage` of the settings, else what is open without a
    priority. Each step is written at once, and `undo` takes it back. Not on a terminal: list them.
    """
    from plaintrack.app.items.triage import waiting
    from plaintrack.show.items import plain

    workspace = open_workspace()
    found = waiting(workspace, joined(query))
    report_problems(workspace)
    if not found and for_people(form):
        note("nothing to triage")
        return 0
    if form != "table" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(plain(found, ("id", "title", "type", "created"), form in ("json", "csv")), form)
        return 0
    for number, task in enumerate(found, 1):
        if not _walk(task, f"{number} of {len(found)}", force):
            break
    note(f"{plural(len(waiting(open_workspace(), joined(query))), 'item')} left")
    return 0


def _walk(task: "Task", place: str, force: str) -> bool:
    """Show an item and carry out what is typed; whether to go on."""
    note("")
    _show(task.id)
    while True:
        click.echo(f"[{place}] p a s c d x n u q ?> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            note("")
            return False
        word, _, rest = line.strip().partition(" ")
        if word in ("", "n"):
            return True
        if word == "q":
            return False
        try:
            if _step(task.id, word, rest.strip(), force):
                return True
        except PlaintrackError as error:
            note(safe(f"plaintrack: {error.message}"))
            if error.hint:
                note(safe(f"  hint: {error.hint}"))


def _step(item: str, word: str, rest: str, force: str) -> bool:
    """Carry out one step; whether the item is through with it."""
    from plaintrack.app.items.assign import edits
    from plaintrack.app.items.change import change
    from plaintrack.app.items.comment import comment
    from plaintrack.app.items.target import named
    from plaintrack.app.items.triage import decline, duplicate

    workspace = open_workspace()
    if word in ("p", "a", "s"):
        words = shlex.split(rest) if word == "s" else [f"{_FIELDS[word]}={rest}"]
        targets = named(workspace, [item])
        tell(change(workspace, targets, edits(workspace, words), force=force))
    elif word == "c":
        tell(comment(workspace, item, rest))
    elif word == "d":
        tell(duplicate(workspace, item, rest, force=force))
        return True
    elif word == "x":
        tell(decline(workspace, item, rest, force=force))
        return True
    elif word == "u":
        _undo()
    else:
        note(HELP)
    return False


_FIELDS = {"p": "priority", "a": "assignee"}


def _undo() -> None:
    """Take back the last command."""
    from plaintrack.cli.commands.undo_ import command as undo

    undo.main([], standalone_mode=False)


def _show(item: str) -> None:
    from plaintrack.app.snapshot import find
    from plaintrack.app.snapshot.detail import detail
    from plaintrack.show.detail import details

    workspace = open_workspace()
    found = detail(workspace, find.load(workspace, find.locate(workspace, item)))
    for line in draw(details([found], False), "text", width(), paint()):
        out(line)
