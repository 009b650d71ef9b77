"""Items in an editor: what became of them, as one command that ``undo`` takes back."""

import os
import time
from collections.abc import Sequence

from plaintrack.app.check.renumber import Renumbered, carry, left
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.circles import circles
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, strays, verb
from plaintrack.errors import command
from plaintrack.model.change import Change, compare
from plaintrack.model.done import Done, ItemChanges, Written
from plaintrack.model.fields import LINKS
from plaintrack.model.problem import Problem


class Editing:
    """Items that are open in an editor. ``open`` holds the paths of those that are to be edited:
    at first all, after a ``look`` those that have an error.
    """

    def __init__(self, workspace: Workspace, names: Sequence[str]) -> None:
        """Open the items that are named, also those that cannot be read: an editor fixes them."""
        self.workspace = workspace
        self.command = f"edit {' '.join(names)}"
        self.open = list(dict.fromkeys(_path(workspace, name) for name in names))
        self.before = {path: find.load(workspace, path) for path in self.open}
        self.since = time.time_ns()
        self.held = {path: workspace.read_whole(path) for path in self.open}

    @property
    def files(self) -> list[str]:
        """The files to open in the editor, as absolute paths."""
        return [self.workspace.path(path) for path in self.open]

    def look(self) -> Done:
        """What became of the open items; the notes say what is wrong with them."""
        items: list[ItemChanges] = []
        notes: list[str] = []
        wrong = []
        for path in self.open:
            changes, problems = self._seen(path)
            if changes is not None:
                items.append(changes)
            notes += [problem.describe() for problem in problems]
            if any(problem.severity == "error" for problem in problems):
                wrong.append(path)
        self.open = wrong
        return Done(tuple(items), notes=tuple(notes))

    def _seen(self, path: str) -> tuple[ItemChanges | None, Sequence[Problem]]:
        """What happened to one item, and what is wrong with it; no changes if it cannot be read."""
        before = self.before[path]
        try:
            after = find.load(self.workspace, path)
        except FileNotFoundError:
            change = Change(before.id, path, "deleted", old=before.text("title"))
            return ItemChanges(before.id, path, (change,)), ()
        if not after.fields:
            return None, after.problems
        lists = frozenset(
            name for name, field in self.workspace.schema.fields.items() if field.many
        )
        changes = compare(before, after, lists)
        return ItemChanges(after.id, path, changes), after.problems

    def record(self) -> Done:
        """Count what the editor wrote to one command, with what follows: what hangs on ids that
        were changed, the next items of series that were closed, and what rules do.
        """
        with verb(self.workspace, self.command) as work:
            for path, data in self.held.items():
                work.writer.found(path, data, self.since)
            renumbered = self._take_along(work)
            closed = self._closed()
            if closed:
                from plaintrack.app.items.recur import carry_on

                work.failed += carry_on(work.writer, closed, self.workspace.today)
            work.notes += [*self._circles(), *self._strays()]
        for given in renumbered:
            work.notes.append(f"{given.new}  {given.describe()}")
            work.notes += left(self.workspace, given)
        return work.done()

    def _take_along(self, work: Verb) -> list[Renumbered]:
        """Do what ``renumber`` does for the items whose id was changed in the editor."""
        workspace = self.workspace
        renumbered = []
        for path, task in self.before.items():
            if not task.id or not os.path.exists(workspace.path(path)):
                continue
            now = find.load(workspace, path).id
            if not now or now.lower() == task.id.lower():
                continue
            workspace.look_again()
            tasks = answers.all_tasks(workspace)
            if sum(each.id.lower() == now.lower() for each in tasks) > 1:
                work.notes.append(
                    f"the id {now} is also that of another item;"
                    f" {command('renumber', path)} gives this one another"
                )
            else:
                renumbered.append(carry(workspace, work.writer, path, task.id, now, tasks))
        return renumbered

    def _circles(self) -> list[str]:
        """What to say of links that have closed a circle."""
        linked = []
        for path, task in self.before.items():
            if os.path.exists(self.workspace.path(path)):
                now = find.load(self.workspace, path)
                if any(set(now.many(name)) - set(task.many(name)) for name in LINKS):
                    linked.append(now)
        return circles(self.workspace, linked) if linked else []

    def _strays(self) -> list[str]:
        """What to say of steps that the settings do not allow, or not the user."""
        moved = []
        for path, task in self.before.items() if self.workspace.settings.checks else ():
            if os.path.exists(self.workspace.path(path)):
                now = find.load(self.workspace, path)
                old, new = task.text("status"), now.text("status")
                changes = (Change(now.id, path, "set", "status", old, new),) if old != new else ()
                moved.append(Written(path, self.held[path], None, changes))
        return strays(self.workspace, moved) if moved else []

    def _closed(self) -> list[str]:
        """The paths of the items that recur and were closed in the editor."""
        closed = self.workspace.schema.closed
        paths = []
        for path, task in self.before.items():
            recurs = task.text("repeat") and not closed(task.text("status"))
            if not recurs or not os.path.exists(self.workspace.path(path)):
                continue
            if closed(find.load(self.workspace, path).text("status")):
                paths.append(path)
        return paths


def _path(workspace: Workspace, name: str) -> str:
    """The file of an item, also of one that cannot be read."""
    try:
        return find.locate(workspace, name)
    except find.BrokenItem as error:
        return error.problem.path
