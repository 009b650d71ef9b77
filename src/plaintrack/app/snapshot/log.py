"""What happened to items, and who said which line."""

from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.history import follow, local, moment, values
from plaintrack.app.snapshot.people import author, person
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model import ids
from plaintrack.model.task import Task
from plaintrack.store.index import ask
from plaintrack.store.index.history import History, Look, Touched
from plaintrack.when import dates


class Blame(NamedTuple):
    """Field → since when, by whom and in which commit it has its value; and a line for each commit
    that names the item.
    """

    fields: dict[str, str]
    commits: list[str]


def items(workspace: Snapshot, known: History, words: Sequence[str]) -> tuple[str, ...]:
    """The ids that the words mean: parts of ids, of deleted items too; else those that answer the
    query. None: no words.

    Raises AmbiguousId, BadQuery, UnknownId.
    """
    if words:
        follow(workspace, known)
    found, ever = [], known.ids() if words else []
    for word in words:
        try:
            found.append(ids.resolve(word, list({*ever, *ask.ids(workspace.index.connection)})))
        except ids.UnknownId:
            asked = answers.question(workspace, " ".join(words))
            answer = tuple(item for _, item, _ in answers.rows_raw(workspace, asked) if item)
            if not answer and len(words) == 1 and ids.acceptable(word):
                raise  # neither an id nor a word of any item
            return answer
    return tuple(found)


def look(
    workspace: Snapshot,
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
        answers.field(workspace, field) if field else "",
        author(workspace, by) if by else frozenset(),
        (
            moment(workspace, dates.span(since, workspace.today, answers.works(workspace))[0])
            if since
            else None
        ),
        (
            moment(
                workspace, dates.span(until, workspace.today, answers.works(workspace))[1], end=True
            )
            if until
            else None
        ),
        initial,
    )


def blame(workspace: Snapshot, known: History, task: Task) -> Blame:
    """Since when and by whom each field of an item has its present value, and the commits whose
    message names the item.
    """
    fields = {}
    for name in task.fields:
        past = values(workspace, known, task.id, name)
        if past:
            last = past[-1]
            fields[name] = (
                f"{last.since[:10]} {last.by}, {last.commit[:10]}"
                if last.commit
                else "not committed"
            )
    named = known.naming(task.id)
    return Blame(
        fields,
        [
            f"{each.commit[:10]}  {local(workspace, each)[:10]} "
            f" {person(workspace, each.author, each.email)}  {each.subject}"
            for each in named
        ],
    )


def patch(workspace: Snapshot, touched: Touched) -> tuple[bytes | None, bytes | None]:
    """The bytes of a file before and after a commit."""
    contents = dict(workspace.repo.blobs(blob for blob in (touched.old_blob, touched.blob) if blob))
    before, after = (
        contents.get(blob) if blob else None for blob in (touched.old_blob, touched.blob)
    )
    return before, after
