"""What happened to items, as Documents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from plaintrack.model.answer import Happened
from plaintrack.model.change import Change, telling
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Code, Entry, Section

if TYPE_CHECKING:
    from plaintrack.render.document import Part


def log(commits: Iterable[Happened], single: bool) -> Document:
    """What each commit did, made as it is read; ``single``: to one item, which is not named."""
    return Document(_log(commits, single))


def _log(commits: Iterable[Happened], single: bool) -> Iterator["Part"]:
    for commit in commits:
        entries = [
            Entry(lines) if single else Entry(lines, item, title)
            for item, title, changes in commit.items
            if (lines := [change.describe() for change in telling(changes)]) or not single
        ]
        yield _section(commit, entries)
        patch = list(commit.patch)
        if patch:
            yield Code(patch, "diff")


def _section(commit: Happened, entries: list[Entry]) -> Section:
    if not commit.commit:
        return Section("", entries, "not committed")
    mark = " (merge)" if commit.merge else ""
    title = f"{_minute(commit.date)}  {commit.who}  {commit.subject}{mark}"
    return Section(title, entries, commit.commit[:10])


_CHANGE = ("commit", "date", "author", "email", *Change._fields)


def changes(rows: Iterable[Mapping[str, Any]]) -> Document:
    """The changes for programs."""
    return Document((Records(rows, "changes", _CHANGE),))


def values(field: str, found: Sequence[tuple[str, str, str, str, str]], now: str) -> Document:
    """The values that a field had: (value, since, until, by, commit)."""
    rows = [
        (value or "(none)", _minute(since), _lasted(since, until or now), by, commit[:10])
        for value, since, until, by, commit in found
    ]
    return Document((Table((field, "since", "for", "by", "commit"), rows, "values", flexible=0),))


def typed(found: Sequence[tuple[str, str, str, str, str]]) -> Document:
    """The same for programs."""
    return Document((Table(("value", "since", "until", "by", "commit"), found, "values"),))


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _lasted(since: str, until: str) -> str:
    """How long it was from one moment to another: hours below two days, else days."""
    seconds = (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()
    hours = max(0.0, seconds / 3600)
    return f"{hours:.0f}h" if hours < 48 else f"{hours / 24:.0f}d"
