"""The bound question: what a query asks for, with every name, date and number resolved."""

from typing import NamedTuple

from plaintrack.model.fields import Schema

CHOICES = ("status", "priority", "type")
DERIVED = {
    "updated": "date",
    "age": "number",
    "urgency": "number",
    "progress": "number",
    "path": "text",
    "folder": "text",
}
FIGURES = ("estimate", "remaining", "age", "urgency", "progress")
ADD_MODEL = "add one under `scores:` in plaintrack.yml, such as `scores: {wsjf: }`"
"""What to do where a score is asked for and there are no scoring models."""
PLANNED = {
    "planned_start": "date",
    "planned_end": "date",
    "slack": "duration",
    "critical": "boolean",
    "slipping": "boolean",
    "waits_for": "link",
}
"""What the plan says of open items, with its kinds; a declared field of that name comes first."""
PLANNED_STATES = ("slipping", "critical")
STATES = (
    "open",
    "closed",
    "active",
    "overdue",
    "ready",
    "blocked",
    "unassigned",
    "recurring",
    "archived",
    *PLANNED_STATES,
)
COLUMNS = frozenset(
    (
        *(
            "id",
            "path",
            "folder",
            "title",
            "type",
            "status",
            "priority",
            "project",
            "milestone",
            "parent",
            "goal",
        ),
        *(
            "start",
            "due",
            "wait",
            "created",
            "closed",
            "estimate",
            "remaining",
            "rank",
            "repeat",
            "updated",
        ),
        *("age", "urgency", "progress"),
    )
)


class And(NamedTuple):
    """All of the parts."""

    parts: "tuple[Node, ...]"


class Or(NamedTuple):
    """Any of the parts."""

    parts: "tuple[Node, ...]"


class Not(NamedTuple):
    """Not the part."""

    part: "Node"


class Text(NamedTuple):
    """Title or body contains the folded needle."""

    needle: str


class In(NamedTuple):
    """A value of the field is one of the folded keys."""

    field: str
    keys: frozenset[str]


class Compare(NamedTuple):
    """A value of the field is in relation ``op`` to ``key`` and, if given, also in ``also``."""

    field: str
    op: str
    key: str | float
    also: tuple[str, str | float] | None = None


class Has(NamedTuple):
    """The field is set."""

    field: str


class Wild(NamedTuple):
    """A value of the field fits the folded pattern, in which ``*`` is any text."""

    field: str
    pattern: str


class Match(NamedTuple):
    """A value of the field contains the regular expression; lists and declared fields are always
    matched in lower case.
    """

    field: str
    pattern: str
    ignorecase: bool


class State(NamedTuple):
    """One of STATES."""

    name: str


class Under(NamedTuple):
    """Below the item with this id, by parent, project, milestone and goal links."""

    id: str


class Everything(NamedTuple):
    """Every item."""


Node = And | Or | Not | Text | In | Compare | Has | Wild | Match | State | Under | Everything


Order = tuple[tuple[str, bool], ...]
"""Fields, each with whether it is descending."""


class Question(NamedTuple):
    """A condition, an order and a length: the first ``limit`` items in the order ``sort``.

    ``shown`` is the order in which these are told, where that is another; it does not change which
    they are.
    """

    where: Node
    sort: Order = ()
    limit: int | None = None
    shown: Order | None = None


def joined(one: Question, two: Question) -> Question:
    """What answers both: of two orders the second holds, of two lengths the shorter."""
    lengths = [each for each in (one.limit, two.limit) if each is not None]
    return Question(And((one.where, two.where)), two.sort or one.sort, min(lengths, default=None))


def kind(field: str, schema: Schema) -> str:
    """The kind by which a field is compared; an undeclared one is text."""
    if field == "score" and schema.scored:
        return "number"
    declared = schema.fields.get(field)
    return DERIVED.get(field) or (declared.kind if declared else PLANNED.get(field, "text"))


def planned(field: str, schema: Schema) -> bool:
    """Whether the field is one that the plan gives."""
    return field in PLANNED and field not in schema.fields


def inherited(field: str, schema: Schema) -> bool:
    """Whether the field is one that an item also has from what it is a part of."""
    return field == "kind" and "kind" not in schema.own


def figure(field: str, schema: Schema) -> bool:
    """Whether the field is a number that is compared as one expression, and not value by value."""
    if field in ("planned_start", "planned_end", "slack"):
        return field not in schema.fields
    return field in FIGURES or (field == "score" and schema.scored)


def computed(field: str, schema: Schema) -> bool:
    """Whether the field is compared as one expression, and not value by value."""
    return figure(field, schema) or inherited(field, schema)


def derived(schema: Schema) -> tuple[str, ...]:
    """The names of the fields that are derived here."""
    score = ("score",) if schema.scored else ()
    return (*DERIVED, *score, *(name for name in PLANNED if name not in schema.fields))


def measured(field: str, schema: Schema) -> bool:
    """Whether the field is compared as a number; dates and moments are, by their instants."""
    return kind(field, schema) in ("integer", "number", "duration", "choice", "date", "datetime")


def counted(field: str, schema: Schema) -> bool:
    """Whether the field holds ids, which are ordered by the numbers in them: T-2 before T-10."""
    return field == "id" or kind(field, schema) == "link"
