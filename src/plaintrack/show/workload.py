"""The workload as a Document: a chart for people, records for programs."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from plaintrack.model.count import plural
from plaintrack.plan.workload import TOLERANCE, Bucket, Row
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.loads import Load, Loads
from plaintrack.render.sections import Alert, Heading

if TYPE_CHECKING:
    from plaintrack.render.document import Part

MOST = 4
"""Items that are named where a period is overbooked; programs get all."""
BASIS = "by the dates of the items: what is left, spread over the days there are until it is due"
PLANNED = "by the plan: each item on the days, and on the people and equipment, that it gives it"
UNKNOWN = (
    "the people's files are not here, so the time of people is unknown; a `?` stands beside what is"
    " planned"
)
NOBODY = {
    "person": "(unassigned)",
    "team": "(no team)",
    "skill": "(no skill)",
    "equipment": "(none)",
    "project": "(no project)",
}


def workload(by: str, rows: tuple[Row, ...], unknown: bool, planned: bool = False) -> Document:
    """The rows as a chart, with what is overbooked and why, and what is in no chart."""
    return Document(list(_parts(by, rows, unknown, planned)))


def _parts(by: str, rows: tuple[Row, ...], unknown: bool, planned: bool) -> "Iterator[Part]":
    names = [short(bucket.name) for bucket in rows[0].buckets] if rows else []
    yield Loads(by, names, [(_name(row, by), list(map(_load, row.buckets))) for row in rows])
    over = [(row, bucket) for row in rows for bucket in row.buckets if _over(bucket)]
    if over:
        yield Heading("Overbooked:", str(len(over)))
        yield Table(
            (by, "when", "planned", "of", "days", "items"),
            [_excess(row, bucket, by) for row, bucket in over],
            flexible=5,
        )
    beside = list(_beside(by, rows))
    if beside:
        yield Heading("In no period:", "without dates, or without an estimate")
        yield Table((by, "no dates", "no estimate", "items"), beside, flexible=3)
    yield Alert(f"planned {PLANNED if planned else BASIS}")
    if unknown:
        yield Alert(UNKNOWN)


def short(name: str) -> str:
    """The name of a week or day without its year, for a column."""
    return name if name.count("-") == 1 and "W" not in name else name.partition("-")[2]


def _name(row: Row, by: str) -> str:
    return row.name or NOBODY[by]


def _over(bucket: Bucket) -> bool:
    return bucket.excess > TOLERANCE or bool(bucket.days)


def _load(bucket: Bucket) -> Load:
    if bucket.capacity is None:
        return Load(None, f"? {hours(bucket.planned)}" if bucket.planned else "")
    if bucket.share is None:
        text = f"off {hours(bucket.planned)}" if bucket.planned else "off"
        return Load(None, text, _over(bucket))
    return Load(bucket.share, f"{round(bucket.share * 100)}%", _over(bucket))


def hours(minutes: float) -> str:
    """Minutes as hours, without needless digits: ``7.5h``."""
    return f"{round(minutes / 60, 1):g}h"


def _excess(row: Row, bucket: Bucket, by: str) -> tuple[str, ...]:
    named = [f"{duty.id} {hours(minutes)}" for duty, minutes in bucket.items[:MOST]]
    if len(bucket.items) > MOST:
        named.append(f"{len(bucket.items) - MOST} more")
    # a day in the weekly view is told by its date: 200 % on two days hides in a week of 90 %
    days = ", ".join(day.isoformat()[5:] for day in bucket.days[:MOST])
    more = f" and {len(bucket.days) - MOST} more" if len(bucket.days) > MOST else ""
    there = hours(bucket.capacity or 0)
    planned = hours(bucket.planned)
    return _name(row, by), bucket.name, planned, there, days + more, ", ".join(named)


def _beside(by: str, rows: tuple[Row, ...]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if row.undated or row.unestimated:
            named = [duty.id for duty in (*row.undated, *row.unestimated)]
            more = f" and {len(named) - MOST} more" if len(named) > MOST else ""
            if row.undated:
                undated = f"{hours(row.undated_minutes)} in {plural(len(row.undated), 'item')}"
            else:
                undated = ""
            unestimated = plural(len(row.unestimated), "item") if row.unestimated else ""
            yield _name(row, by), undated, unestimated, ", ".join(named[:MOST]) + more


def records(
    by: str,
    per: str,
    rows: tuple[Row, ...],
    unknown: bool,
    flat: bool = False,
    planned: bool = False,
) -> Document:
    """The same for programs: a record for each row and period, minutes as numbers; ``flat`` for a
    table, whose cells hold no lists.
    """
    found: list[Mapping[str, Any]] = [
        _record(by, row, bucket, flat) for row in rows for bucket in row.buckets
    ]
    basis = "plan" if planned else "dates"
    about: dict[str, Any] = {"by": by, "per": per, "basis": basis, "unknown": unknown}
    if not flat:
        about["beside"] = [
            {
                by: row.name or None,
                "undated_minutes": round(row.undated_minutes, 2),
                "undated": [duty.id for duty in row.undated],
                "unestimated": [duty.id for duty in row.unestimated],
            }
            for row in rows
            if row.undated or row.unestimated
        ]
    return Document((Records(found, "workload", (by, *_BUCKET)),), about)


_BUCKET = (
    "period", "first", "last", "capacity", "planned", "share", "over", "days_over", "items",
)  # fmt: skip


def _record(by: str, row: Row, bucket: Bucket, flat: bool) -> Mapping[str, Any]:
    days = [day.isoformat() for day in bucket.days]
    items: Any = [{"id": duty.id, "minutes": round(minutes, 2)} for duty, minutes in bucket.items]
    if flat:
        items = " ".join(duty.id for duty, _ in bucket.items)
    return {
        by: row.name or None,
        "period": bucket.name,
        "first": bucket.first.isoformat(),
        "last": bucket.last.isoformat(),
        "capacity": bucket.capacity,
        "planned": round(bucket.planned, 2),
        "share": None if bucket.share is None else round(bucket.share, 4),
        "over": round(bucket.excess, 2),
        "days_over": " ".join(days) if flat else days,
        "items": items,
    }
