"""The merge of two bodies: by lines, boxes by their text, additions in one place side by side."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.merge.markers import Clash, Piece
from plaintrack.merge.net import CLASH, woven
from plaintrack.text.lines import Hunk, Line, Region, join, match, one_for_one, regions
from plaintrack.text.markdown import Fences, boxes, has_fence

# a list item, or the row of a table
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|[ \t]*\|")
_BLOCK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|[ ]{0,3}#{1,6}[ \t]|[ \t]*\|")
_RULE = re.compile(r"[ \t]*\|[ \t:|-]*$")
_TICK = re.compile(r"\[[ xX]\]")


class _Text(NamedTuple):
    """The lines of one body as they are compared (boxes unticked), and the marks of its check
    boxes.
    """

    lines: Sequence[Line]
    plain: list[str]
    marks: dict[int, int]

    def mark(self, number: int) -> str:
        """The character between the brackets of a line's check box; empty without one."""
        return self.lines[number].text[self.marks[number]] if number in self.marks else ""


def _text(lines: Sequence[Line]) -> _Text:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + len(line.end))
    marks = {box.step.line: box.offset - starts[box.step.line] for box in boxes(join(lines))}
    plain = [line.text for line in lines]
    for number, at in marks.items():
        plain[number] = f"{plain[number][:at]} {plain[number][at + 1 :]}"
    return _Text(lines, plain, marks)


def merge(
    base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line], fresh: bool = False
) -> list[Piece]:
    """The merged body in pieces. ``fresh``: both sides made the file, so that different texts are
    no additions to one.
    """
    return _Merge(_text(base), _text(ours), _text(theirs), fresh).pieces()


class _Merge:
    def __init__(self, base: _Text, ours: _Text, theirs: _Text, fresh: bool) -> None:
        self.base, self.ours, self.theirs, self.fresh = base, ours, theirs, fresh
        self.one, self.two = match(base.plain, ours.plain), match(base.plain, theirs.plain)
        self._ticked_and_gone()

    def _ticked_and_gone(self) -> None:
        """A check box that one side ticked is a changed line if the other side reworded or deleted
        it.
        """
        for number in self.base.marks:
            one, two = self.one[number], self.two[number]
            if two < 0 <= one and self.ours.mark(one) != self.base.mark(number):
                self.one[number] = -1
            elif one < 0 <= two and self.theirs.mark(two) != self.base.mark(number):
                self.two[number] = -1

    def pieces(self) -> list[Piece]:
        lengths = (len(self.ours.lines), len(self.theirs.lines))
        found = regions(self.one, self.two, lengths, self._apart)
        return woven((self.base.lines, self.ours.lines, self.theirs.lines), found, self._region)

    def _region(self, region: Region) -> Sequence[Piece]:
        ours, theirs = self.ours.lines[region.ours], self.theirs.lines[region.theirs]
        if region.by == "":
            return self._same(region)
        if region.by == "ours":
            return ours
        if region.by == "theirs":
            return theirs
        base = list(self.base.lines[region.base])
        if region.by == CLASH:
            return split_clash("body", base, list(ours), list(theirs))
        return self._both(region, base, list(ours), list(theirs))

    def _same(self, region: Region) -> list[Line]:
        """Lines that differ only in ticks and line endings, which are merged one by one."""
        found = []
        places = zip(
            range(region.base.start, region.base.stop),
            range(region.ours.start, region.ours.stop),
            range(region.theirs.start, region.theirs.stop),
            strict=True,
        )
        for was, one, two in places:
            base, ours, theirs = self.base.lines[was], self.ours.lines[one], self.theirs.lines[two]
            text = theirs.text if ours.text == base.text else ours.text
            found.append(Line(text, theirs.end if ours.end == base.end else ours.end))
        return found

    def _lines(self, side: str) -> _Text:
        return self.ours if side == "ours" else self.theirs

    def _apart(self, above: Hunk, side: str, below: Hunk, other: str) -> bool:
        """Whether touching changes are separate: one for one, or at the edge of a list item or
        paragraph before and after.
        """
        if one_for_one(above, side, below, other):
            return True
        lines, new, others = self.base.plain, self._lines(side).plain, self._lines(other).plain
        added = {line for line in new[above.left : above.right] if line.strip()}
        if not added.isdisjoint(others[below.left : below.right]):
            return False  # both put in the same line
        last = new[above.right - 1] if above.right > above.left else _at(lines, above.start - 1)
        first = others[below.left] if below.right > below.left else _at(lines, below.end)
        return _edge(last, first) and _edge(_at(lines, below.start - 1), _at(lines, below.start))

    def _both(
        self, region: Region, base: list[Line], ours: list[Line], theirs: list[Line]
    ) -> list[Piece]:
        one, two = [line.text for line in ours], [line.text for line in theirs]
        if one == two:
            return list(ours)
        if not base and not self.fresh:
            added = self._added(region, ours, theirs)
            if added is not None:
                return list(added)
        if base and (one_sided := _one_sided(base, ours, theirs)) is not None:
            return list(one_sided)
        return split_clash("body", base, ours, theirs)

    def _added(self, region: Region, ours: list[Line], theirs: list[Line]) -> list[Line] | None:
        """Both additions, in an order that does not depend on the side; None where they do not go
        side by side.
        """
        head, ours, theirs, tail = trimmed(ours, theirs)
        if not ours or not theirs:
            return [*head, *ours, *theirs, *tail]
        if self._in_fence(region, ours, theirs):
            return None
        first, second = sorted((ours, theirs), key=_place)
        if _items(first) and _items(second):
            between = _joined(first, second)
        else:
            start = region.base.start
            before = head[-1].text if head else _at(self.base.plain, start - 1)
            after = tail[0].text if tail else _at(self.base.plain, start)
            between = _paragraphs(first, second, before, after)
        return None if between is None else [*head, *between, *tail]

    def _in_fence(self, region: Region, ours: list[Line], theirs: list[Line]) -> bool:
        """Whether additions stand in fenced code, or bring a fence."""
        if any(has_fence(line.text) for line in (*ours, *theirs)):
            return True
        return _fenced(self.base.plain[: region.base.start])


def _place(lines: list[Line]) -> tuple[bool, list[str]]:
    """What additions are sorted by: those that begin with a blank line are last."""
    return not lines[0].text.strip(), [line.text for line in lines]


def _paragraphs(
    first: list[Line], second: list[Line], before: str | None, after: str | None
) -> list[Line] | None:
    """One addition below the other, with a blank line between them; None if they would run into
    each other or into what stands around them, or share a line.
    """
    if not _own(second, before, after) or not (_own(first, before, after) or _items(first)):
        return None
    if not _said(first).isdisjoint(_said(second)):
        return None
    if not first[-1].text.strip() or not second[0].text.strip():
        return [*first, *second]
    return [*first, Line("", second[0].end or first[-1].end), *second]


def _said(lines: list[Line]) -> set[str]:
    return {line.text for line in lines if line.text.strip()}


def _one_sided(base: list[Line], ours: list[Line], theirs: list[Line]) -> list[Line] | None:
    """The lines if the sides agree on how they begin and end, and one of them left alone what is
    between; else None.
    """
    head, mine, other, tail = trimmed(ours, theirs)
    was, one, two = ([line.text for line in lines] for lines in (base, mine, other))
    if was not in (one, two):
        return None
    return [*head, *(other if one == was else mine), *tail]


def _at(lines: Sequence[str], number: int) -> str | None:
    return lines[number] if 0 <= number < len(lines) else None


def _blank(line: str | None) -> bool:
    return line is None or not line.strip()


def _edge(above: str | None, below: str | None) -> bool:
    """Whether a block of Markdown ends between two lines."""
    return _blank(above) or _blank(below) or bool(below and _BLOCK.match(below))


def _fenced(lines: Sequence[str]) -> bool:
    """Whether the lines end inside fenced code."""
    if not any(map(has_fence, lines)):
        return False
    fences = Fences()
    for line in lines:
        fences.code(line)
    return bool(fences.open)


def _items(lines: Sequence[Line]) -> bool:
    """Whether the lines are items of a list or rows of a table (no whole table), with what is
    indented below them.
    """
    return bool(_ITEM.match(lines[0].text)) and all(
        line.text.startswith((" ", "\t")) or (_ITEM.match(line.text) and not _RULE.match(line.text))
        for line in lines
    )


def _own(lines: Sequence[Line], before: str | None, after: str | None) -> bool:
    """Whether the lines are paragraphs of their own between what stands before and after."""
    above = (
        _blank(before) or _blank(lines[0].text) or bool(before and before.lstrip().startswith("#"))
    )
    return above and (_blank(after) or _blank(lines[-1].text))


def _joined(first: Sequence[Line], second: Sequence[Line]) -> list[Line] | None:
    """The items of both lists, those in both once; None if an item is ticked in one of them
    only.
    """
    items = _split_items(first)
    texts = [[line.text for line in item] for item in items]
    loose = [[_TICK.sub("[ ]", text) for text in item] for item in texts]
    found = list(first)
    for item in _split_items(second):
        text = [line.text for line in item]
        if text in texts:
            continue
        if [_TICK.sub("[ ]", each) for each in text] in loose:
            return None
        found += item
    return found


def _split_items(lines: Sequence[Line]) -> list[list[Line]]:
    indent = len(lines[0].text) - len(lines[0].text.lstrip())
    items: list[list[Line]] = []
    for line in lines:
        deeper = len(line.text) - len(line.text.lstrip()) > indent
        if items and (deeper or not _ITEM.match(line.text)):
            items[-1].append(line)
        else:
            items.append([line])
    return items


def trimmed(
    ours: list[Line], theirs: list[Line]
) -> tuple[list[Line], list[Line], list[Line], list[Line]]:
    """(lines that both begin with, the rest of ours, the rest of theirs, lines that both end
    with).
    """
    low = 0
    while low < min(len(ours), len(theirs)) and ours[low].text == theirs[low].text:
        low += 1
    high = 0
    while (
        high < min(len(ours), len(theirs)) - low and ours[-1 - high].text == theirs[-1 - high].text
    ):
        high += 1
    return (
        ours[:low],
        ours[low : len(ours) - high],
        theirs[low : len(theirs) - high],
        ours[len(ours) - high :],
    )


def split_clash(kind: str, base: list[Line], ours: list[Line], theirs: list[Line]) -> list[Piece]:
    """The lines that both sides agree on, with a Clash for each stretch they do not."""
    head, mine, other, tail = trimmed(ours, theirs)
    if not mine and not other:
        return [*head, *tail]
    if base:
        return [*head, Clash(kind, "", tuple(base), tuple(mine), tuple(other)), *tail]
    found: list[Piece] = [*head]
    one = two = 0
    for number, place in enumerate(
        [*match([line.text for line in mine], [line.text for line in other]), len(other)]
    ):
        if place < 0 or (number < len(mine) and not mine[number].text.strip()):
            continue  # a blank line alone is not an agreement
        if number > one or place > two:
            above, left, right, below = trimmed(mine[one:number], other[two:place])
            found += (
                *above,
                *([Clash(kind, "", (), tuple(left), tuple(right))] if left or right else []),
                *below,
            )
        found += mine[number : number + 1]
        one, two = number + 1, place + 1
    return [*found, *tail]
