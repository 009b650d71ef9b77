"""What the settings of a workspace say of what an import brings: who may move items, and what takes
approvals.

An import does not decide: it tells what was decided elsewhere. So a new item comes as it is, and
that is told. A change of an item that is here is a move like any other, by whoever imports.
"""

from collections import Counter

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import agreed, movers
from plaintrack.errors import command
from plaintrack.model.count import plural
from plaintrack.model.done import Written
from plaintrack.model.task import Task
from plaintrack.text.parse import parse


class Judge:
    """Asks the settings; ``notes`` says what came all the same."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing was asked yet."""
        self.workspace = workspace
        self._approvals = bool(workspace.settings.approvals["needs"])
        self._movers = bool(workspace.settings.checks)
        self._required = [each for each in workspace.schema.fields.values() if each.required]
        self._counts: Counter[tuple[str, str]] = Counter()

    def made(self, written: Written) -> None:
        """A new item came."""
        if not (self._approvals or self._movers or self._required) or not written.after:
            return
        task = parse(written.path, written.after, self.workspace.schema)
        for field in self._required:
            if not task.fields.get(field.name):
                self._counts["required", field.name] += 1
        status = task.text("status")
        if self._approvals:
            try:
                agreed.guard(self.workspace, None, task)
            except agreed.NotApproved:
                self._counts["approval", status] += 1
        if self._movers and movers.held(self.workspace, task._replace(id=""), status):
            self._counts["mover", status] += 1

    def refused(self, task: Task, status: str) -> str:
        """Why whoever imports may not move an item that is here to a status; empty if they may."""
        if not self._movers or task.text("status") == status:
            return ""
        why = movers.held(self.workspace, task, status)
        return why.only if why else ""

    def notes(self) -> list[str]:
        """What came though the settings ask for more, by count."""
        found = []
        for (kind, name), count in sorted(self._counts.items()):
            some = plural(count, "new item")
            if kind == "required":
                found.append(f"{some} without {name}, which is required here")
            elif kind == "approval":
                found.append(f"{some} {name} without the approvals that takes here")
            else:
                found.append(f"{some} {name}, where you may not move items here")
        told = f"taken over as in the file; {command('check')} names what it finds wrong"
        return [f"{each}: {told}" for each in found]
