"""The outline of the work: what is a part of what, which goal it serves, how much work it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.timeclock.left import NOTHING, left

GROUPS = ("goal", "project", "milestone")
"""Types of items that hold work and are none themselves."""
NOTED = ("risk", "decision")
"""Types of items that are work only if they have an estimate."""
KINDS = ("project", "operations")
_SERVING = ("goal", "parent", "milestone", "project")
_WITHIN = ("parent", "milestone", "project")


class Piece(NamedTuple):
    """One item with its measures: minutes of ``estimate`` and ``remaining`` (None: not known), the
    ``category`` of its status, the ordinal of the day on which it is ``due``, and its steps.
    """

    task: Task
    category: str = "open"
    estimate: float | None = None
    remaining: float | None = None
    due: int | None = None
    steps: int = 0
    ticked: int = 0
    logged: float | None = None
    """Minutes logged on it; None: none."""
    unsure: bool = False
    """It is not known what is left of it: more is logged than was said."""
    rest: float | None = None
    """What is left of it by time records."""

    @property
    def closed(self) -> bool:
        """Whether it is done or cancelled."""
        return self.category in ("done", "cancelled")

    @property
    def left(self) -> float | None:
        """The minutes that are left of it: what remains, else its estimate; None if unknown."""
        if self.closed:
            return 0.0
        if self.logged is not None and (self.rest is not None or self.unsure):
            return self.rest
        return left(self.estimate, self.remaining, NOTHING)


class Effort(NamedTuple):
    """How much work there is: pieces of work that are not cancelled, and minutes.

    ``unestimated`` counts those without an estimate, ``unknown`` those of which no one knows how
    much was spent on them.
    """

    items: int = 0
    closed: int = 0
    unestimated: int = 0
    planned: float = 0.0
    done: float = 0.0
    left: float = 0.0
    spent: float = 0.0
    unknown: int = 0


def total(efforts: Iterable[Effort]) -> Effort:
    """Several efforts together."""
    found = list(efforts)
    return Effort(
        items=sum(each.items for each in found),
        closed=sum(each.closed for each in found),
        unestimated=sum(each.unestimated for each in found),
        planned=sum(each.planned for each in found),
        done=sum(each.done for each in found),
        left=sum(each.left for each in found),
        spent=sum(each.spent for each in found),
        unknown=sum(each.unknown for each in found),
    )


def effort(piece: Piece) -> Effort:
    """The effort of one piece of work."""
    done = piece.category == "done"
    used = spent(piece)
    return Effort(
        items=1,
        closed=int(done),
        unestimated=int(piece.estimate is None),
        planned=piece.estimate or 0.0,
        done=(piece.estimate or 0.0) if done else 0.0,
        left=piece.left or 0.0,
        spent=used or 0.0,
        unknown=int(used is None),
    )


def spent(piece: Piece) -> float | None:
    """The effort spent, as far as it is known.

    Where time is logged on an item, it is that: the sum of its time entries, by its id or one that
    it had before, whoever logged them; a running timer is not in it.

    Without time entries it is what the estimate was less what remains: nothing of work that has not
    begun, all of work that is done. Of work in progress without `remaining`, without an estimate,
    or with more left than was estimated it is not known, and such items are counted beside the sum.

    The field `spent` in lists, checks and rules is the logged time alone.
    """
    if piece.logged is not None:
        return piece.logged
    if piece.category == "open" and piece.remaining is None:
        return 0.0
    if piece.estimate is None:
        return None
    if piece.category == "done":
        return piece.estimate
    if piece.remaining is None or piece.remaining > piece.estimate:
        return None
    return piece.estimate - piece.remaining


def progress(found: Effort) -> float | None:
    """How much of the work is done, from 0 to 1, weighed by effort.

    It is the estimates of what is done, divided by the estimates of all work below that is not
    cancelled. Items without an estimate are counted beside it and are not part of the number; with
    no estimate at all there is none. Work is what has nothing below it: the estimate of an item
    with sub-items does not count, that of its sub-items does. Goals, projects and milestones are
    not work; risks and decisions are if they have an estimate. Archived work counts.

    This is the progress of goals and projects. In lists and in `show`, the `progress` of an item is
    the part of its steps that is ticked, else of its sub-items that are closed.
    """
    return found.done / found.planned if found.planned else None


class Outline:
    """All items of a snapshot, and what follows from the links between them."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = sorted(pieces, key=lambda piece: piece.task.path)
        self.numbers: dict[str, int] = {}
        """Folded id → the number of its item; of several with one id the first by path."""
        for number, piece in enumerate(self.pieces):
            if piece.task.id:
                self.numbers.setdefault(fold(piece.task.id), number)

    def links(self, number: int, fields: Iterable[str]) -> list[tuple[str, str]]:
        """The links of an item: (field, folded id or name), in the order of the fields."""
        task = self.pieces[number].task
        return [(field, fold(each)) for field in fields for each in task.many(field) if each]

    @cached_property
    def children(self) -> Mapping[int, Sequence[int]]:
        """The number of an item → the numbers of those right below it."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.pieces)):
            for key in dict.fromkeys(key for _, key in self.links(number, UPWARD)):
                above = self.numbers.get(key)
                if above is not None and above != number:
                    found.setdefault(above, []).append(number)
        return found

    @cached_property
    def parents(self) -> Sequence[Sequence[int]]:
        """For each item the numbers of those right above it."""
        found: list[list[int]] = [[] for _ in self.pieces]
        for above, below in self.children.items():
            for number in below:
                found[number].append(above)
        return found

    def below(self, number: int) -> list[int]:
        """The numbers of everything below an item, itself excluded, in their order."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            for child in self.children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        found.discard(number)
        return sorted(found)

    @cached_property
    def work(self) -> Sequence[int]:
        """The numbers of the pieces of work that are not cancelled."""
        summaries = {
            number
            for number, children in self.children.items()
            if any(self._counts(child) for child in children)
        }
        return [
            number
            for number, piece in enumerate(self.pieces)
            if number not in summaries and piece.task.text("type") not in GROUPS
            if self._counts(number)
        ]

    def effort(self, number: int) -> Effort:
        """The effort of a piece of work."""
        return effort(self.pieces[number])

    def _counts(self, number: int) -> bool:
        """Whether an item is work, or holds some."""
        piece = self.pieces[number]
        if piece.category == "cancelled":
            return False
        return piece.task.text("type") not in NOTED or piece.estimate is not None

    @cached_property
    def goals(self) -> Sequence[str]:
        """The goal that each item serves; of a goal the one above it.

        It is the goal that its `goal` names, else that of its parent, its milestone or its project,
        in this order. So each item serves one goal, and the efforts of all goals, with those of the
        work that serves none, add up to all there is. A `goal` that names no item counts as a goal
        of that name.
        """

        def says(field: str, key: str, above: int | None) -> str:
            if above is None:
                return key if field == "goal" else ""
            return key if self.pieces[above].task.text("type") == "goal" else ""

        return self._climb(_SERVING, says)

    @cached_property
    def served(self) -> Sequence[Sequence[str]]:
        """All goals that each item serves, in whatever way: by its own `goal`, and by those of its
        parent, its milestone and its project, and of what these are a part of; of each way up the
        first goal. Of a goal it is that goal. A `goal` that names no item counts as one of that
        name.
        """
        return [self._served(number) for number in range(len(self.pieces))]

    def _served(self, first: int) -> list[str]:
        found: dict[str, None] = {}
        seen, waiting = {first}, [first]
        while waiting:
            number = waiting.pop()
            task = self.pieces[number].task
            if task.text("type") == "goal":
                found[fold(task.id)] = None
                continue
            for field, key in self.links(number, _SERVING):
                above = self.numbers.get(key)
                if above is None and field == "goal":
                    found[key] = None
                elif above is not None and above not in seen:
                    seen.add(above)
                    waiting.append(above)
        return list(found)

    @cached_property
    def projects(self) -> Sequence[str]:
        """The folded id of the project that each item belongs to, by its own links or those of
        what it is a part of; of a project itself. A `project` that names no item counts as one of
        that name.
        """

        def says(field: str, key: str, above: int | None) -> str:
            if above is None:
                return key if field == "project" else ""
            return key if self.pieces[above].task.text("type") == "project" else ""

        found = self._climb(("project", "parent", "milestone"), says)
        return [
            fold(piece.task.id) if piece.task.text("type") == "project" else project
            for piece, project in zip(self.pieces, found, strict=True)
        ]

    @cached_property
    def kinds(self) -> Sequence[str]:
        """Whether each item is work on a project, which ends, or operations, which go on: `project`
        or `operations`; a goal is neither.

        It is what its own `kind` says, else what the first item says that it is a part of (by
        `parent`, `milestone` or `project`): that item's `kind`, or `project` for a project with a
        due date. Where none says anything it is operations.
        """

        def said(number: int) -> str:
            task = self.pieces[number].task
            if task.text("kind") in KINDS:
                return task.text("kind")
            return "project" if task.text("type") == "project" and task.text("due") else ""

        def says(_field: str, _key: str, above: int | None) -> str:
            return "" if above is None else said(above)

        above = self._climb(_WITHIN, says)
        goal = [piece.task.text("type") == "goal" for piece in self.pieces]
        return [
            "" if goal[number] else said(number) or above[number] or "operations"
            for number in range(len(self.pieces))
        ]

    def kinds_by_path(self) -> dict[str, str]:
        """Path of an item → its kind."""
        return {piece.task.path: kind for piece, kind in zip(self.pieces, self.kinds, strict=True)}

    @cached_property
    def phases(self) -> Sequence[str]:
        """For each item the ``phase`` of its project that it belongs to: its own, else that of the
        first item above it that is not a project; empty if there is none.
        """

        def said(number: int) -> str:
            task = self.pieces[number].task
            return "" if task.text("type") == "project" else task.text("phase")

        def says(_field: str, _key: str, above: int | None) -> str:
            return "" if above is None else said(above)

        above = self._climb(("parent", "milestone"), says)
        return [said(number) or above[number] for number in range(len(self.pieces))]

    def _climb(
        self, fields: Sequence[str], says: Callable[[str, str, int | None], str]
    ) -> list[str]:
        """For each item what the first one above it says, along these links in their order; empty
        if none says anything. A way that leads back is not followed.
        """
        found: list[str | None] = [None] * len(self.pieces)
        for first in range(len(self.pieces)):
            if found[first] is None:
                self._settle(first, fields, says, found)
        return [each or "" for each in found]

    def _settle(
        self,
        first: int,
        fields: Sequence[str],
        says: Callable[[str, str, int | None], str],
        found: list[str | None],
    ) -> None:
        """Find what is said of one item, and of all those above it that are not known yet."""
        stack = [first]
        ways = {first: self.links(first, fields)[::-1]}  # of the items on the way from the first
        while stack:
            number = stack[-1]
            answer, unknown = "", None
            while ways[number] and not answer:
                field, key = ways[number][-1]
                above = self.numbers.get(key)
                answer = says(field, key, above)
                if not answer and above is not None and above not in ways:
                    if found[above] is None:
                        unknown = above
                        break
                    answer = found[above] or ""
                ways[number].pop()
            if unknown is not None:  # it is looked at first, and the same link again after that
                stack.append(unknown)
                ways[unknown] = self.links(unknown, fields)[::-1]
            else:
                found[number] = answer
                del ways[stack.pop()]


def operations(outline: Outline) -> tuple[Effort, Effort]:
    """How much of the open work is operations, which go on, beside that of projects, which end.

    Work is operations where `kind` says so, and by default where it is not below a project with a
    due date. Its share is what is left of it (`remaining`, else `estimate`), divided by what is
    left of all open work; items without an estimate are counted beside it.
    """
    waiting = [number for number in outline.work if not outline.pieces[number].closed]
    running = [number for number in waiting if outline.kinds[number] == "operations"]
    return total(map(outline.effort, waiting)), total(map(outline.effort, running))


def share(whole: Effort, part: Effort) -> float | None:
    """What part of what is left of the whole this is; None if nothing is."""
    return part.left / whole.left if whole.left else None
