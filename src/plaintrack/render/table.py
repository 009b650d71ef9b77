"""Draws a table of texts as aligned columns, in at most a given width."""

from collections.abc import Sequence


def cell_width(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(int(wcswidth(text)), 0)


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, with an ellipsis where something is missing."""
    if cell_width(text) <= width:
        return text
    while text and cell_width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def widths(columns: Sequence[Sequence[str]], limit: int | None, flexible: int) -> list[int]:
    """The width of each column; the ``flexible`` one gives way so that all fit into ``limit``."""
    found = [
        max(map(cell_width, column), default=0) if not "".join(column).isascii() else max(map(len, column), default=0)
        for column in columns
    ]
    if limit is not None:
        over = sum(found) + 2 * (len(found) - 1) - limit
        if over > 0:
            found[flexible] = max(found[flexible] - over, 12)
        for at in range(len(found) - 1, 0, -1):
            over = sum(found) + 2 * (len(found) - 1) - limit
            if over > 0 and at != flexible:
                found[at] = max(found[at] - over, 6)
    return found


def draw(header: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None = None, flexible: int = 1) -> list[str]:
    """The lines of the table, header first; no line ends in blanks."""
    columns = (
        [[name, *column] for name, column in zip(header, zip(*rows, strict=True), strict=True)]
        if rows
        else [[name] for name in header]
    )
    sizes = widths(columns, limit, min(flexible, len(header) - 1))
    if limit is None and all("".join(column).isascii() for column in columns):
        pattern = "  ".join(f"%-{size}s" for size in sizes)
        return [(pattern % tuple(row)).rstrip() for row in [tuple(header), *rows]]
    lines = []
    for row in [tuple(header), *rows]:
        cells = [cut(text, size) for text, size in zip(row, sizes, strict=True)]
        lines.append("  ".join(text + " " * (size - cell_width(text)) for text, size in zip(cells, sizes, strict=True)).rstrip())
    return lines
