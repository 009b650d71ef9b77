"""``plaintrack explain``: what the checks are for."""

import click

from plaintrack.cli.output import colours, out, page, safe


@click.command("explain")
@click.argument("names", nargs=-1, metavar="[CODE|NAME]...")
def command(names: tuple[str, ...]) -> int:
    """Say what checks are for: why, how to fix what they find, an example, their options. Without a name: list them all."""
    from plaintrack.app.check import catalogue
    from plaintrack.cli.options import workspace
    from plaintrack.show.checks import explain, index

    policy = catalogue(workspace)
    if not names:
        page([safe(line) for line in index(policy)])
        return 0
    for number, name in enumerate(names):
        if number:
            out("")
        for line in explain(policy, name, colours()):
            out(line)
    return 0
