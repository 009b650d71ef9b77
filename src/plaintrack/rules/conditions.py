"""Whether the conditions of a rule hold: the same for what happens now, for what would, and for
what happened in the past.
"""

from collections.abc import Iterable, Set
from typing import Protocol

from plaintrack.model.task import fold
from plaintrack.rules.rule import Condition, Rule


class World(Protocol):
    """The items at one moment, as conditions ask for them."""

    def related(self, item: str, subject: str) -> list[str]:
        """The ids of an item's subject: itself, what it links to, what is below it, what depends on
        it; those that exist.
        """

    def answers(self, query: str, items: Iterable[str]) -> Set[str]:
        """Those of the ids that answer the query; raises BadQuery."""


def targets(world: World, rule: Rule, item: str) -> list[str]:
    """Those that a rule acts on when an item triggers it: of its subject those for which all
    conditions hold. Empty: it does nothing; ``[""]``: it acts, and on no item.
    """
    subjects = world.related(item, rule.subject) if item else [""]
    return [each for each in subjects if _all_hold(world, rule, each, item)]


def _all_hold(world: World, rule: Rule, target: str, trigger: str) -> bool:
    return all(_holds(world, condition, target, trigger) for condition in rule.conditions)


def _holds(world: World, condition: Condition, target: str, trigger: str) -> bool:
    """Whether one condition holds. ``all`` wants at least one of the subject; ``none`` is content
    without any.
    """
    items = _items(world, condition.subject, target, trigger)
    found = {fold(each) for each in world.answers(condition.query, items)} if items else set()
    if condition.quantifier == "none":
        return not found
    if condition.quantifier == "any":
        return bool(found)
    return bool(items) and all(fold(each) in found for each in items)


def _items(world: World, subject: str, target: str, trigger: str) -> list[str]:
    if subject == "trigger":
        return [trigger] if trigger else []
    return world.related(target, subject) if target else []
