"""The net below every merge: no line is doubled, dropped or invented, in conflicts neither."""

from collections import Counter
from collections.abc import Callable, Sequence

from plaintrack.merge.markers import Clash, Piece, resolved
from plaintrack.text.lines import Line, Region, counted, torn

CLASH = "clash"
"""Who changed a Region in which the net has found that the changes do not go together."""

Sides = tuple[Sequence[Line], Sequence[Line], Sequence[Line]]


def woven(
    sides: Sides, regions: Sequence[Region], build: Callable[[Region], Sequence[Piece]]
) -> list[Piece]:
    """The pieces that ``build`` makes of the regions of base, ours and theirs.

    Where that would tear a line, all from the first to the last change that has the line is one
    Region, in conflict.
    """
    counts = [_counted(lines) for lines in sides]
    known = [(region, build(region)) for region in regions]
    while True:
        pieces = [piece for _, some in known for piece in some]
        lines = set(_torn(counts, pieces))
        at = [
            number
            for number, (region, _) in enumerate(known)
            if lines and region.by and _has(sides, region, lines)
        ]
        if not at or (len(at) == 1 and known[at[0]][0].by == CLASH):
            return pieces
        low, high = at[0], at[-1] + 1
        region = _joined([region for region, _ in known[low:high]])
        known[low:high] = [(region, build(region))]


def _joined(regions: Sequence[Region]) -> Region:
    first, last = regions[0], regions[-1]
    ends = zip(first[:3], last[:3], strict=True)
    base, ours, theirs = (slice(above.start, below.stop) for above, below in ends)
    return Region(base, ours, theirs, CLASH)


def _has(sides: Sides, region: Region, wanted: set[str]) -> bool:
    places = (region.base, region.ours, region.theirs)
    return any(
        wanted & _counted(lines[place]).keys() for lines, place in zip(sides, places, strict=True)
    )


def _counted(lines: Sequence[Line]) -> Counter[str]:
    return counted([line.text for line in lines])


def _torn(counts: Sequence[Counter[str]], pieces: Sequence[Piece]) -> list[str]:
    """The lines torn outside of conflicts, and those that stand too often when all is settled for
    one side.
    """
    left = [Counter(each) for each in counts]
    merged: list[Line] = []
    clean = True
    for piece in pieces:
        if isinstance(piece, Clash):
            clean = False
            for side, which in zip(left, ("base", "ours", "theirs"), strict=True):
                side.subtract(_counted(piece.side(which)))
        else:
            merged.append(piece)
    found = torn(left[0], left[1], left[2], _counted(merged))
    if clean:
        return found
    _, ours, theirs = counts
    for which in ("ours", "theirs"):
        chosen = _counted(resolved(pieces, which))
        found += [line for line, number in chosen.items() if number > max(ours[line], theirs[line])]
    return found
