"""How old the data of an answer is, in words and for programs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.model.ages import Age, Ages
    from plaintrack.show import outputs

FEW = 8
"""Repositories that are told one by one."""
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def lines(ages: "Ages") -> Iterator[str]:
    """How old the data of each repository is, and which is stale; of many the oldest."""
    if not ages.each:
        return
    ordered = sorted(ages.each, key=lambda each: (each.seen or each.tip_time, each.name))
    shown = ", ".join(f"{each.name} {_said(each, ages.now)}" for each in ordered[:FEW])
    if len(ordered) > FEW:
        last = ordered[-1]
        newest = f"{last.name} {_said(last, ages.now)}"
        yield f"{len(ordered)} repositories; the oldest: {shown}; the newest: {newest}"
    else:
        yield f"{plural(len(ordered), 'repository', 'repositories')}: {shown}"
    stale = [each for each in ordered if each.stale]
    if stale:
        names = ", ".join(each.name for each in stale[:FEW])
        more = f" and {len(stale) - FEW} more" if len(stale) > FEW else ""
        yield f"stale, not looked at for {length(ages.most)}: {names}{more}"


def _said(age: "Age", now: int) -> str:
    commit = f"last commit {length(now - age.tip_time)} ago"
    if age.seen is None:
        return f"({commit})"
    return f"{length(now - age.seen)} ago ({commit})"


def length(seconds: int) -> str:
    """A length of time in its largest unit."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "0 min"


def records(ages: "Ages") -> "list[outputs.Source]":
    """The same for programs."""
    return [
        {
            "name": each.name,
            "tip": each.tip,
            "committed": _moment(each.tip_time),
            "seen": None if each.seen is None else _moment(each.seen),
            "stale": each.stale,
        }
        for each in ages.each
    ]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
