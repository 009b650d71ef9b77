"""Time triggers: what is due now and is not in the ledger yet."""

import os
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from plaintrack.app.automation.conditions import Present, unreadable
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.updated import touched
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.sla import Clocks
from plaintrack.model.task import Task, fold
from plaintrack.rules.look import Look, by_clock, by_time
from plaintrack.rules.match import waits_for_slas, waits_for_time
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.index import survey


def due(workspace: Workspace, rules: Rules, look: Look, taken: Set[str]) -> tuple[Firing, ...]:
    """The firings of all time triggers that hold at the moment of a look and that ``taken`` (keys
    of firings that were) does not know, by rule, then item.

    A rule whose query cannot be read fires for nothing, with a notice, and stops no other.
    """
    waiting = [rule for rule in rules.rules if waits_for_time(rule)]
    if not waiting:
        return ()
    tasks = [
        Task(path, item, {"due": day, "status": status})
        for item, path, status, day in survey.dated(workspace.index.connection)
    ]
    world, found = Present(workspace), list[Firing]()
    for rule in waiting:
        try:
            updated = touched(workspace) if _waits_for_stale(rule) else {}
            start = _start(workspace, rule)
            found += by_time(rule, tasks, look, updated, world, start)
            if waits_for_slas(rule):
                found += by_clock(rule, spelt(workspace.sla, tasks), look)
        except PlaintrackError as error:
            workspace.notice(unreadable(rule, error))
    return tuple(firing for firing in found if firing.key not in taken)


def spelt(known: Mapping[str, Clocks], tasks: Iterable[Task]) -> dict[str, tuple[str, Clocks]]:
    """Folded id → the id, and the latest cycle of each SLA of the item."""
    return {
        fold(task.id): (task.id, known[fold(task.id)]) for task in tasks if fold(task.id) in known
    }


def _waits_for_stale(rule: Rule) -> bool:
    return any(trigger.kind == "stale" for trigger in rule.triggers)


def _start(workspace: Workspace, rule: Rule) -> datetime:
    """When the rule came: slots before that are not caught up. The first commit of its file; else
    when the file was saved.
    """
    if not any(trigger.kind == "schedule" for trigger in rule.triggers):
        return workspace.now
    try:
        seconds = workspace.repo.first(rule.path)
    except PlaintrackError:
        seconds = None
    if seconds is None:
        seconds = int(os.stat(workspace.path(rule.path)).st_mtime)
    return datetime.fromtimestamp(seconds, zone(workspace.schema.timezone) or workspace.now.tzinfo)
