"""A Change: what happened between two snapshots of one item."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from plaintrack.model.ids import of_file
from plaintrack.model.task import Task

INITIAL = "initial"
"""The kind of what history knows of a new item: a Change for each value of its fields."""
CHOSEN = "chosen"
"""The kind of what a merge did: both sides had set a field, and it kept ``new``, not ``old``."""
_MONTHS = {
    f"{number:02}": name
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


_BLOCK = "<!-- /plaintrack"
"""How the last line of a generated block begins."""


class Change(NamedTuple):
    """One event of one item; ``field`` is set for the field kinds, ``old`` and ``new`` are texts.

    ``kind`` is ``created``, ``deleted``, ``moved``, ``set``, ``added``, ``removed``, ``ticked``,
    ``unticked``, ``step-added``, ``step-removed``, ``body`` (``old`` and ``new``: words removed and
    added), ``commented``, ``mentioned`` (told to rules alone: ``new`` is who; ``field`` is set
    where a file of its own says it, a comment or a status update), ``approved`` and ``rejected``
    (``new`` is the reason), ``withdrawn`` (the file of the verdict ``old`` is gone), ``updated``
    (``new`` is the health, and how the text of the update begins), ``broken`` (the file cannot be
    read any more; ``new`` says why), ``mended`` or ``chosen`` (by a merge, of two values: ``new``,
    not ``old``).
    """

    id: str
    path: str
    kind: str
    field: str = ""
    old: str = ""
    new: str = ""

    def describe(self) -> str:
        """The event as the log words it: ``status: todo → review`` or ``tags + auth``."""
        if self.kind == "set":
            return (
                _moved_date(self.field, self.old, self.new)
                or f"{self.field}: {self.old or '(none)'} → {self.new or '(none)'}"
            )
        if self.kind == "body":
            counts = [
                f"{sign}{count}"
                for sign, count in (("+", self.new), ("−", self.old))
                if count not in ("", "0")
            ]
            return f"body: {' '.join(counts)} words" if counts else "body changed"
        words = {
            "added": f"{self.field} + {self.new}",
            "removed": f"{self.field} - {self.old}",
            "created": f"created: {self.new}",
            "deleted": f"deleted: {self.old}",
            "moved": f"moved: {self.old} → {self.new}",
            "ticked": f"ticked: {self.new}",
            "unticked": f"unticked: {self.new}",
            "step-added": f"step + {self.new}",
            "step-removed": f"step - {self.old}",
            "commented": _comment(self.old, self.new),
            "mentioned": f"mentioned: @{self.new}",
            "approved": f"approved: {self.new}" if self.new else "approved",
            "rejected": f"rejected: {self.new}",
            "withdrawn": f"{self.old}: withdrawn",
            "updated": f"health: {self.new}",
            "broken": f"cannot be read any more: {self.new}",
            "mended": "can be read again",
            "chosen": f"{self.field}: {self.new or '(none)'}, not {self.old or '(none)'}",
        }
        return words[self.kind]


def telling(changes: Iterable[Change]) -> list[Change]:
    """The Changes worth telling a person: without the stamp ``closed`` that goes with a status."""
    found = list(changes)
    moved = {change.id for change in found if change.field == "status"}
    return [change for change in found if change.field != "closed" or change.id not in moved]


def _comment(old: str, new: str) -> str:
    if not new:
        return f"comment deleted: {old}"
    return f"comment edited: {new}" if old else f"comment: {new}"


def _moved_date(field: str, old: str, new: str) -> str:
    """``due moved 1 Dec → 8 Dec 2026`` for two calendar days; empty for anything else."""
    days = []
    for text in (old, new):
        if (
            len(text) != 10
            or text[4] + text[7] != "--"
            or not (text[:4] + text[5:7] + text[8:]).isdecimal()
        ):
            return ""
        if text[5:7] not in _MONTHS:
            return ""
        days.append((text[:4], f"{int(text[8:])} {_MONTHS[text[5:7]]}"))
    (year, before), (later, after) = days
    return f"{field} moved {before}{'' if year == later else f' {year}'} → {after} {later}"


def compare(
    old: Task | None, new: Task | None, lists: frozenset[str] = frozenset()
) -> tuple[Change, ...]:
    """What happened between two states of one item; ``lists`` names fields that are sets even when
    one value stands there.
    """
    if new is None:
        return () if old is None else (Change(old.id, old.path, "deleted", old=_called(old)),)
    if old is None:
        return (Change(new.id, new.path, "created", new=_called(new)),)
    changes: list[Change] = []
    if old.path != new.path:
        changes.append(Change(new.id or old.id, new.path, "moved", old=old.path, new=new.path))
    if not new.fields or not old.fields:
        return (*changes, *_readable(old, new))
    was, now = old.fields, new.fields
    for name in [name for name, value in was.items() if now.get(name) != value]:
        changes += _field(old, new, name, lists)
    for name in [name for name in now if name not in was]:
        changes += _field(old, new, name, lists)
    return (*changes, *_body(old, new))


def _called(task: Task) -> str:
    """The title of an item, the name of a person."""
    return task.text("title") or task.text("name")


def pairs(old: Iterable[Task], new: Iterable[Task]) -> list[tuple[Task | None, Task | None]]:
    """The tasks of two snapshots side by side: by id where just one task on each side has it, else
    by path; else alone.

    What has another id and another path, and is the same in all else, is the same item, renumbered.
    """
    before, after = list(old), list(new)
    found: list[tuple[Task | None, Task | None]] = []
    if _unmoved(before, after):  # as in nearly every commit
        found.extend(zip(before, after, strict=True))
        return found
    for keyed in (_given_away, _unique_id, lambda *_: _path, _unique_rest):
        key = keyed(before, after)
        known = {key(task): task for task in before if key(task)}
        for task in list(after):
            match = known.pop(key(task), None) if key(task) else None
            if match is not None:
                found.append((match, task))
                before.remove(match)
                after.remove(task)
    return [*found, *((task, None) for task in before), *((None, task) for task in after)]


def _unmoved(before: list[Task], after: list[Task]) -> bool:
    """Whether the tasks of the two sides are the same ones in the same order, by path and id."""
    if len(before) != len(after):
        return False
    if any(one.path != two.path for one, two in zip(before, after, strict=True)):
        return False
    if len(before) == 1:
        return True
    if any(one.id != two.id for one, two in zip(before, after, strict=True)):
        return False
    return all(task.id for task in after) and len({task.id.lower() for task in after}) == len(after)


def _given_away(before: list[Task], after: list[Task]) -> Callable[[Task], str]:
    """As ``_unique_rest``, of those alone whose id another item has got: one at another path, with
    another title or another time of creation.
    """
    old = {task.id.lower(): task for task in before if task.id}
    others = {
        key
        for task in after
        if (key := task.id.lower()) in old
        and task.path != old[key].path
        and _birth(task) != _birth(old[key])
    }
    fresh = {task.id.lower() for task in after if task.id} - old.keys()
    if not others or not fresh:
        return lambda _task: ""
    return _unique_rest(
        [old[key] for key in others], [task for task in after if task.id.lower() in fresh]
    )


def _birth(task: Task) -> tuple[str, str]:
    return task.text("title"), task.text("created")


def _unique_id(before: list[Task], after: list[Task]) -> Callable[[Task], str]:
    from collections import Counter

    counts = [Counter(task.id.lower() for task in side) for side in (before, after)]
    return lambda task: (
        task.id.lower() if all(count[task.id.lower()] == 1 for count in counts) else ""
    )


def _path(task: Task) -> str:
    return task.path


def _unique_rest(before: list[Task], after: list[Task]) -> Callable[[Task], str]:
    """What a task is besides its id and path; empty unless just one task on each side is that."""
    from collections import Counter

    if not before or not after:
        return lambda _task: ""
    rests = {id(task): _rest(task) for task in (*before, *after)}
    counts = [Counter(rests[id(task)] for task in side) for side in (before, after)]
    return lambda task: (
        rest
        if (rest := rests.get(id(task), "")) and all(count[rest] == 1 for count in counts)
        else ""
    )


def _rest(task: Task) -> str:
    """All fields but the id, which stands for itself in texts, and the body; empty where that does
    not tell one item from another.
    """
    title = task.text("title")
    named = of_file(title, "") == task.id  # both from the file's name
    if not task.id or not (task.text("created") if named else title):
        return ""
    fields = {
        name: value
        for name, value in task.fields.items()
        if name != "id" and not (named and name == "title")
    }
    return repr((fields, _lines(task.body))).replace(task.id, "\0")


def _readable(old: Task, new: Task) -> list[Change]:
    if old.fields:
        why = new.problems[0].message if new.problems else "it has no front matter"
        return [Change(old.id, new.path, "broken", new=why)]
    return [Change(new.id, new.path, "mended")] if new.fields else []


def _field(old: Task, new: Task, name: str, lists: frozenset[str]) -> list[Change]:
    before, after = old.fields.get(name), new.fields.get(name)
    if before == after:
        return []
    if name in lists or isinstance(before, tuple) or isinstance(after, tuple):
        was, now = old.many(name), new.many(name)
        added = [
            Change(new.id, new.path, "added", name, new=each) for each in now if each not in was
        ]
        removed = [
            Change(new.id, new.path, "removed", name, old=each) for each in was if each not in now
        ]
        if added or removed:
            return [*added, *removed]
    return [Change(new.id, new.path, "set", name, old.text(name), new.text(name))]


def _body(old: Task, new: Task) -> list[Change]:
    if old.body == new.body:
        return []
    both = old.body + new.body
    if ("\r" in both or _BLOCK in both) and _same(old.body, new.body):
        return []
    before = {step.text: step.done for step in old.steps}
    after = {step.text: step.done for step in new.steps}
    steps = [
        Change(new.id, new.path, "ticked" if step.done else "unticked", new=step.text)
        for step in new.steps
        if step.text in before and before[step.text] != step.done
    ]
    steps += [
        Change(new.id, new.path, "step-added", new=text) for text in after if text not in before
    ]
    steps += [
        Change(new.id, new.path, "step-removed", old=text) for text in before if text not in after
    ]
    was, now = _prose(old), _prose(new)
    if steps and was == now:
        return steps
    gone, come = _surplus(was, now)
    return [*steps, Change(new.id, new.path, "body", old=gone, new=come)]


def _prose(task: Task) -> list[str]:
    """The lines of the body that someone wrote and that are no steps."""
    steps = {step.line for step in task.steps}
    return [line for number, line in _written(task.body).items() if number not in steps]


def _same(one: str, two: str) -> bool:
    """Whether someone wrote the same lines in both."""
    return list(_written(one).values()) == list(_written(two).values())


def _written(body: str) -> dict[int, str]:
    """The lines of a body by number, without what stands between the markers of generated blocks:
    no one wrote that.
    """
    lines = dict(enumerate(_lines(body)))
    start = None
    for number in list(lines) if _BLOCK in body else ():
        marker = lines[number].strip()
        if marker.startswith("<!-- plaintrack:"):
            start = number
        elif marker.startswith(_BLOCK) and start is not None:
            for inside in range(start + 1, number):
                del lines[inside]
            start = None
    return lines


def _lines(body: str) -> list[str]:
    return body.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _surplus(one: list[str], two: list[str]) -> tuple[str, str]:
    """How many words each of two texts, in lines, has more often than the other."""
    from collections import Counter

    # Lines that both have change nothing, and are nearly all: first those at both ends.
    start, most = 0, min(len(one), len(two))
    while start < most and one[start] == two[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == two[-1 - end]:
        end += 1
    lines = [Counter(each[start : len(each) - end]) for each in (one, two)]
    rest = (lines[0] - lines[1], lines[1] - lines[0])
    words = [Counter(" ".join(each.elements()).split()) for each in rest]
    return str((words[0] - words[1]).total()), str((words[1] - words[0]).total())
