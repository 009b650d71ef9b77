"""A rank is a place in a manual order: a text, and between any two there is room for another.

A fractional index, after "Implementing Fractional Indexing" (D. Greenspan, 2020): a key is a whole
number, then perhaps a fraction, both in base 36, then four random digits. A letter at the front
says how many digits the whole number has (``n``: 1, ``o``: 2, and so on; ``m``: 1 below zero,
``l``: 2), so that keys are ordered as texts and grow slowly at both ends. The random digits keep
two people who move items to the same place from making the same key. Items are ordered by rank,
then id; those without a rank come last.
"""

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST = 20
"""Keys that are longer are worth making afresh."""
_BASE = 36
_ZERO = DIGITS.index("n")
_FIRST = "a"  # no key is before this one
_LARGE = 6  # letters of the longest whole number: 60 million keys at either end
_KEY = re.compile("[a-z][0-9a-z]*")

Digits = Callable[[], str]
"""Gives four digits, random ones but in tests."""


class NoRoom(ValueError):
    """There is no key between two: they are equal, or differ in zeros at the end only."""

    def __init__(self, low: str | None, high: str | None) -> None:
        super().__init__(f"there is no key between {low!r} and {high!r}")


class Malformed(ValueError):
    """A text is not a key; it is the only argument."""


def valid(key: str) -> bool:
    """Whether a text is a key: lower-case letters and digits, a letter first."""
    return _KEY.fullmatch(key) is not None


def chance() -> str:
    """Four random digits, the last of them not 0."""
    fair = 256 - 256 % _BASE
    found = ""
    while len(found) < 4 or found[3] == "0":
        found = "".join(DIGITS[each % _BASE] for each in os.urandom(8) if each < fair)[:4]
    return found


def room(low: str | None, high: str | None) -> bool:
    """Whether a key fits between two; None is an open end. ``low`` is not after ``high``."""
    if high is None:
        return True
    return (low or _FIRST).rstrip("0") != high.rstrip("0")


def between(low: str | None, high: str | None, digits: Digits = chance) -> str:
    """A key strictly between two; None is an open end. Raises NoRoom, Malformed."""
    for each in (low, high):
        if each is not None and not valid(each):
            raise Malformed(each)
    if not _apart(low, high):
        raise NoRoom(low, high)
    number = _number(low, high)
    if number is not None and len(head := _whole(number)) <= _LARGE:
        return head + digits()
    return _fraction(low or _FIRST, high) + digits()


def keys(low: str | None, high: str | None, count: int, digits: Digits = chance) -> list[str]:
    """So many keys in ascending order between two, evenly apart; None is an open end. Raises
    NoRoom.
    """
    if not count:
        return []
    if high is None:
        found = [between(low, None, digits)]
        while len(found) < count:
            found.append(between(found[-1], None, digits))
        return found
    if low is None:
        found = [between(None, high, digits)]
        while len(found) < count:
            found.append(between(None, found[-1], digits))
        return found[::-1]
    middle = between(low, high, digits)
    before = (count - 1) // 2
    return [
        *keys(low, middle, before, digits),
        middle,
        *keys(middle, high, count - 1 - before, digits),
    ]


def place(
    order: Sequence[str], at: int, moved: Sequence[str], digits: Digits = chance
) -> tuple[dict[int, str], dict[int, str]]:
    """Put items into an order: the new keys of those that need one.

    ``order`` has the keys that stand, ascending; ``moved`` the present keys of the items that are
    to stand, in this order, before the one at ``at``. As many of them as possible keep their keys.
    The first answer has the new keys by place in ``moved``; the second, by place in ``order``,
    those of neighbours between which there was no room. Raises Malformed for a neighbour's key.
    """
    left, right = _widened(order, at)
    low = order[left - 1] if left else None
    high = order[right] if right < len(order) else None
    wanted = [""] * (at - left) + [*moved] + [""] * (right - at)
    fresh: dict[int, str] = {}
    kept = _ascending(wanted, low, high)
    start, below = 0, low
    for stop in [*kept, len(wanted)]:
        above = high if stop == len(wanted) else wanted[stop]
        for number, key in enumerate(keys(below, above, stop - start, digits), start):
            fresh[number] = key
        start, below = stop + 1, above
    first, last = at - left, at - left + len(moved)
    return (
        {number - first: key for number, key in fresh.items() if first <= number < last},
        {
            left + number if number < first else at + number - last: key
            for number, key in fresh.items()
            if not first <= number < last
        },
    )


def _widened(order: Sequence[str], at: int) -> tuple[int, int]:
    """The smallest part of the order around ``at`` that needs new keys, so that there is room."""

    def free(left: int, right: int) -> bool:
        return room(order[left - 1] if left else None, order[right] if right < len(order) else None)

    width = 0
    while True:
        for left, right in ((at, at + width), (max(at - width, 0), at)):
            if free(left, right):
                return left, right
        width += 1


def _ascending(wanted: Sequence[str], low: str | None, high: str | None) -> list[int]:
    """The places of the most keys that may stay: they lie between the bounds and ascend, with room
    between any two.
    """
    tails: list[str] = []  # the least key in which an ascending row of this length ends
    ends: list[int] = []
    before: dict[int, int] = {}
    for number, key in enumerate(wanted):
        if not (valid(key) and _apart(low, key) and _apart(key, high)):
            continue
        at = bisect_left(tails, key.rstrip("0"))
        tails[at:] = [key.rstrip("0"), *tails[at + 1 :]]
        before[number] = ends[at - 1] if at else -1
        ends[at:] = [number, *ends[at + 1 :]]
    found: list[int] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(number)
        number = before[number]
    return found[::-1]


def _apart(low: str | None, high: str | None) -> bool:
    """Whether a key fits between two that may stand in any order."""
    return room(low, high) and (low is None or high is None or low < high)


def _number(low: str | None, high: str | None) -> int | None:
    """A whole number between two keys; None where only a fraction lies between."""
    if low is None and high is None:
        return 0
    if high is None:
        return _value(str(low)) + 1
    if low is None:
        return _value(high) - 1
    first, last = _value(low), _value(high)
    return (first + last) // 2 if last - first > 1 else None


def _value(key: str) -> int:
    """The whole number of a key; digits that are missing are zeros."""
    letter = DIGITS.index(key[0])
    size = letter - _ZERO + 1 if letter >= _ZERO else _ZERO - letter
    digits = int(key[1 : size + 1].ljust(size, "0"), _BASE)
    if letter >= _ZERO:
        return _least(size) + digits
    return digits - _least(size + 1)


def _whole(number: int) -> str:
    """A whole number as the beginning of a key; the other way round than ``_value``."""
    size = 1
    if number >= 0:
        while number >= _least(size + 1):
            size += 1
        return DIGITS[_ZERO + size - 1] + _digits(number - _least(size), size)
    while number < -_least(size + 1):
        size += 1
    return DIGITS[_ZERO - size] + _digits(number + _least(size + 1), size)


def _least(size: int) -> int:
    """The least number that has so many digits: those with fewer come before it."""
    return sum(int(_BASE**each) for each in range(1, size))


def _digits(number: int, size: int) -> str:
    found = ""
    for _ in range(size):
        number, digit = divmod(number, _BASE)
        found = DIGITS[digit] + found
    return found


def _fraction(low: str, high: str | None) -> str:
    """The shortest text, in the middle of what there is, that differs from both keys before either
    ends: whatever follows, it lies between them.
    """
    found = ""
    for below, above in _pairs(low, high):
        if above - below > 1:
            return found + DIGITS[(below + above) // 2]
        found += DIGITS[max(below, 0)]
    raise NoRoom(low, high)


def _pairs(low: str, high: str | None) -> Iterator[tuple[int, int]]:
    """Digit by digit, between which of them a key may still lie (-1 and 36: anything goes)."""
    bounded, at = high is not None, 0
    while True:
        below = DIGITS.index(low[at]) if at < len(low) else -1
        above = DIGITS.index(high[at]) if bounded and high is not None else _BASE
        yield below, above
        if max(below, 0) < above:
            bounded = False
        at += 1
