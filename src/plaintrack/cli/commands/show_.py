"""``plaintrack show``: one item, whole."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import workspace
from plaintrack.cli.output import colours, out, safe, width

if TYPE_CHECKING:
    from plaintrack.app.workspace import Workspace
    from plaintrack.model.task import Task

BOLD, DIM, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@click.command("show")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
@click.option("--why", is_flag=True, help="Explain the urgency.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="The form of the output.")
def command(items: tuple[str, ...], why: bool, form: str) -> int:
    """Show items: fields, derived values, what blocks them and what they block, sub-items, comments and body."""
    from plaintrack.app import detail, read

    place = workspace()
    tasks = [read.load(place, read.locate(place, name)) for name in items]
    if form == "json":
        import json

        found = [
            {"path": task.path, **task.fields, "body": task.body, "urgency": detail.urgency(place, task.id)} for task in tasks
        ]
        out(json.dumps({"schema": 1, "items": found}, ensure_ascii=False, indent=2))
        return 0
    for task in tasks:
        _text(place, task, why)
    return 0


def _text(place: "Workspace", task: "Task", why: bool) -> None:
    from plaintrack.app import detail

    bold, off = (BOLD, OFF) if colours() else ("", "")
    out(f"{bold}{safe(task.id)}  {safe(task.text('title'))}{off}")
    for name in task.fields:
        if name not in ("id", "title"):
            out(f"  {safe(name):12} {safe(task.text(name))}")
    for name, text in detail.derived(place, task):
        out(f"  {name:12} {safe(text)}")
    for heading, lines in detail.related(place, task.id):
        out(f"\n{bold}{heading}{off}")
        for line in lines:
            out(f"  {safe(line)}")
    if why:
        out(f"\n{bold}Urgency{off}")
        for name, factor, coefficient in detail.terms(place, task.id):
            out(f"  {name:20} {factor:6.3f} × {coefficient:6.2f} = {factor * coefficient:7.3f}")
    if task.body.strip():
        out("")
        _markdown([safe(line) for line in task.body.strip("\n").splitlines()])
    for author, date, text in detail.comments(place, task.id):
        out(f"\n{bold}{safe(author or 'somebody')}{off} on {safe(date[:16].replace('T', ' '))}")
        for line in text.strip("\n").splitlines():
            out(f"  {safe(line)}")


def _markdown(lines: list[str]) -> None:
    """The body: rendered where there are colours and the extra ``terminal`` is installed, else as it stands."""
    if colours():
        try:
            from plaintrack.render.markdown import draw
        except ImportError:
            pass
        else:
            lines = draw("\n".join(lines), width() or 100)
    for line in lines:
        out(line)
