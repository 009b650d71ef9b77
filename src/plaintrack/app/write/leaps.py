"""Tells of steps of the workflow, as they are made, that the settings do not allow."""

from collections.abc import Iterable, Mapping, Sequence

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.done import Written


def leaps(workspace: Workspace, written: Iterable[Written]) -> list[str]:
    """A line for each item whose status went where `checks: transition:` does not let it go."""
    allowed, found = steps(workspace), []
    for file in written if allowed else ():
        for change in file.changes:
            one, two = str(change.old), str(change.new)
            if change.kind != "set" or change.field != "status" or not one:
                continue
            if not leads(allowed, one, two):
                from plaintrack.checks.changes import after

                why = f"the workflow does not lead from {one} to {two}; {after(allowed, one)}"
                found.append(f"{change.id}: {why}")
    return found


def steps(workspace: Workspace) -> Mapping[str, Sequence[str]]:
    """Status → the statuses that may follow it in one step; one that is not named may be followed
    by any. Nothing where the check is off, or holds for a part of the work.
    """
    given = workspace.settings.checks
    if not {"transition", "pt501"} & {name.lower() for name in given}:
        return {}
    from plaintrack.checks.changes import transition
    from plaintrack.checks.policy import read

    rule = read(given, [transition]).rules[transition.code][-1]
    if not rule.severity or rule.paths or rule.query:
        return {}
    allowed: Mapping[str, Sequence[str]] = rule.options["allowed"]
    return allowed


def leads(allowed: Mapping[str, Sequence[str]], one: str, two: str) -> bool:
    """Whether one step leads from a status to another."""
    return one == two or one not in allowed or two in allowed[one]
