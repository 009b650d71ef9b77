"""Draws Documents as Markdown that forges show; the one place where text is escaped for it."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from plaintrack.render.document import Document, Table
from plaintrack.render.parts import Board, Card, Counts, Figure, Progress, Tree

NOTHING = "*Nothing.*"
NONE = "(none)"
_BAR = 20
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+|~!@&])")
_OBEYED = re.compile(
    r"(?i)(?<=@)|(?<=[#!$&])(?=\d)|(?<=[%~])(?=[\w\"])|(?<=\bGH-)(?=\d)|(?<=:)(?=[a-z+-][\w+-]*:)|(?<=\w)(?=://)|(?<=\bwww)(?=\.)",
)
"""Where a forge would see a mention, a reference to an issue, milestone or label, an emoji, or an
address: backslashes do not keep it from that.
"""


def escape(text: str, most: int | None = None) -> str:
    """``text`` as Markdown that shows just that: no markup, mention, reference, emoji code, link or
    second line; at most ``most`` characters.
    """
    plain = "".join(each if each.isprintable() else " " for each in text).strip()
    if most is not None and len(plain) > most:
        plain = f"{plain[: most - 1]}…"
    return _SPECIAL.sub(r"\\\1", _OBEYED.sub("\u200b", plain))


def draw(document: Document) -> Iterable[str]:
    """The lines of a Document."""
    return chain.from_iterable(_DRAWINGS[type(part)](part) for part in document.parts)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _head(names: Sequence[str]) -> list[str]:
    return [_row(escape(name.capitalize()) for name in names), "|" + " --- |" * len(names)]


def _link(text: str, address: str) -> str:
    if not text:
        return ""
    return f"[{escape(text)}]({address})" if address else escape(text)


def _table(table: Table) -> list[str]:
    """One table, or one below the name of each group."""
    if not table.rows:
        return [NOTHING]
    linked = list(table.columns).index("id") if table.links and "id" in table.columns else None
    lines = _head(table.columns) if table.groups is None else []
    previous: str | None = None
    for number, row in enumerate(table.rows):
        if table.groups is not None and table.groups[number] != previous:
            previous = table.groups[number]
            lines += [""] if lines else []
            lines += [f"**{escape(previous) or NONE}**", "", *_head(table.columns)]
        cells = [escape(cell) for cell in row]
        if linked is not None and table.links:
            cells[linked] = _link(row[linked], table.links[number])
        lines.append(_row(cells))
    return lines


def _board(board: Board) -> list[str]:
    stacks = []
    for cards in board.columns.values():
        stack = list(map(_card, cards[: board.limit]))
        if len(stack) < len(cards):
            stack.append(f"… {len(cards) - len(stack)} more")
        stacks.append(stack)
    heads = (f"{escape(name)} ({len(cards)})" for name, cards in board.columns.items())
    lines = [_row(heads), "|" + " --- |" * len(stacks)]
    for at in range(max(map(len, stacks), default=0)):
        lines.append(_row(stack[at] if at < len(stack) else "" for stack in stacks))
    return lines


def _card(card: Card) -> str:
    who = escape(card.who)
    text = f"{_link(card.id, card.link)} {escape(card.title)}"
    return f"{text}<br>*{who}*" if who else text


def _counts(counts: Counts) -> list[str]:
    if not counts.rows:
        return [NOTHING]
    rows = [f"| {escape(value) or NONE} | {number} |" for value, number in counts.rows]
    return [f"| {escape(counts.name.capitalize())} | Items |", "| --- | ---: |", *rows]


def _tree(tree: Tree) -> list[str]:
    """The tree as a terminal shows it, in a fence that no title can end."""
    if not tree.branches:
        return [NOTHING]
    from plaintrack.render.terminal import branches

    plain = (
        "".join(each if each.isprintable() else "\ufffd" for each in line)
        for line in branches(tree)
    )
    return ["```text", *(line.replace("```", "'''") for line in plain), "```"]


def _progress(progress: Progress) -> list[str]:
    done, total = progress
    if not total:
        return [NOTHING]
    filled = done * _BAR // total
    bar = "█" * filled + "░" * (_BAR - filled)
    return [f"`{bar}` {done} of {total} ({done * 100 // total} %)"]


def _figure(figure: Figure) -> list[str]:
    return [f"**{figure.number}**"]


_DRAWINGS: dict[type, Callable[[Any], list[str]]] = {
    Table: _table,
    Board: _board,
    Counts: _counts,
    Tree: _tree,
    Progress: _progress,
    Figure: _figure,
}
