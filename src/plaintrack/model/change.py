"""A Change: what happened between two snapshots of one item."""

from typing import NamedTuple

from plaintrack.model.task import Task


class Change(NamedTuple):
    """One event of one item.

    ``kind`` is ``created``, ``deleted``, ``moved``, ``set``, ``added``, ``removed``, ``ticked``, ``unticked`` or ``body``;
    ``field`` names the field for the field kinds; ``old`` and ``new`` are texts.
    """

    id: str
    path: str
    kind: str
    field: str = ""
    old: str = ""
    new: str = ""

    def describe(self) -> str:
        """The event in the words of the log: ``status: todo → review``, ``tags + auth``."""
        if self.kind == "set":
            return f"{self.field}: {self.old or '(none)'} → {self.new or '(none)'}"
        words = {
            "added": f"{self.field} + {self.new}",
            "removed": f"{self.field} - {self.old}",
            "created": f"created: {self.new}",
            "deleted": f"deleted: {self.old}",
            "moved": f"moved: {self.old} → {self.new}",
            "ticked": f"ticked: {self.new}",
            "unticked": f"unticked: {self.new}",
        }
        return words.get(self.kind, "body changed")


def compare(old: Task | None, new: Task | None, lists: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """What happened between two states of one item; ``lists`` names fields that are sets even when one value stands there."""
    if new is None:
        return () if old is None else (Change(old.id, old.path, "deleted", old=old.text("title")),)
    if old is None:
        return (Change(new.id, new.path, "created", new=new.text("title")),)
    changes: list[Change] = []
    if old.path != new.path:
        changes.append(Change(new.id, new.path, "moved", old=old.path, new=new.path))
    for name in [*old.fields, *(each for each in new.fields if each not in old.fields)]:
        changes += _field(old, new, name, lists)
    return (*changes, *_body(old, new))


def _field(old: Task, new: Task, name: str, lists: frozenset[str]) -> list[Change]:
    before, after = old.fields.get(name), new.fields.get(name)
    if before == after:
        return []
    if name in lists or isinstance(before, tuple) or isinstance(after, tuple):
        was, now = old.many(name), new.many(name)
        added = [Change(new.id, new.path, "added", name, new=each) for each in now if each not in was]
        removed = [Change(new.id, new.path, "removed", name, old=each) for each in was if each not in now]
        if added or removed:
            return [*added, *removed]
    return [Change(new.id, new.path, "set", name, old.text(name), new.text(name))]


def _body(old: Task, new: Task) -> list[Change]:
    if old.body == new.body:
        return []
    before = {step.text: step.done for step in old.steps}
    ticks = [
        Change(new.id, new.path, "ticked" if step.done else "unticked", new=step.text)
        for step in new.steps
        if step.text in before and before[step.text] != step.done
    ]
    return ticks if ticks and _untick(old.body) == _untick(new.body) else [*ticks, Change(new.id, new.path, "body")]


def _untick(body: str) -> str:
    return body.replace("[x]", "[ ]").replace("[X]", "[ ]")
