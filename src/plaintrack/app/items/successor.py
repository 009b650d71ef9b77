"""The next item of a series, made of the text of the one before: dates moved, everything of the
past taken out.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from plaintrack.app.items import workflow
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.done import Next
from plaintrack.model.edit import Edit, Set, Tick, Unset
from plaintrack.model.task import Task
from plaintrack.text.edit import edited
from plaintrack.when.moments import day as day_of
from plaintrack.when.repeat import anchored, counted
from plaintrack.when.series import Series

STAMPS = ("created", "closed", "occurrence")
PAST = ("closed", "time", "remaining", "waive")
"""Fields that speak of the item before: what excused that one does not excuse the next."""
Local = Callable[[datetime], datetime]


def successor(
    workspace: Workspace, task: Task, data: bytes, series: Series, day: date, item: str, path: str
) -> Next:
    """The item for ``day`` that follows ``task``, whose file holds ``data``; nothing in it depends
    on when or where it is made.
    """
    edits: list[Edit] = [] if workspace.schema.named is not None else [Set("id", item)]
    edits += _reset(workspace, task, series, day)
    edits += _dates(workspace, task, series, day)
    edits += [
        Set("follows", task.id),
        Set("series", task.text("series") or task.id),
        Set("occurrence", day.isoformat()),
    ]
    text = task.text("repeat")
    if series.rule.after and series.rule.times:
        moved = counted(text)
    else:
        moved = anchored(text, series.rule.start or series.occurrence)
    if moved != text:
        edits.append(Set("repeat", moved))
    edits += [Tick(number, False) for number, step in enumerate(task.steps, 1) if step.done]
    return Next(
        path,
        item,
        edited(data, task.path, tuple(edits), workspace.schema),
        task.id,
        task.text("title"),
        series.moved(day),
    )


def _reset(workspace: Workspace, task: Task, series: Series, day: date) -> list[Edit]:
    """What belongs to the item before: its status, when it was made and closed, its time."""
    gone: list[Edit] = [Unset(name) for name in PAST if name in task.fields]
    if "created" in workspace.settings.stamps or task.text("created"):
        field = workspace.schema.fields["created"]
        made = series.before(day)
        gone.append(
            Set(
                "created",
                (
                    datetime(made.year, made.month, made.day).strftime(field.format)
                    if field.format
                    else made.isoformat()
                ),
            )
        )
    return [*workflow.moved(workspace, "open"), *gone]


def _dates(workspace: Workspace, task: Task, series: Series, day: date) -> list[Edit]:
    """The item's day is that of the series; all other dates move as far as that does."""
    names = [
        field.name
        for field in workspace.schema.fields.values()
        if field.kind in ("date", "datetime") and field.name not in STAMPS
    ]
    main = next((name for name in ("due", "start", "wait") if task.text(name)), "due")
    target = series.moved(day)
    distance = target - series.moved(series.occurrence)
    written = day_of(task.text(main), workspace.schema.timezone)
    if series.rule.after and written:
        distance = target - written
    local = _local(workspace)
    found: list[Edit] = [] if task.text(main) else [Set(main, target.isoformat())]
    for name in names:
        value = task.fields.get(name, "")
        if name == main and written and isinstance(value, str):
            found.append(Set(name, moved(value, target - written, local)))
        elif isinstance(value, str) and value:
            found.append(Set(name, moved(value, distance, local)))
        elif value:
            found.append(Set(name, tuple(moved(each, distance, local) for each in value)))
    return found


def moved(text: str, distance: timedelta, local: Local) -> str:
    """A date or datetime by so many days later; the time of day stays, also where clocks change in
    between.
    """
    try:
        return on(text, date.fromisoformat(text[:10]) + distance, local)
    except (ValueError, OverflowError):
        return text


def on(text: str, day: date, local: Local) -> str:
    """A date or datetime on another day, at the same time of that place; an offset of another place
    stays as it is.
    """
    if len(text) == 10:
        return day.isoformat()
    found = datetime.fromisoformat(text)
    target = found.replace(year=day.year, month=day.month, day=day.day)
    if found.tzinfo is None:
        return target.isoformat()
    here = local(found.replace(tzinfo=None))
    return (
        local(target.replace(tzinfo=None)) if here.utcoffset() == found.utcoffset() else target
    ).isoformat()


def _local(workspace: Workspace) -> Local:
    """From a time of day to a moment in the workspace's time zone."""
    name = workspace.schema.timezone

    def local(moment: datetime) -> datetime:
        from plaintrack.store.clock import zone

        place = zone(name)
        return moment.replace(tzinfo=place) if place else moment.astimezone()

    return local
