"""``plaintrack config``: the settings in force."""

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import out, safe


@click.command("config")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> int:
    """Show the settings in force and what they mean, or only those NAMES."""
    from plaintrack.config.settings import TABLE
    from plaintrack.errors import PlaintrackError

    place = workspace()
    found = place.config()
    unknown = [name for name in names if name not in found]
    if unknown:
        raise PlaintrackError(
            f"unknown setting {unknown[0]!r}", f"the settings are {', '.join(found)}"
        )
    for setting in TABLE:
        if names and setting.name not in names:
            continue
        if not names:
            out(f"# {setting.doc}")
        out(safe(f"{setting.name}: {found[setting.name]}"))
    return 0
