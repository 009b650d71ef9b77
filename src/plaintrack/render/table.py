"""Draws a table of texts as aligned columns, in at most a given width."""

from collections.abc import Sequence

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


def widths(columns: Sequence[Sequence[str]], limit: int | None, flexible: int) -> list[int]:
    """The width of each column; the ``flexible`` one gives way first so that all fit into
    ``limit``, then the others from the right.

    The last columns are left out where there is no room even for the least of each.
    """
    found = [
        max(map(len if "".join(column).isascii() else cell_width, column), default=0)
        for column in columns
    ]
    if limit is None:
        return found
    least = [
        min(size, LEAST_FLEXIBLE if at == flexible else LEAST) if at else size
        for at, size in enumerate(found)
    ]
    while len(least) > 2 and sum(least) + 2 * (len(least) - 1) > limit:
        least.pop()
    if len(least) < 3:
        least = [1] * len(least)
    found = found[: len(least)]
    for at in sorted(range(len(found)), key=lambda each: (each != flexible, -each)):
        over = sum(found) + 2 * (len(found) - 1) - limit
        if over > 0:
            found[at] = max(found[at] - over, least[at])
    return found


def draw(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    limit: int | None = None,
    flexible: int = 1,
) -> list[str]:
    """The lines of the table, header first; no line ends in blanks."""
    if rows:
        columns = [
            [name, *column] for name, column in zip(header, zip(*rows, strict=True), strict=True)
        ]
    else:
        columns = [[name] for name in header]
    sizes = widths(columns, limit, min(flexible, len(header) - 1))
    pattern = "  ".join(f"%-{size}s" for size in sizes)
    lines = []
    for row in [tuple(header), *rows]:
        if limit is None and "".join(row).isascii():
            lines.append((pattern % tuple(row)).rstrip())
            continue
        cells = [cut(text, size) for text, size in zip(row, sizes, strict=False)]
        lines.append(
            "  ".join(
                text + " " * (size - cell_width(text))
                for text, size in zip(cells, sizes, strict=True)
            ).rstrip()
        )
    return lines
