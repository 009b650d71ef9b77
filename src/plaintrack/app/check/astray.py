"""Finds links in items, comments and documents that lead to where the file of an item stands no
more: it was archived, moved, renamed or deleted.
"""

import os
from collections.abc import Container, Iterator, Sequence

from plaintrack.app.snapshot.documents import linking
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Found
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.store import files
from plaintrack.store.index import ask, checking


def astray(workspace: Workspace, gone: Container[str] | None = None) -> list[Found]:
    """A finding for each such link to a Markdown file; ``gone``: only to these paths."""
    connection = workspace.index.connection
    paths = checking.paths(connection)
    here, found = set(paths), []
    for path in (*ask.with_links(connection), *linking(workspace, workspace.beside)):
        for target, at, data in _links(workspace, path):
            wanted = target in gone if gone is not None else True
            if wanted and target not in here and not os.path.lexists(workspace.path(target)):
                found.append((path, target, at, data))
    if not found:
        return []
    hidden = _hidden(workspace)
    folders, places = {each.rpartition("/")[0] for each in paths}, _places(paths)
    told = []
    for path, target, at, data in found:
        folder, _, name = target.rpartition("/")
        now = places.get(fold(name), "")
        if target not in hidden and (now or folder in folders or gone is not None):
            told.append(_found(path, target, at, data, now))
    return told


def _links(workspace: Workspace, path: str) -> Iterator[tuple[str, tuple[int, int], bytes]]:
    """The workspace paths that links to Markdown files lead to, and where in the file's bytes each
    target stands; those of generated blocks are left out, they are made again.
    """
    from plaintrack.text.blocks import LIKE, blocks
    from plaintrack.text.markdown import targets

    try:
        data = workspace.read_whole(path)
        text = data.decode()
    except (OSError, files.Oddity, UnicodeDecodeError):
        return
    made = (
        [(each.start, each.end) for each in blocks(data, path).found] if LIKE.search(data) else []
    )
    for target, start, end in targets(text, path):
        if target.endswith(".md"):
            one = len(text[:start].encode())
            two = one + len(text[start:end].encode())
            if not any(first <= one < last for first, last in made):
                yield target, (one, two), data


def _places(paths: Sequence[str]) -> dict[str, str]:
    """Folded file name → the path of the one item's file that is called so."""
    found: dict[str, str] = {}
    for path in paths:
        name = fold(path.rpartition("/")[2])
        found[name] = "" if name in found else path
    return found


def _hidden(workspace: Workspace) -> set[str]:
    """The files that git tracks and that are not checked out."""
    try:
        return {path for path, _ in workspace.repo.skipped(workspace.tops)[0]}
    except PlaintrackError:
        return set()


def _found(path: str, target: str, at: tuple[int, int], data: bytes, now: str) -> Found:
    from plaintrack.text.markdown import relative

    before = data[: at[0]]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    excerpt = data[start:].split(b"\n", 1)[0].rstrip(b"\r").decode()
    column = len(before[start:].decode()) + 1
    hint = (
        f"it is {now} now: write {relative(path, now)}"
        if now
        else "write where it is now, or remove the link"
    )
    message = f"the link leads to {target}, and there is no such file"
    return Found(path, "", "", "", message, hint, line, column, excerpt, about=target)
