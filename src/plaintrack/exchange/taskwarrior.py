"""Taskwarrior's JSON, versions 2.6 and 3: ``task export`` and ``task import``."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from plaintrack.exchange.changes import FOLDED, Change, day, worked
from plaintrack.exchange.draft import Draft, Remark, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import BadSource, Source, iso, objects

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DERIVED = frozenset(("id", "urgency", "mask", "imask", "rtype", "last", "template", "modified"))
"""What Taskwarrior works out by itself."""
_HOMES = frozenset(
    (
        *("uuid", "description", "status", "entry", "end", "due", "wait", "scheduled", "project"),
        *("tags", "priority", "depends", "annotations", "recur", "parent", "start"),
    )
)
_DAYS = {"due": "due", "wait": "wait", "scheduled": "start"}
_REPEATS = {
    "daily": "daily",
    "day": "daily",
    "weekdays": "every weekday",
    "weekly": "weekly",
    "sennight": "weekly",
    "biweekly": "every 2 weeks",
    "fortnight": "every 2 weeks",
    "monthly": "monthly",
    "month": "monthly",
    "bimonthly": "every 2 months",
    "quarterly": "every 3 months",
    "semiannual": "every 6 months",
    "annual": "yearly",
    "yearly": "yearly",
    "biannual": "every 2 years",
    "biyearly": "every 2 years",
}
_PERIOD = re.compile(r"P?(\d+) ?(d|day|days|w|wk|weeks?|m|mo|mth|months?|y|yr|years?)", re.I)
_LASTS = re.compile(r"PT(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?", re.ASCII)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def read(source: Source) -> Iterator[Draft]:
    """The tasks of ``task export``, and their projects. A task that recurs is a series here: its
    rule goes to the last of its tasks that is not closed. Raises BadSource.
    """
    carriers = dict(_carriers(source))
    projects: set[str] = set()
    for task in objects(source, "tasks"):
        if not isinstance(task.get("uuid"), str) or not isinstance(task.get("description"), str):
            message = "a record without `uuid` or `description`"
            raise BadSource(source.name, message, "`task export` writes what is read here")
        rule = carriers.get(task["uuid"], "")
        if task.get("status") == "recurring" and not rule:
            continue  # its tasks are there themselves
        yield from _projects(str(task.get("project") or ""), projects)
        yield _draft(source, task, rule)


def _carriers(source: Source) -> Iterator[tuple[str, str]]:
    """For each series, the uuid of the task that carries its rule, and the rule."""
    rules: dict[str, str] = {}
    last: dict[str, tuple[str, str]] = {}
    for task in objects(source, "tasks"):
        if task.get("status") == "recurring":
            rules[str(task.get("uuid"))] = str(task.get("recur") or "")
        elif task.get("parent") and task.get("status") in ("pending", "waiting"):
            mine = (str(task.get("due") or ""), str(task.get("uuid")))
            series = str(task["parent"])
            last[series] = max(last.get(series, mine), mine)
    for series, rule in rules.items():
        yield last.get(series, ("", series))[1], rule


def _projects(dotted: str, seen: set[str]) -> Iterator[Draft]:
    """``Home.Kitchen`` is the project Kitchen, a part of the project Home."""
    parts = dotted.split(".") if dotted else []
    for depth in range(1, len(parts) + 1):
        name = ".".join(parts[:depth])
        if name not in seen:
            seen.add(name)
            above = group_key("project", ".".join(parts[: depth - 1])) if depth > 1 else ""
            yield group("project", name, above)


def _draft(source: Source, task: Mapping[str, Any], rule: str) -> Draft:
    fields: dict[str, Words] = {"status": _status(task), "tags": _list(task.get("tags"))}
    if task.get("priority"):
        fields["priority"] = str(task["priority"])
    extra: dict[str, Words] = {}
    told: list[Change] = []
    _dates(source, task, fields, extra, told)
    if rule:
        said = repeat(rule)
        fields.update({"repeat": said} if said else {})
        extra.update({} if said else {"recur": rule})
    links = {"depends_on": _list(task.get("depends"))}
    if task.get("project"):
        links["project"] = (group_key("project", str(task["project"])),)
    for name, value in task.items():
        minutes = _minutes(value) if name == "estimate" else 0
        if minutes:  # many have a UDA of this name
            fields["estimate"] = worked("estimate", minutes, told)
        elif name not in _HOMES and name not in _DERIVED:
            extra[name] = _words(value)
    return Draft(
        str(task["uuid"]),
        str(task["description"]),
        fields=fields,
        links=links,
        extra=extra,
        remarks=tuple(_remarks(source, task)),
        changed=tuple(told),
    )


def _dates(
    source: Source,
    task: Mapping[str, Any],
    fields: dict[str, Words],
    extra: dict[str, Words],
    told: list[Change],
) -> None:
    """Days, and the moments when it was made, begun and ended."""
    for name, ours in _DAYS.items():
        moment = _moment(task.get(name))
        if moment:
            fields[ours] = day(source, ours, moment, told)
        elif task.get(name):
            extra[name] = str(task[name])
    for name, ours in (("entry", "created"), ("end", "closed")):
        moment = _moment(task.get(name))
        if moment:
            fields[ours] = source.moment(moment)
    begun = _moment(task.get("start"))
    if begun:
        extra["begun"] = source.moment(begun)


def _status(task: Mapping[str, Any]) -> str:
    status = str(task.get("status") or "pending")
    return "started" if status in ("pending", "waiting") and task.get("start") else status


def _remarks(source: Source, task: Mapping[str, Any]) -> Iterator[Remark]:
    for each in task.get("annotations") or ():
        if isinstance(each, dict) and each.get("description"):
            moment = _moment(each.get("entry"))
            yield Remark(str(each["description"]), "", source.moment(moment) if moment else "")


def _list(value: Any) -> tuple[str, ...]:
    """A list, which older versions write as one text with commas."""
    if isinstance(value, str):
        return tuple(filter(None, value.split(",")))
    return tuple(str(each) for each in value or () if each)


def _minutes(value: Any) -> float:
    """A duration of hours and less as Taskwarrior writes it, ``PT2H30M``; 0 for any other value."""
    found = _LASTS.fullmatch(value) if isinstance(value, str) else None
    hours, minutes, seconds = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    return hours * 60 + minutes + seconds / 60


def _words(value: Any) -> Words:
    if isinstance(value, list):
        return tuple(_words_one(each) for each in value)
    return _words_one(value)


def _words_one(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(value: Any) -> datetime | None:
    """``20261127T230000Z``, or the same with signs between."""
    return iso(value) if isinstance(value, str) else None


def repeat(rule: str) -> str:
    """A rule of Taskwarrior in plaintrack's words; empty if it has none for it."""
    known = _REPEATS.get(rule.lower())
    found = _PERIOD.fullmatch(rule)
    if known or not found:
        return known or ""
    return f"every {int(found[1])} {_UNITS[found[2][0].lower()]}"


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A list that ``task import`` reads; the same item always gets the same uuid."""
    yield b"["
    begun = False
    for record in records:
        if record.group:
            continue
        whole = json.dumps(_task(record), ensure_ascii=False)
        yield (b",\n" if begun else b"\n") + whole.encode()
        begun = True
    yield b"\n]\n"


def uuid(item: str, source: str = "") -> str:
    """The uuid of an item: the one it came with, else one made of its id."""
    mine = source.removeprefix("taskwarrior:")
    return mine if _UUID.fullmatch(mine) else str(uuid5(NAMESPACE_URL, f"plaintrack:{item}"))


_STATUS = {"open": "pending", "active": "pending", "done": "completed", "cancelled": "deleted"}


def _task(record: Record) -> dict[str, Any]:
    task: dict[str, Any] = {
        "uuid": uuid(record.id, record.text("source")),
        "description": record.title,
        "status": _STATUS[record.category],
    }
    record.tell_status(task["status"])
    for name, ours in (("entry", "created"), ("end", "closed"), *_DAYS.items()):
        moment = iso(record.text(ours))
        if moment:
            moment = moment if moment.tzinfo else moment.replace(tzinfo=record.zone)
            task[name] = f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if task["status"] in ("completed", "deleted"):
        task.setdefault("end", task.get("entry", "19700101T000000Z"))
    if record.category == "active":
        task["start"] = task.get("entry", "19700101T000000Z")
    if record.rank is not None:
        task["priority"] = "HML"[min(2, record.rank * 3 // max(1, record.ranks))]
        if record.ranks > 3:
            record.tell("priority", record.text("priority"), task["priority"], FOLDED)
    if record.text("project"):
        task["project"] = record.text("project")
    tags = [record.tight("tags", each, "_") for each in record.many("tags")]
    if tags:
        task["tags"] = tags
    depends = [uuid(each, record.origins.get(each, "")) for each in record.blockers()]
    if depends:
        task["depends"] = depends
    notes = [(each.date, each.text) for each in record.remarks]
    if record.body.strip():
        notes.insert(0, (record.text("created"), record.body.strip()))
        record.tell("body", record.body.strip(), "", "an annotation")
    record.tell_remarks(moments=True)
    if notes:
        task["annotations"] = list(_annotations(record, notes))
    return task


def _annotations(record: Record, notes: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Annotations; no two of one second, since Taskwarrior keeps one of them only."""
    taken: set[int] = set()
    for date, text in notes:
        moment = iso(date) or datetime(1970, 1, 1, tzinfo=UTC)
        second = int(moment.timestamp())
        if second in taken:
            record.tell("comments", date or text, "", "a second or more after another")
        while second in taken:
            second += 1
        taken.add(second)
        entry = datetime.fromtimestamp(second, UTC)
        yield {"entry": f"{entry:%Y%m%dT%H%M%SZ}", "description": text}


CODEC = Codec(
    title="Taskwarrior",
    files="`task export > tasks.json`, of versions 2.6 and 3",
    reads=read,
    writes=write,
    maps={
        "status": {
            "pending": "open",
            "waiting": "open",
            "recurring": "open",
            "started": "active",
            "completed": "done",
            "deleted": "cancelled",
        },
        "priority": {"h": "high", "m": "medium", "l": "low"},
    },
    homes={
        "description": "title",
        "annotations": "comments",
        "project": "`project`; `Home.Kitchen` is a part of `Home`",
        "scheduled": "`start`",
        "entry, end": "`created`, `closed`",
        "recur": "`repeat` of the last open task of the series",
        "start": "a task that is started is active; `begun` keeps when",
        "estimate (a UDA, such as PT2H)": "`estimate`",
    },
    loses={
        "urgency, id, mask, imask, modified": "worked out by Taskwarrior itself",
        "types of UDAs": "not in the export: their values are kept as text",
    },
    carries=frozenset(
        (
            "priority",
            "tags",
            "project",
            "due",
            "start",
            "wait",
            "created",
            "closed",
            "depends_on",
            "body",
            "comments",
        )
    ),
    export_loses={
        "projects, milestones, goals": "Taskwarrior knows their names only",
        "estimate and other fields": "Taskwarrior has no place for them",
    },
)
