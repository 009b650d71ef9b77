"""``plaintrack log``: what happened."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import QueryCommand, diff_lines, workspace
from plaintrack.cli.output import colours, encoded, note, out, safe, stream

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.model.change import Change
    from plaintrack.store.index.history import Event, History

YELLOW, BOLD, OFF = "\x1b[33m", "\x1b[1m", "\x1b[0m"


@click.command("log", cls=QueryCommand)
@click.argument(
    "query",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[ID|QUERY]...",
    shell_complete=complete.items,
)
@click.option(
    "--field",
    metavar="NAME",
    default="",
    shell_complete=complete.field,
    help="Show only changes of this field.",
)
@click.option(
    "--by",
    metavar="WHO",
    default="",
    help="Show only changes by this author: me, a name, an e-mail address, or a short name"
    " from `people:`.",
)
@click.option("--since", metavar="DATE", default="", help="Show only changes since this day.")
@click.option(
    "--until", metavar="DATE", default="", help="Show only changes up to and including this day."
)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N commits.")
@click.option("--patch", "-p", is_flag=True, help="Also show the changed lines of the files.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="Output format.",
)
def command(
    query: tuple[str, ...],
    field: str,
    by: str,
    since: str,
    until: str,
    limit: int | None,
    patch: bool,
    form: str,
) -> int:
    """Show what happened to items, latest first: to those named by ID (also deleted ones), to those
    that match QUERY, or to all.

    Uncommitted changes come first.
    """
    from plaintrack.app.snapshot import history, log

    place = workspace()
    known = history.history(place)
    wanted = log.items(place, known, query)
    asked = log.look(place, wanted, field, by, since, until)
    nothing = bool(query) and not wanted
    if nothing:
        note("no items match the query")
    pending = [] if nothing else history.pending(place, asked)
    events = iter(()) if nothing else _limited(known.events(asked), limit)
    if known.repo.shallow:
        note(
            "this is a shallow clone; its history is incomplete (`git fetch --unshallow`"
            " fetches the rest)"
        )
    if form == "text":
        single = (
            len(wanted) == len(query) == 1 and query[0].lower() in wanted[0].lower()
        )  # named, so that its id need not be told
        stream(_text(place, known, pending, events, single, patch))
        return 0
    rows = [
        {"commit": None, "date": None, "author": None, "email": None, **change._asdict()}
        for change in pending
    ]
    changes = (
        {
            "commit": each.commit,
            "date": history.local(place, each),
            "author": each.author,
            "email": each.email,
            **each.change._asdict(),
        }
        for each in events
    )
    if form == "json":
        out(encoded({"schema": 1, "changes": [*rows, *changes]}, indent=2))
        return 0
    for row in (*rows, *changes):
        out(encoded(row))
    return 0


def _limited(events: "Iterator[Event]", limit: int | None) -> "Iterator[Event]":
    seen: dict[str, None] = {}
    for event in events:
        seen[event.commit] = None
        if limit is not None and len(seen) > limit:
            return
        yield event


def _text(
    place: "Workspace",
    known: "History",
    pending: "list[Change]",
    events: "Iterator[Event]",
    single: bool,
    patch: bool,
) -> Iterator[str]:
    from plaintrack.app.snapshot.history import local
    from plaintrack.app.snapshot.people import person

    title = _titles(place)
    if pending:
        yield _heading("not committed", "")
        yield from _changes(pending, title, single)
        yield ""
    for commit, some in groupby(events, lambda event: event.commit):
        mine = list(some)
        first = mine[0]
        who = person(place, first.author, first.email)
        yield _heading(
            commit[:10], f"{local(place, first)[:16].replace('T', ' ')}  {who}  {first.subject}"
        )
        yield from _changes([event.change for event in mine], title, single)
        if patch:
            yield from _patch(place, known, commit, [event.change for event in mine])
        yield ""


def _heading(name: str, rest: str) -> str:
    return f"{YELLOW}{name}{OFF}  {safe(rest)}" if colours() else f"{name}  {safe(rest)}".rstrip()


def _titles(place: "Workspace") -> Callable[[str], str]:
    """What gives the title of an item."""
    from plaintrack.app.snapshot import answers

    return cache(lambda item: answers.title(place, item) or "(deleted)")


def _changes(changes: "list[Change]", title: Callable[[str], str], single: bool) -> Iterator[str]:
    from plaintrack.model.change import telling

    for item, some in groupby(
        sorted(changes, key=lambda change: change.id.lower()), lambda change: change.id
    ):
        if not single:
            line = safe(f"{item}  {title(item)}")
            yield f"  {BOLD}{line}{OFF}" if colours() else f"  {line}"
        for change in telling(some):
            yield safe(f"{'  ' if single else '    '}{change.describe()}")


def _patch(
    place: "Workspace", known: "History", commit: str, changes: "list[Change]"
) -> Iterator[str]:
    from plaintrack.app.snapshot.log import patch

    for item in dict.fromkeys(change.id for change in changes):
        for touched in known.touched(commit, item):
            before, after = patch(place, touched)
            yield from diff_lines(before, after, touched.path or touched.old_path)
