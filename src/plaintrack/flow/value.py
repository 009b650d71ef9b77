"""Earned value against a baseline, and the trend of milestones."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from plaintrack.flow.answer import Answer, Chart, View, day, rounded
from plaintrack.flow.passage import Passage
from plaintrack.model.count import plural

RULES = ("0/100", "50/50", "remaining")
"""How an item earns: all when it is done; half when it is begun; what no longer remains."""


TINY = 1e-9
"""Hours below which two sums are the same."""


class Work(NamedTuple):
    """One item of the baseline, in hours: what it was estimated at, and between which days
    (ordinals); whether it is begun, done, and what remains of it now (None: not said); what was
    spent on it (None: unknown). ``gone``: it was cancelled or deleted since.
    """

    id: str
    title: str
    estimate: float
    start: int
    due: int
    begun: bool
    done: bool
    remaining: float | None
    spent: float | None
    gone: bool
    done_day: int | None = None


def earned(work: Work, rule: str) -> float:
    """What an item has earned by a rule, in hours. Cancelled and deleted work earns nothing."""
    if work.gone:
        return 0.0
    if work.done:
        return work.estimate
    if rule == "50/50":
        return work.estimate / 2 if work.begun else 0.0
    if rule == "remaining" and work.remaining is not None and work.begun:
        return max(0.0, work.estimate - work.remaining)
    return 0.0


def planned(works: Sequence[Work], at: int) -> float:
    """PV: what was to be done by the end of a day, each estimate spread evenly over its days."""
    total = 0.0
    for each in works:
        length = each.due - each.start + 1
        total += each.estimate * min(1.0, max(0.0, (at - each.start + 1) / length))
    return total


def schedule_earned(works: Sequence[Work], value: float, passed: int) -> float:
    """ES: the days from the start of the plan until PV was ``value``; within a day by its part.
    Where nothing was planned for some days, so that it was that for longer, the day of these that
    is nearest to ``passed`` days.
    """
    first, last = min(each.start for each in works), max(each.due for each in works)
    before = 0.0
    for at in range(first, last + 1):
        now = planned(works, at)
        if now < value - TINY:
            before = now
            continue
        if now > value + TINY:
            return at - first + (value - before) / (now - before)
        end = at
        while end < last and planned(works, end + 1) <= value + TINY:
            end += 1
        return float(min(max(at - first + 1, passed), end - first + 1))
    return float(last - first + 1)


def actual_time(works: Sequence[Work], today: int) -> int:
    """AT: the days from the start of the plan until today, or until the last work was done."""
    first = min(each.start for each in works)
    ends = [each.done_day for each in works if each.done and not each.gone]
    waiting = any(not each.done and not each.gone for each in works)
    days = [each for each in ends if each is not None]
    over = days and not waiting and len(days) == len(ends)
    return (max(days) if over else today) - first + 1


class Left(NamedTuple):
    """How many items of the baseline are in no sum: without an estimate, without a due day."""

    unestimated: int
    undated: int


def value(works: Sequence[Work], left: Left, rule: str, today: int, names: str) -> Answer:
    """PV, EV and AC against the baseline, with the indices that follow from them."""
    notes = [f"earned by the rule {rule}; in hours of effort, against {names}"]
    if left.unestimated:
        notes.append(f"left out: {plural(left.unestimated, 'item')} without an estimate")
    if left.undated:
        notes.append(f"left out: {plural(left.undated, 'item')} without a due day")
    columns = ("id", "title", "estimate", "start", "due", "planned", "earned", "spent", "state")
    if not works:
        return Answer(columns, [], {"items": 0}, (), notes)
    budget = sum(each.estimate for each in works)
    pv = planned(works, today)
    ev = sum(earned(each, rule) for each in works)
    unknown = sum(each.spent is None for each in works)
    ac = sum(each.spent or 0.0 for each in works)
    if unknown:
        notes.append(f"what was spent on {plural(unknown, 'item')} is unknown and not in AC")
    unsaid = sum(
        each.begun and not (each.done or each.gone) and each.remaining is None for each in works
    )
    if rule == "remaining" and unsaid:
        notes.append(
            f"what remains of {plural(unsaid, 'begun item')} is unknown: it earns nothing yet"
        )
    gone = sum(each.gone for each in works)
    if gone:
        notes.append(
            f"{plural(gone, 'item')} of the baseline cancelled or deleted: it earns nothing"
        )
    passed = actual_time(works, today)
    es = schedule_earned(works, ev, passed)
    facts = {
        "items": len(works),
        "BAC": rounded(budget),
        "PV": rounded(pv),
        "EV": rounded(ev),
        "AC": rounded(ac),
        "SV": rounded(ev - pv),
        "CV": rounded(ev - ac),
        "SPI": _ratio(ev, pv),
        "CPI": _ratio(ev, ac),
        "ES days": rounded(es),
        "AT days": passed if passed > 0 else None,
        "SPI(t)": _ratio(es, passed),
        "EAC": _ratio(budget * ac, ev),
        "TCPI": _ratio(budget - ev, budget - ac),
    }
    rows = [
        (
            each.id, each.title, rounded(each.estimate), day(each.start), day(each.due),
            rounded(planned([each], today)), rounded(earned(each, rule)), rounded(each.spent),
            _state(each),
        )
        for each in sorted(works, key=lambda each: (each.due, each.id))
    ]  # fmt: skip
    return Answer(columns, rows, facts, (_curve(works, today),), notes)


def _ratio(over: float, under: float) -> float | int | None:
    return rounded(over / under) if under > 0 else None


def _state(each: Work) -> str:
    if each.gone:
        return "gone"
    return "done" if each.done else "begun" if each.begun else ""


def _curve(works: Sequence[Work], today: int) -> Chart:
    """PV over the whole plan, and what was done by each day."""
    first, last = min(each.start for each in works), max(each.due for each in works)
    ends = [each for each in works if each.done and each.done_day is not None and not each.gone]
    pv = [(day(at), rounded(planned(works, at))) for at in range(first, last + 1)]
    done = [
        (day(at), rounded(sum(each.estimate for each in ends if (each.done_day or 0) <= at)))
        for at in range(first, max(first, min(today, last)) + 1)
    ]
    return Chart("line", "day", "hours", {"planned": pv, "done": done})


def milestones(view: View, items: Sequence[Passage], on: Callable[[str], int | None]) -> Answer:
    """The due days that milestones had over time."""
    rows: list[tuple[Any, ...]] = []
    lines: dict[str, list[tuple[Any, float | None]]] = {}
    for each in sorted(items, key=lambda each: each.key):
        if each.fields.get("type") != "milestone":
            continue
        title = str(each.fields.get("title") or "")
        past = [
            (state.time, due, state.who)
            for state in each.states
            if state.here and (due := on(str(state.fields.get("due") or ""))) is not None
        ]
        runs = [next(some) for _, some in groupby(past, key=lambda one: one[1])]
        for time, due, who in runs:
            when = view.day(time)
            rows.append((each.id, title, day(when), day(due), due - runs[0][1], who))
        if runs:
            ends = [*((day(view.day(time)), float(due - runs[0][1])) for time, due, _ in runs)]
            lines[each.id] = [*ends, (day(view.today), ends[-1][1])]
    slips = [lines[name][-1][1] or 0 for name in lines]
    facts = {
        "milestones": len(lines),
        "slipped": sum(slip > 0 for slip in slips),
        "most days": rounded(max(slips, default=0)),
    }
    columns = ("id", "title", "since", "due", "slip days", "by")
    chart = Chart("step", "day", "days later than at first", lines)
    return Answer(columns, rows, facts, (chart,))
