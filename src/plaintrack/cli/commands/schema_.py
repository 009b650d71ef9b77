"""``plaintrack schema``: the JSON Schema of the front matter."""

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import lines, out


@click.command("schema")
def command() -> int:
    """Print the JSON Schema (2020-12) of the front matter, made from the settings, for editors and
    other programs that write items.
    """
    from plaintrack.show.schema import write

    for line in lines(write(open_workspace().schema)):
        out(line)
    return 0
