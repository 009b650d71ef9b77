"""``plaintrack trust``: what commands of rules may run on this machine."""

import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import confirmed, note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.automation.bound import Bound
    from plaintrack.app.automation.rules import Rules
    from plaintrack.app.snapshot.workspace import Workspace


@click.command("trust")
@click.option("--show", is_flag=True, help="Show what is trusted; change nothing.")
@click.option("--revoke", is_flag=True, help="Stop trusting the rules of this workspace.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def command(show: bool, revoke: bool, yes: bool) -> int:
    """Allow the rules of this workspace to run commands on this machine, until any byte of them
    changes.
    """
    from plaintrack.app.automation import bound, rules, trust

    if show and revoke:
        raise click.UsageError("use either --show or --revoke")
    if yes and (show or revoke):
        raise click.UsageError("--yes cannot be used with --show or --revoke")
    workspace = open_workspace()
    if revoke:
        out("trust revoked" if trust.revoke(workspace) else "nothing was trusted")
        return 0
    found = rules.rules(workspace)
    if not trust.commands(found):
        out("no rules run commands; field edits need no trust")
        return 0
    now = bound.bound(workspace, found)
    _tell_bound(found, now)
    if trust.known(workspace).get("digest") == bound.digest(workspace, now) and not trust.in_ci():
        out("trusted on this machine")
        if not show:
            _catch_up(workspace, yes)
        return 0
    for line in trust.difference(workspace, now):
        out(safe(line))
    if show:
        out("not trusted")
        return 1
    if not _consented(yes):
        return 1
    trust.trust(workspace, found, now)
    note("trusted until any byte changes; `plaintrack trust --revoke` takes it back")
    _catch_up(workspace, yes)
    return 0


def _tell_bound(found: "Rules", now: "Bound") -> None:
    """What would run, and what the trust is bound to."""
    from plaintrack.app.automation import trust

    for rule, words in trust.commands(found):
        out(safe(f"{rule}: {' '.join(map(repr, words))}"))
    if any(action.kind == "run" for rule in found.rules for action in rule.actions):
        for line in trust.covered(now):
            out(safe(line))


def _consented(yes: bool) -> bool:
    """Whether a person lets the commands run; raises NotTrusted where there is no one to ask."""
    from plaintrack.app.automation import trust

    if trust.in_ci():
        raise trust.TrustInCi
    if yes:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        raise trust.TrustWithoutTerminal
    return confirmed("Let these commands run on this machine?")


def _catch_up(workspace: "Workspace", yes: bool) -> None:
    """Do what was held back while nothing was trusted, if the user wants that; else drop it."""
    from plaintrack.app.automation import retry

    wanted, dropped = retry.held(workspace)
    for line in dropped:
        note(safe(line))
    if not wanted:
        return
    count = plural(len(wanted), "action was", "actions were")
    note(f"{count} held back until trusted:")
    for _, words in wanted:
        note(safe(f"  {words}"))
    actions = [each for each, _ in wanted]
    if not yes and not confirmed("Run them now? Otherwise they are dropped."):
        retry.drop(workspace, actions)
        note(f"{len(wanted)} dropped; `plaintrack rules log` names them")
        return
    for outcome in retry.catch_up(workspace, actions):
        for line in outcome.lines:
            out(safe(line))
