"""An export: items as another program wants them."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from plaintrack.app.snapshot import answers, timelog
from plaintrack.app.snapshot.people import parsed
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.exchange.changes import Changes
from plaintrack.exchange.draft import Remark, Span, Words
from plaintrack.exchange.formats import ALL, BARE, UnknownFormat, codec, writing
from plaintrack.exchange.record import Record
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.store.index import ask
from plaintrack.store.pages import Pages
from plaintrack.when import durations

_GROUPS = "projects, milestones and goals themselves"
ICAL = "ical"
TIMECLOCK = "timeclock"
VTODO = "vtodo"


def formats() -> tuple[tuple[str, str], ...]:
    """What can be exported, with the names of the programs."""
    mine = ((ICAL, "a calendar"), (TIMECLOCK, "hledger's timeclock"))
    return tuple(sorted((*mine, *((name, codec(name).title) for name in writing()))))


def give(
    snapshot: Snapshot,
    form: str,
    query: str,
    within: str = "",
    left: Counter[str] | None = None,
    changes: Changes | None = None,
) -> Iterator[bytes]:
    """The open items that answer a query, or those it asks for, in a format; ``within`` is a query
    that they answer as well. ``left`` counts what the format has no place for, ``changes``
    what it holds otherwise, as it is written.
    Raises UnknownFormat, BadQuery.
    """
    if form == TIMECLOCK:
        return timeclock(snapshot, query, within)
    found = codec(form) if form in dict(formats()) else None
    if found is None or found.writes is None:
        raise UnknownFormat(form, [name for name, _ in formats()])
    records = _records(snapshot, query, within, changes)
    return found.writes(records if left is None else _counted(records, found.carries, left))


def folder(
    snapshot: Snapshot,
    query: str,
    path: str,
    within: str = "",
    left: Counter[str] | None = None,
    changes: Changes | None = None,
) -> Pages:
    """The same as to-dos in a folder with a file for each; only what differs is written."""
    from plaintrack.exchange import vtodo

    pages = Pages(path)
    records = _records(snapshot, query, within, changes)
    for record in records if left is None else _counted(records, vtodo.CODEC.carries, left):
        name = quote(vtodo.uid(record.id, record.text("source")), safe="@ -_")
        pages.put(f"{name}.ics", b"".join(vtodo.write([record])).decode())
    pages.finish()
    return pages


def _counted(
    records: Iterator[Record], carries: frozenset[str], left: Counter[str]
) -> Iterator[Record]:
    """The same records; what of them a format does not carry is counted."""
    for record in records:
        if record.group and "groups" not in carries:
            left[_GROUPS] += 1
        else:
            beside = {
                "the text": record.body.strip() and "body" not in carries,
                "comments": record.remarks and "comments" not in carries,
                "time records": record.spans and "time" not in carries,
            }
            left.update(name for name, found in beside.items() if found)
            if ALL not in carries:
                left.update(record.fields.keys() - carries - BARE)
        yield record


def timeclock(snapshot: Snapshot, query: str, within: str = "") -> Iterator[bytes]:
    """The time records of the items that answer a query, or all, as one timeclock file; the
    account is the item, the person is named in a tag.
    """
    from plaintrack.timeclock.entry import text

    wanted: set[str] | None = None
    if query.strip() or within:
        asked = answers.question(snapshot, query, within=within)
        wanted = {fold(task.id) for task in answers.tasks(snapshot, asked)}
    meant = timelog.renamed(snapshot)
    for entry in timelog.everything(snapshot):
        item = meant(entry.item)
        if wanted is None or fold(item) in wanted:
            lines = text(entry._replace(item=item))
            yield f"; {entry.person}\n{lines}".encode()


def _records(
    snapshot: Snapshot, query: str, within: str, changes: Changes | None
) -> Iterator[Record]:
    asked = answers.question(snapshot, query, within=within, state="open?", shown="id")
    tasks = [task for task in answers.tasks(snapshot, asked) if task.id]
    index = snapshot.index.connection
    titles = {fold(item): title for item, title in ask.titles(index).items()}
    sources = {fold(item): source for item, _, source in ask.imported(index, "")}
    spans = _spans(snapshot, [task.id for task in tasks])
    for task in tasks:
        found = _record(snapshot, task, titles, sources, spans.get(fold(task.id), ()))
        yield found._replace(changes=changes)


def _spans(snapshot: Snapshot, items: list[str]) -> dict[str, list[Span]]:
    from datetime import datetime

    zone = snapshot.now.tzinfo
    meant = timelog.renamed(snapshot)
    found: dict[str, list[Span]] = {}
    for entry in timelog.everything(snapshot, items):
        if entry.end is not None:
            start, end = (datetime.fromtimestamp(each, zone) for each in (entry.start, entry.end))
            found.setdefault(fold(meant(entry.item)), []).append(
                Span(start, end, entry.person, entry.note)
            )
    return found


def _body(snapshot: Snapshot, path: str) -> str:
    """The text of an item, which the index does not keep."""
    return parsed(snapshot.settings, path, snapshot.read(path)).body


def _record(
    snapshot: Snapshot,
    task: Task,
    titles: dict[str, str],
    sources: dict[str, str],
    spans: "list[Span] | tuple[()]",
) -> Record:
    from plaintrack.app.snapshot.spoken import comments

    schema = snapshot.schema
    fields: dict[str, Words] = {name: value for name, value in task.fields.items() if value}
    minutes = {}
    for name, value in task.fields.items():
        field = schema.fields.get(name)
        if field is not None and field.kind == "duration" and isinstance(value, str) and value:
            try:
                minutes[name] = round(durations.minutes(value, schema.day, schema.week))
            except durations.BadDuration:
                continue
    for name in UPWARD:
        linked = fold(task.text(name))
        if linked in titles and name != "parent":
            fields[name] = titles[linked]
    origins = {
        each: sources.get(fold(each), "")
        for name in ("depends_on", "parent", "project")
        for each in task.many(name)
    }
    ranks = schema.priorities
    rank = ranks.index(task.text("priority")) if task.text("priority") in ranks else None
    return Record(
        task.id,
        task.text("title"),
        _body(snapshot, task.path),
        schema.standing(task.path, task.text("status")),
        fields,
        rank,
        len(ranks),
        minutes,
        tuple(
            Remark(each.body.strip(), each.author, each.date)
            for each in comments(snapshot, task.id)
            if each.problem is None
        ),
        tuple(spans),
        origins,
        schema.statuses,
        snapshot.now.tzinfo,
        task.text("project"),
    )
