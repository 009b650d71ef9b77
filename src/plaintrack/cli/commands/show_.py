"""``plaintrack show``: one item, whole."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import at_option, colour, snapshot
from plaintrack.cli.output import colours, encoded, lines, note, out, safe, width

if TYPE_CHECKING:
    from plaintrack.app.snapshot.log import Blame
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.model.task import Task

BOLD, DIM, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@click.command("show")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--why", is_flag=True, help="Explain the urgency.")
@click.option(
    "--blame",
    is_flag=True,
    help="Show since when and by whom each field has its value, and which commits name the item.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format.",
)
@at_option
@colour
def command(items: tuple[str, ...], why: bool, blame: bool, form: str, at: str) -> int:
    """Show items: fields, derived values, dependencies in both directions, sub-items, comments and
    body.
    """
    from plaintrack.app.snapshot import find

    place = snapshot(at)
    tasks = [find.view(place, find.locate(place, name)) for name in items]
    if form == "json":
        out(encoded({"schema": 1, "items": [_plain(place, task, why) for task in tasks]}, 2))
        return 0
    for number, task in enumerate(tasks):
        if number:
            out("")
        _text(place, task, why, _blame(place, task) if blame else None)
    return 0


def _plain(place: "Snapshot", task: "Task", why: bool) -> "dict[str, object]":
    """An item for programs; ``why``: with the terms of its urgency."""
    from plaintrack.app.snapshot import detail
    from plaintrack.app.snapshot.spoken import comments

    spoken = []
    for each in comments(place, task.id):
        about = {"author": each.author, "date": each.date, "body": each.body}
        if each.problem:
            about["problem"] = f"{each.problem.place}: {each.problem.message}"
        spoken.append(about)
    found: dict[str, object] = {
        "path": task.path,
        **task.fields,
        "body": task.body,
        "urgency": detail.urgency(place, task.id),
        "comments": spoken,
    }
    if why:
        names = ("name", "factor", "coefficient")
        found["why"] = [
            dict(zip(names, each, strict=True)) for each in detail.terms(place, task.id)
        ]
    return found


def _blame(place: "Snapshot", task: "Task") -> "Blame":
    from plaintrack.app.snapshot import history, log

    return log.blame(place, history.history(place), task)


def _text(place: "Snapshot", task: "Task", why: bool, blame: "Blame | None") -> None:
    from plaintrack.app.snapshot import detail
    from plaintrack.show.items import line

    out(_bold(f"{safe(task.id)}  {safe(task.text('title'))}"))
    _fields(task, blame)
    for name, text in detail.derived(place, task):
        out(f"  {name:12} {safe(text)}")
    for heading, found in detail.related(place, task.id):
        _section(heading)
        for other in found:
            out(f"  {safe(line(other))}")
    if blame and blame.commits:
        _section("Commits")
        for commit in blame.commits:
            out(safe(f"  {commit}"))
    if why:
        _section("Urgency")
        for name, factor, coefficient in detail.terms(place, task.id):
            out(f"  {name:20} {factor:6.3f} × {coefficient:6.2f} = {factor * coefficient:7.3f}")
    if task.body.strip():
        out("")
        _markdown(lines(task.body.strip("\r\n")))
    _comments(place, task.id)


def _bold(text: str) -> str:
    return f"{BOLD}{text}{OFF}" if colours() else text


def _section(heading: str) -> None:
    out(f"\n{_bold(heading)}")


def _fields(task: "Task", blame: "Blame | None") -> None:
    for name in task.fields:
        if name not in ("id", "title") and task.text(name):
            who = f"  ({blame.fields[name]})" if blame and name in blame.fields else ""
            out(safe(f"  {name:12} {task.text(name)}{who}"))


def _comments(place: "Snapshot", item: str) -> None:
    from plaintrack.app.snapshot.spoken import comments

    for comment in comments(place, item):
        if comment.problem:
            note(f"plaintrack: {safe(comment.problem.place)}: {safe(comment.problem.message)}")
            out(f"\n{_bold(safe(comment.path))} (cannot be read)")
        else:
            out(
                f"\n{_bold(safe(comment.author or 'unknown'))} on"
                f" {safe(comment.date[:16].replace('T', ' '))}"
            )
        for line in lines(comment.body.strip("\r\n")):
            out(f"  {line}")


def _markdown(text: list[str]) -> None:
    """The body: rendered where there are colours and the extra ``terminal`` is installed, else as
    it stands.
    """
    if colours():
        try:
            from plaintrack.render.prose import draw
        except ImportError:
            pass
        else:
            text = draw("\n".join(text), width() or 100)
    for line in text:
        out(line)
