"""What the index stores of one item, and the statements that derive what depends on other items."""

from typing import NamedTuple

from plaintrack.model.fields import Field
from plaintrack.model.task import Task, fold, nfc
from plaintrack.query.evaluate import Facts, haystack, measure
from plaintrack.query.nodes import COLUMNS, LINKS

_TEXTS = ("title", "type", "status", "priority", "assignee", "tags", "project", "milestone", "parent", "goal")
_MORE = ("start", "due", "wait", "created", "closed", "rank", "repeat")
_UNLISTED = COLUMNS.difference(LINKS)
_UNKNOWN = Field("")
_TOUCHED = " WHERE number IN (SELECT number FROM touched)"
_LIVE = "category IN ('open', 'active')"
_CHILDREN = (
    "SELECT count(DISTINCT v.item) FROM value v JOIN item c ON c.number = v.item"
    " WHERE v.field IN ('parent', 'project', 'milestone', 'goal') AND v.key = lower(item.id)"
)


def _derive(where: str) -> tuple[str, ...]:
    return (
        (
            f"UPDATE item SET blocked = {_LIVE} AND number IN (SELECT v.item FROM value v WHERE v.field = 'depends_on'"
            f" AND v.key IN (SELECT lower(o.id) FROM item o WHERE o.id <> '' AND o.{_LIVE})){where}"
        ),
        (
            f"UPDATE item SET blocking = {_LIVE} AND id <> '' AND lower(id) IN (SELECT v.key FROM value v"
            f" JOIN item o ON o.number = v.item WHERE v.field = 'depends_on' AND o.{_LIVE}){where}"
        ),
        (
            f"UPDATE item SET children = CASE WHEN id = '' THEN 0 ELSE ({_CHILDREN}) END,"
            f" children_closed = CASE WHEN id = '' THEN 0 ELSE ({_CHILDREN} AND NOT c.{_LIVE}) END{where}"
        ),
    )


DERIVE_SQL: tuple[str, ...] = _derive("")
"""Set blocked, blocking, children and children_closed of every item; wants an index on value(field, key)."""

DERIVE_TOUCHED_SQL: tuple[str, ...] = (
    (
        f"UPDATE item SET blocked = {_LIVE} AND EXISTS (SELECT 1 FROM value v JOIN item o ON o.id = v.key COLLATE NOCASE"
        f" WHERE v.item = item.number AND v.field = 'depends_on' AND o.id <> '' AND o.{_LIVE}){_TOUCHED}"
    ),
    (
        f"UPDATE item SET blocking = {_LIVE} AND id <> '' AND EXISTS (SELECT 1 FROM value v JOIN item o ON o.number = v.item"
        f" WHERE v.field = 'depends_on' AND v.key = lower(item.id) AND o.{_LIVE}){_TOUCHED}"
    ),
    _derive(_TOUCHED)[2],
)
"""The same for the items in ``temp.touched(number)``, see TOUCH_SQL; wants indexes on value(item) and item(id COLLATE NOCASE)."""

TOUCH_SQL: tuple[str, ...] = (
    (
        "INSERT OR IGNORE INTO touched SELECT v.item FROM value v WHERE v.field = 'depends_on' AND v.key IN"
        " (SELECT lower(id) FROM item WHERE id <> '' AND number IN (SELECT number FROM changed))"
    ),
    (
        "INSERT OR IGNORE INTO touched SELECT number FROM item WHERE id <> '' AND id COLLATE NOCASE IN (SELECT v.key FROM value v"
        " WHERE v.field IN ('depends_on', 'parent', 'project', 'milestone', 'goal')"
        " AND v.item IN (SELECT number FROM changed))"
    ),
    "INSERT OR IGNORE INTO touched SELECT number FROM changed",
)
"""Fill ``temp.touched(number INTEGER PRIMARY KEY)`` from ``temp.changed(number INTEGER PRIMARY KEY)``.

Run it before the changed items' old rows are removed and again after their new rows are in.
"""


class Rows(NamedTuple):
    """The row of ``item`` (without number and data), the rows of ``value`` (field, key, number), and the haystack."""

    item: dict[str, str | int | float | None]
    values: list[tuple[str, str, float | None]]
    haystack: str


def rows(task: Task, facts: Facts) -> Rows:
    """What the index stores of ``task``; of ``facts`` only the schema and ``updated`` are used."""
    schema = facts.schema
    category = facts.category(task)
    item: dict[str, str | int | float | None] = {
        "path": task.path,
        "folder": task.path.rpartition("/")[0],
        "id": task.id,
        "category": category,
        "updated": facts.updated.get(task.path, ""),
        "archived": int(task.path.startswith(schema.archive + "/")),
        "steps": len(task.steps),
        "ticked": sum(1 for step in task.steps if step.done),
        "children": 0,
        "children_closed": 0,
        "tag_count": sum(1 for each in task.many("tags") if each),
        "next": int("next" in task.many("tags")),
        "blocked": 0,
        "blocking": 0,
    }
    for name in (*_TEXTS, *_MORE):
        item[name] = nfc(task.text(name))
    for name in ("status", "priority", "type"):
        text = task.text(name)
        choices = schema.fields[name].choices
        item[f"{name}_rank"] = (choices.index(text) if text in choices else 999) if text else 1000
    for name in ("estimate", "remaining"):
        text = task.text(name)
        item[name] = measure(schema.fields[name], text, schema) if text else None
    return Rows(item, _values(task, facts), haystack(task))


def _values(task: Task, facts: Facts) -> list[tuple[str, str, float | None]]:
    found: list[tuple[str, str, float | None]] = []
    for name in task.fields:
        if name in _UNLISTED:
            continue
        field = facts.schema.fields.get(name, _UNKNOWN)
        for each in task.many(name):
            if each:
                found.append((name, fold(each), measure(field, nfc(each), facts.schema)))
    return found
