"""How commands write their Documents, and what the commands that list items share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from plaintrack.cli import complete
from plaintrack.cli.options import report_problems
from plaintrack.cli.output import colours, note, out, page, safe, width
from plaintrack.render.forms import PROGRAMS, draw

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.query.bind import Question
    from plaintrack.render.document import Document
    from plaintrack.show.items import Where

LISTS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "ids")
"""The forms of a list of items."""
DATA = ("json", "csv", "markdown")
"""The forms that everything has beside the one for people."""


def format_option(*forms: str) -> Callable[[Any], Any]:
    """``--format`` with these forms, of which the first is for people."""
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], help="Output format.")


columns_option = click.option(
    "--columns",
    metavar="NAMES",
    shell_complete=complete.field,
    help="Show these columns, separated by commas; a narrow terminal leaves out the last ones.",
)
links_option = click.option(
    "--links",
    metavar="URL",
    default="",
    help="With markdown: the address to put before the paths of files.",
)


def for_people(form: str) -> bool:
    """Whether a form is read on a terminal."""
    return form not in PROGRAMS and form != "markdown"


def say(document: "Document", form: str) -> None:
    """Write a Document: for people page by page, else as it is."""
    if for_people(form):
        page(list(draw(document, form, width(), colours())))
        return
    for piece in draw(document, form):
        out(piece)


def where(links: str) -> "Where":
    """The address of a file: below ``links``, else from the folder of the workspace."""
    from plaintrack.show.items import address

    return lambda path: links + address(path)


def items(
    place: "Snapshot",
    text: str,
    columns: str | None,
    form: str,
    *,
    otherwise: list[str] | None = None,
    group: str = "",
    links: str = "",
    **more: Any,
) -> None:
    """Ask for items and write them. Without ``columns`` programs get all fields, people those of
    ``otherwise`` or the settings; ``more`` goes to ``answers.question``.
    """
    from plaintrack.app.snapshot import answers

    asked = answers.question(place, text, **more)
    names = [each.strip() for each in columns.split(",")] if columns else otherwise
    names = [answers.field(place, name) for name in names or place.settings.columns]
    group = answers.field(place, group) if group else ""
    report_problems(place)
    document = _items(place, asked, names, form, group, bool(columns), links)
    if form == "table" and document is None:
        note("no items")
        for each in answers.unused(place, asked.where):
            note(safe(f"  {each}"))
    elif document is not None:
        say(document, form)


def _items(
    place: "Snapshot",
    asked: "Question",
    names: list[str],
    form: str,
    group: str,
    chosen: bool,
    links: str,
) -> "Document | None":
    """The items as a form shows them; None if there are none to draw in a table."""
    from plaintrack.app.snapshot import answers, listing
    from plaintrack.show import items as shown

    if form in ("json", "jsonl"):
        if chosen:
            return shown.table(listing.typed(place, asked, names, group))
        return shown.records(answers.records(place, listing.grouped(asked, group)))
    if form == "ids":
        return shown.table(listing.listing(place, listing.grouped(asked, group), ["id"]))
    markdown = form == "markdown"
    late = form == "table" and colours() and "due" in names
    found = listing.listing(
        place,
        asked if form in ("table", "markdown") else listing.grouped(asked, group),
        names,
        group if form in ("table", "markdown") else "",
        paths=markdown,
        late=late,
    )
    if form == "table" and not found.rows:
        return None
    return shown.table(found, where(links) if markdown else None)
