"""What happened to items, and who said which line."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.history import follow, history, local, moment, pending, values
from plaintrack.app.snapshot.people import author, named, person
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model import ids
from plaintrack.model.answer import Happened
from plaintrack.model.change import Change
from plaintrack.model.task import Task
from plaintrack.store.index import ask
from plaintrack.store.index.choices import told
from plaintrack.store.index.history import Event, History, Look, Touched
from plaintrack.when import dates


class Blame(NamedTuple):
    """Field → since when, by whom and in which commit it has its value; and a line for each commit
    that names the item.
    """

    fields: dict[str, str]
    commits: list[str]


class Log(NamedTuple):
    """What was looked for in history, and what was found: uncommitted Changes, then Events, the
    latest first.

    ``named``: it is one item that was asked for by its id. ``nothing``: no items match the query.
    """

    history: History
    pending: list[Change]
    events: Iterator[Event]
    named: bool
    nothing: bool

    @property
    def shallow(self) -> bool:
        """Whether history ends where a shallow clone was cut."""
        return self.history.repo.shallow


def log(
    snapshot: Snapshot,
    words: Sequence[str],
    field: str = "",
    by: str = "",
    since: str = "",
    until: str = "",
    limit: int | None = None,
) -> Log:
    """What happened to the items that the words mean, or to all; in at most ``limit`` commits.
    Raises NoGit and what ``items`` and ``look`` raise.
    """
    known = history(snapshot)
    wanted = items(snapshot, known, words)
    asked = look(snapshot, wanted, field, by, since, until)
    if words and not wanted:
        return Log(known, [], iter(()), False, True)
    named = len(wanted) == len(words) == 1 and words[0].lower() in wanted[0].lower()
    events = _limited(told(known, asked), limit)
    return Log(known, pending(snapshot, asked), events, named, False)


def _limited(events: Iterator[Event], limit: int | None) -> Iterator[Event]:
    seen: set[str] = set()
    for event in events:
        seen.add(event.commit)
        if limit is not None and len(seen) > limit:
            return
        yield event


def records(snapshot: Snapshot, found: Log) -> Iterator[dict[str, str | bool | None]]:
    """Each change with its commit; None for what is not committed."""
    rest = {"merge": False}
    merges = cache(found.history.merges)
    for change in found.pending:
        yield {
            "commit": None,
            "date": None,
            "author": None,
            "email": None,
            **rest,
            **change._asdict(),
        }
    for event in found.events:
        yield {
            "commit": event.commit,
            "date": local(snapshot, event),
            "author": event.author,
            "email": event.email,
            "merge": merges(event.commit),
            **event.change._asdict(),
        }


def happened(snapshot: Snapshot, found: Log, patches: bool = False) -> Iterator[Happened]:
    """The same commit by commit and item by item; ``patches``: with the lines of the files."""

    @cache
    def title(item: str) -> str:
        known = answers.title(snapshot, item)
        return known or named(snapshot, item) or "(deleted)"

    if found.pending:
        yield Happened("", "", "", "", _by_item(found.pending, title))
    for commit, some in groupby(found.events, lambda event: event.commit):
        events = list(some)
        first = events[0]
        changes = [event.change for event in events]
        yield Happened(
            commit,
            local(snapshot, first),
            person(snapshot, first.author, first.email),
            first.subject,
            _by_item(changes, title),
            _patches(snapshot, found.history, commit, changes) if patches else (),
            found.history.merges(commit),
        )


def _by_item(
    changes: Sequence[Change], title: Callable[[str], str]
) -> list[tuple[str, str, tuple[Change, ...]]]:
    ordered = sorted(changes, key=lambda change: change.id.lower())
    return [
        (item, title(item), tuple(some)) for item, some in groupby(ordered, lambda each: each.id)
    ]


def _patches(
    snapshot: Snapshot, known: History, commit: str, changes: Sequence[Change]
) -> Iterator[str]:
    from plaintrack.show.patch import patch as lines

    for item in dict.fromkeys(change.id for change in changes):
        for touched in known.touched(commit, item):
            before, after = patch(snapshot, touched)
            yield from lines(before, after, touched.path or touched.old_path)


def items(snapshot: Snapshot, known: History, words: Sequence[str]) -> tuple[str, ...]:
    """The ids that the words mean: parts of ids, of deleted items too; else those that answer the
    query. None: no words.

    Raises AmbiguousId, BadQuery, UnknownId.
    """
    if words:
        follow(snapshot, known)
    found, ever = [], known.ids() if words else []
    for word in words:
        try:
            found.append(ids.resolve(word, list({*ever, *ask.ids(snapshot.index.connection)})))
        except ids.UnknownId:
            asked = answers.question(snapshot, " ".join(words))
            answer = tuple(item for _, item, _ in answers.rows_raw(snapshot, asked) if item)
            if not answer and len(words) == 1 and ids.acceptable(word):
                raise  # neither an id nor a word of any item
            return answer
    return tuple(found)


def look(
    snapshot: Snapshot,
    wanted: tuple[str, ...],
    field: str = "",
    by: str = "",
    since: str = "",
    until: str = "",
    initial: bool = False,
) -> Look:
    """What to look for: the field by any spelling, an author by any name, days in any spelling.
    Raises BadQuery, BadDate.
    """
    return Look(
        wanted,
        answers.field(snapshot, field) if field else "",
        author(snapshot, by) if by else frozenset(),
        (
            moment(snapshot, dates.past(since, snapshot.today, answers.works(snapshot))[0])
            if since
            else None
        ),
        (
            moment(
                snapshot, dates.past(until, snapshot.today, answers.works(snapshot))[1], end=True
            )
            if until
            else None
        ),
        initial,
    )


def blame(snapshot: Snapshot, known: History, task: Task) -> Blame:
    """Since when and by whom each field of an item has its present value, and the commits whose
    message names the item.
    """
    fields = {}
    for name in task.fields:
        past = values(snapshot, known, task.id, name)
        if past:
            last = past[-1]
            if last.commit:
                merge = " (merge)" if known.merges(last.commit) else ""
                fields[name] = f"{last.since[:10]} {last.by}, {last.commit[:10]}{merge}"
            else:
                fields[name] = "not committed"
    named = known.naming(task.id)
    return Blame(
        fields,
        [
            f"{each.commit[:10]}  {local(snapshot, each)[:10]} "
            f" {person(snapshot, each.author, each.email)}  {each.subject}"
            for each in named
        ],
    )


def patch(snapshot: Snapshot, touched: Touched) -> tuple[bytes | None, bytes | None]:
    """The bytes of a file before and after a commit."""
    contents = dict(snapshot.repo.blobs(blob for blob in (touched.old_blob, touched.blob) if blob))
    before, after = (
        contents.get(blob) if blob else None for blob in (touched.old_blob, touched.blob)
    )
    return before, after
