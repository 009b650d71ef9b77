"""Draws named columns of cards side by side in a given width."""

from collections.abc import Mapping, Sequence

from plaintrack.render.table import cell_width, cut


def wrap(text: str, width: int, lines: int) -> list[str]:
    """``text`` in at most ``lines`` lines of ``width`` columns."""
    found, line = [], ""
    for word in text.split():
        if line and cell_width(line) + 1 + cell_width(word) > width:
            found.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    found.append(line)
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] = cut(f"{kept[-1]} {found[lines]}", width)
    return [cut(each, width) for each in kept]


def draw(columns: Mapping[str, Sequence[str]], width: int, limit: int) -> list[str]:
    """The lines of the board: a heading with counts, a rule, and the cards of up to three lines each; ``limit`` cards per column."""
    size = max((width - 2 * (len(columns) - 1)) // max(len(columns), 1), 8)
    stacks = []
    for name, cards in columns.items():
        lines = [cut(f"{name} ({len(cards)})", size), "─" * size]
        for card in cards[:limit]:
            lines += [*wrap(card, size, 3), ""]
        if len(cards) > limit:
            lines.append(f"… {len(cards) - limit} more")
        stacks.append(lines)
    height = max(map(len, stacks), default=0)
    rows = [[stack[at] if at < len(stack) else "" for stack in stacks] for at in range(height)]
    return ["  ".join(text + " " * (size - cell_width(text)) for text in row).rstrip() for row in rows]
