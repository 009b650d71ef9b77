"""A Series: what became of every item along one line of commits, folded once from Changes."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.model.task import Value, fold

Fields = Mapping[str, Value | None]


class Step(NamedTuple):
    """What one commit changed of one item.

    ``landed`` is when the commit reached the line of the branch asked about (Unix seconds): the
    commit's date, or that of the one before it if that is later. -1: the step was made on a branch
    that was merged later, and is seen only when authors' dates are asked for. ``authored`` is the
    author's date, of a merge the latest among the commits that it brought. ``changes`` has the new
    values (None: removed); ``+`` says that the item came to be, ``-`` that it was deleted.
    """

    position: int
    landed: int
    authored: int
    who: str
    changes: Fields


class Workflow(NamedTuple):
    """What the settings said of statuses, from a position of the line on."""

    position: int
    time: int
    statuses: Mapping[str, str]


class Series(NamedTuple):
    """The steps of every item by its folded id, the oldest first, up to the last commit, and the
    workflows; ``first`` and ``last`` are when the line began and ended (Unix seconds).
    """

    lives: Mapping[str, Sequence[Step]]
    workflows: Sequence[Workflow]
    first: int
    last: int
    commits: int


def made(
    lives: Sequence[tuple[str, list[Any]]],
    workflows: Sequence[tuple[int, int, dict[str, str]]],
    cut: int,
    first: int,
    last: int,
) -> Series:
    """The Series up to the position ``cut``, of what the cache holds."""
    found: dict[str, list[Step]] = {}
    for item, raw in lives:
        if raw[0][0] > cut:
            continue
        if raw[-1][0] <= cut:
            found[item] = [Step(*each) for each in raw]
        else:
            steps = [Step(*each) for each in raw if each[0] <= cut]
            found[key_of(steps)] = steps
    flows = [Workflow(*each) for each in workflows if each[0] <= cut]
    return Series(found, flows, first, last, cut + 1)


def key_of(steps: Sequence[Sequence[Any]]) -> str:
    """The folded id that an item has after its steps."""
    return fold(str(next(step[4]["id"] for step in reversed(steps) if step[4].get("id"))))


class State(NamedTuple):
    """What an item was from a moment on: ``here`` says whether it was there at all."""

    time: int
    who: str
    here: bool
    fields: Mapping[str, Any]
    category: str


Moments = Callable[[Step], int]


def landed(step: Step) -> int:
    """A step's moment: when it reached the line of the branch."""
    return step.landed


def authored(step: Step) -> int:
    """A step's moment by its author's date."""
    return step.authored


class Categories:
    """What a status meant at a position: by the settings of the commit."""

    def __init__(self, series: Series, now: Mapping[str, str]) -> None:
        """``now`` are the present statuses, which hold where no settings are known."""
        self.flows = list(series.workflows) or [Workflow(0, series.first, now)]
        self.positions = [each.position for each in self.flows]

    def of(self, status: str, position: int) -> str:
        """The category of a status; an unknown one counts as ``open``, as everywhere."""
        at = max(0, bisect_right(self.positions, position) - 1)
        return self.flows[at].statuses.get(status, "open")

    def between(self, one: int, two: int) -> list[Workflow]:
        """The workflows that began after a position, and up to another."""
        if len(self.flows) == 1:
            return []
        return [each for each in self.flows if one < each.position <= two]


def states(
    steps: Sequence[Step], categories: Categories, end: int, by_author: bool = False
) -> list[State]:
    """What an item was, each state from its moment on, in order of time; ``end`` is the position of
    the last commit. A change of the workflow alone makes a state too.
    """
    found: list[State] = []
    fields: dict[str, Any] = {}
    here, time, before = False, 0, -1
    for step in [*steps, None]:
        upto = end if step is None else step.position
        if here:
            for flow in categories.between(before, upto):
                category = flow.statuses.get(str(fields.get("status") or ""), "open")
                if category != found[-1].category and (step is None or flow.position < upto):
                    found.append(State(max(time, flow.time), "", True, dict(fields), category))
        if step is None:
            break
        if step.landed < 0 and not by_author:
            continue
        time = max(time, step.authored if by_author else step.landed)
        here = _applied(fields, step.changes, here)
        category = categories.of(str(fields.get("status") or ""), step.position)
        found.append(State(time, step.who, here, dict(fields), category))
        before = step.position
    return found


def upto(steps: Sequence[Step], end: int) -> Mapping[str, Value] | None:
    """The fields of an item before a moment (Unix seconds); None: it was not there."""
    fields: dict[str, Any] = {}
    here = False
    for step in steps:
        if 0 <= step.landed < end:
            here = _applied(fields, step.changes, here)
    return fields if here else None


def _applied(fields: dict[str, Any], changes: Fields, here: bool) -> bool:
    """Change the fields; whether the item is there then."""
    if "+" in changes:
        fields.clear()
        here = True
    for name, value in changes.items():
        if name in ("+", "-"):
            continue
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
    return here and "-" not in changes
