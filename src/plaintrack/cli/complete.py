"""Completion: ids with their titles, fields, values and query terms, from the index."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.output import safe
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from click.shell_completion import CompletionItem

    from plaintrack.app.snapshot.offers import Offer
    from plaintrack.app.snapshot.workspace import Workspace

    Completions = list[CompletionItem]
    Offers = Callable[[ModuleType, Workspace], list[Offer]]


def _offered(ask: "Offers") -> "Completions":
    """What ``ask`` has to offer in the workspace of the current folder; nothing without one."""
    from click.shell_completion import CompletionItem

    from plaintrack.app.snapshot import offers
    from plaintrack.app.snapshot.workspace import Workspace

    try:
        offered = ask(offers, Workspace())
    except PlaintrackError:
        return []
    # The exact texts: each shell's class quotes them, or leaves them out.
    return [CompletionItem(each.text, help=safe(each.about) or None) for each in offered]


def items(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The ids that ``incomplete`` may mean, with their titles as help."""
    return _offered(lambda offers, here: offers.items(here, incomplete))


def _beside(incomplete: str, others: "Completions") -> "Completions":
    """The ids that may stand in the place of other words; by title only where there are none."""
    titled = not others
    return _offered(lambda offers, here: offers.items(here, incomplete, titled))


def assignments(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Completions":
    """Ids, ``field=`` and ``field=value``."""
    if "=" in incomplete or ":" in incomplete or incomplete[:1] in ("+", "@"):
        return words(ctx, param, incomplete)
    others = words(ctx, param, incomplete) if incomplete else []
    return [*_beside(incomplete, others), *others]


def assignees(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Ids, and the people and teams that items can be assigned to."""
    people = _offered(
        lambda offers, here: [
            offers.Offer(name)
            for name in offers.values(here, "assignee")
            if name.startswith(incomplete)
        ]
    )
    return [*people, *_beside(incomplete, people)]


def words(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """``field=`` and ``field=value`` for an item."""
    return _offered(lambda offers, here: offers.words(here, incomplete))


def query(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Query terms: fields, keywords and, behind a colon, values."""
    return _offered(lambda offers, here: offers.query(here, incomplete))


def people(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The handles of people, the names of teams, and ``field=`` of their files."""
    return _offered(lambda offers, here: offers.staff(here, "people", incomplete))


def equipment(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of equipment, and ``field=`` of their files."""
    return _offered(lambda offers, here: offers.staff(here, "equipment", incomplete))


def template(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the item templates."""
    from plaintrack.app.items.template import templates

    return _offered(
        lambda offers, here: [
            offers.Offer(name) for name in templates(here) if name.startswith(incomplete)
        ]
    )


def rule(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the rules, with what they are for."""
    from plaintrack.app.automation.rules import rules

    return _offered(
        lambda offers, here: [
            offers.Offer(each.name, each.about)
            for each in rules(here).rules
            if each.name.startswith(incomplete)
        ]
    )


def recipe(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the recipes, with what they are for."""
    from plaintrack.app.automation.recipes import recipes

    return _offered(
        lambda offers, _: [
            offers.Offer(name, about) for name, about in recipes() if name.startswith(incomplete)
        ]
    )


def view(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the views, with their queries as help."""
    return _offered(lambda offers, here: offers.views(here, incomplete))


def setting(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the settings, with what they mean."""
    return _offered(lambda offers, here: offers.settings(here, incomplete))


def model(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of the scoring models, with their formulas as help."""
    return _offered(lambda offers, here: offers.models(here, incomplete))


def column(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Names of fields, derived ones too, also the last of several separated by commas."""
    return _offered(lambda offers, here: offers.columns(here, incomplete))


def field(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Field names, also the last of several separated by commas."""
    return _offered(lambda offers, here: offers.fields(here, incomplete))


def output(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The commands that give JSON."""
    from click.shell_completion import CompletionItem

    from plaintrack.show.outputs import OUTPUTS

    names = (name.replace(" ", "-") for name in OUTPUTS)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
