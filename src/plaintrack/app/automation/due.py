"""Time triggers: what is due now and is not in the ledger yet."""

from datetime import datetime

from plaintrack.app.automation.conditions import Present, unreadable
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.updated import touched
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task
from plaintrack.rules import match
from plaintrack.rules.rule import TIMES, Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.index import ask


def due(workspace: Workspace, found: Rules, taken: set[str]) -> list[Firing]:
    """The firings of all time triggers that hold now and that ``taken`` (the ledger's keys) does
    not know, by rule, then item.

    A rule whose query cannot be read fires for nothing, with a notice, and stops no other.
    """
    firings = []
    for rule in found.rules:
        if any(trigger.kind in TIMES for trigger in rule.triggers):
            try:
                some = [*_by_day(workspace, rule), *_by_schedule(workspace, rule)]
            except PlaintrackError as error:
                workspace.notice(unreadable(rule, error))
                continue
            firings += [
                each
                for each in sorted(some, key=lambda each: (each.item, each.why))
                if each.key not in taken
            ]
    return firings


def _by_day(workspace: Workspace, rule: Rule) -> list[Firing]:
    schema, found = workspace.schema, []
    changed = (
        touched(workspace) if any(trigger.kind == "stale" for trigger in rule.triggers) else {}
    )
    for item, path, status, day in ask.dated(workspace.index.connection):
        task = Task(path, item, {"due": day, "status": status})
        for why, moment in match.by_day(rule, task, schema, changed.get(path, ""), workspace.today):
            found.append(Firing(rule.name, item, why, match.key(rule.name, item, why), moment))
    return found


def _by_schedule(workspace: Workspace, rule: Rule) -> list[Firing]:
    """Once per slot and item that the condition finds; without a condition once per slot."""
    found = []
    for slot in match.by_schedule(rule.triggers, _since(workspace, rule), workspace.now):
        why = f"schedule {slot.strftime('%Y-%m-%d %H:%M')}"
        items = [""]
        asked = next((query for subject, _, query in rule.conditions if subject == "item"), None)
        if asked is not None:
            items = sorted(Present(workspace).answers(asked, ask.ids(workspace.index.connection)))
        for item in items:
            found.append(
                Firing(
                    rule.name, item, why, match.key(rule.name, item, why), slot.date().isoformat()
                )
            )
    return found


def _since(workspace: Workspace, rule: Rule) -> datetime:
    """When the rule came: slots before that are not caught up. The first commit of its file; else
    when the file was saved.
    """
    import os

    try:
        seconds = workspace.repo.first(rule.path)
    except PlaintrackError:
        seconds = None
    if seconds is None:
        seconds = int(os.stat(workspace.path(rule.path)).st_mtime)
    return datetime.fromtimestamp(seconds, zone(workspace.schema.timezone) or workspace.now.tzinfo)
