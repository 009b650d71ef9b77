"""Draws a table of texts as aligned columns, in at most a given width."""

import re
from collections.abc import Callable, Mapping, Sequence

LEAST, LEAST_FLEXIBLE = 12, 24  # columns cut to less than this say nothing


def cell_width(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(int(wcswidth(text)), 0)


def split(text: str, width: int) -> tuple[str, str]:
    """The beginning of ``text`` that takes at most ``width`` columns, and the rest; no character is
    torn from its marks and joiners.
    """
    if text.isascii():
        return text[:width], text[width:]
    from wcwidth import iter_graphemes

    taken = end = 0
    for each in iter_graphemes(text):
        taken += cell_width(each)
        if taken > width:
            break
        end += len(each)
    return text[:end], text[end:]


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, with an ellipsis where something is missing."""
    if len(text) <= width and text.isascii():
        return text
    start, rest = split(text, width)
    return start if not rest else split(text, width - 1)[0] + "…"


def widths(
    columns: Sequence[Sequence[str]], limit: int | None, flexible: int, lasting: int = -1
) -> dict[int, int]:
    """The width of each column that is shown; the ``flexible`` one gives way first so that all fit
    into ``limit``, then the others from the right.

    The last columns are left out where there is no room even for the least of each, but for the
    ``lasting`` one: for that the flexible one becomes as narrow as others.
    """
    found = {
        at: max(map(len if "".join(column).isascii() else cell_width, column), default=0)
        for at, column in enumerate(columns)
    }
    if limit is None:
        return found
    least = {
        at: min(size, LEAST_FLEXIBLE if at == flexible else LEAST) if at else size
        for at, size in found.items()
    }
    while len(least) > 2 and _over(least, limit) > 0:
        last = [at for at in least if at not in (0, flexible, lasting)]
        if not last and lasting in least and least.get(flexible, 0) > LEAST:
            least[flexible] = LEAST
            continue
        least.pop(last[-1] if last else max(least))
    if len(least) < 3:
        least = dict.fromkeys(least, 1)
    found = {at: found[at] for at in least}
    for at in sorted(found, key=lambda each: (each != flexible, each == lasting, -each)):
        over = _over(found, limit)
        if over > 0:
            found[at] = max(found[at] - over, least[at])
    return found


def _over(sizes: Mapping[int, int], limit: int) -> int:
    """By how much columns are wider than a limit, with two blanks between them."""
    return sum(sizes.values()) + 2 * (len(sizes) - 1) - limit


Painted = Callable[[int, int, str], str]
"""The text of a cell with its colours, by the numbers of row and column."""


def draw(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    limit: int | None = None,
    flexible: int = 1,
    lasting: int = -1,
    painted: Painted | None = None,
) -> list[str]:
    """The lines of the table, header first; no line ends in blanks."""
    if rows:
        columns = [
            [name, *column] for name, column in zip(header, zip(*rows, strict=True), strict=True)
        ]
    else:
        columns = [[name] for name in header]
    sizes = widths(columns, limit, min(flexible, len(header) - 1), lasting)
    pattern = "  ".join(f"%-{size}s" for size in sizes.values())
    lines = []
    for number, row in enumerate([tuple(header), *rows], -1):
        if limit is None and not painted and "".join(row).isascii():
            lines.append((pattern % tuple(row)).rstrip())
            continue
        cells = []
        for at, size in sizes.items():
            text = cut(row[at], size)
            blank = " " * (size - cell_width(text))
            cells.append((painted(number, at, text) if painted and number >= 0 else text) + blank)
        lines.append("  ".join(cells).rstrip())
    return lines


def below(text: str, width: int | None, otherwise: int) -> int:
    """How far the lines are indented on which ``text`` goes on: as its last column (two blanks
    stand before each), where that leaves half of the ``width``.
    """
    ends = [found.end() for found in re.finditer(r"(?<=\S) {2,}", text)]
    return max((end for end in ends if width and end <= width // 2), default=otherwise)


def folded(text: str, width: int | None, hang: int = 0) -> list[str]:
    """``text`` in lines of ``width`` columns, broken at blanks; all but the first begin with
    ``hang`` blanks. Words that are longer are broken; without a width nothing is.
    """
    if width is None or (len(text) <= width and text.isascii()) or cell_width(text) <= width:
        return [text]
    hang = min(hang, width // 2)
    found, line, taken = [], "", 0
    for blanks, word in re.findall(r"( *)([^ ]+|$)", text):
        size = cell_width(word)
        if taken + len(blanks) + size <= width:
            line, taken = line + blanks + word, taken + len(blanks) + size
            continue
        if size > width - hang and taken + len(blanks) + LEAST <= width:
            line, taken = line + blanks, taken + len(blanks)  # it is broken anyway: begin here
        elif line.strip():
            found.append(line.rstrip())
            line, taken = " " * hang, hang
        while taken + size > width:
            start, word = split(word, width - taken)
            if not start:  # a character that is wider than the room there is
                start, word = word[0], word[1:]
            found.append(line + start)
            line, taken, size = " " * hang, hang, cell_width(word)
        line, taken = line + word, taken + size
    return [*found, line] if line.strip() else found
