"""A review of work as Markdown for a pull request: stable, safe, and within the size that forges
take.
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from plaintrack.model.change import Change, telling
from plaintrack.render.markdown import escape as escaped

LARGEST = 60_000
"""Characters; a GitHub comment may have 65,536."""
_LONGEST = 200


class Row(NamedTuple):
    """One item of a review: its id, title, path (empty: it is gone), and Changes."""

    id: str
    title: str
    path: str
    changes: tuple[Change, ...]


def summary(groups: Sequence[tuple[str, Sequence[Row]]]) -> str:
    """The groups in one line: ``2 closed, 1 added``."""
    return ", ".join(f"{len(rows)} {name.lower()}" for name, rows in groups) or "no item changed"


def markdown(
    groups: Sequence[tuple[str, Sequence[Row]]],
    old: str,
    new: str,
    settings: bool,
    links: str = "",
    most: int = LARGEST,
) -> str:
    """The review from ``old`` to ``new``; ``links`` is the address that the items' paths are put
    after.

    What does not fit into ``most`` characters is counted, never cut in the middle of an item.
    """
    lines = [f"### Work changed: {summary(groups)}", "", f"From `{_code(old)}` to `{_code(new)}`."]
    if settings:
        lines += ["", "**The settings of the workspace (`plaintrack.yml`) changed.**"]
    size, left = sum(len(line) + 1 for line in lines), 0
    for name, rows in groups:
        head = ["", f"#### {name} ({len(rows)})", ""]
        for row in rows:
            block = _block(row, links)
            cost = sum(len(line) + 1 for line in (*head, *block))
            if left or size + cost > most:
                left += 1
                continue
            lines += [*head, *block]
            size, head = size + cost, []
    if left:
        lines += ["", f"… and {left} more: too many for one comment; `plaintrack diff` shows all."]
    return "\n".join(lines) + "\n"


def _block(row: Row, links: str) -> list[str]:
    name = escape(row.id) or "(no id)"
    if row.path:
        name = f"[{name}]({links}{quote(row.path)})"
    events = [
        escape(change.describe())
        for change in telling(row.changes)
        if change.kind not in ("created", "deleted")
    ]
    return [f"* **{name}** {escape(row.title)}".rstrip(), *(f"  * {each}" for each in events)]


def escape(text: str) -> str:
    """``text`` in one line of Markdown, cut where a comment would grow too long."""
    return escaped(text, _LONGEST)


def _code(text: str) -> str:
    return text.replace("`", "'")
