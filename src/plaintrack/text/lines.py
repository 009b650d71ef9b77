"""Lines: which ones two texts share, and where two edits of one text meet."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

LIMIT = 40_000  # comparisons spent on one stretch in which no line stands only once

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_MARK = re.compile(r"([ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)[xX]\]")
# punctuation, the fence of code: it says nothing of its own
_BARE = re.compile(r"[\W_]*$|[ \t>]*(?:`{3,}|~{3,})")


class Line(NamedTuple):
    """A line's text, and how it ends: LF, CRLF, CR, or nothing at the end of a file."""

    text: str
    end: str


def split(text: str) -> list[Line]:
    """The lines of ``text``; joined they are that text again."""
    return [Line(*found.groups()) for found in _LINE.finditer(text) if found.group()]


def join(lines: Sequence[Line]) -> str:
    """The text of lines."""
    return "".join([part for line in lines for part in line])


def match(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int]:
    """For each line of ``old`` the line of ``new`` that it became; -1: it is gone.

    Lines that stand only once in a stretch of both are the anchors (a patience diff); small
    stretches without such lines are compared in full. What was put in or taken out, and could as
    well have been so elsewhere, is as low as it can be: two texts with the same addition have it at
    the same place.
    """
    found = [-1] * len(old)
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        low, high, left, right = waiting.pop()
        while low < high and left < right and old[low] == new[left]:
            found[low] = left
            low, left = low + 1, left + 1
        while low < high and left < right and old[high - 1] == new[right - 1]:
            high, right = high - 1, right - 1
            found[high] = right
        if low == high or left == right:
            continue
        anchors = _anchors(old, new, low, high, left, right)
        if anchors:
            for one, two in [*anchors, (high, right)]:
                waiting.append((low, one, left, two))
                if one < high:
                    found[one] = two
                low, left = one + 1, two + 1
        elif (high - low) * (right - left) <= LIMIT:
            for one, two in _common(old[low:high], new[left:right]):
                found[low + one] = left + two
    _lower(found, old, new)
    return found


def _lower(matched: list[int], old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
    """Move every insertion and every deletion down as far as the same lines follow it."""
    for start, end, left, right in reversed(hunks(matched, len(new))):
        while start == end < len(old) and matched[end] == right and old[end] == new[left]:
            matched[end] = left
            start, end, left, right = start + 1, end + 1, left + 1, right + 1
            # with what was put in there
            right = max(right, matched[end] if end < len(old) else len(new))
        while (
            left == right < len(new)
            and start < end < len(old)
            and matched[end] == left
            and old[start] == old[end]
        ):
            matched[start], matched[end] = left, -1
            start, end, left, right = start + 1, end + 1, left + 1, right + 1
            while end < len(old) and matched[end] < 0:  # with what was taken out there
                end += 1


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int, left: int, right: int
) -> list[tuple[int, int]]:
    """The longest rising series of lines that stand once in each stretch."""
    once: dict[Hashable, int] = {}
    twice: dict[Hashable, int] = {}
    for places, lines, start, end in ((once, old, low, high), (twice, new, left, right)):
        for number in range(start, end):
            line = lines[number]
            places[line] = -1 if line in places else number
    pairs = [
        (number, twice.get(line, -1))
        for line, number in once.items()
        if number >= 0 and twice.get(line, -1) >= 0
    ]
    ends: list[int] = []
    chains: list[tuple[int, int, int]] = []  # (old, new, the chain's previous link)
    tails: list[int] = []
    for one, two in pairs:
        at = bisect_left(ends, two)
        chains.append((one, two, tails[at - 1] if at else -1))
        ends[at : at + 1] = [two]
        tails[at : at + 1] = [len(chains) - 1]
    found = []
    link = tails[-1] if tails else -1
    while link >= 0:
        one, two, link = chains[link]
        found.append((one, two))
    return found[::-1]


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of places."""
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for one in range(len(old) - 1, -1, -1):
        row, below = lengths[one], lengths[one + 1]
        for two in range(len(new) - 1, -1, -1):
            row[two] = below[two + 1] + 1 if old[one] == new[two] else max(below[two], row[two + 1])
    found = []
    one = two = 0
    while one < len(old) and two < len(new):
        if old[one] == new[two]:
            found.append((one, two))
            one, two = one + 1, two + 1
        elif lengths[one + 1][two] >= lengths[one][two + 1]:
            one += 1
        else:
            two += 1
    return found


class Hunk(NamedTuple):
    """Lines ``start`` to ``end`` of the old text became ``left`` to ``right`` of the new one."""

    start: int
    end: int
    left: int
    right: int


def hunks(matched: Sequence[int], length: int) -> list[Hunk]:
    """What lies between matched lines; ``length`` is that of the new text."""
    found = []
    start = left = 0
    for number, other in enumerate([*matched, length]):
        if other < 0:
            continue
        if number > start or other > left:
            found.append(Hunk(start, number, left, other))
        start, left = number + 1, other + 1
    return found


class Region(NamedTuple):
    """A stretch of base, ours and theirs; ``by``, who changed it: "", ``ours``, ``theirs`` or
    ``both``.
    """

    base: slice
    ours: slice
    theirs: slice
    by: str


Apart = Callable[[Hunk, str, Hunk, str], bool]


def regions(
    ours: Sequence[int], theirs: Sequence[int], lengths: tuple[int, int], apart: Apart
) -> list[Region]:
    """The base in stretches, by who changed them; ``ours`` and ``theirs`` are its matches,
    ``lengths`` those of the two texts.

    ``apart`` decides whether two hunks of different sides that touch are two changes, or one that
    both made: it gets the upper hunk and its side, the lower one and its side. Hunks that overlap,
    or that both put something in at one place, are one.
    """
    owned = [(hunk, "ours") for hunk in hunks(ours, lengths[0])]
    owned += [(hunk, "theirs") for hunk in hunks(theirs, lengths[1])]
    found: list[Region] = []
    base = one = two = 0  # the line of each text up to which regions are found
    for group in _groups(sorted(owned), apart):
        low = group[0][0].start
        high = max(hunk.end for hunk, _ in group)
        if low > base:
            same = low - base
            found.append(
                Region(slice(base, low), slice(one, one + same), slice(two, two + same), "")
            )
            base, one, two = low, one + same, two + same
        one_end = _end([hunk for hunk, side in group if side == "ours"], high, one - base)
        two_end = _end([hunk for hunk, side in group if side == "theirs"], high, two - base)
        sides = {side for _, side in group}
        by = "both" if len(sides) > 1 else sides.pop()
        found.append(Region(slice(base, high), slice(one, one_end), slice(two, two_end), by))
        base, one, two = high, one_end, two_end
    if base < len(ours):
        found.append(
            Region(slice(base, len(ours)), slice(one, lengths[0]), slice(two, lengths[1]), "")
        )
    return found


def _groups(owned: Sequence[tuple[Hunk, str]], apart: Apart) -> list[list[tuple[Hunk, str]]]:
    """The hunks, sorted, those that are one change together."""
    groups: list[list[tuple[Hunk, str]]] = []
    end = -1
    for hunk, side in owned:
        if groups and (hunk.start < end or _meets(groups[-1], end, hunk, side, apart)):
            groups[-1].append((hunk, side))
            end = max(end, hunk.end)
        else:
            groups.append([(hunk, side)])
            end = hunk.end
    return groups


def _meets(
    group: Sequence[tuple[Hunk, str]], end: int, hunk: Hunk, side: str, apart: Apart
) -> bool:
    """Whether a hunk that touches a group is one change with it."""
    above, other = group[-1]
    if hunk.start != end or side == other:
        return False
    if hunk.start == hunk.end == above.start:  # both put something in here
        return True
    return len(group) > 1 or not apart(above, other, hunk, side)


def _end(hunks: Sequence[Hunk], high: int, shift: int) -> int:
    """Where a side ends at the line ``high`` of the base: after its last hunk of a group, or
    ``shift`` lines on as before.
    """
    if not hunks:
        return high + shift
    return hunks[-1].right + high - hunks[-1].end


def one_for_one(above: Hunk, _: str, below: Hunk, __: str) -> bool:
    """Whether neighbouring lines were changed one for one, so that they can be matched."""
    return all(hunk.end - hunk.start == hunk.right - hunk.left for hunk in (above, below))


def counted(lines: Iterable[str]) -> Counter[str]:
    """How often each line occurs in a text, boxes unticked, without blank and punctuation lines."""
    return Counter([_MARK.sub(r"\1 ]", line) for line in lines if not _BARE.match(line)])


def torn(
    base: Counter[str], ours: Counter[str], theirs: Counter[str], merged: Counter[str]
) -> list[str]:
    """The lines that a merge has doubled, dropped, invented or brought back, by their counts.

    What neither side took out is there as often as in the fuller side: two additions of one line
    are one. What a side took out is gone as often as it did so, or as both did.
    """
    found = []
    for line in {*base, *ours, *theirs, *merged}:
        was, one, two = base[line], ours[line], theirs[line]
        if one >= was and two >= was:
            least = most = max(one, two)
        else:
            least, most = one + two - was, max(min(one, two), one + two - was)
        if not least <= merged[line] <= most:
            found.append(line)
    return found


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """``base`` with both changes; None where both changed the same lines in different ways, or
    would double or drop one.
    """
    old, one, two = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    merged: list[bytes] = []
    for region in regions(match(old, one), match(old, two), (len(one), len(two)), one_for_one):
        mine, other = one[region.ours], two[region.theirs]
        if region.by == "both" and mine != other:
            return None
        merged += other if region.by == "theirs" else mine
    counts = (counted(_shown(lines)) for lines in (old, one, two, merged))
    return None if torn(*counts) else b"".join(merged)


def _shown(lines: Iterable[bytes]) -> Iterable[str]:
    return (line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines)
