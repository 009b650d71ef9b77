"""Jira's CSV (all fields), in English, German, French and Spanish; and its JSON."""

import re
from collections.abc import Iterator
from datetime import time, timedelta

from plaintrack.exchange import jirajson
from plaintrack.exchange.changes import CLOCK, Change
from plaintrack.exchange.draft import Draft, Remark, Span, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.header import Row, table
from plaintrack.exchange.jirawords import COLUMNS, LINKED, moment, order, spent
from plaintrack.exchange.source import Source

_HINT = "export from Jira: Filters > Export > CSV (all fields)"
_LINK = re.compile(r"(Inward|Outward) issue link \((.*)\)")
_CUSTOM = re.compile(r"Custom field \((.*)\)")


def read(source: Source) -> Iterator[Draft]:
    """The issues of a CSV or JSON export, with their versions and sprints. Raises BadSource."""
    with source.open() as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        yield from jirajson.read(source)
        return
    keys = dict(_keys(source))
    american = _american(source)
    seen: set[str] = set()
    for row in _rows(source):
        for draft in _groups(row):
            if draft.key not in seen:
                seen.add(draft.key)
                yield draft
        yield _draft(source, row, keys, american)


def _rows(source: Source) -> Iterator[Row]:
    """The records with Jira's English names of columns, whatever language it spoke."""
    for language, (key, summary) in LINKED.items():
        if _has(source, key, summary):
            english = COLUMNS[language]
            for row in table(source, key, summary, what="Jira's CSV", hint=_HINT):
                values: dict[str, tuple[str, ...]] = {}
                for name, found in row.values.items():
                    name = english.get(name, name)
                    values[name] = (*values.get(name, ()), *found)
                yield Row(row.line, values)
            return
    yield from table(source, "Issue key", "Summary", what="Jira's CSV", hint=_HINT)


def _has(source: Source, *columns: str) -> bool:
    from plaintrack.exchange.source import rows

    for _, cells in rows(source):
        return set(columns) <= {cell.strip() for cell in cells}
    return False


def _keys(source: Source) -> Iterator[tuple[str, str]]:
    """Number of an issue → its key: parents are given by numbers."""
    for row in _rows(source):
        if row.text("Issue id"):
            yield row.text("Issue id"), row.text("Issue key")


def _american(source: Source) -> bool:
    """Whether months come first in dates with slashes, which some day above 12 tells."""
    found = {order(row.text(name)) for row in _rows(source) for name in _DATED}
    if found & {"month", "day"}:
        return "month" in found
    if "either" in found:
        source.note("dates such as 6/7/2026 are read with the day first")
    return False


def _groups(row: Row) -> Iterator[Draft]:
    for version in row.many("Fix Version/s", "Fix versions")[:1]:
        yield group("milestone", version)
    for sprint in row.many("Sprint")[-1:]:
        yield group("milestone", sprint)


_DATED = ("Created", "Updated", "Resolved", "Due date", "Due Date")
_HOMES = frozenset(
    (
        *("Issue key", "Issue id", "Summary", "Description", "Status", "Resolution", "Issue Type"),
        *("Priority", "Assignee", "Labels", "Due date", "Due Date", "Created", "Resolved"),
        *("Parent", "Parent id", "Parent key", "Comment", "Comments", "Log Work", "Sprint"),
        *("Original estimate", "Original Estimate", "Remaining Estimate", "Time Spent"),
        *("Fix Version/s", "Fix versions", "Custom field (Epic Link)", "Status Category"),
    )
)
_DERIVED = frozenset(
    (
        *("Updated", "Last Viewed", "Assignee Id", "Reporter Id", "Creator Id", "Votes"),
        *("Work Ratio", "Σ Original Estimate", "Σ Remaining Estimate", "Σ Time Spent"),
        *("Custom field (Rank)", "Custom field (Development)", "Watchers Id", "Project key"),
        *("Project lead", "Project lead id", "Project url", "Project type", "Parent summary"),
        *("Status Category Changed", "Project description"),
    )
)


def _draft(source: Source, row: Row, keys: dict[str, str], american: bool) -> Draft:
    told: list[Change] = []
    fields: dict[str, Words] = {
        "status": _status(row),
        "type": row.text("Issue Type"),
        "priority": row.text("Priority"),
        "assignee": row.text("Assignee"),
        "tags": row.many("Labels"),
        "estimate": spent("estimate", row.text("Original estimate", "Original Estimate"), told),
        "remaining": spent("remaining", row.text("Remaining Estimate"), told),
    }
    extra = dict(_extra(row, keys))
    for names, ours in ((("Created",), "created"), (("Resolved",), "closed")):
        found = moment(row.text(*names), american)
        if found:
            fields[ours] = source.moment(found)
        elif row.text(*names):
            extra[names[0]] = row.text(*names)
    due = moment(row.text("Due date", "Due Date"), american)
    if due:
        fields["due"] = day = due.date().isoformat()
        if due.time() != time():
            told.append(Change("due", due.isoformat(), day, CLOCK))
    elif row.text("Due date", "Due Date"):
        extra["Due date"] = row.text("Due date", "Due Date")
    return Draft(
        row.text("Issue key"),
        row.text("Summary"),
        row.text("Description"),
        {name: value for name, value in fields.items() if value},
        _links(row, keys),
        extra,
        tuple(_remarks(source, row, american)),
        spans=tuple(_spans(source, row, american)),
        line=row.line,
        changed=tuple(told),
    )


def _status(row: Row) -> str:
    """The status; with the resolution where that says that nothing was done."""
    return jirajson.status(row.text("Status"), row.text("Resolution"))


def _extra(row: Row, keys: dict[str, str]) -> Iterator[tuple[str, Words]]:
    for name, value in row.rest(_HOMES | _DERIVED).items():
        link = _LINK.fullmatch(name)
        if link and link[2] == "Blocks":  # of those in the file the other side says it
            known = set() if link[1] == "Inward" else set(row.many(name)) - set(keys.values())
            if known:
                yield name, tuple(sorted(known))
            continue
        custom = _CUSTOM.fullmatch(name)
        yield (custom[1] if custom else name), value
    if jirajson.told(row.text("Resolution")):
        yield "Resolution", row.text("Resolution")
    epic = row.text("Custom field (Epic Link)")
    if epic and _above(row, keys) not in ("", epic):
        yield "Epic Link", epic
    if row.text("Time Spent") and not row.many("Log Work"):
        yield "Time Spent", spent("", row.text("Time Spent"), []) or row.text("Time Spent")
    for name in ("Fix Version/s", "Fix versions"):
        if row.many(name)[1:]:
            yield name, row.many(name)[1:]
    if row.many("Sprint")[:-1]:
        yield "Earlier sprints", row.many("Sprint")[:-1]


def _above(row: Row, keys: dict[str, str]) -> str:
    """The key of its parent; empty for none."""
    above = row.text("Parent key") or row.text("Parent", "Parent id")
    return keys.get(above, above)


def _links(row: Row, keys: dict[str, str]) -> dict[str, tuple[str, ...]]:
    links: dict[str, tuple[str, ...]] = {}
    above = _above(row, keys) or row.text("Custom field (Epic Link)")
    if above:
        links["parent"] = (above,)
    blockers = row.many("Inward issue link (Blocks)")
    if blockers:
        links["depends_on"] = blockers
    if row.many("Fix Version/s", "Fix versions"):
        first = row.many("Fix Version/s", "Fix versions")[0]
        links["milestone"] = (group_key("milestone", first),)
    if row.many("Sprint"):
        links["iteration"] = (group_key("milestone", row.many("Sprint")[-1]),)
    return links


def _remarks(source: Source, row: Row, american: bool) -> Iterator[Remark]:
    """A comment is ``date;author;text``, and its text may have any number of semicolons."""
    for cell in row.many("Comment", "Comments"):
        parts = cell.split(";", 2)
        found = moment(parts[0], american) if len(parts) == 3 else None
        if found is None:
            yield Remark(cell)
        elif parts[2].strip():
            yield Remark(parts[2], parts[1], source.moment(found))


def _spans(source: Source, row: Row, american: bool) -> Iterator[Span]:
    """Work is ``text;date;author;seconds``, and its text may have semicolons."""
    for cell in row.many("Log Work"):
        parts = cell.rsplit(";", 3)
        found = moment(parts[1], american) if len(parts) == 4 else None
        if found is None or not parts[3].strip().isdigit():
            source.note(f"a cell of Log Work cannot be read: {cell[:60]!r}")
            continue
        begun = source.local(found)
        yield Span(begun, begun + timedelta(seconds=int(parts[3])), parts[2], parts[0])


CODEC = Codec(
    title="Jira",
    files="Filters > Export > CSV (all fields); or the JSON of"
    " `/rest/api/2/search?jql=…&expand=changelog&fields=*all`",
    reads=read,
    maps={
        "status": {
            "to do": "open",
            "backlog": "open",
            "selected for development": "open",
            "in progress": "active",
            "in review": "active",
            "done": "done",
            "open": "open",
            "reopened": "open",
            "resolved": "done",
            "closed": "done",
            "zu erledigen": "open",
            "in arbeit": "active",
            "fertig": "done",
            "à faire": "open",
            "en cours": "active",
            "terminé": "done",
            "terminé(e)": "done",
            "por hacer": "open",
            "tareas por hacer": "open",
            "en curso": "active",
            "finalizada": "done",
            "listo": "done",
            "cerrada": "done",
        },
        "priority": {
            "highest": "critical",
            "blocker": "critical",
            "high": "high",
            "major": "high",
            "medium": "medium",
            "low": "low",
            "minor": "low",
            "lowest": "low",
            "trivial": "low",
            "höchste": "critical",
            "hoch": "high",
            "mittel": "medium",
            "niedrig": "low",
            "niedrigste": "low",
            "très élevée": "critical",
            "élevée": "high",
            "moyenne": "medium",
            "faible": "low",
            "muy alta": "critical",
            "alta": "high",
            "media": "medium",
            "baja": "low",
            "muy baja": "low",
        },
        "type": {
            "story": "feature",
            "epic": "project",
            "sub-task": "task",
            "subtask": "task",
            "improvement": "feature",
            "new feature": "feature",
            "aufgabe": "task",
            "fehler": "bug",
            "tâche": "task",
            "bogue": "bug",
            "tarea": "task",
            "error": "bug",
        },
    },
    homes={
        "Labels": "`tags`",
        "Original estimate, Remaining Estimate": "`estimate`, `remaining`",
        "Comment": "comments, with author and moment",
        "Log Work": "time records",
        "Parent, Epic Link": "`parent`",
        "Fix Version": "a milestone, linked by `milestone`",
        "Sprint": "the last one: a milestone, linked by `iteration`",
        "Blocks (inward)": "`depends_on`",
        "Resolution": "Won't Do, Duplicate and the like are cancelled",
        "custom fields": "keys of their own, such as `story_points`; `customfield_10016` in JSON,"
        " which a mapping can name",
    },
    loses={
        "Updated, votes, ranks, sums": "Jira's own bookkeeping",
        "attachments": "their lines are kept, the files stay at Jira",
    },
)
