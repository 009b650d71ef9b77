"""One item whole, as a value: ``app`` finds it, ``show`` tells it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.model.problem import Problem
from plaintrack.model.task import Task

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup
    from plaintrack.model.scores import Scores


class Comment(NamedTuple):
    """One comment; where it cannot be read, ``problem`` says why, and ``body`` is the text of the
    whole file. ``answers`` is the name of the comment that it answers; ``resolved``: it says that
    its thread needs no more answer.
    """

    path: str
    author: str
    date: str
    body: str
    problem: Problem | None = None
    answers: str = ""
    resolved: bool = False


class Stand(NamedTuple):
    """Where an item stands, for programs; ``progress`` is in percent, ``age`` in days. ``links``
    has, by field, the ids that it names and the items that have them; ``blocks`` and ``contains``
    are the other way round. ``fields`` are those of the item, typed.
    """

    fields: Mapping[str, Any]
    state: str
    blocked: bool
    blocking: bool
    waiting: bool
    overdue: bool
    ready: bool
    progress: int | None
    age: int | None
    links: Mapping[str, Sequence[tuple[str, Task | None]]]
    elsewhere: Mapping[str, str] = {}
    """Link that leads to another repository → that."""


class Detail(NamedTuple):
    """One item whole: its derived values in words, the items around it under headings, what was
    said; with the terms (name, factor, coefficient) of its urgency and, if they were asked for,
    since when and by whom each field has its value, and the commits that name it. ``scores`` are
    those by each scoring model that can be used, ``verdicts`` (who and when, how it stands) those
    of people; ``below`` is what is below the item, in counts and sums, ``stand`` is for programs.
    """

    task: Task
    derived: Sequence[tuple[str, str]]
    related: Sequence[tuple[str, Sequence[Task]]]
    comments: Sequence[Comment]
    terms: Sequence[tuple[str, float, float]]
    blame: Mapping[str, str] = {}
    commits: Sequence[str] = ()
    scores: "Sequence[Scores]" = ()
    verdicts: Sequence[tuple[str, str]] = ()
    below: "Rollup | None" = None
    stand: Stand | None = None
