"""``plaintrack edit``: the files in your own editor."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import tell, workspace
from plaintrack.cli.output import note, safe


@click.command("edit")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
def command(items: tuple[str, ...]) -> int:
    """Open items in $EDITOR, then say what changed and what is wrong."""
    import sys

    from plaintrack.app import read
    from plaintrack.model.change import compare

    place = workspace()
    paths = list(dict.fromkeys(read.locate(place, name) for name in items))
    before = {path: read.load(place, path) for path in paths}
    lists = frozenset(name for name, field in place.schema.fields.items() if field.many)
    while True:
        click.edit(filename=[place.path(path) for path in paths])
        broken = 0
        for path in paths:
            after = read.load(place, path)
            for problem in after.problems:
                broken += problem.severity == "error"
                note(safe(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")))
            if after.fields:
                tell(compare(before[path], after, lists), after.id or path)
        if not broken:
            return 0
        if not sys.stdin.isatty() or not click.confirm("Open the editor again?", default=True, err=True):
            return 1
