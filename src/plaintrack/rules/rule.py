"""A Rule: what it waits for, on what condition, and what it does."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from plaintrack.rules.actions import Action

CHANGES = ("created", "changed", "entered", "comment", "mentioned", "closes")
TIMES = ("due-in", "overdue", "stale", "sla-in", "schedule")
QUANTIFIERS = ("all", "any", "none")
SUBJECTS = ("item", "parent", "project", "milestone", "goal", "children", "dependents")


class Trigger(NamedTuple):
    """What a rule waits for; ``field``, ``old`` and ``new`` narrow a change, ``text`` is a
    category, who is mentioned, a span of days, a cron line, or how little is left of the SLA that
    ``field`` names.
    """

    kind: str
    field: str = ""
    old: str = ""
    new: str = ""
    text: str = ""


class Condition(NamedTuple):
    """What must hold: of all, any or none of a ``subject``, seen from the item acted on
    (``trigger``: the item that triggered it), that they answer a query.
    """

    subject: str
    quantifier: str
    query: str


class Rule(NamedTuple):
    """One rule. ``subject`` says on whom it acts, seen from the triggering item."""

    name: str
    path: str
    triggers: tuple[Trigger, ...]
    conditions: tuple[Condition, ...]
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

    @classmethod
    def read(cls, row: Sequence[Any]) -> "Firing":
        """A Firing as it is kept: a list whose last part is a list, too."""
        rule, item, why, key, moment, chain = row
        return cls(rule, item, why, key, moment, tuple(chain))


class Act(NamedTuple):
    """One action of a firing: its place in the rule, and the item it is about (empty: none)."""

    rule: Rule
    firing: Firing
    number: int
    target: str

    @property
    def action(self) -> Action:
        """What is done."""
        return self.rule.actions[self.number]

    @property
    def key(self) -> str:
        """What tells it from all other acts, the same in every clone."""
        from plaintrack.rules.match import key

        return key(self.firing.key, self.target, str(self.number))
