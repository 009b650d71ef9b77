"""What the plan of a snapshot says of each item, for lists and queries that name it."""

from collections.abc import Mapping

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.expected import NOTHING, UNSPENT, Expected, Spent
from plaintrack.model.sla import value as of_clock
from plaintrack.model.task import fold
from plaintrack.plan.expected import expected as of_lines
from plaintrack.query.columns import LOGGED, ROLLED
from plaintrack.when.durations import show

ASSUMED = "~"
"""What marks an end that rests on an assumed estimate, for people."""


def expected(snapshot: Snapshot) -> Mapping[str, Expected]:
    """Folded id → what the plan says of the open item. Raises PlaintrackError for what cannot be
    planned at all.
    """
    return of_lines(snapshot.plan.lines)


def text(snapshot: Snapshot, item: str, name: str) -> str:
    """A planned field of an item as people read it; empty for nothing."""
    if name in snapshot.schema.slas:
        return _of_sla(snapshot, item, name)
    if name in LOGGED:
        length = getattr(_spent(snapshot, item, name), name)
        return "" if not length else _duration(snapshot, length)
    found = _of(snapshot, item)
    value = getattr(found, name)
    if name == "slack":
        return "" if value is None else _duration(snapshot, value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, str):
        return ASSUMED + value if value and name == "planned_end" and found.assumed else value
    return "yes" if value else ""


def value(snapshot: Snapshot, item: str, name: str) -> str | float | bool | list[str] | None:
    """A planned field of an item for programs: an ISO date, a duration as text, a truth, a list of
    ids, a percentage; None for nothing.
    """
    if name in snapshot.schema.slas:
        given = of_clock(snapshot.sla.get(fold(item), {}), name)
        if name.endswith(".left") and isinstance(given, float):
            return _duration(snapshot, given)
        return round(given, 1) if isinstance(given, float) else given
    if name in LOGGED:
        length = getattr(_spent(snapshot, item, name), name)
        return None if length is None else _duration(snapshot, length)
    found = getattr(_of(snapshot, item), name)
    if name == "slack":
        return None if found is None else _duration(snapshot, found)
    if isinstance(found, tuple):
        return list(found)
    return None if found == "" else found


def _of_sla(snapshot: Snapshot, item: str, name: str) -> str:
    found = of_clock(snapshot.sla.get(fold(item), {}), name)
    if found is None or isinstance(found, str):
        return found or ""
    return _duration(snapshot, found) if name.endswith(".left") else f"{found:.0f}%"


def _of(snapshot: Snapshot, item: str) -> Expected:
    return snapshot.expected.get(fold(item), NOTHING) if item else NOTHING


def _spent(snapshot: Snapshot, item: str, name: str) -> Spent:
    logged = snapshot.rolled if name in ROLLED else snapshot.logged
    return logged.get(fold(item), UNSPENT) if item else UNSPENT


def _duration(snapshot: Snapshot, minutes: float) -> str:
    return show(minutes, snapshot.schema.day, snapshot.schema.week)
