"""A Done as lines: what was changed, what followed, what could not be done."""

from collections.abc import Iterator, Sequence

from plaintrack.model.change import Change, telling
from plaintrack.model.done import Done, ItemChanges, Next, Written

Line = tuple[str, bool]
"""One line; whether it stands aside, since it is not a part of the answer itself."""


def lines(done: Done) -> Iterator[Line]:
    """What was done, a line each: the items, what followed from them, and what could not be done.
    Of a dry run only the notes: the rest is told by the differences of the files.
    """
    for item in done.items:
        if item.kept:
            yield item.kept, True
        elif not done.dry:
            yield item_line(item), False
    if not done.dry:
        for rule in done.rules:
            yield rule, False
        for follower in done.followers:
            yield _follower(follower), False
    for note in done.notes:
        yield note, True
    for path, why in done.failed:
        yield f"{path}: {why}", True


def item_line(item: ItemChanges) -> str:
    """What happened to one item, in field terms; with the path of what is new."""
    words = [_words(change) for change in telling(item.changes)]
    words += item.also
    line = f"{item.id or item.path}  {'; '.join(words) or 'nothing to change'}"
    made = any(change.kind in ("created", "commented") for change in item.changes)
    return f"{line}  ({item.path})" if made else line


def _words(change: Change) -> str:
    return "comment added" if change.kind == "commented" else change.describe()


def _follower(follower: Next) -> str:
    day = follower.day.isoformat()
    return f"{follower.id}  created: {follower.title}, due {day}, follows {follower.follows}"


def moves(files: Sequence[Written]) -> dict[str, str]:
    """Where files went that were moved and not changed: old path → new path."""
    created = {file.after: file.path for file in files if file.before is None}
    return {
        file.path: created[file.before]
        for file in files
        if file.after is None and file.before in created
    }
