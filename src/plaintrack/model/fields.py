"""The fields of an item: their kinds, and the schema of one workspace."""

from collections.abc import Mapping
from typing import NamedTuple

KINDS = (
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "duration",
    "person",
    "link",
    "choice",
    "repeat",
)


UPWARD = ("parent", "project", "milestone", "goal")
"""The fields that say what an item is a part of."""
LINKS = ("depends_on", *UPWARD, "iteration")
"""The fields that name other items, but for those of a series."""

SERIES = ("follows", "series")
"""The fields that name other items of a series."""

CATEGORIES = ("open", "active", "done", "cancelled")
"""What a status can mean."""


class Field(NamedTuple):
    """One declared field.

    ``key`` is the front matter key it is read from and written to; ``many`` says that it is a list;
    ``choices`` are the values of a ``choice``, in their order. ``format`` is how plaintrack writes
    new values: a pattern of ``strftime`` for the times it stamps, ``flow`` for lists on one line,
    ``apart`` for a field with a blank line above it.
    ``element`` names the grammar of values that say more than one word, see ``model.element``.
    """

    name: str
    kind: str = "text"
    many: bool = False
    key: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str = ""
    doc: str = ""
    format: str = ""
    element: str = ""


STANDARD: tuple[Field, ...] = (
    Field("id", doc="The identity of the item; never changes."),
    Field("title", doc="A one-line summary."),
    Field("type", "choice", doc="The type of item."),
    Field("status", "choice", doc="The state of the item in the workflow."),
    Field("priority", "choice", doc="How important the item is."),
    Field("assignee", "person", many=True, format="lone", doc="The people who work on the item."),
    Field("tags", many=True, doc="Free labels."),
    Field("project", "link", doc="The project it belongs to."),
    Field("milestone", "link", doc="The milestone it belongs to."),
    Field("parent", "link", doc="The item that this one is part of."),
    Field(
        "depends_on",
        "link",
        many=True,
        element="dependency",
        doc="Items that must be closed before this one can start; also with a lag, as `PT-9 +2d`.",
    ),
    Field("goal", "link", doc="The business goal it serves."),
    Field("iteration", "link", doc="The iteration it is planned for: a milestone with `start`."),
    Field("blocker", doc="What blocks it, in words: as long as it is set, the item is blocked."),
    Field("start", "date", doc="The day on which work is planned to start."),
    Field("due", "date", doc="The day by the end of which it must be done."),
    Field("wait", "date", doc="Not ready before this day."),
    Field("estimate", "duration", doc="The expected work."),
    Field("remaining", "duration", doc="The remaining work."),
    Field("duration", "duration", doc="The working time it takes, whoever does it."),
    Field("elapsed", "duration", doc="The calendar time it takes: paint dries at night, too."),
    Field("pinned", "boolean", doc="Whether it begins exactly on `start`."),
    Field("share", element="share", doc="The part of the assignee's time it gets, as `50%`."),
    Field(
        "needs",
        many=True,
        element="need",
        doc="What it takes: `rig`, `2 van`, `skill:welding`, `van | truck`.",
    ),
    Field("team", many=True, format="lone", doc="The team that does it."),
    Field("weight", "number", doc="What a goal counts among those beside it."),
    Field("initial", "number", doc="Where the metric of a goal began; 0 if not set."),
    Field("target", "number", doc="Where the metric of a goal is to get to."),
    Field("current", "number", doc="Where the metric of a goal is now."),
    Field("unit", doc="What the metric of a goal is counted in."),
    Field("objective", doc="What a project is to achieve, in a sentence."),
    Field("owner", "person", many=True, format="lone", doc="Who answers for it."),
    Field("sponsor", "person", many=True, format="lone", doc="Who pays for it."),
    Field("stakeholders", "person", many=True, doc="Who else has to be heard."),
    Field("watching", "person", many=True, doc="Who else wants to hear of it."),
    Field("phase", doc="The phase that a project is in, or that work belongs to."),
    Field("budget", doc="What a project may take: an effort such as `40d`, or money."),
    Field(
        "kind",
        "choice",
        choices=("project", "operations"),
        doc="Whether work ends with a project or goes on; see `plaintrack explain kind`.",
    ),
    Field("target_start", "date", doc="The first day agreed on, as `plan --apply` writes it."),
    Field("target_end", "date", doc="The last day agreed on."),
    Field("created", "datetime", doc="When it was created."),
    Field("closed", "datetime", doc="When it was done or cancelled."),
    Field("rank", doc="The position in a manual order."),
    Field("repeat", "repeat", doc="How it recurs."),
    Field(
        "shift",
        "choice",
        choices=("none", "next", "previous"),
        doc="Where it moves if its day is not a working day.",
    ),
    Field(
        "catch_up",
        "choice",
        choices=("all", "latest", "skip"),
        doc="What happens to missed days.",
    ),
    Field("follows", "link", doc="The previous item of its series."),
    Field("series", "link", doc="The first item of its series."),
    Field("occurrence", "date", doc="The day of the series it stands for."),
    Field(
        "time",
        many=True,
        doc="Time entries of older files; `plaintrack time` keeps them in `time/`.",
    ),
    Field("formerly", many=True, doc="Ids it had before; time records name it by them."),
    Field(
        "waive",
        many=True,
        doc="Checks that are waived for this item, with a last day and a reason.",
    ),
)


class Schema(NamedTuple):
    """What the settings say about items: fields, workflow, working time and time zone.

    ``statuses`` maps each status to its category (``open``, ``active``, ``done``, ``cancelled``) in
    workflow order. ``day`` is the working day and ``week`` the working week in minutes.
    ``timezone`` is an IANA name or empty (local). ``archive`` is the folder of archived items.
    ``own`` has the names of LATER that are fields of the workspace's own, and not plaintrack's.
    ``named`` is None if ids stand in the front matter; else an item's id is its file's name up to
    this text (the whole name if it is empty). ``untitled``: an item without a title is called as
    its file. ``scored``: there are scoring models, and `score` is derived.
    ``slas`` are the derived fields of SLAs.
    """

    fields: Mapping[str, Field]
    statuses: Mapping[str, str]
    priorities: tuple[str, ...]
    types: tuple[str, ...]
    day: int = 480
    week: int = 2400
    timezone: str = ""
    archive: str = "archive"
    named: str | None = None
    untitled: bool = False
    own: tuple[str, ...] = ()
    scored: bool = False
    slas: tuple[str, ...] = ()

    @property
    def lists(self) -> frozenset[str]:
        """The names of the fields that are lists."""
        return frozenset(field.name for field in self.fields.values() if field.many)

    def keys(self) -> dict[str, Field]:
        """Front matter key → field."""
        return {field.key or field.name: field for field in self.fields.values()}

    def category(self, status: str) -> str:
        """The category of a status; an unknown or missing one counts as ``open``."""
        return self.statuses.get(status, "open")

    def standing(self, path: str, status: str) -> str:
        """The category of an item: that of its status, but what lies in the archive is not open,
        whatever its status; some trackers put deleted work there as it was.
        """
        category = self.category(status)
        archived = path.startswith(f"{self.archive}/")
        return "cancelled" if archived and category in ("open", "active") else category

    def closed(self, status: str) -> bool:
        """Whether the status ends the work."""
        return self.category(status) in ("done", "cancelled")


SAVED = frozenset(
    ("updated", "updated_at", "updated_date", "dateModified", "modified", "modified_at")
)
"""The keys under which other trackers write down when they last saved an item: two branches that
both change an item both change it, and the later time holds.
"""

GOALS = ("weight", "initial", "target", "current", "unit")
PROJECTS = ("objective", "owner", "sponsor", "stakeholders", "phase", "budget", "kind")
_PLANNING = (
    *("duration", "elapsed", "pinned", "share", "needs", "team"),
    *("target_start", "target_end"),
)
LATER = frozenset((*_PLANNING, *GOALS, *PROJECTS, "formerly", "watching", "iteration", "blocker"))
"""Fields that came when others had keys of these names in use: a workspace that declares or maps
such a key means its own; see ``Schema.own``.
"""

DEFAULT_STATUSES = {
    "todo": "open",
    "in-progress": "active",
    "review": "active",
    "done": "done",
    "cancelled": "cancelled",
}
DEFAULT_PRIORITIES = ("critical", "high", "medium", "low")
DEFAULT_TYPES = (
    *("task", "bug", "feature", "chore", "project", "milestone", "goal"),
    *("deliverable", "risk", "decision"),
)


def schema(
    declared: Mapping[str, Field] | None = None,
    statuses: Mapping[str, str] | None = None,
    priorities: tuple[str, ...] = DEFAULT_PRIORITIES,
    types: tuple[str, ...] = DEFAULT_TYPES,
    day: int = 480,
    week: int = 2400,
    timezone: str = "",
) -> Schema:
    """The schema with the standard fields, the declared ones over them, and the workflow's choices
    filled in; without those of LATER whose name or key the declared ones have for their own.
    """
    chosen = dict(statuses or DEFAULT_STATUSES)
    fields = {field.name: field for field in STANDARD}
    own = _own(declared or {})
    for name in own:
        del fields[name]
    fields.update(declared or {})
    for name, choices in (("status", tuple(chosen)), ("priority", priorities), ("type", types)):
        fields[name] = fields[name]._replace(choices=choices)
    return Schema(fields, chosen, priorities, types, day, week, timezone, own=own)


def _own(declared: Mapping[str, Field]) -> tuple[str, ...]:
    """The names of LATER that these fields have for something else: one declared without a key, or
    another field's key.
    """
    keys = {field.key or field.name: field.name for field in declared.values()}
    return tuple(
        name
        for name in sorted(LATER)
        if (name in declared and not declared[name].key) or (name not in declared and name in keys)
    )
