"""Taskwarrior's urgency: a polynomial of an item's state, with coefficients from the settings.

After Taskwarrior's documentation, "Urgency": every term is a factor between 0 and 1 times its
coefficient, and the urgency is their sum. The factor of ``due`` is 1 from seven days after the day,
0.2 until fourteen days before it, and linear between; that of ``age`` grows to 1 in ``age.max``
days; one, two and more tags are 0.8, 0.9 and 1.
"""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.model.task import Task
    from plaintrack.query.facts import Facts

DEFAULT: dict[str, float] = {
    "next": 15.0,
    "due": 12.0,
    "priority.critical": 9.0,
    "priority.high": 6.0,
    "priority.medium": 3.9,
    "priority.low": 1.8,
    "blocking": 8.0,
    "active": 4.0,
    "waiting": -3.0,
    "blocked": -5.0,
    "age": 2.0,
    "age.max": 365.0,
    "tags": 1.0,
    "project": 1.0,
}


def ordinal(text: str, timezone: str) -> int | None:
    """The day number of a date or moment in the workspace's time zone; None for other text."""
    found = day(text, timezone) if text else None
    return None if found is None else found.toordinal()


def due_factor(days: int) -> float:
    """The factor of an item due ``days`` days ago."""
    if days >= 7:
        return 1.0
    return (days + 14.0) * 0.8 / 21.0 + 0.2 if days >= -14 else 0.2


def age_factor(days: int, longest: float) -> float:
    """The factor of an item made ``days`` days ago."""
    if longest <= 0.0 or days >= longest:
        return 1.0
    return days / longest if days > 0 else 0.0


def terms(
    task: "Task", facts: "Facts", coefficients: Mapping[str, float], today: datetime.date
) -> list[tuple[str, float, float]]:
    """Name, factor and coefficient of every term, in order of summing; none for a closed item."""
    if facts.closed(task):
        return []
    found: list[tuple[str, float, float]] = []
    weights = {**DEFAULT, **coefficients}

    def add(name: str, factor: float) -> None:
        if factor and weights.get(name, 0.0):
            found.append((name, factor, float(weights[name])))

    add("next", float("next" in task.many("tags")))
    zone, now = facts.schema.timezone, today.toordinal()
    due, made = ordinal(task.text("due"), zone), ordinal(task.text("created"), zone)
    add("due", due_factor(now - due) if due is not None else 0.0)
    add(
        f"priority.{task.text('priority')}", float(task.text("priority") in facts.schema.priorities)
    )
    add("blocking", float(facts.blocking(task)))
    add("active", float(facts.category(task) == "active"))
    add("waiting", float(facts.waiting(task)))
    add("blocked", float(facts.blocked(task)))
    add("age", age_factor(now - made, float(weights["age.max"])) if made is not None else 0.0)
    add("tags", (0.0, 0.8, 0.9, 1.0)[min(3, sum(1 for each in task.many("tags") if each))])
    add("project", float(bool(task.text("project"))))
    return found


def urgency(
    task: "Task", facts: "Facts", coefficients: Mapping[str, float], today: datetime.date
) -> float:
    """The sum of the terms; 0 for a closed item."""
    total = 0.0
    for _, factor, coefficient in terms(task, facts, coefficients, today):
        total += factor * coefficient
    return total
