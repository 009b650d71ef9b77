"""The metrics of flow, each a function of a View; the catalogue says what they mean."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from plaintrack.flow.answer import Answer, Chart, View, day, rounded
from plaintrack.flow.figures import PERCENTILES, behaviour, percentile
from plaintrack.flow.passage import Passage
from plaintrack.flow.scope import edge
from plaintrack.model.count import plural
from plaintrack.plan.workload import Period, periods

DAY = 86_400
BULK = 5
"""A day on which more than so many times the 95th percentile of days is closed, is a bulk close."""
FEWEST = 5
"""Closings that no day is a bulk close below."""


def cycle_time(view: View) -> Answer:
    """Days from started to done, both counted."""
    known, notes = _done(view), list[str]()
    imported = [each for each in known if each.imported]
    if imported:
        notes.append(
            f"left out: {plural(len(imported), 'item')} first seen closed, whose start is unknown"
        )
    values = []
    for each in known:
        if each.imported or each.started is None or each.done is None:
            continue
        values.append((each, view.day(each.done) - view.day(each.started) + 1))
    return _spans(view, values, notes, "cycle time")


def lead_time(view: View) -> Answer:
    """Days from created to done, both counted."""
    values = [
        (each, view.day(each.done) - view.day(each.created) + 1)
        for each in _done(view)
        if each.done is not None
    ]
    notes = []
    stamped = sum(each.created < each.seen - DAY for each, _ in values)
    if stamped:
        notes.append(
            f"{plural(stamped, 'item')} created more than a day before the first commit that has"
            " it: the stamp counts"
        )
    return _spans(view, values, notes, "lead time")


def _spans(
    view: View, values: Sequence[tuple[Passage, int]], notes: list[str], name: str
) -> Answer:
    """Lengths in days, with their percentiles and a scatter of them."""
    good = [(each, length) for each, length in values if length > 0]
    if len(good) < len(values):
        notes.append(f"left out: {plural(len(values) - len(good), 'item')} with a negative span")
    lengths = [length for _, length in good]
    facts: dict[str, Any] = {"items": len(good)}
    marks = {}
    for percent in PERCENTILES:
        found = percentile(lengths, percent)
        facts[f"p{percent}"] = found
        if found is not None and percent != 70:
            marks[f"{percent} %"] = float(found)
    facts["mean"] = rounded(sum(lengths) / len(lengths)) if lengths else None
    rows = [
        (
            each.id, _title(each), _date(view, each.started), _date(view, each.done), length,
            ", ".join(each.many("assignee")),
        )
        for each, length in sorted(good, key=lambda pair: (pair[0].done or 0, pair[0].key))
    ]  # fmt: skip
    if name == "lead time":
        rows = [
            (each.id, _title(each), _date(view, each.created), *row[3:])
            for (each, _), row in zip(
                sorted(good, key=lambda pair: (pair[0].done or 0, pair[0].key)), rows, strict=True
            )
        ]
    points = [(row[3], float(row[4])) for row in rows]
    start = "created" if name == "lead time" else "started"
    return Answer(
        ("id", "title", start, "done", "days", "assignee"),
        rows,
        facts,
        (Chart("scatter", "done", "days", {name: points}, marks),),
        notes,
    )


def throughput(view: View) -> Answer:
    """What was done in each period, those with nothing included."""
    known = _done(view)
    rows: list[tuple[Any, ...]] = []
    series: list[tuple[Any, float | None]] = []
    for name, first, last in _periods(view):
        inside = [each for each in known if _in(view, each.done, first, last)]
        amount, _ = _sum(view, inside)
        rows.append((name, first, last, len(inside), rounded(amount)))
        series.append((name, float(amount)))
    amounts = [value or 0.0 for _, value in series]
    facts = {
        "items": len(known),
        "periods": len(rows),
        "mean": rounded(sum(amounts) / len(amounts)) if amounts else None,
        "median": rounded(percentile(amounts, 50)),
    }
    notes = [*_unsized(view, known), *_bulk(view, known)]
    if not all(_whole(view, *period) for period in _periods(view)):
        notes.append("the first or last period is not a whole one")
    columns: tuple[str, ...] = ("period", "first", "last", "items", view.unit)
    if view.unit == "items":
        columns, rows = columns[:4], [row[:4] for row in rows]
    return Answer(
        columns, rows, facts, (Chart("bar", "period", view.unit, {"done": series}),), notes
    )


def wip(view: View) -> Answer:
    """What was in progress at the end of each day."""
    changes: dict[int, list[float]] = defaultdict(lambda: [0, 0.0])
    unsized = []
    for each in view.items:
        if each.started is None or each.imported:
            continue
        amount = view.size(each.fields)
        unsized += [each] if amount is None else []
        start, end = view.day(each.started), each.closed and view.day(each.closed)
        for when, sign in ((start, 1), (end, -1)):
            if when:
                changes[when][0] += sign
                changes[when][1] += sign * (amount or 0)
    rows: list[tuple[Any, ...]] = []
    count, amount = 0, 0.0
    for when in sorted(changes):
        if when < view.first:
            count += int(changes[when][0])
            amount += changes[when][1]
    for when in range(view.first, view.last + 1):
        count += int(changes[when][0]) if when in changes else 0
        amount += changes[when][1] if when in changes else 0
        rows.append((day(when), count, rounded(amount)))
    counts = [row[1] for row in rows]
    facts = {
        "now": counts[-1] if counts else 0,
        "mean": rounded(sum(counts) / len(counts)) if counts else None,
        "most": max(counts, default=0),
    }
    shown = 1 if view.unit == "items" else 2
    chart = Chart("step", "day", view.unit, {"in progress": [(row[0], row[shown]) for row in rows]})
    columns = ("day", "items", view.unit)[: shown + 1]
    notes = _unsized_note(len(unsized), view)
    return Answer(columns, [row[: shown + 1] for row in rows], facts, (chart,), notes)


def work_item_age(view: View) -> Answer:
    """How long what is in progress has been so, beside how long finished work had taken."""
    rows = []
    finished = [each for each in view.all.values() if each.done is not None and not each.imported]
    paces: dict[int, list[int]] = defaultdict(list)
    for each in finished:
        for rank in range(view.ladder.active, view.ladder.done):
            after = each.entered[rank + 1] if rank + 1 < len(each.entered) else each.done
            if each.entered[rank] is not None and each.started is not None and after is not None:
                paces[rank].append(view.day(after) - view.day(each.started) + 1)
    ordered = {rank: sorted(some) for rank, some in paces.items()}
    limits = {rank: (percentile(some, 50), percentile(some, 85)) for rank, some in ordered.items()}
    for each in view.items:
        if each.started is None or each.closed is not None or each.category != "active":
            continue
        rank = view.ladder.rank(str(each.fields.get("status") or ""), each.category)
        age = view.today - view.day(each.started) + 1
        pace = ordered.get(rank, [])
        older = bisect_left(pace, age) / len(pace) if pace else None
        rows.append(
            (
                each.id, _title(each), str(each.fields.get("status") or ""), age,
                *limits.get(rank, (None, None)),
                None if older is None else round(older * 100), ", ".join(each.many("assignee")),
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (-row[3], row[0]))
    columns = (
        "id",
        "title",
        "status",
        "age",
        "half left by",
        "85% left by",
        "older than %",
        "assignee",
    )
    facts = {"items": len(rows), "finished": len(finished)}
    points = [(row[0], float(row[3])) for row in rows]
    notes = []
    begun = sum(each.begun for each in view.items if each.closed is None)
    if begun:
        notes.append(
            f"{plural(begun, 'open item')} first seen in progress: the first commit counts as start"
        )
    return Answer(columns, rows, facts, (Chart("bar", "item", "days", {"age": points}),), notes)


def cfd(view: View) -> Answer:
    """How many items had entered each status or a later one by the end of each day."""
    ladder = view.ladder
    reached: list[Counter[int]] = [Counter() for _ in ladder.names]
    for each in view.items:
        for rank, moment in enumerate(each.entered):
            if moment is not None:
                reached[rank][max(view.day(moment), view.first)] += 1
    totals = [0] * len(ladder.names)
    rows: list[tuple[Any, ...]] = []
    for when in range(view.first, view.last + 1):
        totals = [total + reached[rank][when] for rank, total in enumerate(totals)]
        rows.append((day(when), *totals))
    bands: dict[str, list[tuple[Any, float | None]]] = {}
    for rank in reversed(range(len(ladder.names))):
        bands[ladder.names[rank]] = [
            (row[0], float(row[1 + rank] - (row[2 + rank] if rank + 1 < len(totals) else 0)))
            for row in rows
        ]
    chart = Chart("area", "day", "items", bands)
    return Answer(("day", *ladder.names), rows, {"items": len(view.items)}, (chart,))


def status_time(view: View) -> Answer:
    """How long finished work had been in each status, all visits added up."""
    spent: dict[str, list[float]] = defaultdict(list)
    done = [each for each in _done(view) if not each.imported]
    for each in done:
        mine: dict[str, float] = defaultdict(float)
        for state, following in zip(each.states, [*each.states[1:], None], strict=True):
            if not state.here or state.category in ("done", "cancelled"):
                continue
            end = following.time if following else view.now
            rank = view.ladder.rank(str(state.fields.get("status") or ""), state.category)
            mine[view.ladder.names[rank]] += (end - state.time) / DAY
        for name, length in mine.items():
            spent[name].append(length)
    whole = sum(map(sum, spent.values()))
    rows = []
    for name in view.ladder.names[: view.ladder.done]:
        values = spent.get(name, [])
        if values:
            share = round(sum(values) / whole * 100) if whole else 0
            rows.append(
                (
                    name, len(values), rounded(sum(values) / len(values)),
                    *(rounded(percentile(values, each)) for each in (50, 85, 95)), share,
                )
            )  # fmt: skip
    points = [(str(row[0]), float(row[2] or 0)) for row in rows]
    chart = Chart("bar", "status", "days", {"mean": points})
    columns = ("status", "items", "mean days", "p50", "p85", "p95", "share %")
    return Answer(columns, rows, {"items": len(done)}, (chart,))


# Blocked


def blocked(view: View) -> Answer:
    """How long items were blocked, and by what."""
    rows = []
    for each in view.items:
        spans = list(blocked_spans(each, view.all, view.now, view.reasons))
        first, last = edge(view, view.first), edge(view, view.last + 1)
        inside = [
            (max(start, first), min(end, last, view.now), why)
            for start, end, why in spans
            if end > first and start < last
        ]
        merged = _united([(start, end) for start, end, _ in inside if end > start])
        if not merged:
            continue
        total = sum(end - start for start, end in merged) / DAY
        working = _overlap(merged, each.started, each.closed or view.now) / DAY
        why = list(dict.fromkeys(why for _, _, why in inside))
        now = each.closed is None and merged[-1][1] >= view.now
        rows.append((each.id, _title(each), rounded(total), rounded(working), now, ", ".join(why)))
    rows.sort(key=lambda row: (-(row[2] or 0), row[0]))
    facts = {
        "items": len(rows),
        "days": rounded(sum(row[2] or 0 for row in rows)),
        "days in progress": rounded(sum(row[3] or 0 for row in rows)),
        "blocked now": sum(bool(row[4]) for row in rows),
    }
    columns = ("id", "title", "days", "in progress", "now", "by")
    points = [(row[0], float(row[2] or 0)) for row in rows]
    return Answer(columns, rows, facts, (Chart("bar", "item", "days", {"blocked": points}),))


def blocked_spans(
    item: Passage, known: Mapping[str, Passage], now: int, reasons: bool = True
) -> Iterator[tuple[int, int, str]]:
    """(from, to, by what) of the times in which an item that was not closed was blocked: by the
    text of `blocker`, or by an item that it depends on and that was not closed.
    """
    from plaintrack.model.task import fold

    for state, following in zip(item.states, [*item.states[1:], None], strict=True):
        if not state.here or state.category in ("done", "cancelled"):
            continue
        end = following.time if following else now
        reason = str(state.fields.get("blocker") or "") if reasons else ""
        if reason:
            yield state.time, end, reason
        for link in _links(state.fields.get("depends_on")):
            other = known.get(fold(link))
            if other is None or other is item:
                continue
            for start, stop in _open(other, now):
                if start < end and stop > state.time:
                    yield max(start, state.time), min(stop, end), other.id


def _links(value: Any) -> list[str]:
    from plaintrack.model.dependency import item

    texts = [value] if isinstance(value, str) else list(value or ())
    return [item(text) for text in texts if text]


def _open(item: Passage, now: int) -> Iterator[tuple[int, int]]:
    """The times in which an item was there and not closed."""
    for state, following in zip(item.states, [*item.states[1:], None], strict=True):
        if state.here and state.category not in ("done", "cancelled"):
            yield state.time, following.time if following else now


def _united(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _overlap(spans: Sequence[tuple[int, int]], first: int | None, last: int) -> int:
    if first is None:
        return 0
    return sum(max(0, min(end, last) - max(start, first)) for start, end in spans)


# Dates kept


def on_time(view: View) -> Answer:
    """How much of the finished work was done by its due day."""
    rows = []
    for each in _done(view):
        if each.done is None:
            continue
        before = [state for state in each.states if state.time <= each.done and state.here]
        dues = [str(state.fields["due"]) for state in before if state.fields.get("due")]
        due = view.on(str(before[-1].fields.get("due") or "")) if before else None
        if due is None:
            continue
        first = view.on(dues[0])
        end = view.day(each.done)
        moves = sum(1 for _ in groupby(dues)) - 1
        late = max(0, end - due)
        rows.append(
            (
                each.id, _title(each), day(due), day(end), late, moves,
                max(0, end - first) if first is not None else late,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (row[3], row[0]))
    kept = sum(not row[4] for row in rows)
    first_kept = sum(not row[6] for row in rows)
    facts = {
        "items": len(rows),
        "on time": kept,
        "rate %": round(kept * 100 / len(rows)) if rows else None,
        "by the first due day %": round(first_kept * 100 / len(rows)) if rows else None,
    }
    undated = len(_done(view)) - len(rows)
    notes = [f"left out: {plural(undated, 'item')} without a due day"] if undated else []
    points = [(row[3], float(row[4])) for row in rows]
    columns = ("id", "title", "due", "done", "days late", "due moved", "late by first due")
    chart = Chart("scatter", "done", "days late", {"late": points})
    return Answer(columns, rows, facts, (chart,), notes)


def streaks(view: View) -> Answer:
    """How reliably recurring work is done: how many of a series in a row were done, and in time."""
    series: dict[str, list[Passage]] = defaultdict(list)
    for each in view.items:
        head = each.many("series")
        if head or each.fields.get("repeat"):
            series[head[0].lower() if head else each.key].append(each)
    rows = []
    for some in series.values():
        dated = []
        for each in some:
            due = view.on(str(each.fields.get("occurrence") or each.fields.get("due") or ""))
            if due is not None and due <= view.today and (each.closed or due < view.today):
                dated.append((due, each))
        dated.sort(key=lambda pair: (pair[0], pair[1].key))
        kept = [each.done is not None and view.day(each.done) <= due for due, each in dated]
        done = [each.done is not None for _, each in dated]
        if not dated:
            continue
        latest = dated[-1][1]
        rows.append(
            (
                latest.id, _title(latest), len(dated), sum(done), sum(kept), _run(kept[::-1]),
                max((len(list(run)) for good, run in groupby(kept) if good), default=0),
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (-row[5], row[0]))
    points = [(str(row[0]), float(row[5])) for row in rows]
    columns = ("id", "title", "times", "done", "on time", "streak", "longest")
    chart = Chart("bar", "series", "times", {"streak": points})
    return Answer(columns, rows, {"series": len(rows)}, (chart,))


def _run(kept: Sequence[bool]) -> int:
    """How many in a row from the first on."""
    return next((at for at, good in enumerate(kept) if not good), len(kept))


# Behaviour of the process


def xmr(view: View) -> Answer:
    """Whether a process is stable: its values, their natural limits, and signals."""
    labels: list[Any]
    if view.xmr == "throughput":
        found = throughput(view)
        whole = [row for row in found.rows if _whole(view, *row[:3])]
        labels, values = [row[0] for row in whole], [float(row[-1] or 0) for row in whole]
        notes = ["periods that are not whole are left out", *_bulk(view, _done(view))]
        unit = f"{view.unit} done"
    elif view.xmr == "wip":
        rows = wip(view).rows
        labels, values = [row[0] for row in rows], [float(row[-1] or 0) for row in rows]
        notes, unit = [], view.unit
    else:
        answer = cycle_time(view) if view.xmr == "cycle-time" else lead_time(view)
        labels = [row[0] for row in answer.rows]
        values = [float(row[4]) for row in answer.rows]
        notes, unit = list(answer.notes), "days"
    chart = behaviour(values)
    columns = ("point", "value", "moving range", "signal")
    if chart is None:
        return Answer(columns, [], {"points": len(values)}, (), [*notes, "too few points"])
    signals = dict(chart.signals)
    rows = [
        (label, rounded(value), rounded(chart.ranges[at - 1]) if at else None, signals.get(at, ""))
        for at, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    facts = {
        "points": len(values),
        "mean": rounded(chart.mean),
        "upper limit": rounded(chart.upper),
        "lower limit": rounded(chart.lower),
        "mean range": rounded(chart.range_mean),
        "range limit": rounded(chart.range_limit),
        "signals": len(chart.signals),
    }
    marks = {"mean": chart.mean, "upper limit": chart.upper, "lower limit": chart.lower}
    names = [str(label) for label in labels]
    if len(set(names)) < len(names):
        names = [str(at) for at in range(1, len(names) + 1)]
    points = list(zip(names, values, strict=True))
    line = Chart("line", "point", unit, {view.xmr: points}, marks)
    return Answer(columns, rows, facts, (line,), notes)


def little(view: View) -> Answer:
    """Whether work in progress, throughput and cycle time agree: Little's law."""
    days = view.last - view.first + 1
    inside = [each for each in view.items if each.started is not None and not each.imported]
    total = 0
    for each in inside:
        start = max(view.day(each.started or 0), view.first)
        end = min(view.day(each.closed) if each.closed else view.last + 1, view.last + 1)
        total += max(0, end - start)
    closed = [each for each in inside if each.closed and _inside(view, each.closed)]
    lengths = [view.day(each.closed or 0) - view.day(each.started or 0) for each in closed]
    started = [each for each in inside if _inside(view, each.started)]
    mean_wip, rate = total / days, len(closed) / days
    mean = sum(lengths) / len(lengths) if lengths else None
    facts = {
        "days": days,
        "mean wip": rounded(mean_wip, 3),
        "started a day": rounded(len(started) / days, 3),
        "closed a day": rounded(rate, 3),
        "mean cycle time (exclusive)": rounded(mean, 3),
        "closed a day × cycle time": None if mean is None else rounded(rate * mean, 3),
    }
    notes = []
    if len(started) != len(closed):
        notes.append(
            f"{len(started)} started, {len(closed)} closed: the law holds exactly only where the"
            " days begin and end with nothing in progress, and roughly where these are equal"
        )
    return Answer(("name", "value"), list(facts.items()), facts, (), notes)


# Shared


def _done(view: View) -> list[Passage]:
    """The items that were done on one of the days looked at."""
    return [each for each in view.items if _inside(view, each.done)]


def _inside(view: View, moment: int | None) -> bool:
    return moment is not None and view.first <= view.day(moment) <= view.last


def _in(view: View, moment: int | None, first: date, last: date) -> bool:
    return moment is not None and first <= day(view.day(moment)) <= last


def _periods(view: View) -> list[Period]:
    return periods(view.per, day(view.first), day(view.last))


def _whole(view: View, _name: str, first: date, last: date) -> bool:
    """Whether a period is a whole day, week or month, and not cut at the ends."""
    length = (last - first).days + 1
    if view.per == "month":
        return first.day == 1 and (last + timedelta(days=1)).day == 1
    return length == (7 if view.per == "week" else 1)


def _sum(view: View, items: Sequence[Passage]) -> tuple[float, int]:
    sizes = [view.size(each.fields) for each in items]
    return sum(size for size in sizes if size is not None), sum(size is None for size in sizes)


def _unsized(view: View, items: Sequence[Passage]) -> list[str]:
    return _unsized_note(_sum(view, items)[1], view)


def _unsized_note(count: int, view: View) -> list[str]:
    if not count:
        return []
    return [f"{plural(count, 'item')} without a size not in the sums of {view.unit}"]


def bulk(days: Mapping[int, int]) -> list[int]:
    """The days on which more than BULK times the 95th percentile of the days with closings was
    closed, and at least FEWEST.
    """
    usual = percentile(list(days.values()), 95) if len(days) > 1 else None
    if usual is None:
        return []
    # the day itself is not to raise the measure that it is held to
    found = []
    for when, count in days.items():
        rest = percentile([other for at, other in days.items() if at != when], 95) or 0
        if count > BULK * rest and count >= FEWEST:
            found.append(when)
    return sorted(found)


def _bulk(view: View, done: Sequence[Passage]) -> list[str]:
    counts = Counter(view.day(each.done) for each in done if each.done is not None)
    return [
        f"{counts[when]} items were closed at once on {day(when)}: a bulk close? --without-bulk"
        " leaves it out"
        for when in bulk(counts)
    ]


def _title(each: Passage) -> str:
    return str(each.fields.get("title") or "")


def _date(view: View, moment: int | None) -> Any:
    return None if moment is None else day(view.day(moment))


Metric = Callable[[View], Answer]
