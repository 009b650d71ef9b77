"""Commands on every item that a query finds: what would be done is shown, then asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import confirmed, note, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.model.done import Done

items = click.argument("items", nargs=-1, metavar="ID...", shell_complete=complete.items)
where_option = click.option(
    "--where",
    metavar="QUERY",
    shell_complete=complete.query,
    help="Every item that matches QUERY, after a preview.",
)
yes_option = click.option("--yes", is_flag=True, help="With --where: do not ask for confirmation.")
comment_option = click.option(
    "-m", "--comment", metavar="TEXT", default="", help="Comment on the items, too."
)
force_option = click.option(
    "--force",
    metavar="REASON",
    default="",
    help="Take a step that the workflow does not allow, or not you; REASON becomes a comment.",
)


def step(name: str, about: str) -> click.Command:
    """The command of a step of the workflow."""

    @click.command(name, help=about)
    @items
    @comment_option
    @where_option
    @yes_option
    @force_option
    @dry_run
    def command(
        items: tuple[str, ...],
        comment: str,
        where: str | None,
        yes: bool,
        force: str,
        dry_run: bool,
    ) -> int:
        return take(name, items, comment, where, yes, force, dry_run)

    return command


def take(
    name: str,
    items: tuple[str, ...],
    comment: str,
    where: str | None,
    yes: bool,
    force: str,
    dry: bool,
    timer: bool | None = None,
) -> int:
    """Take items through a step of the workflow."""
    from plaintrack.app.items.workflow import move

    either(items, where)
    workspace = open_workspace()
    return carry_out(
        workspace,
        lambda dry: move(workspace, name, items, dry, timer, comment, force, where),
        where,
        yes,
        dry,
    )


def either(items: tuple[str, ...], where: str | None) -> None:
    """Refuse neither and both; raises UsageError."""
    if bool(items) == (where is not None):
        raise click.UsageError("give items, or --where QUERY")


def carry_out(
    workspace: "Workspace", act: "Callable[[bool], Done]", where: str | None, yes: bool, dry: bool
) -> int:
    """Do what ``act`` does (with True: as a dry run); for a query after a preview and a yes."""
    if where is None or dry or yes:
        done = act(dry)
        tell(done)
        if where is not None and not done.items:
            note("nothing to change: no items match the query, or all are so already")
        return 0
    planned = act(True)
    changed = [item for item in planned.items if item.changes]
    if not changed:
        note("nothing to change: no items match the query, or all are so already")
        return 0
    for line in preview(workspace, planned):
        note(safe(line))
    if not confirmed(f"Change {plural(len(changed), 'item')}?"):
        return 1
    tell(act(False))
    return 0


MOST = 5
"""Items that a question names with their titles."""


def titled(workspace: "Workspace", items: list[str]) -> str:
    """Items by ids and titles, for a question."""
    from plaintrack.app.snapshot.answers import title

    named = [f"{item} {title(workspace, item) or ''!r}" for item in items[:MOST]]
    more = f" and {len(items) - MOST} more" if len(items) > MOST else ""
    return safe(", ".join(named) + more)


def preview(workspace: "Workspace", planned: "Done") -> list[str]:
    """A line for each item that would be changed, with its title."""
    from plaintrack.app.snapshot.answers import title
    from plaintrack.show.done import item_line

    return [
        item_line(item).replace(item.id, f"{item.id}  {title(workspace, item.id)}", 1)
        for item in planned.items
        if item.changes
    ]
