"""Removes files of the ledger that cannot matter any more: without them no rule fires that would
not fire with them.
"""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from plaintrack.app.automation import ledger, rules
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.rules import match
from plaintrack.store.clock import zone
from plaintrack.store.index import survey
from plaintrack.when.moments import day

DAYS = 90
"""For how long every file stays; months count as a whole."""
_DUE = re.compile(r"(?:due within|overdue).*: (\d{4}-\d\d-\d\d)")


class Entry(NamedTuple):
    """A file of the ledger, and what it says."""

    path: str
    rule: str
    item: str
    why: str


def prune(workspace: Workspace, dry: bool = False) -> list[str]:
    """Delete what cannot matter any more (``dry``: do not); the paths."""
    with writing(workspace, "rules prune", dry) as writer:
        found = removable(workspace)
        for path in found:
            writer.delete(path)
    return found


def removable(workspace: Workspace) -> list[str]:
    """The files that cannot matter any more: all of an item that is closed or gone and where
    nothing fired for long, and slots of the past.

    What a rule creates has its id from the number of the firing, and who is next in a rotation is
    counted: such rules keep all.
    """
    bound = (workspace.today - timedelta(days=DAYS)).isoformat()[:7]
    found = rules.rules(workspace)
    numbered = {
        rule.name
        for rule in found.rules
        for action in rule.actions
        if action.kind == "create" or "rotate" in repr(action.about)
    }
    entries = [
        each for path in ledger.acted(workspace).values() if (each := _entry(workspace, path))
    ]
    slots = _latest(workspace, found, entries)
    by_item: dict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        by_item[fold(each.item)].append(each)
    rows = survey.dated(workspace.index.connection)
    schema = workspace.schema
    items = {
        fold(each.id): (schema.closed(each.status), str(day(each.due, schema.timezone) or ""))
        for each in rows
    }
    past: list[Entry] = []
    for item, some in by_item.items():
        closed, due = items.get(item, (True, ""))
        gone = item not in items
        changes = [each for each in some if not each.why.startswith("schedule ")]
        over = closed and all(_month(each) < bound for each in changes)
        past += [each for each in changes if over and (gone or not _again(each, due))]
        past += [
            each
            for each in some
            if each.why.startswith("schedule ")
            and _month(each) < bound
            and each.why not in slots[each.rule]
        ]
    return sorted(each.path for each in past if each.rule not in numbered)


def _again(each: Entry, due: str) -> bool:
    """Whether the rule would fire once more if the item were opened again: for that due date, or
    for the last commit, which may be as long ago as then.
    """
    day = _DUE.fullmatch(each.why)
    return each.why.startswith("stale for ") or (day is not None and day[1] == due)


def _entry(workspace: Workspace, path: str) -> Entry | None:
    """What a file says; None, and so it stays, if it cannot be read."""
    from plaintrack.text.nodes import mapping

    try:
        given = mapping(workspace.read(path).decode(), path)
    except (OSError, PlaintrackError, UnicodeDecodeError):
        return None
    return Entry(path, *(str(given.get(name) or "") for name in ("rule", "item", "why")))


def _month(each: Entry) -> str:
    return each.path.split("/")[2]


def _latest(workspace: Workspace, found: Rules, entries: list[Entry]) -> dict[str, set[str]]:
    """Rule → the slots that may still be caught up: the latest of each of its schedules, and the
    last it fired for.
    """
    slots: dict[str, set[str]] = defaultdict(set)
    for rule in found.rules:
        start = datetime(1, 1, 2, tzinfo=zone(workspace.schema.timezone) or workspace.now.tzinfo)
        for slot in match.by_schedule(rule.triggers, start, workspace.now):
            slots[rule.name].add(f"schedule {slot.strftime('%Y-%m-%d %H:%M')}")
    for name in {each.rule for each in entries}:
        slots[name].add(
            max(
                (
                    each.why
                    for each in entries
                    if each.rule == name and each.why.startswith("schedule ")
                ),
                default="",
            )
        )
    return slots
