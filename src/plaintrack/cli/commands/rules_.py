"""``plaintrack rules``: automations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.automation.act import Outcome
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.model.problem import Problem
    from plaintrack.rules.rule import Rule


@click.group("rules")
def command() -> None:
    """List, check, test, run and add rules."""


@command.command("list")
@format_option("table", *DATA)
def list_(form: str) -> int:
    """List the rules: what they wait for, and what they do."""
    from plaintrack.app.automation.rules import rules

    workspace = open_workspace()
    found = rules(workspace)
    if not for_people(form):
        from plaintrack.app.automation.breaker import state
        from plaintrack.show.rules import rules as shown

        say(shown(found.rules, found.problems, state(workspace), form), form)
        if form != "json":
            _tell_beside(workspace, found.problems)
        return 1 if found.problems else 0
    for rule in found.rules:
        out(safe(f"{rule.name:24}  {_in_short(rule):44}  {rule.about}".rstrip()))
    if not found.rules and not found.problems:
        note("no rules; `plaintrack rules add` lists recipes")
    _tell_beside(workspace, found.problems)
    return 1 if found.problems else 0


def _tell_beside(workspace: "Workspace", problems: "Sequence[Problem]") -> None:
    """Say what is wrong with the files of rules, and that rules are paused."""
    for problem in problems:
        note(safe(problem.describe()))
    _tell_pause(workspace)


def _in_short(rule: "Rule") -> str:
    """What a rule waits for and what it does: ``overdue 1d → set, comment``."""
    from plaintrack.show.rules import trigger

    triggers = ", ".join(map(trigger, rule.triggers))
    return f"{triggers} → {', '.join(each.kind for each in rule.actions)}"


@command.command("check")
@format_option("table", *DATA)
def check(form: str) -> int:
    """Show the problems in rule files, with their places."""
    from plaintrack.app.automation.faults import faults
    from plaintrack.app.automation.rules import rules

    workspace = open_workspace()
    found = rules(workspace)
    problems = faults(workspace, found)
    if not for_people(form):
        from plaintrack.show.problems import faults as shown

        say(shown(problems, len(found.rules), form), form)
        return 1 if problems else 0
    for problem in problems:
        out(safe(problem.describe()))
    if not problems:
        out(f"{plural(len(found.rules), 'rule')}, no problems")
    return 1 if problems else 0


@command.command("run")
@click.option("--dry-run", is_flag=True, help="Show what would fire; do nothing.")
@click.option(
    "--since",
    metavar="REV",
    help="Also act on changes in commits since REV that no rule has acted on; for CI.",
)
def run(dry_run: bool, since: str | None) -> int:
    """Run rules on what has changed since their last run, and on what is due now."""
    from plaintrack.app.automation.run import after, preview

    workspace = open_workspace()
    if dry_run:
        _tell_pause(workspace)
        firings = list(preview(workspace, since))
        for firing in firings:
            out(safe(f"would fire {firing.rule}: {firing.item}  {firing.why}"))
        if not firings:
            note("no rule would fire")
        return 0
    return _ran(workspace, after(workspace, since=since))


@command.command("resume")
def resume() -> int:
    """Resume paused rules, and run what has been waiting."""
    from plaintrack.app.automation.run import resume

    workspace = open_workspace()
    return _ran(workspace, resume(workspace))


def _ran(workspace: "Workspace", outcomes: "list[Outcome]") -> int:
    """Say how many fired; the exit code: 1 if some failed, or if rules are paused."""
    from plaintrack.app.automation.breaker import state

    failed = sum(each.result == "failed" for each in outcomes)
    fired = failed + sum(each.result == "done" for each in outcomes)
    reason, waiting = state(workspace)
    out(
        f"{fired} fired"
        + (f", {failed} failed" if failed else "")
        + (f", paused with {waiting} waiting" if reason else "")
    )
    return 1 if failed or reason else 0


def _tell_pause(workspace: "Workspace") -> None:
    """Say that rules are paused and how much waits, if they are."""
    from plaintrack.app.automation.breaker import state

    reason, waiting = state(workspace)
    if reason:
        note(safe(f"{reason} ({plural(waiting, 'firing')} waiting)"))


@command.command("test")
@click.argument("name", shell_complete=complete.rule)
@click.option("--since", metavar="DATE|REV", required=True, help="Start at this day or revision.")
@format_option("table", *DATA)
def test(name: str, since: str, form: str) -> int:
    """Show when a rule would have fired, judged by the history of the work."""
    from plaintrack.app.automation.replay import replay
    from plaintrack.app.automation.rules import rules

    workspace = open_workspace()
    found = replay(workspace, rules(workspace).named(name), since)
    if not for_people(form):
        from plaintrack.show.rules import replayed

        say(replayed(found, form), form)
        return 0
    for moment, firing in found:
        out(safe(f"{moment[:10]}  {firing.item}  {firing.why}"))
    out(safe(f"{name} would have fired {plural(len(found), 'time')} since {since}"))
    return 0


@command.command("log")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=50,
    show_default=True,
    help="Show at most N entries.",
)
@format_option("table", *DATA)
def log(limit: int, form: str) -> int:
    """Show what ran on this machine, why, and with what result."""
    from plaintrack.app.automation.run import log

    workspace = open_workspace()
    lines = list(log(workspace, limit))
    if not for_people(form):
        from plaintrack.app.automation.breaker import state
        from plaintrack.show.rules import log as shown

        say(shown(lines, state(workspace), form), form)
        if form != "json":
            _tell_pause(workspace)
        return 0
    for time, rule, item, why, result in lines:
        out(safe(f"{time[:16]}  {rule}  {item}  {why}: {result}"))
    if not lines:
        note("no rule has fired on this machine")
    _tell_pause(workspace)
    return 0


@command.command("prune")
@click.option("--dry-run", is_flag=True, help="Show what would be removed; remove nothing.")
def prune(dry_run: bool) -> int:
    """Remove old ledger files that no longer matter.

    These are files of items that are closed or deleted and for which nothing fired for 90 days, and
    of schedules long past. No rule fires again because of it.
    """
    from plaintrack.app.automation.prune import prune

    paths = prune(open_workspace(), dry_run)
    for path in paths if dry_run else ():
        out(safe(f"would remove {path}"))
    out(f"{plural(len(paths), 'ledger file')} {'would be removed' if dry_run else 'removed'}")
    return 0


@command.command("add")
@click.argument("recipe", required=False, shell_complete=complete.recipe)
def add(recipe: str | None) -> int:
    """Copy a recipe into automations/. Without RECIPE: list the recipes."""
    from plaintrack.app.automation.recipes import copy, recipes

    if recipe is None:
        for name, about in recipes():
            out(safe(f"{name:20}  {about}"))
        return 0
    out(safe(f"created {copy(open_workspace(), recipe)}"))
    return 0
