"""What is written beside a text: lenses above an item, hints in its lines."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from plaintrack.app.editor.hover import distance
from plaintrack.app.editor.sheet import Sheet
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import compare
from plaintrack.model.detail import Detail
from plaintrack.model.task import Task, fold
from plaintrack.store.index import ask
from plaintrack.text.draft import Element
from plaintrack.when import dates, durations

MOST = 60
"""Characters of a title."""


class Lens(NamedTuple):
    """A few words above the line at an offset; ``path`` is the file that they speak of, if one."""

    at: int
    text: str
    path: str = ""


class Hint(NamedTuple):
    """A few words behind an offset, and more of it for those who point at it."""

    at: int
    text: str
    more: str = ""


# Lenses.


def lenses(sheet: Sheet) -> list[Lens]:
    """What there is to say of the item as a whole: what it blocks and waits for, since when it has
    its status, progress, SLAs, approvals; where it is in conflict, the fields in dispute.
    """
    if sheet.disputed:
        return _disputed(sheet)
    task = sheet.task
    if task is None or not task.id or sheet.draft.head is None:
        return []
    snapshot, at = sheet.snapshot, sheet.draft.head[0]
    if ask.path(snapshot.index.connection, task.id) != sheet.path:
        return []
    found = [Lens(at, *each) for each in _around(snapshot, task)]
    return [*found, *(Lens(at, each) for each in _since(snapshot, task))]


def _around(snapshot: Snapshot, task: Task) -> Iterator[tuple[str, str]]:
    """What it waits for and blocks, each with the file if that is one; then what is derived."""
    from plaintrack.app.snapshot.detail import detail

    found = detail(snapshot, task)
    schema = snapshot.schema
    open_ = {
        heading: [each for each in tasks if not schema.closed(each.text("status"))]
        for heading, tasks in found.related
    }
    for heading, words in (("Depends on", "waits for"), ("Blocks", "blocks")):
        some = open_.get(heading)
        if some:
            yield f"{words} {_named(some)}", some[0].path if len(some) == 1 else ""
    yield from ((text, "") for text in _derived(found))


def _derived(found: Detail) -> Iterator[str]:
    derived = dict(found.derived)
    if "progress" in derived:
        yield f"progress {derived['progress']}"
    for name, text in derived.items():
        if name.startswith("sla."):
            yield f"{name.removeprefix('sla.')}: {text}"
    for _, how in (each for each in found.verdicts if each[0] == "missing"):
        yield how
    approved = sum(how == "approved" for _, how in found.verdicts)
    if approved:
        yield f"{approved} approved"


def _named(tasks: list[Task]) -> str:
    return tasks[0].id if len(tasks) == 1 else f"{len(tasks)} items"


def _since(snapshot: Snapshot, task: Task) -> Iterator[str]:
    """How long the item has its status by the commits, if it has it as committed."""
    from plaintrack.app.snapshot.history import history
    from plaintrack.store.clock import zone

    try:
        known = history(snapshot)
        values = known.values(task.id, "status")
        if not values or values[-1][0] != (task.text("status"),):
            return
        moment = datetime.fromisoformat(known.revision(values[-1][1]).date)
    except (PlaintrackError, OSError):
        return
    day = moment.astimezone(zone(snapshot.schema.timezone)).date()
    days = (snapshot.today - day).days
    if days > 0:
        yield f"{task.text('status')} for {days} day{'' if days == 1 else 's'}"


def _disputed(sheet: Sheet) -> list[Lens]:
    from plaintrack.app.git.conflicts import of

    there = sheet.desk.as_typed(sheet.path)
    conflict = of(there, sheet.path)
    if conflict is None:
        return []
    fields = ", ".join(each.field for each in conflict.disputes(there))
    return [Lens(0, f"in conflict: {fields or conflict.found.reason}")]


# Hints.


def hints(sheet: Sheet, start: int, end: int) -> Iterator[Hint]:
    """Hints of the lines between two places: titles of ids, dates in words, sums of sub-items, the
    plan, and what was different in the last commit.
    """
    snapshot = sheet.snapshot
    for each in sheet.names():
        if each.kind == "item" and each.field != "id" and start <= each.end <= end:
            title = ask.title(snapshot.index.connection, each.name)
            if title:
                said = title if len(title) <= MOST else f"{title[: MOST - 1]}…"
                yield Hint(each.end, said, title)
    for entry, field, element in sheet.values():
        if not start <= element.end <= end:
            continue
        if field.kind in ("date", "datetime") and len(element.text) == 10:
            yield from _date(snapshot, element)
        if field.name == "due":
            yield from _planned(sheet, element)
        if field.name == "estimate" and entry:
            yield from _children(sheet, element)
    yield from _reviewed(sheet, start, end)


def _date(snapshot: Snapshot, element: Element) -> Iterator[Hint]:
    try:
        day = date.fromisoformat(element.text)
    except ValueError:
        return
    weekday = dates.DAYS[day.weekday()][:3].title()
    yield Hint(element.end, f"{weekday}, {distance(snapshot, day)}")


def _planned(sheet: Sheet, element: Element) -> Iterator[Hint]:
    """What the plan of the saved files says, where the settings have one."""
    line = sheet.desk.lines.get(fold(sheet.id))
    if line and line.get("start"):
        slack = line.get("slack")
        more = f"slack {slack}" if slack not in (None, "") else ""
        late = f", {line['late']} days late" if line.get("late") else ""
        yield Hint(element.end, f"planned {line['start']} to {line['end']}{late}", more)


def _children(sheet: Sheet, element: Element) -> Iterator[Hint]:
    """What the estimates of the items below it come to."""
    from plaintrack.app.snapshot.detail import related

    item = sheet.id
    if not item or ask.path(sheet.snapshot.index.connection, item) is None:
        return
    schema = sheet.snapshot.schema
    tasks = dict(related(sheet.snapshot, item)).get("Contains", [])
    total = 0.0
    for each in tasks:
        try:
            total += durations.minutes(each.text("estimate"), schema.day, schema.week)
        except durations.BadDuration:
            continue
    if total:
        said = durations.show(total, schema.day, schema.week)
        yield Hint(element.end, f"{said} in {len(tasks)} sub-items")


def _reviewed(sheet: Sheet, start: int, end: int) -> Iterator[Hint]:
    """What the last commit, or the base of a review, had in the fields that are different now."""
    after = sheet.task
    before = sheet.desk.committed(sheet.path) if after else None
    shown = sheet.desk.open.get(sheet.path)
    if after is None or before is None or shown is None or shown.broken:
        return
    for change in compare(before, after, sheet.schema.lists):
        field = sheet.schema.fields.get(change.field)
        entry = sheet.draft.entry((field and field.key) or change.field)
        if entry is None or not change.field:
            continue
        at = entry.value
        while at < len(sheet.text) and sheet.text[at] not in "\r\n":
            at += 1
        if start <= at <= end:
            old = change.old if len(change.old) <= MOST else f"{change.old[: MOST - 1]}…"
            yield Hint(at, f"was {old}" if old else "new", change.describe())
