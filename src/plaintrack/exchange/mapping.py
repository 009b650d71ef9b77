"""A Mapping: what the words of another program are called here. It is proposed, can be saved as
YAML, edited and given again.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Map
from typing import NamedTuple

from plaintrack.exchange import words
from plaintrack.exchange.changes import MOMENTS, Altered, Change, Changes, folded
from plaintrack.exchange.draft import MAPPED, PEOPLE, Draft
from plaintrack.model.task import fold

PARTS = (*MAPPED, "person", "field")
"""The parts of a Mapping."""
LONGEST = 100
"""Characters of a key that a property without a home is kept under."""
DROP = ""
"""What stands in a Mapping in the place of a word that is not to come along."""


class Mapping(NamedTuple):
    """For each part, the other program's words → ours.

    ``unsure`` are the words that ours were only guessed for, as (part, word). For the part
    ``field`` ours is the field, or a new key, that a property without a home goes to.
    """

    parts: Map[str, Map[str, str]]
    unsure: tuple[tuple[str, str], ...] = ()

    def get(self, part: str, word: str) -> str:
        """What a word is called here; the word itself if the Mapping does not say."""
        return self.parts.get(part, {}).get(word, word)

    def kept(self, part: str, word: str) -> bool:
        """Whether a word means nothing here, though no one has said so: it is kept as it is."""
        return self.get(part, word) == DROP and (part, word) in self.unsure


class Survey(NamedTuple):
    """What a first reading found.

    ``keys`` are the keys of all items, in their order, with their titles. ``words`` has, for each
    part, how often each word stands there; ``examples`` one value for each property without a home;
    ``altered`` what a codec has changed.
    """

    keys: Map[str, str]
    words: Map[str, Counter[str]]
    examples: Map[str, str]
    twice: tuple[str, ...] = ()
    altered: tuple[Altered, ...] = ()


def survey(drafts: Iterable[Draft]) -> Survey:
    """Read all items once."""
    keys: dict[str, str] = {}
    found: dict[str, Counter[str]] = {part: Counter() for part in PARTS}
    examples: dict[str, str] = {}
    twice: list[str] = []
    changes = Changes()
    for draft in drafts:
        if draft.key in keys:
            twice.append(draft.key)
        keys[draft.key] = draft.title
        for name in MAPPED:
            found[name].update(many(draft.fields.get(name, ())))
        for move in draft.moves:
            if move.field in MAPPED:
                found[move.field].update(each for each in (move.old, move.new) if each)
        found["person"].update(_people(draft))
        for name, value in draft.extra.items():
            if many(value):
                found["field"][name] += 1
                examples.setdefault(name, many(value)[0])
        for change in draft.changed:
            changes.add(change)
        for remark in draft.remarks:
            if not remark.date:
                changes.add(Change("comments", remark.text, "", f"{MOMENTS}: they get that of now"))
    return Survey(keys, found, examples, tuple(twice), changes.altered())


def altered(found: Survey, mapping: Mapping, known: Map[str, Map[str, str]]) -> list[Altered]:
    """The words that a Mapping makes one of, or leaves out, though a format's own words, ``known``,
    do not say that they mean none. People by several names that are one here are no loss.
    """
    told: list[Altered] = []
    for part in MAPPED:
        groups: dict[str, Counter[str]] = {}
        for word, count in found.words[part].items():
            ours = mapping.get(part, word)
            dropped = known.get(part, {}).get(word.lower()) == DROP or mapping.kept(part, word)
            if ours or not dropped:
                groups.setdefault(ours, Counter())[word] += count
        told += folded(part, sorted(groups.items()))
    return told


def _people(draft: Draft) -> Iterable[str]:
    for name in PEOPLE:
        yield from many(draft.fields.get(name, ()))
    yield from (each.author for each in draft.remarks if each.author)
    yield from (each.author for each in draft.spans if each.author)
    yield from (each.author for each in draft.moves if each.author)


def many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """One value or several as several, without the empty ones."""
    return ((value,) if value else ()) if isinstance(value, str) else tuple(filter(None, value))


class Here(NamedTuple):
    """What a Mapping leads to: the statuses with their categories, in order, and so on. ``people``
    has every name and address someone goes by, folded, → the handle. ``own`` are the fields that
    the workspace declares by itself: a property of that name is one of them.
    """

    statuses: Map[str, str]
    priorities: tuple[str, ...]
    types: tuple[str, ...]
    people: Map[str, str]
    fields: Iterable[str]
    own: Iterable[str] = ()


def proposed(found: Survey, here: Here, known: Map[str, Map[str, str]]) -> Mapping:
    """Ours for each word that was found; ``known`` is what the format itself, or a file that was
    given, says: a status may be given there by its category.
    """
    parts: dict[str, dict[str, str]] = {}
    unsure: list[tuple[str, str]] = []
    for part in PARTS:
        parts[part] = {}
        for word in sorted(found.words[part]):
            given = known.get(part, {}).get(word, known.get(part, {}).get(word.lower()))
            ours, sure = _ours(part, word, given, here)
            parts[part][word] = ours
            if not sure:
                unsure.append((part, word))
    return Mapping(parts, tuple(unsure))


def _ours(part: str, word: str, given: str | None, here: Here) -> tuple[str, bool]:
    if part == "status":
        return _status(word, given, here)
    if part == "person":
        return _person(word, given, here)
    if part == "field":
        name = key(word, ())
        home = name if name in here.own else key(word, here.fields)
        return (home if given is None else given), True
    names = here.priorities if part == "priority" else here.types
    spelled = {fold(each): each for each in names}
    if given is not None:
        if part == "priority" and given and fold(given) not in spelled:
            return words.priority(given, names), True
        return spelled.get(fold(given), given if not names else ""), True
    if fold(word) in spelled:
        return spelled[fold(word)], True
    guess = words.priority(word, names) if part == "priority" else _kind(word, names)
    return guess, False


def _status(word: str, given: str | None, here: Here) -> tuple[str, bool]:
    spelled = {_letters(each): each for each in here.statuses}
    wanted = word if given is None else given
    if _letters(wanted) in spelled:
        return spelled[_letters(wanted)], True
    category = given if given in ("open", "active", "done", "cancelled") else words.category(word)
    for near in (category, *_NEAR.get(category, ())):
        first = next((name for name, kind in here.statuses.items() if kind == near), "")
        if first:
            return first, given == near
    return next(iter(here.statuses), ""), False


_NEAR = {"cancelled": ("done",), "active": ("open",)}
"""What a status is where the workspace has none of its category: what is over stays over."""


def _letters(word: str) -> str:
    """A word without case, blanks and dashes: `To Do`, `to-do` and `Todo` are one."""
    return "".join(each for each in fold(word) if each.isalnum())


def _person(word: str, given: str | None, here: Here) -> tuple[str, bool]:
    if given is not None:
        return given, True
    address = word.partition("<")[2].rstrip("> ") or word
    for each in (word, address, word.partition("<")[0].strip(), address.partition("@")[0]):
        if each and fold(each) in here.people:
            return here.people[fold(each)], True
    return handle(word), not here.people


def _kind(word: str, names: tuple[str, ...]) -> str:
    """The type a word most likely means; empty: none."""
    folded = fold(word)
    for name in names:
        if fold(name) in folded.split():
            return name
    alike = {"story": "feature", "epic": "project", "improvement": "feature", "defect": "bug"}
    found = next((ours for theirs, ours in alike.items() if theirs in folded), "")
    return found if found in names else ""


def handle(name: str) -> str:
    """A short name for a person that no one here has: the local part of an address, or the words in
    lower case, joined by dots.
    """
    inner = name.partition("<")[0].strip() or name.strip("<> ")
    text = inner.partition("@")[0] if "@" in inner else inner
    kept = "".join(each if each.isalnum() or each in "._-" else " " for each in text.lower())
    return ".".join(kept.split()) or "unknown"


def key(name: str, taken: Iterable[str]) -> str:
    """A front matter key for a property without a home: its name in lower case, words joined by
    ``_``; one that is a field's already ends in ``_``.
    """
    kept = "".join(each if each.isalnum() else " " for each in name.lower())
    found = "_".join(kept.split())[:LONGEST].strip("_") or "value"
    if found[0].isdigit():
        found = f"x_{found}"
    return f"{found}_" if found in set(taken) else found
