"""Merges two edits of one text by lines, or says that they meet."""

from difflib import SequenceMatcher


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """``base`` with both changes; None where both changed the same lines in different ways."""
    old, one, two = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    merged: list[bytes] = []
    at, at_one, at_two = 0, 0, 0
    for start, start_one, start_two, size in _common(old, one, two):
        part = _region(old[at:start], one[at_one:start_one], two[at_two:start_two])
        if part is None:
            return None
        merged += part
        merged += old[start : start + size]
        at, at_one, at_two = start + size, start_one + size, start_two + size
    return b"".join(merged)


def _region(old: list[bytes], one: list[bytes], two: list[bytes]) -> list[bytes] | None:
    if one == two or two == old:
        return one
    if one == old:
        return two
    if len(old) == len(one) == len(two) > 1:  # neighbouring lines, changed one for one
        parts = [_region([a], [b], [c]) for a, b, c in zip(old, one, two, strict=True)]
        return None if None in parts else [line for part in parts if part for line in part]
    return None


def _common(old: list[bytes], one: list[bytes], two: list[bytes]) -> list[tuple[int, int, int, int]]:
    """The runs of lines that all three share: (start in old, in one, in two, length), with an empty one at the end."""
    first = SequenceMatcher(None, old, one, autojunk=False).get_matching_blocks()
    second = SequenceMatcher(None, old, two, autojunk=False).get_matching_blocks()
    found = []
    left = right = 0
    while left < len(first) and right < len(second):
        a, b = first[left], second[right]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            found.append((start, a.b + start - a.a, b.b + start - b.a, end - start))
        if a.a + a.size < b.a + b.size:
            left += 1
        else:
            right += 1
    return [*found, (len(old), len(one), len(two), 0)]
