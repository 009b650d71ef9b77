"""What the index stores of one item, and the statements that derive what depends on other items."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from sqlite3 import Connection
from typing import Any, NamedTuple

from plaintrack.model.fields import UPWARD, Field, Schema
from plaintrack.model.ids import natural
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, Value, fold, nfc
from plaintrack.query.columns import COLUMNS, MENTIONS, haystack, measure, mentions
from plaintrack.when.moments import LATE, placed
from plaintrack.when.moments import key as moment_key

_UNLISTED = COLUMNS.difference(UPWARD)
_UNKNOWN = Field("")
HELD = "blocker.set"
"""The field in ``value`` that says that an item has a `blocker`, where that is plaintrack's."""
_TOUCHED = " WHERE number IN (SELECT number FROM touched)"
_LIVE = "category IN ('open', 'active')"
_UPWARD = f"({', '.join(map(repr, UPWARD))})"
_CHILDREN = (
    f"(SELECT count(DISTINCT v.item), count(DISTINCT CASE WHEN NOT c.{_LIVE} THEN v.item END)"
    " FROM value v JOIN item c ON c.number = v.item"
    f" WHERE v.field IN {_UPWARD} AND v.key = lower(item.id) AND item.id <> '')"
)


FRESH_SQL: tuple[str, ...] = (
    (
        f"UPDATE item SET blocked = 1 WHERE {_LIVE} AND number IN (SELECT v.item FROM value v WHERE"
        " v.field = 'depends_on' AND v.key IN (SELECT lower(o.id) FROM item o WHERE o.id <> '' AND"
        f" o.{_LIVE} UNION SELECT id FROM absent WHERE open) UNION ALL SELECT item FROM value WHERE"
        f" field = '{HELD}')"
    ),
    (
        f"UPDATE item SET blocking = 1 WHERE {_LIVE} AND id <> '' AND lower(id) IN (SELECT v.key"
        " FROM value v JOIN item o ON o.number = v.item WHERE v.field = 'depends_on' AND"
        f" o.{_LIVE})"
    ),
    (
        f"UPDATE item SET (children, children_closed) = {_CHILDREN}"
        f" WHERE id <> '' AND lower(id) IN (SELECT v.key FROM value v WHERE v.field IN {_UPWARD})"
    ),
)
"""Set blocked, blocking, children and children_closed of items that have none of them; wants an
index on value(field, key).
"""

DERIVED = ("blocked", "blocking", "children", "children_closed")
"""The columns that depend on other items."""

DERIVE_SQL: tuple[str, ...] = (
    "UPDATE item SET blocked = 0 WHERE blocked",
    "UPDATE item SET blocking = 0 WHERE blocking",
    "UPDATE item SET children = 0, children_closed = 0 WHERE children",
    *FRESH_SQL,
)
"""The same for items that may have them."""

DERIVE_TOUCHED_SQL: tuple[str, ...] = (
    (
        f"UPDATE item SET blocked = {_LIVE} AND (EXISTS (SELECT 1 FROM value v JOIN item o ON o.id"
        " = v.key COLLATE NOCASE WHERE v.item = item.number AND v.field = 'depends_on' AND o.id <>"
        f" '' AND o.{_LIVE}) OR EXISTS (SELECT 1 FROM absent a JOIN value v ON v.key = a.id WHERE"
        f" v.item = item.number AND v.field = 'depends_on' AND a.open) OR EXISTS (SELECT 1 FROM"
        f" value v WHERE v.item = item.number AND v.field = '{HELD}')){_TOUCHED}"
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
    put_all(connection, [(number, stored)])


def put_all(connection: Connection, found: Sequence[tuple[int, Stored]]) -> None:
    """Insert the rows of files under their numbers."""
    read = [(number, stored) for number, stored in found if stored[0] is not None]
    connection.executemany(_PUT, [(number, *item) for number, (item, _, _, _) in read if item])
    connection.executemany(
        "INSERT INTO value VALUES (?, ?, ?, ?)",
        [(number, *each) for number, (_, values, _, _) in read for each in values],
    )
    connection.executemany(
        "INSERT INTO words VALUES (?, ?)", [(number, text) for number, (_, _, text, _) in read]
    )
    connection.executemany(
        "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, *each) for number, (_, _, _, problems) in found for each in problems],
    )


def rows(task: Task, schema: Schema, updated: str) -> Stored:
    """The rows of a Task's file; ``updated`` is a day. All is plain data, for the way from one
    process to another.
    """
    pieces = _pieces(schema)
    row = list(pieces.bare)
    data: list[str] = []
    values: list[tuple[str, str, float | None]] = []
    for field in task.fields.items():
        columns, listed, text = pieces.known.get(field) or pieces.piece(*field)
        for at, column in columns:
            row[at] = column
        values += listed
        data.append(text)
    if "@" in task.body:
        values += [(MENTIONS, each, None) for each in mentions(task, schema)]
    path, id_ = task.path, task.id
    row[:3] = path, path.rpartition("/")[0], id_
    row[_UPDATED] = updated
    row[_ARCHIVED] = int(path.startswith(pieces.archive))
    if row[_ARCHIVED]:
        row[_CATEGORY] = schema.standing(path, task.text("status"))
    if task.steps:
        row[_STEPS] = len(task.steps)
        row[_TICKED] = sum([step.done for step in task.steps])
    row[_UPDATED_AT] = _saved(updated, schema.timezone)
    row[-2:] = natural(fold(id_)), f"{{{', '.join(data)}}}"
    problems = [tuple(each) for each in task.problems]
    return tuple(row), values, haystack(task), problems


def unread(problems: Iterable[Problem]) -> Stored:
    """The rows of a file that is not an item."""
    return None, [], "", [tuple(each) for each in problems]


Listed = list[tuple[str, str, float | None]]
Piece = tuple[tuple[tuple[int, Any], ...], Listed, str]
"""What one field gives: columns of ``item`` by their place, rows of ``value``, a piece of JSON."""

_PLACE = {name: place for place, name in enumerate(Item._fields)}
_UPDATED, _ARCHIVED = _PLACE["updated"], _PLACE["archived"]
_CATEGORY = _PLACE["category"]
_STEPS, _TICKED, _UPDATED_AT = _PLACE["steps"], _PLACE["ticked"], _PLACE["updated_at"]
_TEXTS = frozenset((
    "title", "type", "status", "priority", "assignee", "tags", "project", "milestone", "parent",
    "goal", "start", "due", "wait", "created", "closed", "rank", "repeat",
))  # fmt: skip
_TIMES = frozenset(("start", "due", "wait", "created", "closed"))
_DAYS = ("due", "wait", "created")
_FIGURES = frozenset(("tags", "estimate", "remaining", "status", "priority", "type"))
_SINGULAR = ("id", "title")  # fields whose values hardly repeat
_UNSET = 1000  # the rank of no choice; that of an unknown one is below it
REMEMBERED = 2000
"""Fields whose pieces are remembered at a time."""


class _Pieces:
    """What each field of an item gives the index; remembered, since most values stand in many
    files.
    """

    __slots__ = ("archive", "bare", "known", "schema")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.archive = schema.archive + "/"
        self.known: dict[tuple[str, Value], Piece] = {}
        texts = dict.fromkeys(_TEXTS, "")
        ranks = dict.fromkeys(("status_rank", "priority_rank", "type_rank"), _UNSET)
        counts = dict.fromkeys(("steps", "ticked", "tag_count", "next"), 0)
        bare = {**texts, **ranks, **counts, "category": schema.category("")}
        self.bare = tuple([bare.get(name) for name in Item._fields])
        """The row of an item without fields."""

    def piece(self, name: str, value: Value) -> Piece:
        """What a field gives, remembered for the next item with this value."""
        text = value if isinstance(value, str) else ", ".join(value)
        columns: list[tuple[int, Any]] = []
        if name in _TEXTS:
            plain = nfc(text)
            columns.append((_PLACE[name], plain))
            if name in _TIMES:
                number, moment = placed(plain, self.schema.timezone, name in LATE)
                columns.append((_PLACE[f"{name}_at"], moment))
                if name in _DAYS:
                    columns.append((_PLACE[f"{name}_day"], number))
        if name in _FIGURES:
            columns += [(_PLACE[each], found) for each, found in self._figures(name, text, value)]
        found = tuple(columns), self._values(name, value), f"{_quoted(name)}: {_json(value)}"
        if name not in _SINGULAR:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[name, value] = found
        return found

    def _figures(self, name: str, text: str, value: Value) -> list[tuple[str, Any]]:
        """The columns that hold something else than what the field says."""
        if name == "tags":
            tags = (value,) if isinstance(value, str) else value
            return [("tag_count", len([tag for tag in tags if tag])), ("next", int("next" in tags))]
        if name in ("estimate", "remaining"):
            field = self.schema.fields[name]
            return [(name, measure(field, text, self.schema) if text else None)]
        category = [("category", self.schema.category(text))] if name == "status" else []
        return [*category, (f"{name}_rank", self._rank(name, text))]

    def _rank(self, name: str, text: str) -> int:
        """The place among the choices; 999 for what is none, 1000 for nothing."""
        choices = self.schema.fields[name].choices
        if not text:
            return _UNSET
        return choices.index(text) if text in choices else _UNSET - 1

    def _values(self, name: str, value: Value) -> Listed:
        if name in _UNLISTED or (name == MENTIONS and name not in self.schema.fields):
            return []
        field = self.schema.fields.get(name, _UNKNOWN)
        found: Listed = [
            (name, fold(each), measure(field, nfc(each), self.schema))
            for each in ((value,) if isinstance(value, str) else value)
            if each
        ]
        if name == "blocker" and found and name not in self.schema.own:
            found.append((HELD, "", None))
        return found


_last: _Pieces | None = None


def _pieces(schema: Schema) -> _Pieces:
    """The pieces by the schema that was used last."""
    global _last
    if _last is None or _last.schema is not schema:
        _last = _Pieces(schema)
    return _last


@lru_cache(256)
def _saved(updated: str, timezone: str) -> float | None:
    """What orders the day of the last change."""
    return moment_key(updated, timezone) if updated else None


def _json(value: Value) -> str:
    """A value as JSON."""
    if isinstance(value, str):
        return _quoted(value)
    return f"[{', '.join([_quoted(each) for each in value])}]"
