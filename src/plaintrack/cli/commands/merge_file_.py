"""``plaintrack merge-file``: what git calls to merge an item; ``cli.driver`` does it without this
module.
"""

import click

from plaintrack.cli import driver


@click.command("merge-file")
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.argument("marker_size", default="7")
@click.argument("path", default="")
def command(base: str, ours: str, theirs: str, marker_size: str, path: str) -> int:
    """Merge three versions of an item field by field into the file OURS.

    This is the merge driver that git uses for merge, rebase, cherry-pick and stash. `plaintrack
    init --git` sets it up; by hand, write `*.md merge=plaintrack` in .gitattributes and run

    git config merge.plaintrack.driver 'plaintrack merge-file %O %A %B %L %P'

    Exit with 0 if merged, with 1 if conflict markers are left.
    """
    return driver.run([base, ours, theirs, marker_size, *filter(None, [path])])
