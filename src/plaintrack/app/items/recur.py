"""Recurring work: makes the next items of series, when one is closed or its day has come; the same
ones in every clone.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.app.items.add import NoFreeId
from plaintrack.app.items.successor import successor
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.series import date_of, day_of, series_of
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.done import Done, Next
from plaintrack.model.edit import Set, Unset
from plaintrack.model.task import Task
from plaintrack.store import files
from plaintrack.store.index import ask
from plaintrack.text.edit import edited
from plaintrack.text.format import filename
from plaintrack.text.parse import parse
from plaintrack.when.rule import Rule

"""The first of these that is set is the item's day in its series."""


class NotRecurring(PlaintrackError):
    """The item does not recur."""

    slug = "not-recurring"
    exit_code = 1

    def __init__(self, item: str) -> None:
        super().__init__(
            f"{item} does not recur", "give it a rule: `plaintrack set ID 'repeat=every week'`"
        )


class Occupied(PlaintrackError):
    """The file of the next item of a series is that of another item."""

    slug = "occupied"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists and is another item", "move it out of the way")


class Occurrence(NamedTuple):
    """A date to come of an item that recurs: the day, shifted as the settings say, and the day of
    the series.
    """

    day: date
    nominal: date
    id: str
    title: str


def candidates(workspace: Workspace) -> list[str]:
    """The paths of the items that recur, the archive left out."""
    return ask.recurring(workspace.index.connection)


def pending(
    workspace: Workspace, today: date | None = None, only: Sequence[str] | None = None
) -> list[str]:
    """The paths of the items whose successors are to be made now; takes no lock and writes
    nothing.
    """
    day = today or workspace.today
    paths = candidates(workspace) if only is None else only
    found = []
    for path in paths:
        task = _load(workspace, path)
        if task is not None and _come(workspace, task, day):
            found.append(path)
    return found


def generate(
    workspace: Workspace,
    today: date | None = None,
    dry: bool = False,
    only: Sequence[str] | None = None,
) -> Done:
    """Make the items of all series that are to be there on ``today``, as one command that ``undo``
    takes back.

    To be called as often as one likes: what already exists is not made again. ``only``: look at
    these paths.
    """
    day = today or workspace.today
    paths = pending(workspace, day, only)
    if not paths:
        return Done(dry=dry)
    with verb(workspace, "recur", dry) as work:
        work.failed += carry_on(work.writer, paths, day)
    return work.done()


def carry_on(writer: Writer, paths: Sequence[str], today: date) -> list[tuple[str, str]]:
    """As ``generate``, of the items at these paths, as a part of a command; what could not be done
    (path, why).
    """
    workspace, failed = writer.workspace, []
    for path in paths:
        try:
            task = _load(workspace, path)
            if task is not None:
                dates = _come(workspace, task, today)
                if dates:
                    _make(writer, task, workspace.read(path), dates)
                    writer.edit(path, [Unset("repeat")])
        except PlaintrackError as error:
            failed.append((path, error.message))
    return failed


def closing(writer: Writer, after: Task, data: bytes) -> bytes:
    """Make the successors of an item that is being closed as ``data`` says; the bytes without
    ``repeat``, which has moved on.

    The successors come first: if this is cut short, the item is still open and recurs, and the next
    try finds them.
    """
    workspace = writer.workspace
    completed = _completed(workspace, after)
    made = date_of(workspace, after.text("created"))
    if made and made > completed:  # done before the day that it was to be made for
        data = edited(data, after.path, (Set("created", completed.isoformat()),), workspace.schema)
    dates = series_of(workspace, after, workspace.today).closed(workspace.today, completed)
    if not dates or not after.id:
        if after.id:
            workspace.notice(f"{after.id}: its series ends here")
        return data
    _make(writer, after, data, dates)
    return edited(data, after.path, (Unset("repeat"),), workspace.schema)


def upcoming(workspace: Workspace, count: int, name: str | None = None) -> list[Occurrence]:
    """The next ``count`` dates of the item that ``name`` names, or of all that are open and recur,
    the earliest first; raises NotRecurring.
    """
    if name is not None:
        tasks = [find.load(workspace, find.locate(workspace, name))]
    else:
        tasks = [find.load(workspace, path) for path in candidates(workspace)]
        closed = workspace.schema.closed
        tasks = [task for task in tasks if task.text("repeat") and not closed(task.text("status"))]
    found = [
        Occurrence(day, nominal, task.id, task.text("title"))
        for task in tasks
        for day, nominal in preview(workspace, task, count)
    ]
    return sorted(found)[:count]


def preview(workspace: Workspace, task: Task, count: int) -> list[tuple[date, date]]:
    """(day, day of the series) of the next ``count`` dates from today on; of one that counts from
    completion, as if done today.
    """
    if not task.text("repeat"):
        raise NotRecurring(task.id)
    today = workspace.today
    series = series_of(workspace, task, today)
    if series.rule.after:
        found = series.closed(today, today)
    else:
        found, day = [], series.upcoming(today)
        while day is not None and len(found) < count:
            found.append(day)
            start = series.rule.start or series.occurrence
            rule = series.rule._replace(start=start)
            day = series._replace(occurrence=day, rule=rule).upcoming(today)
    return [(series.moved(day), day) for day in found]


def _load(workspace: Workspace, path: str) -> Task | None:
    """The item as its file is now, if it can be read, has an id and recurs."""
    try:
        task = find.load(workspace, path)
    except (OSError, files.Oddity):
        return None
    return task if task.id and task.text("repeat") else None


def _come(workspace: Workspace, task: Task, today: date) -> list[date]:
    """The dates whose items are to be made because the item is closed, or because their days have
    come.
    """
    series = series_of(workspace, task, today)
    if workspace.schema.closed(task.text("status")):
        return series.closed(today, _completed(workspace, task))
    if workspace.settings.recur["passing"] and day_of(workspace, task):
        return series.come(today)
    return []


def _completed(workspace: Workspace, task: Task) -> date:
    return date_of(workspace, task.text("closed")) or workspace.today


def _make(writer: Writer, task: Task, data: bytes, dates: Sequence[date]) -> None:
    """Make one item for each date, each following the one before; only the last of them recurs."""
    workspace = writer.workspace
    series = series_of(workspace, task, workspace.today)
    for number, day in enumerate(dates):
        item, path, there = _place(workspace, task, series.rule, day)
        made = successor(workspace, task, data, series, day, item, path)
        task, data = parse(path, made.data, workspace.schema), made.data
        if number < len(dates) - 1:
            made = made._replace(data=edited(data, path, (Unset("repeat"),), workspace.schema))
        if not there and all(made.id != each.id for each in writer.followers):
            _create(writer, made)
        series = series_of(workspace, task, day)


def _create(writer: Writer, made: Next) -> None:
    """The new file, unless another process has made it since we looked."""
    try:
        writer.create(made.path, made.data)
    except FileExistsError:
        if find.load(writer.workspace, made.path).id != made.id:
            raise Occupied(made.path) from None
    else:
        writer.followers.append(made)


def _place(workspace: Workspace, task: Task, rule: Rule, day: date) -> tuple[str, str, bool]:
    """Id and path of the item for a day of the series, and whether it already exists."""
    series = task.text("series") or task.id
    # what is counted from the completion is told by what it follows, so that two people who
    # complete it on two days make one item
    mark = f"{series}\n{task.id}" if rule.after else f"{series}\n{day.isoformat()}"
    folder = task.path.rpartition("/")[0]
    if f"{folder}/".startswith(f"{workspace.settings.archive}/"):
        folder = workspace.settings.folders[0]
    for salt in range(100):
        item = derived(workspace, series, mark, day, salt)
        name = _name(workspace, task, item, day)
        path = f"{folder}/{name}.md"
        if workspace.schema.named is not None:
            item = ids.of_file(path, workspace.schema.named)
        there = _there(workspace, item, series)
        if there is not None:
            return item, path, there
    raise NoFreeId(task.id)


def _name(workspace: Workspace, task: Task, item: str, day: date) -> str:
    """The file's name; one without an id in it gets the day, in the place of that of the item
    before.
    """
    template, title = workspace.settings.filename, task.text("title")
    if "{id" in template:
        return filename(template, item, title)
    plain = re.sub(r"[ -]\d{4}-\d\d-\d\d$", "", title)
    return f"{filename(template, item, plain)} {day.isoformat()}"


def _there(workspace: Workspace, item: str, series: str) -> bool | None:
    """Whether the item is there; None if another one has its id."""
    found = ask.data(workspace.index.connection, item)
    if not found:
        return False
    import json

    return True if any(json.loads(data).get("series") == series for data in found) else None


def derived(workspace: Workspace, series: str, mark: str, day: date, salt: int = 0) -> str:
    """The id of an item of a series, the same wherever it is made: letters from a digest, in the
    sequential scheme id and day; digits alone where ids are numbers.
    """
    settings = workspace.settings
    if workspace.schema.fields["id"].kind == "integer":
        return f"{series}{day:%y%m%d}" + (f"{salt:02}" if salt else "")
    if settings.scheme == "sequential":
        return f"{series}r{day:%y%m%d}" + (f"-{salt}" if salt else "")
    return ids.derived(settings.prefix, settings.length, f"{mark}\n{salt}")
