"""What can be done at a place of a file: the verbs of the core, run dry over what the editor shows,
as changes of the text.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from plaintrack.app.check.fix import FIXABLE, fix_one
from plaintrack.app.editor.sheet import Sheet
from plaintrack.app.editor.wanted import Wanted, wanted
from plaintrack.app.items.add import make
from plaintrack.app.items.change import change
from plaintrack.app.items.target import Target
from plaintrack.app.items.tick import tick
from plaintrack.app.items.workflow import CATEGORIES, move
from plaintrack.app.snapshot.people import me
from plaintrack.app.write.session import writing
from plaintrack.checks.report import Finding
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.edit import Add, Edit, Set, Splice, apply
from plaintrack.model.fields import Field
from plaintrack.model.task import Task
from plaintrack.text.markdown import boxes
from plaintrack.when import dates

_STEPS = {
    "open": ("start", "done", "cancel"),
    "active": ("done", "cancel"),
    "done": ("reopen",),
    "cancelled": ("reopen",),
}
_DAYS = (("tomorrow", "tomorrow"), ("on Friday", "fri"), ("on Monday", "mon"), ("in a week", "+1w"))
_ASKED = ("priority", "assignee", "due", "estimate", "parent")
"""The fields that are offered where they are missing."""


class Action(NamedTuple):
    """One thing that can be done; ``kind`` is ``fix`` or ``change``. ``make`` gives the changes;
    ``key`` is that of the finding it fixes.
    """

    title: str
    kind: str
    make: Callable[[], Wanted]
    key: str = ""


def actions(sheet: Sheet, start: int, findings: Iterable[Finding] = ()) -> list[Action]:
    """What can be done at a place, where these findings are shown."""
    found = [each for finding in findings for each in _fixes(sheet, finding)]
    if sheet.disputed:
        return [*found, *_settle(sheet)]
    shown = sheet.desk.open.get(sheet.path)
    task = sheet.task
    if task is None or not task.id or shown is None or shown.broken:
        return found
    found += _on_step(sheet, task, start)
    found += _workflow(sheet, task)
    head = sheet.draft.head
    if head and start <= head[1]:
        found += _missing(sheet)
    return found


# Findings.


def _fixes(sheet: Sheet, finding: Finding) -> Iterator[Action]:
    if finding.code in FIXABLE and _sure(sheet, finding):
        yield Action(
            f"Fix: {_short(finding.message)}", "fix", partial(_fix, sheet, finding), finding.key
        )
    if finding.code == "PT202":
        target = finding.key.split("\x1f")[3]
        if ids.acceptable(target) and sheet.snapshot.schema.named is None:
            title = f"Create the item {target}"
            yield Action(title, "fix", partial(_create, sheet, target), finding.key)
    if finding.code in ("PT109", "PT111"):
        for field in sheet.schema.fields.values():
            if field.required and sheet.draft.entry(field.key or field.name) is None:
                make_ = partial(_with_field, sheet, field)
                yield Action(f"Add {field.name}", "fix", make_, finding.key)


def _short(message: str) -> str:
    return message if len(message) <= 80 else f"{message[:79]}…"


def _sure(sheet: Sheet, finding: Finding) -> bool:
    """Whether a fix is sure, so that there is something to change."""
    try:
        return bool(_fix(sheet, finding))
    except (PlaintrackError, OSError):
        return False


def _fix(sheet: Sheet, finding: Finding) -> Wanted:
    return wanted(fix_one(sheet.desk.as_typed(sheet.path), finding))


def _create(sheet: Sheet, item: str) -> Wanted:
    """A new item under an id that is referred to already."""
    from plaintrack.app.write.stamps import stamp

    snapshot = sheet.snapshot
    created = str(stamp(snapshot, "created").get("created", ""))
    with writing(snapshot, f"add {item}", dry=True) as writer:
        make(snapshot, writer, f"New item {item}", (), None, fixed=(item, created))
        return wanted(writer.written)


# Fields and the workflow.


def _edited(sheet: Sheet, *edits: Edit) -> Wanted:
    target = Target(sheet.path, sheet.id)
    return wanted(change(sheet.snapshot, [target], edits, dry=True).files)


def _workflow(sheet: Sheet, task: Task) -> Iterator[Action]:
    snapshot = sheet.snapshot
    category = snapshot.schema.category(task.text("status"))
    for step in _STEPS[category]:
        if CATEGORIES[step] in snapshot.schema.statuses.values():
            yield Action(step.title(), "change", partial(_stepped, sheet, step, task.id))
    if category in ("done", "cancelled"):
        return
    mine = me(snapshot)
    if mine and mine[0] not in task.many("assignee"):
        field = snapshot.schema.fields["assignee"]
        edit: Edit = Add("assignee", mine[:1]) if field.many else Set("assignee", mine[0])
        yield Action(f"Assign to me ({mine[0]})", "change", partial(_edited, sheet, edit))
    for name, label in (("due", "Due"), ("wait", "Snooze until")):
        for said, word in _DAYS:
            day = _day(sheet, word)
            words = said.removeprefix("on ").replace("in a week", "next week")
            title = f"Due {said}" if name == "due" else f"{label} {words}"
            if task.text(name) != day:
                yield Action(f"{title} ({day})", "change", partial(_edited, sheet, Set(name, day)))


def _day(sheet: Sheet, word: str) -> str:
    from plaintrack.app.snapshot.answers import works

    return dates.read(word, sheet.snapshot.today, works(sheet.snapshot))


def _stepped(sheet: Sheet, step: str, item: str) -> Wanted:
    return wanted(move(sheet.snapshot, step, [item], dry=True, timer=False).files)


def _missing(sheet: Sheet) -> Iterator[Action]:
    for name in _ASKED:
        field = sheet.schema.fields.get(name)
        if field is not None and sheet.draft.entry(field.key or name) is None:
            yield Action(f"Add the field {name}", "change", partial(_with_field, sheet, field))


def _with_field(sheet: Sheet, field: Field) -> Wanted:
    """The text with a field to fill in: its default, or nothing behind the colon."""
    key = field.key or field.name
    head = sheet.draft.head
    if field.default or field.choices:
        return _edited(sheet, Set(field.name, field.default or field.choices[0]))
    assert head is not None
    newline = "\r\n" if "\r\n" in sheet.text else "\n"
    new = apply(sheet.text, (Splice(head[1], head[1], f"{key}: {newline}"),))
    return Wanted({sheet.path: (sheet.text, new)})


# Steps.


def _on_step(sheet: Sheet, task: Task, offset: int) -> Iterator[Action]:
    body = sheet.text[sheet.draft.body :]
    for number, box in enumerate(boxes(body), 1):
        at = sheet.draft.body + box.offset
        first = sheet.text.rfind("\n", 0, at) + 1
        last = sheet.text.find("\n", at)
        if first <= offset <= (len(sheet.text) if last < 0 else last):
            word = "Untick" if box.step.done else "Tick"
            yield Action(
                f"{word} the step",
                "change",
                partial(_ticked, sheet, task.id, number, not box.step.done),
            )
            if box.step.text and not box.step.done:
                make_ = partial(_sub_item, sheet, task, at + 2, box.step.text)
                yield Action("Make the step a sub-item", "change", make_)


def _ticked(sheet: Sheet, item: str, number: int, done: bool) -> Wanted:
    return wanted(tick(sheet.snapshot, item, [number], done, dry=True).files)


def _sub_item(sheet: Sheet, task: Task, at: int, title: str) -> Wanted:
    """A new item below this one, whose id stands in the step from now on."""
    snapshot = sheet.snapshot
    with writing(snapshot, f"add {title}", dry=True) as writer:
        item, _, _ = make(snapshot, writer, title, (Set("parent", task.id),), None)
        found = wanted(writer.written)
    start = sheet.text.index(title, at)
    new = apply(sheet.text, (Splice(start, start, f"{item} "),))
    return found._replace(texts={sheet.path: (sheet.text, new)})


# Conflicts.


def _settle(sheet: Sheet) -> Iterator[Action]:
    """Each field in dispute, settled by one side; the others stay."""
    from plaintrack.app.git.conflicts import Dispute, dispute, of

    there = sheet.desk.as_typed(sheet.path)
    conflict = of(there, sheet.path)
    if conflict is None:
        return
    for clash in conflict.found.clashes:
        each: Dispute = dispute(there, clash)
        for side, value in (("ours", each.ours), ("theirs", each.theirs)):
            said = " ".join(value.split())[:40] or "nothing"
            title = f"{each.field}: take {side} ({said})"
            yield Action(title, "fix", partial(_decided, sheet, each.field, side))
    for side in ("ours", "theirs"):
        yield Action(f"Take {side} everywhere", "fix", partial(_decided, sheet, "", side))


def _decided(sheet: Sheet, field: str, side: str) -> Wanted:
    from plaintrack.app.git.conflicts import decide, of, write

    there = sheet.desk.as_typed(sheet.path)
    before = of(there, sheet.path)
    if before is None:
        return Wanted()
    after = decide(there, before, lambda each: side if field in ("", each.field) else "")
    return wanted(write(there, "conflicts", [(before, after)], dry=True))


def resolved(found: Iterable[Action], title: str) -> Wanted:
    """The changes of the action of that title; raises what the verb raises."""
    action = next((each for each in found if each.title == title), None)
    return action.make() if action else Wanted()
