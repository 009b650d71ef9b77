"""``plaintrack textconv``: what git calls to show changes of an item as changes of fields;
``cli.convert`` does it without this module.
"""

import click

from plaintrack.cli import convert


@click.command("textconv")
@click.argument("file")
def command(file: str) -> int:
    """Print an item as sorted lines, one value a line, then its body: git's textconv driver for
    `git diff` and `git log -p`.

    A file that cannot be parsed is printed as it is. `plaintrack init --git` sets it up.
    """
    return convert.run([file])
