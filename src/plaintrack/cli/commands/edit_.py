"""``plaintrack edit``: the files in your own editor."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import tell, workspace
from plaintrack.cli.output import note, out, safe
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from plaintrack.app.workspace import Workspace


class NoEditor(PlaintrackError):
    """The editor could not be started, or failed."""

    slug = "no-editor"


def _path(place: "Workspace", name: str) -> str:
    """The file of an item, also of one that cannot be read: an editor is what mends it."""
    from plaintrack.app import read

    try:
        return read.locate(place, name)
    except read.BrokenItem as error:
        return error.problem.path


@click.command("edit")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
def command(items: tuple[str, ...]) -> int:
    """Open items in $EDITOR, then say what changed and what is wrong."""
    import sys

    from plaintrack.app import read
    from plaintrack.app.write import committed, react
    from plaintrack.model.change import compare

    place = workspace()
    paths = list(dict.fromkeys(_path(place, name) for name in items))
    before = {path: read.load(place, path) for path in paths}
    lists = frozenset(name for name, field in place.schema.fields.items() if field.many)
    while True:
        try:
            click.edit(filename=[place.path(path) for path in paths])
        except click.ClickException as error:
            raise NoEditor(error.format_message(), "set $VISUAL or $EDITOR to your editor, such as `nano`") from error
        broken = []
        for path in paths:
            try:
                after = read.load(place, path)
            except FileNotFoundError:
                out(safe(f"{before[path].id or path}  deleted: {before[path].text('title')}"))
                continue
            for problem in after.problems:
                broken += [path] if problem.severity == "error" else []
                note(safe(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")))
            if after.fields:
                tell(compare(before[path], after, lists), after.id or path)
        if not broken:
            react(place)
            committed(place, list(before))
            return 0
        if not sys.stdin.isatty() or not click.confirm("Open the editor again?", default=True, err=True):
            return 1
        paths = list(dict.fromkeys(broken))
