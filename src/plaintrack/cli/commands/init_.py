"""``plaintrack init``: a new workspace."""

import click

from plaintrack.cli.output import out, safe


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--prefix", default="PT", metavar="LETTERS", help="The prefix of new ids (PT).")
def command(folder: str, prefix: str) -> int:
    """Make a workspace in DIR (here, without one): settings and folders. Nothing that is there is overwritten."""
    from plaintrack.app.setup import init

    made = init(folder, prefix)
    for path in made:
        out(safe(f"made {path}"))
    if not made:
        out("everything is there already")
    return 0
