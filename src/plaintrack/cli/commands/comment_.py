"""``plaintrack comment``: say something on an item."""

import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.typed import quoted, safe_name, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from plaintrack.app.snapshot.workspace import Workspace


@click.command("comment")
@click.argument("item", metavar="ID", shell_complete=complete.items)
@click.argument("words", nargs=-1, metavar="TEXT...")
@dry_run
def command(item: str, words: tuple[str, ...], dry_run: bool) -> int:
    """Comment on an item with TEXT. Without TEXT, or with -, the comment is read from standard
    input, or written in your editor.

    If that fails, what you wrote is kept in a file that the message names.
    """
    given = words == ("-",) or (not words and sys.stdin is not None and not sys.stdin.isatty())
    with typed(
        f"comment-{safe_name(item)}", lambda: f"plaintrack comment {quoted(item)} -", given
    ) as text:
        text.workspace = workspace = open_workspace()
        if given:
            return _comment(workspace, item, text.read, dry_run)
        return _comment(workspace, item, (lambda: " ".join(words)) if words else text.edit, dry_run)


def _comment(workspace: "Workspace", name: str, text_of: "Callable[[], str]", dry_run: bool) -> int:
    """Write the comment; the item is looked up before the editor opens."""
    from plaintrack.app.items.comment import comment
    from plaintrack.app.snapshot import find

    item = find.resolve(workspace, name)
    tell(comment(workspace, item, text_of(), dry_run))
    return 0
