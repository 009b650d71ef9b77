"""How commands write their Documents, and what the commands that list items share."""

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from plaintrack.cli import complete
from plaintrack.cli.options import report_ages, report_problems
from plaintrack.cli.output import colours, note, out, page, paint, safe, stream, terminal, width
from plaintrack.render import PROGRAMS, draw

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.query.bind import Question
    from plaintrack.render.document import Document
    from plaintrack.show.items import Where

LISTS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "ids")
"""The forms of a list of items."""
DATA = ("json", "csv", "markdown")
"""The forms that everything has beside the one for people."""


view_option = click.option(
    "--view", metavar="NAME", shell_complete=complete.view, help="Use a view from the settings."
)


def given() -> set[str]:
    """The names of the parameters that stand on the command line."""
    context = click.get_current_context()
    source = click.core.ParameterSource.COMMANDLINE
    return {name for name in context.params if context.get_parameter_source(name) is source}


def form_of(wanted: str, form: str, forms: tuple[str, ...]) -> str:
    """The form that the command line names, else that of a view, if the command has it."""
    return wanted if wanted in forms and "form" not in given() else form


def format_option(*forms: str) -> Callable[[Any], Any]:
    """``--format`` with these forms, of which the first is for people."""
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], help="Output format.")


columns_option = click.option(
    "--columns",
    metavar="NAMES",
    shell_complete=complete.column,
    help="Show these columns, separated by commas; a narrow terminal leaves out the last ones.",
)
relative_option = click.option(
    "--relative", is_flag=True, help="Show dates as days from today: in 3 days, 2 weeks ago."
)
links_option = click.option(
    "--links",
    metavar="URL",
    default="",
    help="With --format markdown: the address to put before the paths of files.",
)


def for_people(form: str) -> bool:
    """Whether a form is read on a terminal."""
    return form not in PROGRAMS and form != "markdown"


def say(document: "Document", form: str, snapshot: "Snapshot | None" = None) -> None:
    """Write a Document: for people page by page, else as it is; JSON of a portfolio with how old
    the data of its repositories is.
    """
    if form == "json" and snapshot is not None and snapshot.ages is not None:
        from plaintrack.show.ages import records

        about = {**document.about, "repositories": records(snapshot.ages)}
        document = document._replace(about=about)
    if for_people(form):
        page(list(draw(document, form, width(), paint())))
        return
    for piece in draw(document, form):
        out(piece)


def say_lazily(document: "Document", form: str) -> bool:
    """Write a Document as it is made; whether people were told anything."""
    if not for_people(form):
        say(document, form)
        return True
    pieces = iter(draw(document, form, width(), paint()))
    first = next(pieces, None)
    if first is None:
        return False
    stream(chain([first], pieces))
    return True


def where(links: str, form: str) -> "Where | None":
    """The address of a file in Markdown: below ``links``, else from the folder of the workspace.
    Other forms have none; raises UsageError if ``links`` are asked for there.
    """
    if form != "markdown":
        if links:
            raise click.UsageError("--links needs --format markdown")
        return None
    from plaintrack.show.items import address

    return lambda path: links + address(path)


def named(snapshot: "Snapshot", columns: str) -> list[str]:
    """The canonical names of columns, which stand between commas; raises BadQuery."""
    from plaintrack.app.snapshot import answers

    return [answers.field(snapshot, each.strip()) for each in columns.split(",")]


def _relative() -> bool:
    """Whether the user's own settings ask for dates as days from today."""
    from plaintrack.app.process import own

    return own().relative


def marks(snapshot: "Snapshot", asked: "Question", form: str) -> dict[str, str]:
    """The marks of items by their paths: for people who look at a terminal."""
    if not (for_people(form) and terminal()):
        return {}
    from plaintrack.app.snapshot.standing import by_path
    from plaintrack.show import standing

    return standing.marks(by_path(snapshot, asked))


def items(
    snapshot: "Snapshot",
    text: str,
    columns: str | None,
    form: str,
    *,
    otherwise: list[str] | None = None,
    group: str = "",
    links: str = "",
    relative: bool = False,
    **more: Any,
) -> None:
    """Ask for items and write them. Without ``columns`` programs get all fields, people those of
    ``otherwise`` or the settings; ``more`` goes to ``answers.question``. With ``relative``, and on
    a terminal if the user's own settings say so, dates are days from today.
    """
    from plaintrack.app.snapshot import answers, listing
    from plaintrack.app.snapshot.snapshot import Wanted
    from plaintrack.show import items as shown

    whither = where(links, form)
    if relative and form in PROGRAMS:
        raise click.UsageError(f"--relative cannot be used with --format {form}")
    names = named(snapshot, columns) if columns else otherwise
    names = [answers.field(snapshot, name) for name in names or snapshot.settings.columns]
    group = answers.field(snapshot, group) if group else ""
    asked = listing.grouped(answers.question(snapshot, text, **more), group)
    snapshot.narrow(asked, Wanted([*names, group], rolled=bool(group)))
    report_problems(snapshot)
    if form in ("json", "jsonl"):
        if columns:
            document = shown.table(listing.typed(snapshot, asked, names))
        else:
            document = shown.records(answers.records(snapshot, asked))
        if group and form == "json":
            told = shown.groups(listing.listing(snapshot, asked, ["id"], group))
            document = document._replace(about={"groups": told})
    elif form in PROGRAMS:
        document = shown.table(listing.listing(snapshot, asked, ["id"] if form == "ids" else names))
    elif form == "markdown":
        found = listing.listing(snapshot, asked, names, group, paths=True)
        if relative:
            found = listing.relative(snapshot, found)
        document = shown.table(found, whither)
    else:
        # marks and colours are for who looks; a pipe gets the columns alone
        looked = terminal() or colours()
        found = listing.listing(snapshot, asked, names, group, standing=looked)
        if relative or (terminal() and _relative()):
            found = listing.relative(snapshot, found)
        document = shown.table(found)
        if not found.rows:
            note("no items")
            for line in answers.unused(snapshot, asked.where):
                note(safe(f"  {line}"))
            report_ages(snapshot)
            return
    say(document, form, snapshot)
    if form != "json":
        report_ages(snapshot)
