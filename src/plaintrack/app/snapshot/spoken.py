"""The comments of the work tree, with what is wrong with them."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.model.problem import Problem
from plaintrack.model.task import fold
from plaintrack.store import files, place
from plaintrack.store.remember import recall, remember

if TYPE_CHECKING:
    from plaintrack.model.detail import Comment

_CACHE = "comments.cache"


def comment(path: str, data: bytes, schema: Schema) -> "Comment":
    """The Comment in a file's bytes."""
    from plaintrack.model.detail import Comment
    from plaintrack.text.comment import broken
    from plaintrack.text.parse import parse

    found = parse(path, data, schema)
    problem = broken(found)
    if problem is not None:
        return Comment(path, "", "", data.decode("utf-8", "backslashreplace"), problem)
    return Comment(
        path,
        found.text("author"),
        found.text("date"),
        found.body,
        answers=found.text("answers").rpartition("/")[2].removesuffix(".md"),
        resolved=found.text("resolved") == "true",
    )


def comments(snapshot: Snapshot, item: str) -> Iterator["Comment"]:
    """The comments on an item, the oldest first."""
    folder = f"{place.COMMENTS}/{item}"
    for name in snapshot.names(folder):
        yield _read(snapshot, f"{folder}/{name}")


def _read(snapshot: Snapshot, path: str) -> "Comment":
    try:
        return comment(path, snapshot.read(path), snapshot.schema)
    except (OSError, files.Oddity) as error:
        from plaintrack.model.detail import Comment

        if isinstance(error, PlaintrackError):
            message = error.message
        else:
            message = f"cannot be read: {error.strerror}"
        problem = Problem("unreadable", path, message, "replace it with the file itself")
        return Comment(path, "", "", "", problem)


def _fault(snapshot: Snapshot, path: str) -> Problem | None:
    from plaintrack.text.comment import plain

    try:
        if plain(snapshot.read(path)):
            return None
    except (OSError, files.Oddity):
        pass
    return _read(snapshot, path).problem


def everything(snapshot: Snapshot) -> Iterator[tuple[str, Problem | None]]:
    """Path and Problem (None: it can be read) of every comment, and of what stands where comments
    are.

    Those that could be read the last time are read again only if a stamp has changed since.
    """
    folders = files.scan(snapshot.root, (place.COMMENTS,))
    source = repr([folder.files for folder in folders]).encode("utf-8", "surrogatepass")
    known = recall(snapshot.cache, _CACHE, source)
    wrong: set[str] | None = None if known is None else set(known)
    found = []
    for folder in folders:
        for entry in folder.files:
            path = f"{folder.path}/{entry[0]}"
            problem = _fault(snapshot, path) if wrong is None or path in wrong else None
            found += [path] if problem else []
            yield path, problem
        for name, message in folder.odd:
            path = f"{folder.path}/{name}".rstrip("/")
            yield (
                path,
                Problem("unreadable", path, message, "put an ordinary file or folder in its place"),
            )
    now = files.clock()
    if known is None and not any(
        files.racy(entry[1:], now) for folder in folders for entry in folder.files
    ):
        remember(snapshot.cache, _CACHE, source, tuple(found))


def owner(path: str) -> str:
    """The id that the path of a comment names; empty for a file that lies elsewhere."""
    parts = path.split("/")
    return parts[1] if len(parts) == 3 else ""


def strangers(snapshot: Snapshot, names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those of the ids ``names`` that no item has: not in ``known``, not in git's index, and not
    behind a file that cannot be read.
    """
    have = {fold(each) for each in known}
    missing = [each for each in dict.fromkeys(names) if fold(each) not in have]
    if not missing:
        return []
    from plaintrack.app.snapshot.absent import absent, told
    from plaintrack.app.snapshot.answers import problems

    away = absent(snapshot, thorough=True)
    missing = [each for each in missing if not away.has(each)]
    if told(away, map(fold, missing)):
        return []
    unread = [
        os.path.basename(each.path).lower()
        for each in problems(snapshot)
        if each.severity == "error"
    ]
    return [each for each in missing if not any(name.startswith(fold(each)) for name in unread)]
