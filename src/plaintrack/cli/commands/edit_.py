"""``plaintrack edit``: the files in your own editor."""

import os
import time
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import left, tell, tell_next, workspace
from plaintrack.cli.output import note, out, safe
from plaintrack.cli.typed import open_editor

if TYPE_CHECKING:
    from plaintrack.app.check.renumber import Renumbered
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.app.write.writer import Writer
    from plaintrack.model.task import Task


def _path(place: "Workspace", name: str) -> str:
    """The file of an item, also of one that cannot be read: an editor is what fixes it."""
    from plaintrack.app.snapshot import find

    try:
        return find.locate(place, name)
    except find.BrokenItem as error:
        return error.problem.path


def _record(
    place: "Workspace", command: str, before: "dict[str, Task]", held: dict[str, bytes], since: int
) -> None:
    """Count to one command what the editor wrote, the items that follow those closed in it, and
    what rules do.
    """
    from plaintrack.app.write.session import writing

    with writing(place, command) as writer:
        for path, data in held.items():
            writer.found(path, data, since)
        taken_along = _take_along(place, writer, before)
        done = _closed(place, before)
        if done:
            from plaintrack.app.items.recur import carry_on

            for path, why in carry_on(writer, done, place.today):
                note(safe(f"{path}: {why}"))
    tell_next(writer.followers)
    for each in taken_along:
        note(safe(f"{each.new}  {each.describe()}"))
        left(place, each, set())


def _take_along(
    place: "Workspace", writer: "Writer", before: "dict[str, Task]"
) -> "list[Renumbered]":
    """Do what `renumber` does for the items whose id was changed in the editor."""
    from plaintrack.app.check import doctor
    from plaintrack.app.snapshot import find

    done = []
    for path, task in before.items():
        now = find.load(place, path).id if task.id and os.path.exists(place.path(path)) else ""
        if not now or now.lower() == task.id.lower():
            continue
        from plaintrack.app.check.renumber import carry

        place.look_again()
        tasks = doctor.all_tasks(place)
        if sum(each.id.lower() == now.lower() for each in tasks) > 1:
            note(
                safe(
                    f"the id {now} is also that of another item; `plaintrack renumber {path}` gives"
                    " this one another"
                )
            )
        else:
            done.append(carry(place, writer, path, task.id, now, tasks))
    return done


def _closed(place: "Workspace", before: "dict[str, Task]") -> list[str]:
    """The paths of the items that recur and were closed in the editor."""
    from plaintrack.app.snapshot import find

    closed = place.schema.closed
    recurring = [
        path
        for path, task in before.items()
        if task.text("repeat") and not closed(task.text("status"))
    ]
    there = [path for path in recurring if os.path.exists(place.path(path))]
    return [path for path in there if closed(find.load(place, path).text("status"))]


@click.command("edit")
@click.argument("items", nargs=-1, required=True, metavar="ID...", shell_complete=complete.items)
def command(items: tuple[str, ...]) -> int:
    """Open items in $EDITOR, then say what changed and what is wrong."""
    import sys

    from plaintrack.app.snapshot import find

    place = workspace()
    paths = list(dict.fromkeys(_path(place, name) for name in items))
    before = {path: find.load(place, path) for path in paths}
    since = time.time_ns()
    held = {path: place.read_whole(path) for path in paths}
    try:
        while paths:
            open_editor([place.path(path) for path in paths])
            paths = [path for path in paths if not _told(place, path, before[path])]
            if paths and not (
                sys.stdin.isatty()
                and click.confirm("Open the editor again?", default=True, err=True)
            ):
                return 1
    finally:
        _record(place, f"edit {' '.join(items)}", before, held, since)
    return 0


def _told(place: "Workspace", path: str, before: "Task") -> bool:
    """Say what became of an item, and what is wrong with it; whether nothing is."""
    from plaintrack.app.snapshot import find
    from plaintrack.model.change import compare

    try:
        after = find.load(place, path)
    except FileNotFoundError:
        out(safe(f"{before.id or path}  deleted: {before.text('title')}"))
        return True
    for problem in after.problems:
        note(
            safe(
                f"{problem.place}: {problem.message}"
                + (f" ({problem.hint})" if problem.hint else "")
            )
        )
    if after.fields:
        lists = frozenset(name for name, field in place.schema.fields.items() if field.many)
        tell(compare(before, after, lists), after.id or path)
    return not any(problem.severity == "error" for problem in after.problems)
