"""Linear's CSV."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from plaintrack.exchange.changes import Change, day
from plaintrack.exchange.draft import Draft, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.header import Row, table
from plaintrack.exchange.source import Source, iso

_SCRIPT = re.compile(r"\w{3} (\w{3} \d\d? \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4}).*")
_HOMES = frozenset(
    (
        *("ID", "Title", "Description", "Status", "Estimate", "Priority", "Project", "Creator"),
        *("Assignee", "Labels", "Created", "Completed", "Canceled", "Due Date", "Parent issue"),
        *("Blocked by", "Project Milestone", "Cycle Name", "Cycle Start", "Cycle End"),
    )
)
_DERIVED = frozenset(
    ("UUID", "Project ID", "Project Milestone ID", "Updated", "Time in status (minutes)")
)


def moment(text: str) -> datetime | None:
    """A moment as Linear writes it: as a script's date, or in ISO 8601."""
    found = _SCRIPT.fullmatch(text.strip())
    if found is None:
        return iso(text)
    try:
        return datetime.strptime(f"{found[1]} {found[2]}", "%b %d %Y %H:%M:%S %z")
    except ValueError:
        return None


def read(source: Source) -> Iterator[Draft]:
    """The issues, with their projects, milestones and cycles. A due date is the midnight of the
    exporter's zone, written in GMT: its day is that of the workspace's zone.
    """
    seen: set[str] = set()
    hint = "export from Linear: Settings > Administration > Import and export"
    for row in table(source, "ID", "Title", what="Linear's CSV", hint=hint):
        for draft in _groups(source, row):
            if draft.key not in seen:
                seen.add(draft.key)
                yield draft
        yield _draft(source, row)


def _groups(source: Source, row: Row) -> Iterator[Draft]:
    if row.text("Project"):
        yield group("project", row.text("Project"))
    if row.text("Project Milestone"):
        yield group("milestone", row.text("Project Milestone"))
    cycle = row.text("Cycle Name")
    if cycle:
        made = group("milestone", cycle)
        days = {}
        told: list[Change] = []
        for name, ours in (("Cycle Start", "start"), ("Cycle End", "due")):
            found = moment(row.text(name))
            days.update({ours: day(source, ours, found, told)} if found else {})
        yield made._replace(fields={**made.fields, **days}, changed=tuple(told))


def _day(source: Source, due: datetime, told: list[Change]) -> str:
    """The day that begins at a moment, or nearest to it where the exporter's zone was another."""
    local = source.local(due)
    found = (local + timedelta(hours=12)).date().isoformat()
    if local.time() != time():
        why = "the day that begins nearest; was the file exported in another time zone?"
        told.append(Change("due", local.isoformat(), found, why))
    return found


def _draft(source: Source, row: Row) -> Draft:
    told: list[Change] = []
    fields: dict[str, Words] = {
        "status": row.text("Status"),
        "priority": row.text("Priority"),
        "assignee": row.text("Assignee"),
        "tags": tuple(each.strip() for each in row.text("Labels").split(",") if each.strip()),
    }
    due = moment(row.text("Due Date"))
    if due:
        fields["due"] = _day(source, due, told)
    wrong = {"Due Date": row.text("Due Date")} if row.text("Due Date") and not due else {}
    for name, ours in (("Created", "created"), ("Completed", "closed"), ("Canceled", "closed")):
        found = moment(row.text(name))
        if found:
            fields.setdefault(ours, source.moment(found))
        elif row.text(name):
            wrong[name] = row.text(name)
    links: dict[str, tuple[str, ...]] = {}
    for name, kind, ours in (
        ("Project", "project", "project"),
        ("Project Milestone", "milestone", "milestone"),
        ("Cycle Name", "milestone", "iteration"),
    ):
        if row.text(name):
            links[ours] = (group_key(kind, row.text(name)),)
    if row.text("Parent issue"):
        links["parent"] = (row.text("Parent issue"),)
    blockers = tuple(each.strip() for each in row.text("Blocked by").split(",") if each.strip())
    if blockers:
        links["depends_on"] = blockers
    extra = row.rest(_HOMES | _DERIVED)
    if row.text("Estimate"):
        extra["Points"] = row.text("Estimate")
    if row.text("Creator"):
        extra["Creator"] = row.text("Creator")
    return Draft(
        row.text("ID"),
        row.text("Title"),
        row.text("Description"),
        {name: value for name, value in fields.items() if value},
        links,
        {**extra, **wrong},
        line=row.line,
        changed=tuple(told),
    )


CODEC = Codec(
    title="Linear",
    files="the CSV of Settings > Administration > Import and export",
    reads=read,
    maps={
        "status": {
            "triage": "open",
            "backlog": "open",
            "todo": "open",
            "in progress": "active",
            "in review": "active",
            "done": "done",
            "canceled": "cancelled",
            "duplicate": "cancelled",
        },
        "priority": {"no priority": "", "urgent": "critical"},
    },
    homes={
        "Labels": "`tags`",
        "Estimate": "`points`, a number and not a time",
        "Project, Project Milestone": "a project, a milestone",
        "Cycle": "a milestone with `start` and `due`, linked by `iteration`",
        "Due Date": "`due`, the day that begins at that moment in the workspace's time zone",
        "Completed, Canceled": "`closed`",
    },
    loses={
        "UUID, Updated, Time in status": "Linear's own bookkeeping",
        "comments": "they are not in the CSV",
    },
)
