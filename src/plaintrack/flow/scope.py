"""Scope: what belongs to an iteration, a milestone or a project on each day, what of it is done,
and what came and went.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.flow.answer import Answer, Chart, View, day, rounded
from plaintrack.flow.passage import Passage, many
from plaintrack.flow.series import State
from plaintrack.model.count import plural
from plaintrack.model.task import fold

MEMBER = ("iteration", "milestone", "project", "parent", "goal")
"""The fields by which an item belongs to another, day by day."""


class Part(NamedTuple):
    """What an item was to the scope from a moment on: whether it belonged to it and was done, and
    its size.
    """

    time: int
    inside: bool
    done: bool
    size: float | None
    who: str


def parts(item: Passage, view: View) -> list[Part]:
    """What an item was to the scope over time. Cancelled and deleted work is not in it."""
    found: list[Part] = []
    for state in item.states:
        inside = _inside(state, view)
        done = inside and state.category == "done"
        part = Part(
            state.time, inside, done, view.size(state.fields) if inside else None, state.who
        )
        if not found or found[-1][1:4] != part[1:4]:
            found.append(part)
    return found


def _inside(state: State, view: View) -> bool:
    if not state.here or state.category == "cancelled":
        return False
    return view.fixed or view.member(state.fields)


class Day(NamedTuple):
    """The scope at the end of a day: sizes, and items without one."""

    ordinal: int
    scope: float
    done: float
    items: int
    done_items: int
    unsized: int


def days(view: View) -> list[Day]:
    """The scope at the end of each day looked at."""
    deltas: dict[int, list[float]] = defaultdict(lambda: [0.0] * 5)
    for item in view.items:
        before = Part(0, False, False, None, "")
        for part in parts(item, view):
            change = deltas[max(view.day(part.time), view.first)]
            for sign, each in ((-1, before), (1, part)):
                if each.inside:
                    size = each.size or 0.0
                    change[0] += sign * size
                    change[1] += sign * size * each.done
                    change[2] += sign
                    change[3] += sign * each.done
                    change[4] += sign * (each.size is None)
            before = part
    found, totals = [], [0.0] * 5
    for when in range(view.first, view.last + 1):
        if when in deltas:
            totals = [total + each for total, each in zip(totals, deltas[when], strict=True)]
        scope, done, items, closed, unsized = totals
        found.append(Day(when, scope, done, int(items), int(closed), int(unsized)))
    return found


def burnup(view: View) -> Answer:
    """Scope and done, day by day."""
    found = days(view)
    rows = [(day(each.ordinal), rounded(each.scope), rounded(each.done)) for each in found]
    chart = Chart(
        "line", "day", view.unit,
        {"scope": [(row[0], row[1]) for row in rows], "done": [(row[0], row[2]) for row in rows]},
    )  # fmt: skip
    return Answer(("day", "scope", "done"), rows, _facts(found), (chart,), _notes(view, found))


def burndown(view: View) -> Answer:
    """What is left, day by day."""
    found = days(view)
    rows = [(day(each.ordinal), rounded(each.scope - each.done)) for each in found]
    series = {"left": rows}
    if found and view.goal.get("start") and view.goal.get("due"):
        start, due = view.goal["start"], view.goal["due"]
        whole = next((each.scope - each.done for each in found if each.ordinal >= start), 0.0)
        ideal = [
            (day(each.ordinal), rounded(whole * (due - each.ordinal) / max(1, due - start)))
            for each in found
            if start <= each.ordinal <= due
        ]
        series["even pace"] = ideal
    chart = Chart("line", "day", view.unit, series)
    return Answer(("day", "left"), rows, _facts(found), (chart,), _notes(view, found))


def _facts(found: Sequence[Day]) -> dict[str, Any]:
    if not found:
        return {}
    first, last = found[0], found[-1]
    return {
        "scope at first": rounded(first.scope),
        "scope at last": rounded(last.scope),
        "done": rounded(last.done),
        "left": rounded(last.scope - last.done),
        "items": last.items,
        "items done": last.done_items,
    }


def _notes(view: View, found: Sequence[Day]) -> list[str]:
    notes = []
    if found and found[-1].unsized:
        notes.append(f"{plural(found[-1].unsized, 'item')} without a size not in {view.unit}")
    notes.append(basis(view))
    return notes


def basis(view: View) -> str:
    """In words: what belonged to the scope when."""
    if view.fixed:
        return "the scope is the items that match now, also on the days before they did"
    return "an item counts on the days on which its fields said that it belonged to it"


class Moved(NamedTuple):
    """One change of scope: when, of which item, ``added`` or ``removed``, what it counted, by
    whom, and why.
    """

    time: int
    item: Passage
    kind: str
    size: float | None
    who: str
    why: str


def moved(view: View, first: int, last: int) -> Iterator[Moved]:
    """What came to the scope and left it from one moment on (not included) to another."""
    for item in view.items:
        before = Part(0, False, False, None, "")
        for part in parts(item, view):
            if first < part.time <= last:
                if part.inside != before.inside:
                    kind = "added" if part.inside else "removed"
                    size = part.size if part.inside else before.size
                    yield Moved(part.time, item, kind, size, part.who, _why(item, part))
                elif part.inside and part.size != before.size:
                    change = (part.size or 0) - (before.size or 0)
                    yield Moved(part.time, item, "resized", change, part.who, "")
            before = part


def _why(item: Passage, part: Part) -> str:
    state = next(each for each in reversed(item.states) if each.time <= part.time)
    if not state.here:
        return "deleted"
    return "cancelled" if state.category == "cancelled" else ""


def at(view: View, moment: int) -> dict[str, tuple[Passage, Part]]:
    """What was in the scope at a moment, by key."""
    found = {}
    for item in view.items:
        past = [part for part in parts(item, view) if part.time <= moment]
        if past and past[-1].inside:
            found[item.key] = (item, past[-1])
    return found


def scope(view: View) -> Answer:
    """What was added to the scope and removed from it, when and by whom."""
    first, last = edge(view, view.first) - 1, view.now
    rows = [
        (
            day(view.day(each.time)), each.kind, each.item.id,
            str(each.item.fields.get("title") or ""), rounded(each.size), each.who, each.why,
        )
        for each in sorted(moved(view, first, last), key=lambda each: (each.time, each.item.key))
    ]  # fmt: skip
    totals: dict[str, float] = defaultdict(float)
    for row in rows:
        totals[row[1]] += float(row[4] or 0)
    facts = {f"{name} ({view.unit})": rounded(totals[name]) for name in ("added", "removed")}
    if totals.get("resized"):
        facts["resized by"] = rounded(totals["resized"])
    columns = ("day", "change", "id", "title", view.unit, "by", "why")
    return Answer(columns, rows, facts, (), [basis(view)])


def edge(view: View, ordinal: int) -> int:
    """The first moment of a day."""
    low, high = 0, 1 << 36
    while low < high:
        middle = (low + high) // 2
        if view.day(middle) < ordinal:
            low = middle + 1
        else:
            high = middle
    return low


# Iterations


class Iteration(NamedTuple):
    """One iteration: an item of type milestone with its first and last day."""

    key: str
    id: str
    title: str
    first: int
    last: int


def velocity(view: View, iterations: Sequence[Iteration]) -> Answer:
    """What each iteration began with and completed, and what was added, removed, rolled over."""
    rows = []
    for each in iterations:
        if each.first <= view.today:
            rows.append(_iteration(view, each))
    completed = [float(row[5] or 0) for row in rows if row[3] < day(view.today)]
    facts = {
        "iterations": len(rows),
        "mean of those finished": rounded(sum(completed) / len(completed)) if completed else None,
    }
    titles = [str(row[1]) for row in rows]
    names = titles if len(set(titles)) == len(titles) else [str(row[0]) for row in rows]
    points = {
        "committed": [(name, float(row[4] or 0)) for name, row in zip(names, rows, strict=True)],
        "completed": [(name, float(row[5] or 0)) for name, row in zip(names, rows, strict=True)],
    }
    columns = (
        "iteration", "title", "first", "last", "committed", "completed", "added", "removed",
        "rolled over", "added ids", "removed ids", "rolled over ids",
    )  # fmt: skip
    notes = [f"sizes in {view.unit}, as they were at the end of the first day"]
    return Answer(columns, rows, facts, (Chart("bar", "iteration", view.unit, points),), notes)


def _iteration(view: View, each: Iteration) -> tuple[Any, ...]:
    mine = view._replace(fixed=False, member=lambda fields: belongs(fields, each.key))
    start = edge(view, each.first + 1) - 1
    end = min(edge(view, each.last + 1) - 1, view.now)
    committed, final = at(mine, start), at(mine, end)
    completed = {key for key, (_, part) in final.items() if part.done}
    added = {key for key in final if key not in committed}
    removed = {key for key in committed if key not in final}
    rolled = {key for key in final if key not in completed} if each.last < view.today else set()
    known = {**final, **committed}

    def size(keys: Any) -> float | int | None:
        return rounded(sum(known[key][1].size or 0 for key in keys))

    def ids(keys: Any) -> str:
        return " ".join(sorted(known[key][0].id for key in keys))

    return (
        each.id, each.title, day(each.first), day(each.last), size(committed),
        size(completed & committed.keys()), size(added), size(removed), size(rolled),
        ids(added), ids(removed), ids(rolled),
    )  # fmt: skip


def belongs(fields: Mapping[str, Any], key: str) -> bool:
    """Whether an item with these fields belongs to an iteration."""
    return any(
        fold(link) == key for name in ("iteration", "milestone") for link in many(fields, name)
    )
