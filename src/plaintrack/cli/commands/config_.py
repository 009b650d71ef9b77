"""``plaintrack config``: the settings in force."""

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import out, safe


@click.command("config")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> int:
    """Show the settings in force and what they mean, or only those NAMES."""
    from plaintrack.app.snapshot.workspace import UnknownSetting
    from plaintrack.show.settings import settings

    found = open_workspace().config()
    for name in names:
        if name not in found:
            raise UnknownSetting(name, found)
    for line in settings(found, names):
        out(safe(line))
    return 0
