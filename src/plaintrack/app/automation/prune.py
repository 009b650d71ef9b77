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

    @property
    def scheduled(self) -> bool:
        """Whether a rule fired for a slot of its schedule, and not for a change."""
        return self.why.startswith("schedule ")

    @property
    def month(self) -> str:
        """The month of the firing, which is its folder."""
        return self.path.split("/")[2]


class _Item(NamedTuple):
    closed: bool
    due: str


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
    counting = _counting(found)
    entries = _entries(workspace)
    slots = _latest(workspace, found, entries)
    items = _items(workspace)
    by_item: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_item[fold(entry.item)].append(entry)

    past: list[Entry] = []
    for item, firings in by_item.items():
        changes = [entry for entry in firings if not entry.scheduled]
        if all(entry.month < bound for entry in changes):
            past += _settled(changes, items.get(item))
        for entry in firings:
            if entry.scheduled and entry.month < bound and entry.why not in slots[entry.rule]:
                past.append(entry)
    return sorted(entry.path for entry in past if entry.rule not in counting)


def _counting(found: Rules) -> set[str]:
    """The rules that need every firing."""
    return {
        rule.name
        for rule in found.rules
        for action in rule.actions
        if action.kind == "create" or "rotate" in repr(action.about)
    }


def _items(workspace: Workspace) -> dict[str, _Item]:
    """The items there are, by folded id."""
    schema = workspace.schema
    items: dict[str, _Item] = {}
    for row in survey.dated(workspace.index.connection):
        due = day(row.due, schema.timezone)
        items[fold(row.id)] = _Item(schema.closed(row.status), str(due or ""))
    return items


def _settled(changes: list[Entry], item: _Item | None) -> list[Entry]:
    """Of the firings for an item (None: it is gone), none of them late, those that cannot matter
    any more.
    """
    if item is None:
        return changes
    if not item.closed:
        return []
    return [entry for entry in changes if not _again(entry, item.due)]


def _again(entry: Entry, due: str) -> bool:
    """Whether the rule would fire once more if the item were opened again: for that due date, or
    for the last commit, which may be as long ago as then.
    """
    if entry.why.startswith("stale for "):
        return True
    fired_for = _DUE.fullmatch(entry.why)
    return fired_for is not None and fired_for[1] == due


def _entries(workspace: Workspace) -> list[Entry]:
    """What the ledger says, without the files that cannot be read: those stay."""
    read = (_entry(workspace, path) for path in ledger.acted(workspace).values())
    return [entry for entry in read if entry is not None]


def _entry(workspace: Workspace, path: str) -> Entry | None:
    """What a file says; None, and so it stays, if it cannot be read."""
    from plaintrack.text.nodes import mapping

    try:
        given = mapping(workspace.read(path).decode(), path)
    except (OSError, PlaintrackError, UnicodeDecodeError):
        return None
    return Entry(path, *(str(given.get(name) or "") for name in ("rule", "item", "why")))


def _latest(workspace: Workspace, found: Rules, entries: list[Entry]) -> dict[str, set[str]]:
    """Rule → the slots that may still be caught up: the latest of each of its schedules, and the
    last it fired for.
    """
    slots: dict[str, set[str]] = defaultdict(set)
    start = datetime(1, 1, 2, tzinfo=zone(workspace.schema.timezone) or workspace.now.tzinfo)
    for rule in found.rules:
        for slot in match.by_schedule(rule.triggers, start, workspace.now):
            slots[rule.name].add(f"schedule {slot.strftime('%Y-%m-%d %H:%M')}")

    fired: dict[str, str] = {}
    for entry in entries:
        if entry.scheduled:
            fired[entry.rule] = max(entry.why, fired.get(entry.rule, ""))
    for name, last in fired.items():
        slots[name].add(last)
    return slots
