"""Merges three files for git, so that whatever happens no one's lines are lost."""

import os
from typing import NamedTuple

from plaintrack.model.fields import Schema

SIZE = 7


class Outcome(NamedTuple):
    """How a merge ended: whether git may take the result, and what to tell the user."""

    clean: bool
    message: str = ""


def merge_file(base: str, ours: str, theirs: str, size: int = SIZE, path: str = "") -> Outcome:
    """Merge three files into the second one; ``path`` is the item's own, below the current folder.
    Raises OSError.

    Until the merge is done the file holds both sides between conflict markers: git takes what it
    finds there, even if we are killed.
    """
    before, one, two = (_read(each) for each in (base, ours, theirs))
    if two in (one, before):
        return Outcome(True)
    if one == before:
        _write(ours, two)
        return Outcome(True)
    _write(ours, _both(one, two, size))
    name = path or ours
    try:
        return _merged(before, one, two, ours, name, size)
    except Exception as error:
        from plaintrack.merge.item import by_lines

        found = by_lines(before, one, two, str(error))
        _write(ours, found.data(size))
        return Outcome(
            False,
            f"{name}: a bug in plaintrack ({type(error).__name__}: {error}); it was"
            " merged by lines; please review it",
        )


def _merged(base: bytes, one: bytes, two: bytes, ours: str, name: str, size: int) -> Outcome:
    from plaintrack.merge.item import merge
    from plaintrack.text.blocks import LIKE, aligned

    if LIKE.search(one):  # what is generated is made again: ours will do until then
        base, two = aligned(base, one), aligned(two, one)
        if not one.startswith((b"---", b"\xef\xbb\xbf---")):
            return _document(base, one, two, ours, name, size)
    found = merge(base, one, two, name, schema_for(name), size)
    _write(ours, found.data)
    if found.reason:
        return Outcome(False, f"{found.reason}; it was merged by lines; please review it")
    if found.clean:
        return Outcome(True)
    if found.clashes[0].kind == "item":
        return Outcome(
            False,
            f"{name}: git mistook one item for a renamed other one; `plaintrack"
            " conflicts` shows both, and keeps both or one",
        )
    names = ", ".join(dict.fromkeys(clash.key or clash.kind for clash in found.clashes))
    return Outcome(False, f"{name}: both sides changed {names} (`plaintrack conflicts` shows them)")


def _document(base: bytes, one: bytes, two: bytes, ours: str, name: str, size: int) -> Outcome:
    """Merge a document with generated blocks, which is not an item, by lines."""
    from plaintrack.merge.item import by_lines
    from plaintrack.text.lines import merge

    found = merge(base, one, two)
    if found is not None:
        _write(ours, found)
        return Outcome(True)
    _write(ours, by_lines(base, one, two, "").data(size))
    return Outcome(False, f"{name}: both sides changed the same lines")


def schema_for(path: str) -> Schema:
    """The schema of the workspace that ``path`` lies in; the default one where there is none, or
    its settings cannot be read.
    """
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.errors import PlaintrackError
    from plaintrack.model.fields import schema

    try:
        workspace = Workspace(os.path.dirname(path) or ".")
        if not workspace.settings.rooms:
            return workspace.schema
        from plaintrack.app.snapshot.people import schema_for as schema_of

        inside = os.path.relpath(os.path.realpath(path), os.path.realpath(workspace.root))
        return schema_of(workspace.settings, inside.replace(os.sep, "/"))
    except (PlaintrackError, OSError):
        return schema()


def _both(ours: bytes, theirs: bytes, size: int) -> bytes:
    """Both texts as one conflict."""
    parts = (
        b"<" * size + b" ours\n",
        ours,
        b"=" * size + b"\n",
        theirs,
        b">" * size + b" theirs\n",
    )
    return b"".join(part if part.endswith(b"\n") or not part else part + b"\n" for part in parts)


def _read(path: str) -> bytes:
    with open(path, "rb") as handle:
        return handle.read()


def _write(path: str, data: bytes) -> None:
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "wb") as handle:
        handle.write(data)
    os.replace(temporary, path)
