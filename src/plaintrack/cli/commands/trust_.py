"""``plaintrack trust``: what commands of rules may run on this machine."""

import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli.drawing import DATA, for_people, format_option, given, say
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
@format_option("table", *DATA)
def command(show: bool, revoke: bool, yes: bool, form: str) -> int:
    """Allow the rules of this workspace to run commands on this machine, until any byte of them
    changes.
    """
    from plaintrack.app.automation import bound, rules, trust

    if show and revoke:
        raise click.UsageError("use either --show or --revoke")
    if yes and (show or revoke):
        raise click.UsageError("--yes cannot be used with --show or --revoke")
    if "form" in given() and not show:
        raise click.UsageError("--format needs --show")
    workspace = open_workspace()
    if revoke:
        out("trust revoked" if trust.revoke(workspace) else "nothing was trusted")
        return 0
    found = rules.rules(workspace)
    if not for_people(form):
        return _written(workspace, found, form)
    if not trust.commands(found):
        out("no rules run commands; field edits need no trust")
        return 0
    now = bound.bound(workspace, found)
    _tell_bound(found, now)
    if _trusted(workspace, now):
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


def _trusted(workspace: "Workspace", now: "Bound") -> bool:
    """Whether trust was given on this machine, and holds."""
    from plaintrack.app.automation import bound, trust

    same = trust.known(workspace).get("digest") == bound.digest(workspace, now)
    return same and not trust.in_ci()


def _written(workspace: "Workspace", found: "Rules", form: str) -> int:
    """Write what is trusted for programs; the exit code."""
    from plaintrack.app.automation import bound, trust
    from plaintrack.show.rules import trust as shown

    commands = trust.commands(found)
    if not commands:
        say(shown([], None, [], [], form), form)
        return 0
    now = bound.bound(workspace, found)
    trusted = _trusted(workspace, now)
    changes = [] if trusted else list(trust.difference(workspace, now))
    say(shown(commands, trusted, _covered(found, now), changes, form), form)
    if form == "csv":
        note("trusted on this machine" if trusted else "not trusted")
    return 0 if trusted else 1


def _covered(found: "Rules", now: "Bound") -> list[str]:
    """What trust is bound to, in words; nothing where no program runs."""
    from plaintrack.app.automation import trust

    runs = any(action.kind == "run" for rule in found.rules for action in rule.actions)
    return trust.covered(now) if runs else []


def _tell_bound(found: "Rules", now: "Bound") -> None:
    """What would run, and what the trust is bound to."""
    from plaintrack.app.automation import trust

    for rule, words in trust.commands(found):
        out(safe(f"{rule}: {' '.join(map(repr, words))}"))
    for line in _covered(found, now):
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
