"""``plaintrack edit``: the files in your own editor."""

import sys

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import open_workspace
from plaintrack.cli.typed import open_editor


@click.command("edit")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
def command(items: tuple[str, ...]) -> int:
    """Open items in $EDITOR, then show what changed and any problems."""
    from plaintrack.app.check.edit import Editing

    editing = Editing(open_workspace(), items)
    try:
        while editing.open:
            open_editor(editing.files)
            tell(editing.look())
            if editing.open and not _again():
                return 1
    finally:
        tell(editing.record())
    return 0


def _again() -> bool:
    """Ask whether to open the editor again; where no one can be asked, it is not."""
    return sys.stdin.isatty() and click.confirm("Open the editor again?", default=True, err=True)
