"""What values mean, and what becomes of a value that two sides changed."""

from collections import Counter
from collections.abc import Hashable
from datetime import datetime
from typing import Final

from plaintrack.model.element import DATED, key
from plaintrack.model.fields import Field
from plaintrack.model.task import fold
from plaintrack.text.nodes import Node
from plaintrack.text.parse import canonical
from plaintrack.when.moments import key as order

# None: unset; str; a tuple of Meanings for a list; a frozenset of (key, Meaning) for a mapping
Meaning = Hashable


class _Unknown:
    """The value of a base that no one knows: different from every value."""


class _Differ:
    """The outcome where both sides changed a value to different ones."""


UNKNOWN: Final = _Unknown()
DIFFER: Final = _Differ()


def meaning(node: Node, field: Field | None) -> Meaning:
    """The meaning of a value, equal for all its spellings; one value in a list field is a list of
    one.
    """
    if node.null:
        return None
    found = _plain(node, field.kind if field else "text")
    return (found,) if field and field.many and not isinstance(found, tuple) else found


def _plain(node: Node, kind: str = "text") -> Meaning:
    if node.kind == "scalar":
        value = "" if node.null else node.value
        typed = canonical(kind, value.strip())
        return value if kind == "text" or typed is None else typed
    if node.kind == "sequence":
        return tuple(_plain(each, kind) for each in node.items)
    return frozenset((entry.key, _plain(entry.value)) for entry in node.entries)


def elements(base: Meaning, ours: Meaning, theirs: Meaning, grammar: str) -> Meaning:
    """The elements of a list whose identity is a part of them (see ``model.element``) after both
    changes, or DIFFER where both made something else of one.
    """
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if base is UNKNOWN:
        return DIFFER
    was, one, two = (_keyed(side, grammar) for side in (base, ours, theirs))
    if was is None or one is None or two is None:
        return DIFFER
    merged: dict[str, Meaning] = {}
    for identity in (*one, *two):
        element = _element(was.get(identity), one.get(identity), two.get(identity))
        if element is DIFFER:
            return DIFFER
        if element is not None:
            merged[identity] = element
    in_order = all(list(side) == sorted(side) for side in (one, two))
    if grammar in DATED and in_order:
        merged = dict(sorted(merged.items(), key=lambda pair: pair[0]))
    return tuple(merged.values()) or None


def _element(was: Meaning, one: Meaning, two: Meaning) -> Meaning:
    """One element after both changes, None where it is not; or DIFFER."""
    if one == was:
        return two
    if two in (was, one):
        return one
    if one is None or two is None or _folded(one) != _folded(two):
        return DIFFER
    return min(one, two, key=str)  # the same in two spellings


def _keyed(value: Meaning, grammar: str) -> dict[str, Meaning] | None:
    """Identity → element; None if that does not tell them apart, or they are no texts."""
    listed_ = listed(value)
    found: dict[str, Meaning] = {
        key(grammar, each): each for each in listed_ if isinstance(each, str)
    }
    return found if len(found) == len(listed_) else None


def merged(base: Meaning, ours: Meaning, theirs: Meaning, declared: bool, single: bool) -> Meaning:
    """The value after both changes, or DIFFER.

    Lists are merged as sets: what one side added is in, what one side removed is out. ``declared``
    says that the field is a list by its schema: then the order of its values means nothing.
    ``single`` says that no one writes more than one value: then two replacements of it, or one and
    a deletion, are two answers to one question.
    """
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    sides = (base, ours, theirs)
    if base is UNKNOWN or not any(isinstance(side, tuple) for side in sides):
        return DIFFER
    if any(isinstance(side, frozenset) for side in sides):
        return DIFFER
    was, one, two = listed(base), listed(ours), listed(theirs)
    if single and was:
        return DIFFER
    # In a list without a declaration the order may mean something: two new orders are two answers.
    if not (declared or _kept(was, one) or _kept(was, two) or _kept(one, two)):
        return DIFFER
    if _kept(was, one) and not _kept(was, two):
        one, two = two, one
    return _both(was, one, two, declared) or None


def _both(
    was: tuple[Meaning, ...], one: tuple[Meaning, ...], two: tuple[Meaning, ...], declared: bool
) -> tuple[Meaning, ...]:
    """The values of a list after both changes, in the order of the first one."""
    stay = tuple(each for each in one if each in two or each not in was)
    added = tuple(each for each in two if each not in was)
    return _agreed(stay, added, was) if declared else union(stay, added)


def _agreed(
    stay: tuple[Meaning, ...], added: tuple[Meaning, ...], was: tuple[Meaning, ...]
) -> tuple[Meaning, ...]:
    """As ``union``; what both sides added in two spellings (``Auth`` and ``auth``) is in once, the
    same way round or the other.
    """
    others = {_folded(each): each for each in added if each not in stay}
    found = [
        each if each in was else min(each, others.get(_folded(each), each), key=str)
        for each in stay
    ]
    known = {_folded(each) for each in stay}
    return (*found, *(each for key, each in others.items() if key not in known))


def _folded(value: Meaning) -> Meaning:
    return fold(value) if isinstance(value, str) else value


def earlier(one: Meaning, two: Meaning) -> Meaning:
    """Of two moments, or two days, the earlier one; DIFFER if they are no such pair."""
    if not (isinstance(one, str) and isinstance(two, str)) or (len(one) == 10) != (len(two) == 10):
        return DIFFER
    try:
        return min((datetime.fromisoformat(each), each) for each in (one, two))[1]
    except (TypeError, ValueError):
        return DIFFER


def later(one: Meaning, two: Meaning, timezone: str) -> Meaning:
    """Of two dates or moments, in any spelling, the later one; DIFFER if they are no such pair."""
    if not (isinstance(one, str) and isinstance(two, str)):
        return DIFFER
    keys = [order(canonical("datetime", each.strip()) or "", timezone) for each in (one, two)]
    if keys[0] is None or keys[1] is None:
        return DIFFER
    return max((keys[0], one), (keys[1], two))[1]


def listed(value: Meaning) -> tuple[Meaning, ...]:
    """A value as a list."""
    if value is None or value is UNKNOWN:
        return ()
    return value if isinstance(value, tuple) else (value,)


def union(one: tuple[Meaning, ...], two: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The values of both lists, those of the first in front."""
    return (*one, *(each for each in dict.fromkeys(two) if each not in one))


def _kept(was: tuple[Meaning, ...], now: tuple[Meaning, ...]) -> bool:
    """Whether what is in both lists stands in the same order."""
    return [each for each in was if each in now] == [each for each in now if each in was]


def kept(found: Counter[str], base: Counter[str], ours: Counter[str], theirs: Counter[str]) -> bool:
    """Whether comments are what both sides made of them: added ones are in, removed ones are out.

    One that both added (or removed) may count once, or twice if they did so in two places.
    """
    for text in {*found, *base, *ours, *theirs}:
        was, one, two = base[text], ours[text], theirs[text]
        once = two if one == was else one
        if not min(once, one + two - was) <= found[text] <= max(once, one + two - was):
            return False
    return True


def agrees(found: Meaning, wanted: Meaning) -> bool:
    """Whether a value is the wanted one; lists may have another order."""
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return Counter(found) == Counter(wanted)
    return found == wanted
