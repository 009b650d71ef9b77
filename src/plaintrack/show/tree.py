"""A tree of items."""

from collections.abc import Iterable

from plaintrack.model.answer import Limb
from plaintrack.render.document import Document
from plaintrack.render.figures import Branch, Tree


def tree(limbs: Iterable[Limb]) -> Document:
    """Items with what is below them."""
    return Document((Tree([_branch(limb) for limb in limbs]),))


def _branch(limb: Limb) -> Branch:
    task = limb.task
    if task is None:
        return Branch(limb.level, limb.last, limb.key, note=limb.note)
    title, status, who = (task.text(name) for name in ("title", "status", "assignee"))
    return Branch(limb.level, limb.last, task.id, title, status, who, limb.note)
