"""How estimates compare with the time that was logged, as a metric of finished work."""

from collections.abc import Mapping
from typing import Any

from plaintrack.flow.answer import Answer, Chart, View, day, rounded
from plaintrack.model.count import plural
from plaintrack.model.task import fold
from plaintrack.timeclock.accuracy import Case, accuracy

COLUMNS = ("id", "title", "done", "person", "type", "estimate", "logged", "ratio")
"""Estimate and logged time in hours."""


def estimates(view: View, cases: Mapping[str, Case]) -> Answer:
    """The ratios of logged time to estimate of what was done in these days; ``cases`` are the items
    that have both, by folded id.
    """
    rows: list[tuple[Any, ...]] = []
    known, without = [], 0
    for each in sorted(view.items, key=lambda each: (each.done or 0, each.key)):
        if each.done is None or not view.first <= view.day(each.done) <= view.last:
            continue
        case = cases.get(fold(each.id))
        if case is None:
            without += 1
            continue
        known.append(case)
        rows.append((
            each.id, str(each.fields.get("title") or ""), day(view.day(each.done)), case.person,
            case.type, rounded(case.estimate / 60), rounded(case.actual / 60), rounded(case.ratio),
        ))  # fmt: skip
    facts: dict[str, Any] = {"items": len(known)}
    if known:
        found = accuracy("", known)
        facts |= {
            "bias": rounded(found.bias), "p25": rounded(found.low), "p50": rounded(found.middle),
            "p75": rounded(found.high), "within a quarter": rounded(found.close),
        }  # fmt: skip
    notes = []
    if without:
        notes.append(f"left out: {plural(without, 'item')} without an estimate or logged time")
    points = [(row[2], float(row[7])) for row in rows]
    chart = Chart("scatter", "done", "logged / estimate", {"ratio": points}, {"as estimated": 1.0})
    return Answer(COLUMNS, rows, facts, (chart,), notes)
