"""The shape of what is published: the columns of each table, for Parquet, PostgreSQL and DuckDB.

The rows never name their repository: whose they are is said by who loads them.
"""

from typing import NamedTuple

VERSION = 1
"""Of the shape. Another number: the projection is made again, never migrated."""
BRIEF = 255
"""A key of a value with more characters is not indexed: an entry has a bounded size."""
WORD = 64
"""So many characters of a status are indexed."""


class Column(NamedTuple):
    """A column: its kind (``text``, ``integer`` of 64 bits, ``real``, ``values``) and meaning.
    ``empty``: it may be NULL, which says that there is nothing.
    """

    name: str
    kind: str = "text"
    doc: str = ""
    empty: bool = False


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _integers(*names: str, empty: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, "integer", empty=empty) for name in names)


def _reals(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "real", empty=True) for name in names)


FOLDED = (
    "id", "path", "folder", "title", "type", "status", "priority", "project", "milestone", "parent",
    "goal", "rank", "repeat",
)  # fmt: skip
"""Texts of an item that also stand there folded, as ``title_fold``: they are compared so."""

ITEM = (
    # As the index has them, see ``store/index/schema.sql``.
    *_texts(
        "path", "folder", "id", "title", "type", "status", "category", "priority", "assignee",
        "tags", "project", "milestone", "parent", "goal", "start", "due", "wait", "created",
        "closed", "rank", "repeat", "updated",
    ),
    *_integers("status_rank", "priority_rank", "type_rank"),
    *_reals("estimate", "remaining"),
    *_integers(
        "archived", "steps", "ticked", "children", "children_closed", "tag_count", "next",
        "blocked", "blocking",
    ),
    *_integers("due_day", "wait_day", "created_day", empty=True),
    *_reals("start_at", "due_at", "wait_at", "created_at", "closed_at", "updated_at"),
    Column("id_key", doc="The id as ids are ordered."),
    Column("data", doc="JSON of all fields as the file says them."),
    Column("kind", doc="`project` or `operations`, also by what it is a part of; or nothing."),
    *(Column(f"{name}_fold", doc=f"{name}, folded.") for name in FOLDED),
    Column("haystack", doc="Title and body, folded, for full text."),
    Column("blob", doc="The git blob of the file, in hex: another one, another item."),
    Column("values", "values", "A list of VALUE: lists, links and fields without a column."),
)  # fmt: skip
"""One item at the tip."""

VALUE = (
    Column("field"),
    Column("key", doc="Folded text."),
    Column("number", "real", "What it is measured by.", empty=True),
    Column("natural", doc="The key as ids are ordered."),
)
"""One value of a field of an item."""

CHANGE = (
    Column("position", "integer", "Of the commit on the first-parent line, from 0."),
    Column("commit", doc="Its hash."),
    Column("reached", "integer", "When the line reached it: Unix seconds, never less than before."),
    Column("landed", "integer", "The same; -1: on a branch that this commit merged."),
    Column("authored", "integer", "The author's date, Unix seconds."),
    Column("who", doc="The author, as flow knows him; without an address unless it is private."),
    Column("item", doc="The folded id that the item has at the tip."),
    Column("place", "integer", "The number of the step among those of the item."),
    Column("field", doc="`+`: the item came to be; `-`: it was deleted."),
    Column("new", doc="JSON of the new value; NULL: removed.", empty=True),
)
"""One field that one step changed, see ``flow.series.Step``."""

TIME = (
    Column("item", doc="The folded id."),
    Column("person", doc="Empty unless it is private."),
    Column("day", "integer", "The day by the person's own clock, as a proleptic ordinal."),
    Column("begin", "integer", "Unix seconds; NULL unless it is private.", empty=True),
    Column("seconds", "integer", "How long; of all who worked on it that day unless private."),
    Column("note", doc="Empty unless it is private."),
    Column("tags", doc="Joined with `,`; empty unless it is private."),
)
"""Time spent on an item."""

PLAN = (
    Column("item", doc="The folded id."),
    Column("who", doc="The people, joined with `, `."),
    *_texts("start", "end", "due", "target"),
    *_integers("late", "slip"),
    Column("slack", "integer", "Minutes of work.", empty=True),
    Column("critical", "integer", "0 or 1."),
    Column("waits_for", doc="Folded ids, joined with `, `."),
    Column("assumed", "integer", "1: its estimate is only assumed."),
    Column("reason", doc="Why it has no dates."),
)
"""What the plan says of an open item, on the day of the tip."""

MOMENTS = ("start", "due", "wait", "created", "closed")
"""Columns of an item that say a date or a time."""
OFFSET = "([Zz]|[+-][0-9]{2}(:{0,1}[0-9]{2}){0,2})$"
"""What such a text ends with where it says its offset; without a question mark, which is a
parameter.
"""

WHOLE = "item_whole"
"""In PostgreSQL the view of all columns of an item: those that are seldom asked for stand in a
table of their own, which is read only where it has what is asked.
"""

TABLES = {"items": ITEM, "changes": CHANGE, "time": TIME, "plan": PLAN}
"""File or folder of what is published → the columns of its rows."""
