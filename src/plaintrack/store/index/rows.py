"""What the index stores of one item, and the statements that derive what depends on other items."""

import json
from collections.abc import Iterable
from sqlite3 import Connection
from typing import Any, NamedTuple

from plaintrack.model.fields import UPWARD, Field, Schema
from plaintrack.model.ids import natural
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fold, nfc
from plaintrack.query.columns import COLUMNS, haystack, measure
from plaintrack.query.urgency import ordinal
from plaintrack.when.moments import LATE
from plaintrack.when.moments import key as moment_key

_json = json.JSONEncoder(ensure_ascii=False).encode
_UNLISTED = COLUMNS.difference(UPWARD)
_UNKNOWN = Field("")
_TOUCHED = " WHERE number IN (SELECT number FROM touched)"
_LIVE = "category IN ('open', 'active')"
_UPWARD = f"({', '.join(map(repr, UPWARD))})"
_CHILDREN = (
    f"(SELECT count(DISTINCT v.item), count(DISTINCT CASE WHEN NOT c.{_LIVE} THEN v.item END)"
    " FROM value v JOIN item c ON c.number = v.item"
    f" WHERE v.field IN {_UPWARD} AND v.key = lower(item.id) AND item.id <> '')"
)


DERIVE_SQL: tuple[str, ...] = (
    "UPDATE item SET blocked = 0 WHERE blocked",
    (
        f"UPDATE item SET blocked = 1 WHERE {_LIVE} AND number IN (SELECT v.item FROM value v WHERE"
        " v.field = 'depends_on' AND v.key IN (SELECT lower(o.id) FROM item o WHERE o.id <> '' AND"
        f" o.{_LIVE} UNION SELECT id FROM absent WHERE open))"
    ),
    "UPDATE item SET blocking = 0 WHERE blocking",
    (
        f"UPDATE item SET blocking = 1 WHERE {_LIVE} AND id <> '' AND lower(id) IN (SELECT v.key"
        " FROM value v JOIN item o ON o.number = v.item WHERE v.field = 'depends_on' AND"
        f" o.{_LIVE})"
    ),
    "UPDATE item SET children = 0, children_closed = 0 WHERE children",
    (
        f"UPDATE item SET (children, children_closed) = {_CHILDREN}"
        f" WHERE id <> '' AND lower(id) IN (SELECT v.key FROM value v WHERE v.field IN {_UPWARD})"
    ),
)
"""Set blocked, blocking, children and children_closed of every item; wants an index on value(field,
key).
"""

DERIVE_TOUCHED_SQL: tuple[str, ...] = (
    (
        f"UPDATE item SET blocked = {_LIVE} AND (EXISTS (SELECT 1 FROM value v JOIN item o ON o.id"
        " = v.key COLLATE NOCASE WHERE v.item = item.number AND v.field = 'depends_on' AND o.id <>"
        f" '' AND o.{_LIVE}) OR EXISTS (SELECT 1 FROM absent a JOIN value v ON v.key = a.id WHERE"
        f" v.item = item.number AND v.field = 'depends_on' AND a.open)){_TOUCHED}"
    ),
    (
        f"UPDATE item SET blocking = {_LIVE} AND id <> '' AND EXISTS (SELECT 1 FROM value v JOIN"
        " item o ON o.number = v.item WHERE v.field = 'depends_on' AND v.key = lower(item.id) AND"
        f" o.{_LIVE}){_TOUCHED}"
    ),
    f"UPDATE item SET (children, children_closed) = {_CHILDREN}{_TOUCHED}",
)
"""The same for the items in ``temp.touched(number)``, see TOUCH_SQL; wants indexes on value(item)
and item(id COLLATE NOCASE).
"""

TOUCH_SQL: tuple[str, ...] = (
    (
        "INSERT OR IGNORE INTO touched SELECT v.item FROM value v WHERE v.field = 'depends_on' AND"
        " v.key IN (SELECT lower(id) FROM item WHERE id <> '' AND number IN (SELECT number FROM"
        " changed))"
    ),
    (
        "INSERT OR IGNORE INTO touched SELECT number FROM item WHERE id <> '' AND id COLLATE NOCASE"
        " IN (SELECT v.key FROM value v WHERE v.field IN ('depends_on', 'parent', 'project',"
        " 'milestone', 'goal') AND v.item IN (SELECT number FROM changed))"
    ),
    "INSERT OR IGNORE INTO touched SELECT number FROM changed",
)
"""Fill ``temp.touched(number INTEGER PRIMARY KEY)`` from ``temp.changed(number INTEGER PRIMARY
KEY)``.

Run it before the changed items' old rows are removed and again after their new rows are in.
"""


class Item(NamedTuple):
    """The row of ``item``, without its number."""

    path: str
    folder: str
    id: str
    title: str
    type: str
    status: str
    category: str
    priority: str
    status_rank: int
    priority_rank: int
    type_rank: int
    assignee: str
    tags: str
    project: str
    milestone: str
    parent: str
    goal: str
    start: str
    due: str
    wait: str
    created: str
    closed: str
    estimate: float | None
    remaining: float | None
    rank: str
    repeat: str
    updated: str
    archived: int
    steps: int
    ticked: int
    tag_count: int
    next: int
    due_day: int | None
    wait_day: int | None
    created_day: int | None
    start_at: float | None
    due_at: float | None
    wait_at: float | None
    created_at: float | None
    closed_at: float | None
    updated_at: float | None
    id_key: str
    data: str


Stored = tuple[
    tuple[Any, ...] | None, list[tuple[str, str, float | None]], str, list[tuple[Any, ...]]
]
"""All rows of one file without their number: of ``item`` (None if it cannot be read), ``value``,
``words`` and ``problem``.
"""

_PUT = f"INSERT INTO item (number, {', '.join(Item._fields)}) VALUES (?{', ?' * len(Item._fields)})"


def put(connection: Connection, number: int, stored: Stored) -> None:
    """Insert the rows of one file under its number."""
    item, values, haystack, problems = stored
    if item is not None:
        connection.execute(_PUT, (number, *item))
        connection.executemany(
            "INSERT INTO value VALUES (?, ?, ?, ?)", [(number, *each) for each in values]
        )
        connection.execute("INSERT INTO words VALUES (?, ?)", (number, haystack))
    for each in problems:
        connection.execute(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *each)
        )


def rows(task: Task, schema: Schema, updated: str) -> Stored:
    """The rows of a Task's file; ``updated`` is a day. All is plain data, for the way from one
    process to another.
    """
    problems = [tuple(each) for each in task.problems]
    return tuple(_item(task, schema, updated)), _values(task, schema), haystack(task), problems


def unread(problems: Iterable[Problem]) -> Stored:
    """The rows of a file that is not an item."""
    return None, [], "", [tuple(each) for each in problems]


def _item(task: Task, schema: Schema, updated: str) -> Item:
    text = {
        name: nfc(value if isinstance(value, str) else ", ".join(value))
        for name, value in task.fields.items()
    }.get
    zone, wait = schema.timezone, text("wait", "")
    status, due, created, tags = (
        text("status", ""),
        text("due", ""),
        text("created", ""),
        task.many("tags"),
    )
    return Item(
        path=task.path,
        folder=task.path.rpartition("/")[0],
        id=task.id,
        title=text("title", ""),
        type=text("type", ""),
        status=status,
        category=schema.category(task.text("status")),
        priority=text("priority", ""),
        status_rank=_rank(task, "status", schema),
        priority_rank=_rank(task, "priority", schema),
        type_rank=_rank(task, "type", schema),
        assignee=text("assignee", ""),
        tags=text("tags", ""),
        project=text("project", ""),
        milestone=text("milestone", ""),
        parent=text("parent", ""),
        goal=text("goal", ""),
        start=text("start", ""),
        due=due,
        wait=wait,
        created=created,
        closed=text("closed", ""),
        estimate=_minutes(task, "estimate", schema),
        remaining=_minutes(task, "remaining", schema),
        rank=text("rank", ""),
        repeat=text("repeat", ""),
        updated=updated,
        archived=int(task.path.startswith(schema.archive + "/")),
        steps=len(task.steps),
        ticked=sum([step.done for step in task.steps]),
        tag_count=len([each for each in tags if each]),
        next=int("next" in tags),
        due_day=ordinal(due, zone),
        wait_day=ordinal(wait, zone),
        created_day=ordinal(created, zone),
        start_at=_instant(task, "start", schema),
        due_at=_instant(task, "due", schema),
        wait_at=_instant(task, "wait", schema),
        created_at=_instant(task, "created", schema),
        closed_at=_instant(task, "closed", schema),
        updated_at=moment_key(updated, zone) if updated else None,
        id_key=natural(fold(task.id)),
        data=_json(task.fields),
    )


def _rank(task: Task, name: str, schema: Schema) -> int:
    """The place among the choices; 999 for what is none, 1000 for nothing."""
    text, choices = task.text(name), schema.fields[name].choices
    if not text:
        return 1000
    return choices.index(text) if text in choices else 999


def _minutes(task: Task, name: str, schema: Schema) -> float | None:
    text = task.text(name)
    return measure(schema.fields[name], text, schema) if text else None


def _instant(task: Task, name: str, schema: Schema) -> float | None:
    text = task.text(name)
    return moment_key(nfc(text), schema.timezone, name in LATE) if text else None


def _values(task: Task, schema: Schema) -> list[tuple[str, str, float | None]]:
    found: list[tuple[str, str, float | None]] = []
    for name in task.fields:
        if name in _UNLISTED:
            continue
        field = schema.fields.get(name, _UNKNOWN)
        for each in task.many(name):
            if each:
                found.append((name, fold(each), measure(field, nfc(each), schema)))
    return found
