"""Answer a question over tasks in memory; the index's SQL gives the same answers."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from plaintrack.model.fields import UPWARD
from plaintrack.model.ids import natural
from plaintrack.model.task import Task, fold, nfc
from plaintrack.query import columns, nodes
from plaintrack.query.columns import COLUMNS, haystack, measure
from plaintrack.query.facts import Facts
from plaintrack.query.nodes import Compare, Node, Question
from plaintrack.query.patterns import match, wild
from plaintrack.when.moments import key as moment_key

if TYPE_CHECKING:
    pass

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def texts(task: Task, field: str, facts: Facts) -> tuple[str, ...]:
    """The set values of a field; a column of the index is one text, others are folded."""
    if field in COLUMNS:
        if field == "updated":
            text = facts.updated.get(task.path, "")
        elif field in ("id", "path"):
            text = getattr(task, field)
        else:
            text = task.path.rpartition("/")[0] if field == "folder" else nfc(task.text(field))
        return (text,) if text else ()
    if columns.planned(field, facts.schema):
        return _planned(facts.said(task, field))
    return tuple(fold(each) for each in _values(task, field, facts) if each)


def _values(task: Task, field: str, facts: Facts) -> tuple[str, ...]:
    """The values of a field that is not a column of the index."""
    if columns.inherited(field, facts.schema):
        return (facts.kind(task),)
    if columns.stated(field, facts.schema):
        return (facts.state(task),)
    if field == columns.MENTIONS and field not in facts.schema.fields:
        said = facts.addressed().get(fold(task.id), ()) if task.id else ()
        return tuple(dict.fromkeys((*columns.mentions(task, facts.schema), *said)))
    return task.many(field)


def _planned(found: "str | float | bool | tuple[str, ...] | None") -> tuple[str, ...]:
    """What the plan or time records say, in the words of queries."""
    if isinstance(found, tuple):
        return tuple(map(fold, found))
    if isinstance(found, bool):
        return ("true" if found else "false",)
    return (str(found),) if found else ()


def numbers(task: Task, field: str, facts: Facts) -> tuple[float, ...]:
    """The numbers of a field that is compared as such."""
    if field in ("age", "progress", "urgency") or (field == "score" and facts.schema.scored):
        found = getattr(facts, field)(task)
        return () if found is None else (found,)
    if field == "updated":
        found = moment_key(facts.updated.get(task.path, ""), facts.schema.timezone)
        return () if found is None else (found,)
    if columns.planned(field, facts.schema):
        said = facts.said(task, field)
        if isinstance(said, str):
            said = moment_key(said, facts.schema.timezone) if said else None
        return () if said is None or isinstance(said, tuple) else (said,)
    if columns.stated(field, facts.schema):
        return (float(columns.STANDS.index(facts.state(task))),)
    declared = facts.schema.fields[field]
    values = (task.text(field),) if field in COLUMNS else _values(task, field, facts)
    measured = (measure(declared, nfc(each), facts.schema) for each in values if each)
    return tuple(each for each in measured if each is not None)


def comparables(task: Task, field: str, facts: Facts) -> tuple[str, ...] | tuple[float, ...]:
    """The key a field is compared by: a number, an instant, the parts of an id, folded text."""
    if columns.measured(field, facts.schema):
        return numbers(task, field, facts)
    keys = tuple(fold(each) for each in texts(task, field, facts))
    return tuple(map(natural, keys)) if columns.counted(field, facts.schema) else keys


def holds(node: Node, task: Task, facts: Facts) -> bool:
    """Whether the condition holds for the task."""
    return _HOLDS[type(node).__name__](node, task, facts)


def _compare(node: Compare, task: Task, facts: Facts) -> bool:
    test = _OPERATORS[node.op]
    for value in comparables(task, node.field, facts):
        if test(value, node.key) and (
            not node.also or _OPERATORS[node.also[0]](value, node.also[1])
        ):
            return True
    return False


def _in(node: nodes.In, task: Task, facts: Facts) -> bool:
    if node.field in UPWARD:
        return any(fold(each) in node.keys for each in task.many(node.field) if each)
    return any(fold(each) in node.keys for each in texts(task, node.field, facts))


def _has(node: nodes.Has, task: Task, facts: Facts) -> bool:
    if columns.figure(node.field, facts.schema):
        return bool(numbers(task, node.field, facts))
    return bool(texts(task, node.field, facts))


def _match(node: nodes.Match, task: Task, facts: Facts) -> bool:
    ignorecase = node.ignorecase or node.field not in COLUMNS
    return any(match(node.pattern, ignorecase, each) for each in texts(task, node.field, facts))


def _state(node: nodes.State, task: Task, facts: Facts) -> bool:
    closed = facts.closed(task)
    tests: dict[str, Callable[[], bool]] = {
        "open": lambda: not closed,
        "closed": lambda: closed,
        "active": lambda: facts.category(task) == "active",
        "overdue": lambda: facts.overdue(task),
        "ready": lambda: not closed and not facts.blocked(task) and not facts.waiting(task),
        "blocked": lambda: facts.blocked(task),
        "unassigned": lambda: not any(task.many("assignee")),
        "recurring": lambda: bool(task.text("repeat")),
        "waiting": lambda: not closed and facts.waiting(task),
        "blocking": lambda: facts.blocking(task),
        "done": lambda: facts.category(task) == "done",
        "cancelled": lambda: facts.category(task) == "cancelled",
        "archived": lambda: task.path.startswith(facts.schema.archive + "/"),
        "slipping": lambda: bool(facts.expected(task).slipping),
        "critical": lambda: bool(facts.expected(task).critical),
        "approved": lambda: fold(task.id) in facts.approved(),
        "breached": lambda: any(each.state == "breached" for each in facts.clocks(task).values()),
    }
    return tests[node.name]()


def _under(node: nodes.Under, task: Task, facts: Facts) -> bool:
    return fold(task.id) != fold(node.id) and task.path in facts.below(node.id)


_HOLDS: dict[str, Callable[[Any, Task, Facts], bool]] = {
    "And": lambda node, task, facts: all(holds(each, task, facts) for each in node.parts),
    "Or": lambda node, task, facts: any(holds(each, task, facts) for each in node.parts),
    "Not": lambda node, task, facts: not holds(node.part, task, facts),
    "Text": lambda node, task, _: node.needle in haystack(task),
    "In": _in,
    "Compare": _compare,
    "Has": _has,
    "Wild": lambda node, task, facts: any(
        wild(node.pattern, fold(each)) for each in texts(task, node.field, facts)
    ),
    "Match": _match,
    "State": _state,
    "Under": _under,
    "Everything": lambda *_: True,
}


def answer(question: Question, tasks: Iterable[Task], facts: Facts) -> list[Task]:
    """The tasks asked for, in the order asked for; ties by the numbers and letters of the id, then
    path; unset values last either way.
    """
    found = _sorted(
        [task for task in tasks if holds(question.where, task, facts)], question.sort, facts
    )
    if question.limit is not None:
        found = found[: question.limit]
    return found if question.shown is None else _sorted(found, question.shown, facts)


def _sorted(found: list[Task], order: nodes.Order, facts: Facts) -> list[Task]:
    found.sort(key=lambda task: (natural(fold(task.id)), task.id, task.path))
    for field, descending in reversed(order):
        keyed = [(comparables(task, field, facts), task) for task in found]
        some = [(min(values), task) for values, task in keyed if values]
        some.sort(key=lambda pair: pair[0], reverse=descending)
        found = [task for _, task in some] + [task for values, task in keyed if not values]
    return found
