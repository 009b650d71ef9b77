"""``plaintrack textconv``: what git calls to show changes of an item as changes of fields;
``cli.convert`` does it without this module.
"""

import click

from plaintrack.cli import convert


@click.command("textconv")
@click.argument("file")
def command(file: str) -> int:
    """Print an item as sorted lines, one value per line, then its body: the textconv driver for
    `git diff` and `git log -p`.

    A file that cannot be parsed is printed unchanged. `plaintrack init --git` sets the driver up.
    """
    return convert.run([file])
