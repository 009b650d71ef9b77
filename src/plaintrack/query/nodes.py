"""The bound question: what a query asks for, with every name, date and number resolved."""

from typing import NamedTuple

PLANNED_STATES = ("slipping", "critical", "breached", "approved")
"""States that the plan, an SLA or verdicts give."""
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
    "waiting",
    "blocking",
    "done",
    "cancelled",
    *PLANNED_STATES,
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
