"""``plaintrack config``: the settings in force."""

import click

from plaintrack.cli.complete import setting
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import out, safe


@click.command("config")
@click.argument("names", nargs=-1, shell_complete=setting)
@click.option(
    "--own",
    is_flag=True,
    help="Show your own settings, which hold in every workspace: the file, and what is in force.",
)
@format_option("table", *DATA)
def command(names: tuple[str, ...], own: bool, form: str) -> int:
    """Show the settings in force and what they mean, or only those NAMES."""
    from plaintrack.app.snapshot.workspace import UnknownSetting
    from plaintrack.show.settings import records, settings

    if own:
        if names:
            raise click.UsageError("--own shows all of your own settings; leave the names out")
        return _own(form)
    found = open_workspace().config()
    for name in names:
        if name not in found:
            raise UnknownSetting(name, found)
    if not for_people(form):
        say(records(found, names, form), form)
        return 0
    for line in settings(found, names):
        out(safe(line))
    return 0


def _own(form: str) -> int:
    from plaintrack.app import process
    from plaintrack.show.settings import own, own_records

    if not for_people(form):
        say(own_records(process.own(), process.own_path(), form), form)
        return 0
    for line in own(process.own(), process.own_path()):
        out(safe(line))
    return 0
