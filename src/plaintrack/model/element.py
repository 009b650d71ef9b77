"""Elements of lists that say more than one word, by the grammar that their Field names: what tells
one from the others, and where it stands among them.

Two elements with one key are the same element with two values: ``+=`` replaces, ``-=`` removes by
the key alone, and two values on two branches are a conflict.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

DATED = frozenset(("leave", "maintenance", "hours", "rate"))
"""The grammars of lines that begin with a day, by which they are told apart and sorted."""
_DAY = r"\d{4}-\d\d-\d\d"
_DATED = rf"({_DAY})(?:\.\.\S+)?(?:\s+(am|pm)(?=\s|$))?"


def key(grammar: str, text: str) -> str:
    """What tells an element from the others of its list, folded."""
    if grammar == "dependency":
        from plaintrack.model.dependency import item

        return item(text.strip()).lower()
    if grammar == "need":
        from plaintrack.model.need import key as need_key

        return need_key(text)
    if grammar == "allowance":
        return " ".join(text.split()[:2]).lower()
    if grammar in DATED:
        found = re.match(_DATED, text.strip())
        return " ".join(filter(None, found.groups())) if found else ""
    return text


def changed(grammar: str, before: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The elements after ``+=``: one with a key that is there takes its place, others are put in
    where a sorted list has them, else at the end.
    """
    found = list(before)
    for text in new:
        keys = [key(grammar, each) for each in found]
        wanted = key(grammar, text)
        if wanted in keys:
            found[keys.index(wanted)] = text
        elif grammar in DATED and keys == sorted(keys):
            found.insert(bisect_right(keys, wanted), text)
        else:
            found.append(text)
    return tuple(found)


def without(grammar: str, before: Sequence[str], gone: Sequence[str]) -> tuple[str, ...]:
    """The elements after ``-=``; a day alone means both halves of it."""
    keys = {key(grammar, each) for each in gone}
    return tuple(each for each in before if keys.isdisjoint(_names(grammar, each)))


def _names(grammar: str, element: str) -> set[str]:
    """What an element goes by: its key, and its day."""
    found = key(grammar, element)
    return {found, found.partition(" ")[0]} if grammar in DATED else {found}
