"""``plaintrack explain``: what the checks are for."""

import click

from plaintrack.cli.output import colours, out, page, safe


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The codes and names of the checks, for completion."""
    from plaintrack.checks.catalogue import every

    return [
        name
        for each in every()
        for name in (each.code, each.name)
        if name.lower().startswith(incomplete.lower())
    ]


@click.command("explain")
@click.argument("names", nargs=-1, metavar="[CODE|NAME]...", shell_complete=_names)
def command(names: tuple[str, ...]) -> int:
    """Say what checks are for: why, how to fix what they find, an example, their options. Without a
    name: list them all.
    """
    from plaintrack.app.check.check import catalogue
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
