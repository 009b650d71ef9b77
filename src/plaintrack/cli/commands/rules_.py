"""``plaintrack rules``: automations."""

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import note, out, safe


@click.group("rules")
def command() -> None:
    """List, check, try out, run and add rules."""


@command.command("list")
def list_() -> int:
    """Name the rules and what they wait for."""
    from plaintrack.app.automations import rules

    place = workspace()
    found = rules(place)
    for rule in found.rules:
        triggers = ", ".join(" ".join(filter(None, (each.kind, each.field, each.text))) for each in rule.triggers)
        out(safe(f"{rule.name:24}  {triggers:28}  {rule.about}".rstrip()))
    for problem in found.problems:
        note(safe(f"{problem.place}: {problem.message} ({problem.hint})"))
    return 1 if found.problems else 0


@command.command("check")
def check() -> int:
    """Say what is wrong with rule files, and where."""
    from plaintrack.app.automations import faults, rules

    place = workspace()
    found = rules(place)
    problems = faults(place, found)
    for problem in problems:
        out(safe(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")))
    if not problems:
        out(f"{len(found.rules)} rules, nothing wrong")
    return 1 if problems else 0


@command.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would fire, and do nothing.")
@click.option("--since", metavar="REV", help="Also act on what commits since REV changed and nobody acted on; for CI.")
def run(dry_run: bool, since: str | None) -> int:
    """Act on what has changed since rules last looked, and on what is due now."""
    from plaintrack.app import react

    place = workspace()
    if dry_run:
        for firing in react.preview(place, since):
            out(safe(f"would fire {firing.rule}: {firing.item}  {firing.why}"))
        return 0
    outcomes = react.after(place, since=since)
    failed = sum(each.result == "failed" for each in outcomes)
    out(f"{len(outcomes)} fired" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


@command.command("test")
@click.argument("name")
@click.option("--since", metavar="DATE|REV", required=True, help="From when on.")
def test(name: str, since: str) -> int:
    """Say when a rule would have fired, by what history has of the work."""
    from plaintrack.app.automations import rules
    from plaintrack.app.replay import replay

    place = workspace()
    found = replay(place, rules(place).named(name), since)
    for moment, firing in found:
        out(safe(f"{moment[:10]}  {firing.item}  {firing.why}"))
    out(safe(f"{name} would have fired {len(found)} time{'s' * (len(found) != 1)} since {since}"))
    return 0


@command.command("log")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many of the last.")
def log(limit: int) -> int:
    """Say what ran on this machine, why, and with what result."""
    from plaintrack.store.index.seen import Seen

    place = workspace()
    for time, rule, item, why, result in reversed(Seen(place.cache).log(limit) if place.cache else []):
        out(safe(f"{time[:16]}  {rule}  {item}  {why}: {result}"))
    return 0


@command.command("add")
@click.argument("recipe", required=False)
def add(recipe: str | None) -> int:
    """Copy a shipped recipe into automations/; without RECIPE name them."""
    from plaintrack.app.recipes import copy, recipes

    if recipe is None:
        for name, about in recipes():
            out(safe(f"{name:20}  {about}"))
        return 0
    out(safe(f"made {copy(workspace(), recipe)}"))
    return 0
