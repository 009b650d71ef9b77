"""Tells of steps of the workflow, as they are made, that the settings do not allow."""

from collections.abc import Iterable

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.done import Written


def leaps(workspace: Workspace, written: Iterable[Written]) -> list[str]:
    """A line for each item whose status went where `checks: transition:` does not let it go."""
    given = workspace.settings.checks
    if not {"transition", "pt501"} & {name.lower() for name in given}:
        return []
    from plaintrack.checks.changes import after, reached, transition
    from plaintrack.checks.policy import read

    rule = read(given, [transition]).rules[transition.code][-1]
    if not rule.severity or rule.paths or rule.query:
        return []
    allowed, found = rule.options["allowed"], []
    for file in written:
        for change in file.changes:
            one, two = str(change.old), str(change.new)
            if change.kind != "set" or change.field != "status" or not one:
                continue
            if not reached(allowed, one, two, 1):
                why = f"the workflow does not lead from {one} to {two}; {after(allowed, one)}"
                found.append(f"{change.id}: {why}")
    return found
