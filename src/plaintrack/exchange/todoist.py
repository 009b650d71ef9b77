"""Todoist's CSV, of a project's export as a template."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from plaintrack.exchange.changes import CLOCK, Change, day_of
from plaintrack.exchange.draft import Draft, Remark, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.header import Row, table
from plaintrack.exchange.source import Source, iso_day
from plaintrack.model.count import plural

_LABEL = re.compile(r"(?:^|(?<=\s))@([^\s@]+)")
_AT = re.compile(r" (?:at|@) ?\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)?\Z")
_WHO = re.compile(r"(.*?)(?: \(\d+\))?")
_KNOWN = frozenset(
    (
        *("TYPE", "CONTENT", "DESCRIPTION", "IS_COLLAPSED", "PRIORITY", "INDENT", "AUTHOR"),
        *("RESPONSIBLE", "DATE", "DATE_LANG", "TIMEZONE", "DURATION", "DURATION_UNIT", "meta"),
        *("DEADLINE", "DEADLINE_LANG", "view_style"),
    )
)


class _Open(NamedTuple):
    """A task whose notes may follow."""

    draft: Draft
    remarks: list[Remark]

    def closed(self) -> Draft:
        return self.draft._replace(remarks=tuple(self.remarks))


def read(source: Source) -> Iterator[Draft]:
    """The tasks, with notes as comments. What is done is not in the file. A task has no id: it is
    known by its words, and those of its section and the tasks above it.
    """
    above: list[tuple[int, str]] = []
    seen: Counter[str] = Counter()
    section = ""
    task: _Open | None = None
    before = about = 0
    hint = "export from Todoist: a project's menu > Export as a template > CSV"
    source.note("Todoist exports what is open only; what is done stays there")
    for row in table(source, "TYPE", "CONTENT", what="Todoist's CSV", hint=hint):
        kind = row.text("TYPE")
        if kind == "section":
            section, above = row.text("CONTENT"), []
            about += bool(row.text("DESCRIPTION"))
        elif kind == "note" and task:
            task.remarks.append(Remark(row.text("CONTENT"), _who(row.text("AUTHOR"))))
        elif kind == "note":
            before += 1
        elif kind == "task" and row.text("CONTENT"):
            if task:
                yield task.closed()
            task = _Open(_draft(row, section, above, seen), [])
    if task:
        yield task.closed()
    if before:
        source.note(f"left out: {plural(before, 'note')} of the project itself")
    if about:
        source.note(f"left out: {plural(about, 'description')} of sections")


def _who(text: str) -> str:
    found = _WHO.fullmatch(text)
    return found[1] if found else text


def _draft(row: Row, section: str, above: list[tuple[int, str]], seen: Counter[str]) -> Draft:
    content = row.text("CONTENT")
    labels = tuple(_LABEL.findall(content))
    title = " ".join(_LABEL.sub("", content).split()) or content
    depth = int(row.text("INDENT")) if row.text("INDENT").isdigit() else 1
    while above and above[-1][0] >= depth:
        above.pop()
    parent = above[-1][1] if above else ""
    key = f"{parent or section}/{title}".lstrip("/")
    seen[key] += 1
    if seen[key] > 1:
        key = f"{key} ({seen[key]})"
    above.append((depth, key))
    fields: dict[str, Words] = {"status": "open", "tags": labels}
    if row.text("PRIORITY"):
        fields["priority"] = f"p{row.text('PRIORITY')}"
    if row.text("RESPONSIBLE"):
        fields["assignee"] = _who(row.text("RESPONSIBLE"))
    extra = row.rest(_KNOWN)
    if row.text("AUTHOR"):
        extra["Author"] = _who(row.text("AUTHOR"))
    told: list[Change] = []
    _when(row, fields, extra, told)
    if section:
        extra["Section"] = section
    links = {"parent": (parent,)} if parent else {}
    text, changed = row.text("DESCRIPTION"), tuple(told)
    return Draft(key, title, text, fields, links, extra, line=row.line, changed=changed)


def _when(row: Row, fields: dict[str, Words], extra: dict[str, Words], told: list[Change]) -> None:
    """Dates: a day is `due`, or `start` where there is a deadline; a rule that plaintrack reads as
    well is `repeat`; the rest is kept.
    """
    date, deadline = row.text("DATE"), row.text("DEADLINE")
    ours = "start" if iso_day(deadline) else "due"
    if iso_day(date):
        fields[ours] = day_of(ours, date, told)
    elif date.lower().startswith("every"):
        fields["repeat"] = _rule(date.lower(), told)
    elif date:
        extra["Date"] = date
    if iso_day(deadline):
        fields["due"] = day_of("due", deadline, told)
    elif deadline:
        extra["Deadline"] = deadline
    lasts, unit = row.text("DURATION"), row.text("DURATION_UNIT")
    if lasts.isdecimal() and unit in ("", "minute"):
        fields["estimate"] = f"{lasts}m"
    elif lasts and lasts != "None":
        extra["Duration"] = f"{lasts} {unit}".strip()


def _rule(text: str, told: list[Change]) -> str:
    """A rule without its time of day; ``every!`` counts from the day of completion."""
    rest = _AT.sub("", text)
    if rest != text:
        told.append(Change("repeat", text, rest, CLOCK))
    begun = rest.removeprefix("every!")
    return rest if begun == rest else f"every{begun} after completion"


CODEC = Codec(
    title="Todoist",
    files="a project's menu > Export as a template > CSV, without relative dates",
    reads=read,
    maps={
        "status": {"open": "open"},
        "priority": {"p1": "critical", "p2": "high", "p3": "medium", "p4": ""},
    },
    homes={
        "@label in CONTENT": "`tags`",
        "PRIORITY": "`priority`: 1 is the highest, 4 is none",
        "INDENT": "`parent`",
        "note rows": "comments",
        "section rows": "`section`",
        "DATE": "`due`, or `repeat` for `every …`, `start` beside a deadline; other words are"
        " kept in `date`",
        "DEADLINE": "`due`",
        "DURATION": "`estimate`",
    },
    loses={
        "completed tasks": "Todoist does not export them",
        "moments of notes": "the file does not have them",
    },
)
