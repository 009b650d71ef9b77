"""``plaintrack history``: the values a field had."""

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option, say
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note
from plaintrack.render import PROGRAMS


@click.command("history")
@click.argument("field", metavar="FIELD", shell_complete=complete.field)
@click.argument("item", metavar="ID", shell_complete=complete.items)
@format_option("table", *DATA)
def command(field: str, item: str, form: str) -> int:
    """Show the values of a FIELD of an item over time: since when, how long, by whom, in which
    commit.
    """
    from plaintrack.app.snapshot import answers, history, log
    from plaintrack.show import history as show

    workspace = open_workspace()
    known = history.history(workspace)
    name = answers.field(workspace, field)
    found = history.values(workspace, known, log.items(workspace, known, (item,))[0], name)
    if form in PROGRAMS:
        say(show.typed(found), form)
    elif found:
        say(show.values(name, found, workspace.now.isoformat()), form)
    else:
        note(f"no values: {name} was never set")
        return 1
    return 0
