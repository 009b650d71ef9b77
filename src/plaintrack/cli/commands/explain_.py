"""``plaintrack explain``: what the checks are for, what the actions of rules do, and how what is
computed is defined.
"""

import click

from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.output import colours, out, page, safe


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The codes and names of the checks, the actions and the definitions, for completion."""
    from plaintrack.show import actions, checks, definitions, metrics

    known = [*checks.names(), *actions.names(), *definitions.names(), *metrics.names()]
    return [name for name in dict.fromkeys(known) if name.lower().startswith(incomplete.lower())]


@click.command("explain")
@click.argument("names", nargs=-1, metavar="[CODE|NAME]...", shell_complete=_names)
@format_option("table", *DATA)
def command(names: tuple[str, ...], form: str) -> int:
    """Say what checks are for: why, how to fix what they find, an example, their options; what an
    action of rules does; how a number such as progress, health or cycle-time is computed. Without
    a name: list the checks.
    """
    from plaintrack.app.check.check import catalogue
    from plaintrack.cli.options import open_workspace
    from plaintrack.show import actions, checks, definitions, metrics

    policy = catalogue(open_workspace)
    if not for_people(form):
        from plaintrack.show.explained import explained, index

        say(explained(policy, names, form) if names else index(policy, form), form)
        return 0
    if not names:
        page([safe(line) for line in checks.index(policy)])
        return 0
    for number, name in enumerate(names):
        if number:
            out("")
        action = actions.named(name)
        if action:
            lines = actions.explain(action)
        elif name in definitions.DEFINITIONS:
            lines = definitions.explain(name)
        elif name in metrics.names():
            lines = metrics.explain(name)
        else:
            others = [*actions.names(), *definitions.names(), *metrics.names()]
            lines = checks.explain(policy, name, colours(), others)
        for line in lines:
            out(line)
    return 0
