"""A Rule: what it waits for, on what condition, and what it does."""

from collections.abc import Mapping
from typing import Any, NamedTuple

CHANGES = ("created", "changed", "entered", "comment", "closes")
TIMES = ("due-in", "overdue", "stale", "schedule")
SUBJECTS = ("item", "parent", "project", "milestone", "goal", "children", "dependents")
ACTIONS = (
    "set",
    "add",
    "remove",
    "comment",
    "tick",
    "create",
    "move",
    "archive",
    "notify",
    "run",
    "webhook",
    "commit",
)
OUTSIDE = ("run", "webhook")
"""The actions that reach beyond the workspace's files, and so need trust."""


class Trigger(NamedTuple):
    """What a rule waits for; ``field``, ``old`` and ``new`` narrow a change, ``text`` is a
    category, a span of days or a cron line.
    """

    kind: str
    field: str = ""
    old: str = ""
    new: str = ""
    text: str = ""


class Action(NamedTuple):
    """One thing a rule does; ``about`` holds its parameters, all texts, lists and mappings."""

    kind: str
    about: Mapping[str, Any]

    @property
    def outside(self) -> bool:
        """Whether it needs trust."""
        return self.kind in OUTSIDE or (self.kind == "notify" and bool(self.about.get("to")))


class Rule(NamedTuple):
    """One rule. ``subject`` says for whom it acts, seen from the triggering item; ``conditions``
    are (subject, quantifier, query).
    """

    name: str
    path: str
    triggers: tuple[Trigger, ...]
    conditions: tuple[tuple[str, str, str], ...]
    actions: tuple[Action, ...]
    subject: str = "item"
    retry: int = 0
    about: str = ""
    line: int = 1


class Firing(NamedTuple):
    """One time that a trigger fired: the rule, the triggering item (empty: none), why in words, and
    the key of that occurrence.

    ``chain`` names the rules whose changes led to it, ``moment`` is the day (ISO) it belongs to; of
    a change that was made here, when it was seen.
    """

    rule: str
    item: str
    why: str
    key: str
    moment: str
    chain: tuple[str, ...] = ()
