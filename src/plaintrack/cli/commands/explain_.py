"""``plaintrack explain``: what the checks are for, and what the actions of rules do."""

import click

from plaintrack.cli.output import colours, out, page, safe


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The codes and names of the checks, and the actions, for completion."""
    from plaintrack.show import actions, checks

    known = [*checks.names(), *actions.names()]
    return [name for name in known if name.lower().startswith(incomplete.lower())]


@click.command("explain")
@click.argument("names", nargs=-1, metavar="[CODE|NAME]...", shell_complete=_names)
def command(names: tuple[str, ...]) -> int:
    """Say what checks are for: why, how to fix what they find, an example, their options; and what
    an action of rules does. Without a name: list the checks.
    """
    from plaintrack.app.check.check import catalogue
    from plaintrack.cli.options import workspace
    from plaintrack.show import actions
    from plaintrack.show.checks import explain, index

    policy = catalogue(workspace)
    if not names:
        page([safe(line) for line in index(policy)])
        return 0
    for number, name in enumerate(names):
        if number:
            out("")
        action = actions.named(name)
        for line in actions.explain(action) if action else explain(policy, name, colours()):
            out(line)
    return 0
