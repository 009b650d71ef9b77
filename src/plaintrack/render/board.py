"""Draws named columns of cards side by side in a given width."""

from collections.abc import Mapping, Sequence

from plaintrack.render.table import cell_width, cut, split

LEAST = 16  # a column narrower than this cannot be read


def wrap(text: str, width: int, lines: int | None) -> list[str]:
    """``text`` in lines of ``width`` columns, at most ``lines`` of them; longer words are
    broken.
    """
    found = [""]
    for word in text.split():
        if found[-1] and cell_width(found[-1]) + 1 + cell_width(word) <= width:
            found[-1] += f" {word}"
            continue
        while word:
            start, word = split(word, width)
            found.append(start or word[0])
            word = word if start else word[1:]
    found = [each for each in found if each] or [""]
    if lines is not None and len(found) > lines:
        found[lines - 1] = (
            cut(f"{found[lines - 1]} {found[lines]}", width - 1).removesuffix("…").rstrip() + "…"
        )
    return found[:lines]


def draw(
    columns: Mapping[str, Sequence[str]],
    width: int,
    limit: int,
    lines: int | None = 3,
    sums: Mapping[str, str] = {},
) -> list[str]:
    """The lines of the board: headings with counts and ``sums``, a rule, and ``limit`` cards per
    column of up to ``lines`` lines each.

    Where the columns do not fit, those without cards are only named; if the others still do not
    fit, they stand in several rows.
    """
    shown = dict(columns)
    if (width + 2) // max(len(shown), 1) < LEAST + 2:
        shown = {name: cards for name, cards in columns.items() if cards} or dict(
            list(columns.items())[:1]
        )
    each = max(min((width + 2) // (LEAST + 2), len(shown)), 1)
    names = list(shown)
    drawn: list[str] = []
    for start in range(0, len(names), each):
        band = names[start : start + each]
        drawn += [
            *([""] if drawn else []),
            *_band(
                {name: shown[name] for name in band}, (width + 2) // each - 2, limit, lines, sums
            ),
        ]
    empty = [name for name in columns if name not in shown]
    return [*drawn, *(["", *wrap(f"Nothing in: {', '.join(empty)}", width, None)] if empty else [])]


def _band(
    columns: Mapping[str, Sequence[str]],
    size: int,
    limit: int,
    lines: int | None,
    sums: Mapping[str, str],
) -> list[str]:
    """One row of columns, each ``size`` wide."""
    stacks = []
    told = {name: wrap(sums[name], size, None) for name in columns if sums.get(name)}
    tallest = max(map(len, told.values()), default=0)
    for name, cards in columns.items():
        below = told.get(name, [])
        blank = [""] * (tallest - len(below))
        together = [*below, *blank, ""] if tallest else []
        stack = [cut(f"{name} ({len(cards)})", size), "─" * size, *together]
        for card in cards[:limit]:
            stack += [*wrap(card, size, lines), ""]
        if len(cards) > limit:
            stack.append(cut(f"… {len(cards) - limit} more", size))
        stacks.append(stack)
    height = max(map(len, stacks), default=0)
    rows = [[stack[at] if at < len(stack) else "" for stack in stacks] for at in range(height)]
    drawn = [
        "  ".join(text + " " * (size - cell_width(text)) for text in row).rstrip() for row in rows
    ]
    while drawn and not drawn[-1]:
        drawn.pop()
    return drawn
