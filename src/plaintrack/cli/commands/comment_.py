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
@click.argument("words", nargs=-1, metavar="TEXT...", shell_complete=complete.mentions)
@click.option(
    "--answer",
    metavar="N",
    default="",
    help="Answer the comment that `plaintrack show` numbers N.",
)
@click.option(
    "--resolve",
    metavar="N",
    default="",
    help="Say that the thread of comment N needs no more answer; with or without TEXT.",
)
@dry_run
def command(item: str, words: tuple[str, ...], answer: str, resolve: str, dry_run: bool) -> int:
    """Comment on an item with TEXT. Without TEXT, or with -, the comment is read from standard
    input, or written in your editor.

    A later answer opens a resolved thread again.

    If that fails, what you wrote is kept in a file that the message names.
    """
    if answer and resolve:
        raise click.UsageError("--answer and --resolve are two ways to answer; leave out one")
    above, resolved = answer or resolve, bool(resolve)
    if resolved and not words:
        from plaintrack.app.items.comment import comment

        tell(comment(open_workspace(), item, "", dry_run, above, resolved))
        return 0
    given = words == ("-",) or (not words and sys.stdin is not None and not sys.stdin.isatty())
    with typed(
        f"comment-{safe_name(item)}", lambda: f"plaintrack comment {quoted(item)} -", given
    ) as text:
        text.workspace = workspace = open_workspace()
        written = (lambda: " ".join(words)) if words else text.edit
        source = text.read if given else written
        return _comment(workspace, item, source, dry_run, above, resolved)


def _comment(
    workspace: "Workspace",
    name: str,
    text_of: "Callable[[], str]",
    dry_run: bool,
    above: str,
    resolved: bool,
) -> int:
    """Write the comment; the item and what is answered are looked up before the editor opens."""
    from plaintrack.app.items.comment import answered, comment
    from plaintrack.app.snapshot import find

    item = find.resolve(workspace, name)
    if above:
        above = answered(workspace, item, above)
    tell(comment(workspace, item, text_of(), dry_run, above, resolved))
    return 0
