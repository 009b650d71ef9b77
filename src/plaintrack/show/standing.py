"""How items stand, as a table on a terminal shows it: by colours, and by marks without them."""

from collections.abc import Callable, Mapping, Sequence

from plaintrack.model.listing import Standing
from plaintrack.render.document import Table, Tone

MARKS = {"overdue": "!", "blocked": "⊘", "mine": "@"}
"""What stands before a row."""
_NONE: Tone = ()


def looked(table: Table, standings: Sequence[Standing]) -> Table:
    """The table with marks, and with the tones of its cells."""
    tones = {
        at: [tone(each) for each in standings]
        for at, name in enumerate(table.columns)
        if (tone := _TONES.get(name))
    }
    lasting = list(table.columns).index("due") if "due" in table.columns else -1
    return table._replace(tones=tones, marks=_marks(standings), lasting=lasting)


def marks(standings: Mapping[str, Standing]) -> dict[str, str]:
    """The mark of each item, by what names it; of those that have one."""
    found = zip(standings, _marks(list(standings.values())), strict=False)
    return {name: mark for name, (mark, _) in found if mark}


def _marks(standings: Sequence[Standing]) -> list[tuple[str, Tone]]:
    """A mark for each row; nothing if no row has one. That all are the user's says nothing."""
    shown = list(MARKS)
    if all(each.mine for each in standings):
        shown.remove("mine")
    found = []
    for each in standings:
        holds = [name for name in shown if getattr(each, name)]
        found.append(("".join(MARKS[name] for name in holds), tuple(holds[:1])))
    return found if any(mark for mark, _ in found) else []


_TONES: dict[str, Callable[[Standing], Tone]] = {
    "id": lambda _: ("id",),
    "status": lambda each: (f"status.{each.status}", f"status.{each.category}"),
    "priority": lambda each: (f"priority.{each.priority}", f"priority.{each.rank}"),
    "due": lambda each: ("overdue",) if each.overdue else _NONE,
    "assignee": lambda each: ("mine",) if each.mine else _NONE,
}
"""Column → the tone of its cell in a row."""
