"""``plaintrack import``: take over the items of another program."""

import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import format_option, say
from plaintrack.cli.options import dry_run, open_workspace, refuse
from plaintrack.cli.output import note, out, safe
from plaintrack.render import PROGRAMS

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.app.transfer.read import Given, Reading


@click.command("import")
@click.argument("form_name", metavar="FORMAT", shell_complete=complete.imports)
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@click.option(
    "--mapping",
    metavar="MAP",
    default="",
    type=click.Path(),
    help="Take what their words are called here from this file.",
)
@click.option(
    "--save-mapping",
    metavar="MAP",
    default="",
    type=click.Path(),
    help="Write what their words would be called here to this file, and import nothing.",
)
@click.option(
    "--name",
    metavar="NAME",
    default="",
    help="Tell this file's items from others of the same format, as two projects of Jira.",
)
@click.option(
    "--prefer",
    type=click.Choice(["here", "there"]),
    default=None,
    help="Resolve fields that were changed here and there since the last import.",
)
@click.option(
    "--history",
    is_flag=True,
    help="Commit when items were made and closed, and the moves that Jira's JSON, Org and Trello"
    " tell, with their dates.",
)
@click.option("--commit", is_flag=True, help="Commit what was imported, as one commit.")
@dry_run
@format_option("table", "json", "markdown")
def command(
    form_name: str,
    file: str,
    mapping: str,
    save_mapping: str,
    name: str,
    prefer: str | None,
    history: bool,
    commit: bool,
    dry_run: bool,
    form: str,
) -> int:
    """Import the items of FILE, which another program exported; - reads standard input. With vtodo
    FILE may be a folder of .ics files.

    `--dry-run` is the same run without the write: what it would make, and every property that no
    field is for, with an example. Such properties are kept under keys of their own. A second import
    of the same items takes over what changed there; what changed here, too, stays, and is shown.
    docs/import.md says for each format what comes along, and how to get the file.
    """
    from plaintrack.app.transfer.read import Given, given, opened, read
    from plaintrack.app.transfer.take import take
    from plaintrack.show import imported

    if save_mapping:
        refuse(
            "--save-mapping", "--dry-run", "--name", "--prefer", "--history", "--commit", "--format"
        )
    workspace = open_workspace()
    said = given(mapping) if mapping else Given()
    source = opened(workspace, form_name, file, sys.stdin.buffer, said.columns)
    reading = read(workspace, form_name, source, said)
    if save_mapping:
        return _save(save_mapping, imported.mapping(reading))
    if form not in PROGRAMS and file != "-" and sys.stdin.isatty() and not dry_run:
        reading = _asked(workspace, reading, said)
    done = take(workspace, reading, name, prefer or "", dry_run, history, commit)
    say(imported.records(done) if form in PROGRAMS else imported.imported(done), form)
    return 1 if done.conflicts or done.held else 0


def _save(path: str, text: str) -> int:
    try:
        with open(path, "x", encoding="utf-8") as handle:
            handle.write(text)
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
    out(safe(f"wrote {path}; edit it, then import with --mapping {path}"))
    return 0


def _asked(workspace: "Workspace", reading: "Reading", said: "Given") -> "Reading":
    """The Reading with what the user answers for words that were only guessed."""
    from plaintrack.app.transfer.read import settled

    if not reading.mapping.unsure:
        return reading
    note("Return keeps what is in brackets; - leaves the word out")
    answers: dict[tuple[str, str], str] = {}
    for part, word in reading.mapping.unsure:
        guess = reading.mapping.get(part, word)
        count = reading.survey.words[part][word]
        asked = safe(f"{part} {word!r} ({count} times)")
        answer = click.prompt(asked, default=guess or "-", err=True)
        answers[part, word] = "" if answer == "-" else answer
    return settled(workspace, reading, said, answers)
