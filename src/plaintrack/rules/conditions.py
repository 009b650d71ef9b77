"""Whether the conditions of a rule hold: the same for what happens now, for what would, and for
what happened in the past.
"""

from collections.abc import Iterable, Set
from typing import Protocol

from plaintrack.model.task import fold
from plaintrack.rules.rule import Condition, Rule


class World(Protocol):
    """The items at one moment, as conditions ask for them."""

    def ids(self) -> list[str]:
        """The ids of all items, sorted."""

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


def scheduled(world: World, rule: Rule) -> list[str]:
    """The items that a schedule triggers a rule for: those it would act on as far as conditions on
    ``item`` go. ``[""]``: there is no such condition, and so it fires once, for no item.
    """
    conditions = [each for each in rule.conditions if each.subject == "item"]
    if not conditions:
        return [""]
    ids = world.ids()
    good = set(ids)
    for condition in conditions:
        found = world.answers(condition.query, ids)
        good = good - found if condition.quantifier == "none" else good & found
    if rule.subject == "item":
        return sorted(good)
    return [item for item in ids if not good.isdisjoint(world.related(item, rule.subject))]
