"""A tree of items."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.model.answer import Limb
from plaintrack.render.document import Document, Table
from plaintrack.render.figures import Branch, Tree

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


def tree(
    limbs: Iterable[Limb],
    below: "Callable[[str], Rollup | None] | None" = None,
    marks: Mapping[str, str] = {},
) -> Document:
    """Items with what is below them; ``below``: and with what that is together; ``marks`` are those
    of items by their paths.
    """
    branches = [
        _branch(limb, below)._replace(mark=marks.get(limb.task.path, "") if limb.task else "")
        for limb in limbs
    ]
    return Document((Tree(branches),))


def _branch(limb: Limb, below: "Callable[[str], Rollup | None] | None") -> Branch:
    task = limb.task
    if task is None:
        return Branch(limb.level, limb.last, limb.key, note=limb.note)
    title, status, who = (task.text(name) for name in ("title", "status", "assignee"))
    branch = Branch(limb.level, limb.last, task.id, title, status, who, limb.note)
    rolled = below(task.id) if below else None
    if rolled is None:
        return branch
    from plaintrack.show.rollup import beside, record

    return branch._replace(sums=beside(rolled, task.text("estimate")), rolled=record(rolled))


def table(
    limbs: Sequence[Limb], names: Sequence[str], rows: Mapping[str, Sequence[Any]]
) -> Document:
    """The lines of trees for programs: the level, and fields of the item, by its path."""
    nothing = (None,) * len(names)
    cells = [(each.level, *(rows[each.task.path] if each.task else nothing)) for each in limbs]
    return Document((Table(("level", *names), cells),))
