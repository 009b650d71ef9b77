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
    Completer = Callable[[click.Context, click.Parameter, str], Completions]


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
    found = {each.text: each for each in reversed(offered)}  # of two the first stays
    return [
        CompletionItem(each.text, help=safe(each.about) or None)
        for each in reversed(found.values())
    ]


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


def mentions(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """``@person`` and ``@group`` in a text."""
    return _offered(lambda offers, here: offers.mentions(here, incomplete))


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


def day(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Words for days."""
    return _offered(lambda offers, here: offers.days(here, incomplete))


def period(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Months and weeks."""
    return _offered(lambda offers, here: offers.periods(here, incomplete))


def revision(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Branches, tags and HEAD."""
    return _offered(lambda offers, here: offers.revisions(here, incomplete))


def moment(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Completions":
    """Revisions, days, and what is staged."""
    staged = _listed("staged")(ctx, param, incomplete)
    return [*revision(ctx, param, incomplete), *staged, *day(ctx, param, incomplete)]


def order(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Fields to sort by."""
    return _offered(lambda offers, here: offers.order(here, incomplete))


def who(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """People, and `me`."""
    return _offered(
        lambda offers, here: [
            offers.Offer(name)
            for name in offers.values(here, "assignee")
            if name.startswith(incomplete)
        ]
    )


def tag(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Tags that items have, also the last of several."""
    return _offered(lambda offers, here: offers.listed(incomplete, offers.values(here, "tags")))


def size(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """What an item may count."""
    return _offered(lambda offers, here: offers.sizes(here, incomplete))


def absence(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Who is away, before the days."""
    return _offered(lambda offers, here: offers.pools(here, incomplete, "people", ":"))


def units(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Equipment, before how much of it."""
    return _offered(lambda offers, here: offers.pools(here, incomplete, "equipment", "="))


def report(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The names of reports."""
    from plaintrack.app.reporting import own
    from plaintrack.app.reporting.report import KINDS

    return _offered(
        lambda offers, here: offers.listed(incomplete, dict.fromkeys((*KINDS, *own.names(here))))
    )


def of_report(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Completions":
    """Ids for a report; a folder for a site."""
    if ctx.params.get("name") == "site":
        return folder(ctx, param, incomplete)
    return items(ctx, param, incomplete)


def file(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Files, by the shell itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def folder(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """Folders, by the shell itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def form_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Completions":
    """The forms of the command, with the sign that a file follows."""
    forms = next(
        (
            each.type.choices
            for each in ctx.command.params
            if isinstance(each.type, click.Choice) and "--format" in each.opts
        ),
        (),
    )
    return _listed(*(f"{form}=" for form in forms))(ctx, param, incomplete)


def _listed(*words: str) -> "Completer":
    """One of some words, also the last of several that commas separate."""

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
        return _offered(lambda offers, _here: offers.listed(incomplete, words))

    return complete


def imports(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "Completions":
    """The formats that can be imported."""
    from click.shell_completion import CompletionItem

    from plaintrack.app.transfer.read import formats

    return [
        CompletionItem(name, help=title) for name, title in formats() if name.startswith(incomplete)
    ]


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


DURATIONS = ("30m", "1h", "2h", "4h", "1d", "2d", "1w")
BY_METAVAR: "dict[str, Completer]" = {
    "DATE": day,
    "MONTH": period,
    "PERIOD": period,
    "[PERIOD]": period,
    "TIME": _listed("-5m", "-15m", "-30m", "-1h", "yesterday", "today"),
    "DURATION": _listed(*DURATIONS),
    "REV": revision,
    "A...B": revision,
    "[A..B|A...B|A]": revision,
    "REV|DATE": moment,
    "DATE|REV": moment,
    "REV|DATE|staged": moment,
    "QUERY": query,
    "FIELDS": order,
    "FIELD": column,
    "NAME": field,
    "NAMES": _listed("due", "planned", "milestones", "leave"),
    "WHO": who,
    "TAG": tag,
    "TAGS": tag,
    "count|estimate|FIELD": size,
    "NAME:FROM..TO": absence,
    "NAME=UNITS": units,
    "REPORT": report,
    "[ID|DIR]": of_report,
    "[ID|PATH]...": items,
    "FILE": file,
    "FILE...": file,
    "DIR": folder,
    "[DIR]": folder,
    "FORMAT=PATH": form_file,
    "FORMAT[=FILE]": form_file,
}
"""What completes a text, by how the help names it, where its parameter does not say so itself."""


class Named(click.types.StringParamType):
    """A text that is completed by how the help names it."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "Completions":
        """What may stand there."""
        found = BY_METAVAR.get(param.metavar or "")
        return found(ctx, param, incomplete) if found else []


def equipped(command: click.Command) -> click.Command:
    """The command, its texts completed by their names."""
    for param in command.params:
        if type(param.type) is click.types.StringParamType:
            param.type = Named()
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        equipped(inner)
    return command
