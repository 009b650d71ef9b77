"""``plaintrack config``: the settings in force."""

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import out, safe


@click.command("config")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> int:
    """Show the settings in force and what they mean, or only those NAMES."""
    from plaintrack.app.snapshot.workspace import UnknownSetting
    from plaintrack.config.settings import TABLE

    place = workspace()
    found = place.config()
    unknown = [name for name in names if name not in found]
    if unknown:
        raise UnknownSetting(unknown[0], found)
    for setting in TABLE:
        if names and setting.name not in names:
            continue
        if not names:
            out(f"# {setting.doc}")
        out(safe(f"{setting.name}: {found[setting.name]}"))
    return 0
