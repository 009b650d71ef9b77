"""Asana's CSV, also as its export for sheets writes it, with a header further down."""

import re
from collections.abc import Iterator

from plaintrack.exchange.changes import Change, day_of
from plaintrack.exchange.draft import Draft, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.header import Row, table
from plaintrack.exchange.source import BadSource, Source, iso

_HOMES = frozenset(
    (
        *("Task ID", "Name", "Section/Column", "Assignee", "Assignee Email", "Start Date"),
        *("Due Date", "Tags", "Notes", "Projects", "Parent task", "Created At", "Completed At"),
        *("Parent Task", "Priority"),
        *("Blocked By (Dependencies)", "Blocking (Dependencies)"),
    )
)
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+")
_SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)")
_DERIVED = frozenset(("Last Modified",))
_DATES = {
    "Start Date": "start",
    "Due Date": "due",
    "Created At": "created",
    "Completed At": "closed",
}


def read(source: Source) -> Iterator[Draft]:
    """The tasks, with their projects. A parent, and what blocks, are given by *names*: of several
    with one name it cannot be told which is meant.
    """
    seen: set[str] = set()
    hint = "export from Asana: a project's menu > Export > CSV"
    for row in table(source, "Task ID", "Name", what="Asana's CSV", hint=hint):
        for name in _listed(row.text("Projects"))[:1]:
            if name not in seen:
                seen.add(name)
                yield group("project", name)
        if _ROUNDED.fullmatch(row.text("Task ID")):
            message = f"the Task ID {row.text('Task ID')} was rounded by a spreadsheet"
            raise BadSource(source.name, message, "import the file as Asana wrote it", row.line)
        yield _draft(source, row)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _day(row: Row, name: str) -> str:
    """A date; with slashes where the year is first, which no one can take for another."""
    text = row.text(name)
    return _SLASHED.sub(r"\1-\2-\3", text) if "/" in text else text


def _draft(source: Source, row: Row) -> Draft:
    section = row.text("Section/Column")
    told: list[Change] = []
    fields: dict[str, Words] = {
        "status": "completed" if row.text("Completed At") else "incomplete",
        "priority": row.text("Priority"),
        "assignee": row.text("Assignee Email", "Assignee"),
        "tags": _listed(row.text("Tags")),
        "start": day_of("start", _day(row, "Start Date"), told),
        "due": day_of("due", _day(row, "Due Date"), told),
    }
    for name, ours in (("Created At", "created"), ("Completed At", "closed")):
        found = iso(row.text(name))
        if found and len(row.text(name)) > 10:
            fields[ours] = source.moment(found)
        elif found:
            fields[ours] = row.text(name)
    unread = {
        name: row.text(name)
        for name, ours in _DATES.items()
        if row.text(name) and not fields.get(ours)
    }
    links: dict[str, tuple[str, ...]] = {}
    projects = _listed(row.text("Projects"))
    if projects:
        links["project"] = (group_key("project", projects[0]),)
    above = row.text("Parent task", "Parent Task")
    if above:
        links["parent"] = (above,)
    blockers = _listed(row.text("Blocked By (Dependencies)"))
    if blockers:
        links["depends_on"] = blockers
    extra = {**row.rest(_HOMES | _DERIVED), **unread}
    if section:
        extra["Section"] = section
    if projects[1:]:
        extra["Further projects"] = projects[1:]
    return Draft(
        row.text("Task ID"),
        row.text("Name"),
        row.text("Notes"),
        {name: value for name, value in fields.items() if value},
        links,
        extra,
        line=row.line,
        changed=tuple(told),
    )


CODEC = Codec(
    title="Asana",
    files="a project's menu > Export > CSV",
    reads=read,
    maps={"status": {"completed": "done", "incomplete": "open"}},
    homes={
        "Section/Column": "`section`; map it to `status` if your columns are the workflow",
        "Notes": "the body",
        "Projects": "`project`; further ones are kept in `further_projects`",
        "Parent task": "`parent`, by its name, which is all that Asana writes",
        "Blocked By": "`depends_on`, by names",
        "Priority, a field of many projects": "`priority`",
    },
    loses={
        "Last Modified": "Asana's own bookkeeping",
        "comments, attachments": "they are not in the CSV",
    },
)
