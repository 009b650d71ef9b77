"""What follows from changes and from time: rules, the next items of recurring work, and documents that are true again."""

from collections.abc import Iterator
from datetime import date

from plaintrack.app.workspace import Workspace


class Follower:
    """Does what is due. It is asked at every look of the watcher; rules have times of their own, all else waits for a change or a new day."""

    def __init__(self, rest: float = 0.0) -> None:
        """Nothing has been done yet. What git may have brought less than ``rest`` seconds ago waits."""
        self.rest = rest
        self.day: date | None = None

    def __call__(self, workspace: Workspace, changed: bool) -> Iterator[str]:
        """What was done, a line each."""
        workspace.unasked = True
        acted = _rules(workspace, self.rest)
        yield from acted
        if acted or changed or workspace.today != self.day:
            yield from _recurring(workspace)
            yield from _documents(workspace)
            self.day = workspace.today


def _rules(workspace: Workspace, rest: float) -> list[str]:
    from plaintrack.app.automations import has_rules

    lines: list[str] = []
    if has_rules(workspace):
        from plaintrack.app.react import after

        workspace.acted = lines.append
        after(workspace, rest=rest)
    return lines


def _recurring(workspace: Workspace) -> Iterator[str]:
    from plaintrack.app.recur import generate

    outcome = generate(workspace)
    for each in outcome.made:
        yield f"{each.id}  created: {each.title}, due again on {each.day}"
    for path, why in outcome.failed:
        workspace.notice(f"{path}: {why}")


def _documents(workspace: Workspace) -> Iterator[str]:
    from plaintrack.app.live import render_documents

    for path in render_documents(workspace):
        yield f"rendered {path}"
