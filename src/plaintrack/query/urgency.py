"""Urgency is a number of what is known of an open item: Taskwarrior's polynomial, extended by two.

Each term is a factor times its coefficient, and the urgency is their sum; that of closed items is
0. `plaintrack show ID --why` shows the terms of an item, `urgency:` in the settings changes their
coefficients. Those of the priorities are `priority.NAME`.

The factors of `next` (a tag), `priority.NAME`, `blocking`, `active`, `waiting`, `blocked` and
`project` are 1 where that holds. That of `due` is 0.2 until fourteen days before the day, 1 from
seven days after it, and linear between. That of `age` grows to 1 in `age.max` days. One, two and
more `tags` are 0.8, 0.9 and 1.

`tight` (0 unless you set it) is how badly the work fits before its due date: (remaining - working
time until the end of the due day) / remaining, between -1 and 1. It is 1 once the date has passed,
0 where the work fits exactly, and -1 where there is twice as much time as it needs, or more.
What is left of the item is `left` where time is logged on it, else `remaining`, else `estimate`;
the working time is that of the workspace's calendar from today on, today included, for one person
at full time, up to ten years. An item without a due date, or of which it is not known what is left,
has no such term. It never looks at the plan.

`inherit` (0 unless you set it; 1 is Taskwarrior's `urgency.inherit`) makes an item as urgent as the
most urgent open item that waits for it, directly or through others: the factor is how much more
urgent that one would be if it were not waiting or blocked itself, and 0 if it is less urgent.

Source: Taskwarrior's documentation, "Urgency"; `tight` and `inherit` as a factor are plaintrack's.
"""

import datetime
from collections.abc import Hashable, Iterable, Mapping
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
    "tight": 0.0,
    "inherit": 0.0,
}
HELD = ("waiting", "blocked")
"""Terms that an item does not pass on to those it waits for."""


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


def tight_factor(remaining: float, available: float) -> float:
    """The factor of work that needs ``remaining`` minutes, more than 0, and has ``available``."""
    return max(-1.0, min(1.0, (remaining - available) / remaining))


Terms = list[tuple[str, float, float]]
"""Name, factor and coefficient of every term that counts, in the order they are summed."""


def terms(
    task: "Task", facts: "Facts", coefficients: Mapping[str, float], today: datetime.date
) -> Terms:
    """The terms of an item; none for a closed one."""
    weights = {**DEFAULT, **coefficients}
    found = own(task, facts, weights, today)
    if weights["inherit"] and not facts.closed(task):
        total = summed(found)
        lift = max(0.0, facts.pressing(task, total) - total)
        if lift:
            found.append(("inherit", lift, float(weights["inherit"])))
    return found


def own(task: "Task", facts: "Facts", weights: Mapping[str, float], today: datetime.date) -> Terms:
    """The terms without what the item inherits; ``weights`` has all coefficients."""
    if facts.closed(task):
        return []
    found: Terms = []

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
    if weights["tight"] and due is not None:
        remaining = facts.left(task)
        if remaining is not None and remaining > 0.0:
            add("tight", tight_factor(remaining, float(facts.stretch.until(due))))
    return found


def summed(found: Terms) -> float:
    """The sum of the terms."""
    total = 0.0
    for _, factor, coefficient in found:
        total += factor * coefficient
    return total


def free(found: Terms) -> float:
    """The same as if nothing held the item up."""
    return summed([term for term in found if term[0] not in HELD])


def urgency(
    task: "Task", facts: "Facts", coefficients: Mapping[str, float], today: datetime.date
) -> float:
    """The sum of the terms; 0 for a closed item."""
    return summed(terms(task, facts, coefficients, today))


def pressed(
    values: Mapping[Hashable, float], waits: Iterable[tuple[Hashable, Hashable]]
) -> dict[Hashable, float]:
    """For each item that others wait for, directly or through others, the largest of their values.

    ``waits`` has pairs of an item and one that it waits for; an item without a value does not
    count. Circles do no harm. Each pair is looked at once: the largest value is handed on first.
    """
    before: dict[Hashable, list[Hashable]] = {}
    for item, needed in waits:
        if item in values and needed in values:
            before.setdefault(item, []).append(needed)
    found: dict[Hashable, float] = {}
    for item in sorted(before, key=lambda each: -values[each]):
        waiting = [item]
        while waiting:
            for needed in before.get(waiting.pop(), ()):
                if needed not in found:
                    found[needed] = values[item]
                    waiting.append(needed)
    return found
