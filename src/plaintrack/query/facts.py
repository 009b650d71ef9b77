"""What a query may ask beside the item itself."""

import datetime
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from plaintrack.model.fields import UPWARD, Schema
from plaintrack.model.task import Task, fold
from plaintrack.query.urgency import DEFAULT, free, ordinal, own, pressed
from plaintrack.query.urgency import urgency as urgency_of
from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.config.scoring import Model
    from plaintrack.model.expected import Expected, Spent
    from plaintrack.model.sla import Clocks
    from plaintrack.query.score import Scoring
    from plaintrack.when.calendars import Stretch


def overdue(category: str, due: str, schema: Schema, today: datetime.date) -> bool:
    """Whether work of that category is not closed and the day on which it is due has passed."""
    if category in ("done", "cancelled"):
        return False
    found = day(due, schema.timezone)
    return found is not None and found < today


class Facts:
    """Facts of a whole snapshot: dependencies, hierarchy, and the figures derived from them."""

    __slots__ = (
        "_below",
        "_children",
        "_kinds",
        "_minutes",
        "_model",
        "_open",
        "_pressed",
        "_stretch",
        "_wanted",
        "addressed",
        "approved",
        "coefficients",
        "logged",
        "plan",
        "rolled",
        "schema",
        "scores",
        "sla",
        "tasks",
        "today",
        "updated",
    )

    def __init__(
        self,
        tasks: Iterable[Task],
        schema: Schema,
        today: datetime.date,
        urgency: Mapping[str, float] | None = None,
        updated: Mapping[str, str] | None = None,
        scores: "Mapping[str, Model] | None" = None,
        minutes: Callable[[datetime.date], int] | None = None,
        plan: "Callable[[], Mapping[str, Expected]]" = dict,
        logged: "Callable[[], Mapping[str, Spent]]" = dict,
        sla: "Callable[[], Mapping[str, Clocks]]" = dict,
        approved: Callable[[], Set[str]] = frozenset,
        addressed: Callable[[], Mapping[str, Sequence[str]]] = dict,
        rolled: "Callable[[], Mapping[str, Spent]]" = dict,
    ) -> None:
        """``minutes`` gives the working time of a day; without it Monday to Friday are worked.
        ``plan`` gives folded id → what the plan says of an open item, ``logged`` what time records
        say of an item, ``rolled`` also of all below it, ``sla`` what its SLAs do; ``approved``
        gives the folded ids of what is approved, ``addressed`` folded id → folded names that its
        comments and updates mention.
        """
        self.tasks = tuple(tasks)
        self.schema = schema
        self.today = today
        self.coefficients = urgency or {}
        self.updated = updated or {}
        self.scores = scores or {}
        self.plan = plan
        self.logged = logged
        self.rolled = rolled
        self.sla = sla
        self.approved = approved
        self.addressed = addressed
        self._model: Scoring | None = None
        self._minutes = minutes
        self._stretch: Stretch | None = None
        self._pressed: dict[Hashable, float] | None = None
        self._kinds: Mapping[str, str] | None = None
        self._open = {fold(task.id) for task in self.tasks if task.id and not self.closed(task)}
        self._wanted: set[str] = set()
        self._children: dict[str, list[Task]] = {}
        self._below: dict[str, frozenset[str]] = {}
        for task in self.tasks:
            if not self.closed(task):
                self._wanted.update(fold(each) for each in task.many("depends_on") if each)
            for link in {fold(each) for name in UPWARD for each in task.many(name) if each}:
                self._children.setdefault(link, []).append(task)

    def category(self, task: Task) -> str:
        """The category that the task has in its place."""
        return self.schema.standing(task.path, task.text("status"))

    def closed(self, task: Task) -> bool:
        """Whether the task is done or cancelled."""
        return self.category(task) in ("done", "cancelled")

    def blocked(self, task: Task) -> bool:
        """Whether the task is not closed, and depends on an existing item that is not closed or
        has a `blocker`.
        """
        if self.closed(task):
            return False
        waits = any(fold(each) in self._open for each in task.many("depends_on") if each)
        return waits or bool(self.reason(task))

    def reason(self, task: Task) -> str:
        """What blocks the task, in words."""
        return "" if "blocker" in self.schema.own else task.text("blocker")

    def blocking(self, task: Task) -> bool:
        """Whether the task is not closed and one that is not closed depends on it."""
        return not self.closed(task) and bool(task.id) and fold(task.id) in self._wanted

    def waiting(self, task: Task) -> bool:
        """Whether the task's ``wait`` is after today."""
        wait = day(task.text("wait"), self.schema.timezone)
        return wait is not None and wait > self.today

    def overdue(self, task: Task) -> bool:
        """Whether the task is not closed and the day on which it is due has passed."""
        return overdue(self.category(task), task.text("due"), self.schema, self.today)

    def state(self, task: Task) -> str:
        """Where an item stands, in one word: the first that holds of cancelled, done, overdue,
        blocked, waiting, active and ready.

        It is `overdue` once the day on which it is due has passed, `blocked` while it has a
        `blocker` or depends on open items, `waiting` until the day of its `wait`, and `active` or
        `ready` by the category of its status. The terms `is:overdue`, `is:blocked`, `is:waiting`,
        `is:active` and `is:ready` each ask for one of these, whatever else holds: a blocked item
        that is overdue has the state `overdue` and is found by both.
        """
        category = self.category(task)
        if category in ("cancelled", "done"):
            return category
        tests = (("overdue", self.overdue), ("blocked", self.blocked), ("waiting", self.waiting))
        for name, holds in tests:
            if holds(task):
                return name
        return "active" if category == "active" else "ready"

    def children(self, task: Task) -> list[Task]:
        """The tasks that link to this one by parent, project, milestone or goal."""
        return self._children.get(fold(task.id), []) if task.id else []

    def progress(self, task: Task) -> float | None:
        """Ticked steps, or else closed children, in percent; None with neither."""
        if task.steps:
            return sum(1 for step in task.steps if step.done) * 100.0 / len(task.steps)
        children = self.children(task)
        if children:
            return sum(1 for each in children if self.closed(each)) * 100.0 / len(children)
        return None

    def age(self, task: Task) -> float | None:
        """Days since the task was created."""
        made = ordinal(task.text("created"), self.schema.timezone)
        return None if made is None else float(self.today.toordinal() - made)

    def urgency(self, task: Task) -> float:
        """The task's urgency."""
        return urgency_of(task, self, self.coefficients, self.today)

    @property
    def stretch(self) -> "Stretch":
        """The working time from today on."""
        if self._stretch is None:
            from plaintrack.when.calendars import Stretch

            self._stretch = Stretch(self.today, self._minutes, self.schema.day)
        return self._stretch

    def left(self, task: Task) -> float | None:
        """The minutes of work that are left of the task, by time records where it has any."""
        told = self.logged().get(fold(task.id)) if task.id else None
        said = self._said_left(task)
        return said if told is None else told.rest(said)

    def _said_left(self, task: Task) -> float | None:
        """What remains by the task itself, else its estimate."""
        from plaintrack.query.columns import measure

        for name in ("remaining", "estimate"):
            field, text = self.schema.fields[name], task.text(name)
            found = measure(field, text, self.schema) if text else None
            if found is not None and field.kind == "duration":
                return found
        return None

    def pressing(self, task: Task, otherwise: float) -> float:
        """The largest urgency of what waits for the task, see ``urgency.pressed``."""
        if self._pressed is None:
            live = [each for each in self.tasks if not self.closed(each)]
            weights = {**DEFAULT, **self.coefficients}
            values: dict[Hashable, float] = {
                each.path: free(own(each, self, weights, self.today)) for each in live
            }
            paths: dict[str, list[str]] = {}
            for each in live:
                if each.id:
                    paths.setdefault(fold(each.id), []).append(each.path)
            waits = (
                (each.path, path)
                for each in live
                for name in each.many("depends_on")
                for path in paths.get(fold(name), ())
            )
            self._pressed = pressed(values, waits)
        return self._pressed.get(task.path, otherwise)

    def score(self, task: Task) -> float | None:
        """The task's score by the first scoring model; None if it is unscored. Raises BadModel."""
        from plaintrack.query.score import score, scoring

        self._model = self._model or scoring(self.scores, self.schema)
        return score(self._model, task, self.schema).value

    def kind(self, task: Task) -> str:
        """Whether the task is work on a project or operations; of one that is not among the tasks,
        what it says itself.
        """
        from plaintrack.plan.outline import Outline, Piece

        if self._kinds is None:
            self._kinds = Outline([Piece(each) for each in self.tasks]).kinds_by_path()
        return self._kinds.get(task.path, task.text("kind"))

    def expected(self, task: Task) -> "Expected":
        """What the plan says of the task."""
        from plaintrack.model.expected import NOTHING

        return self.plan().get(fold(task.id), NOTHING) if task.id else NOTHING

    def clocks(self, task: Task) -> "Clocks":
        """What the SLAs say of the task."""
        return self.sla().get(fold(task.id), {}) if task.id else {}

    def said(self, task: Task, field: str) -> "str | float | bool | tuple[str, ...] | None":
        """What the plan or, of their fields, time records and SLAs say of the task."""
        from plaintrack.query.columns import LOGGED, ROLLED

        if field in self.schema.slas:
            from plaintrack.model.sla import value

            return value(self.clocks(task), field)
        if field not in LOGGED:
            found: str | float | bool | tuple[str, ...] | None
            found = getattr(self.expected(task), field)
            return found
        logged = self.rolled() if field in ROLLED else self.logged()
        spent = logged.get(fold(task.id)) if task.id else None
        return None if spent is None else getattr(spent, field)

    def below(self, id: str) -> frozenset[str]:
        """The paths of everything below an item, itself excluded."""
        root = fold(id)
        if root not in self._below:
            paths: set[str] = set()
            todo = [root]
            while todo:
                for child in self._children.get(todo.pop(), ()):
                    if child.path not in paths:
                        paths.add(child.path)
                        if child.id:
                            todo.append(fold(child.id))
            self._below[root] = frozenset(paths)
        return self._below[root]
