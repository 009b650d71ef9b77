"""Comments on items: each a file of its own, so that two branches that both comment never
conflict.
"""

import os
from datetime import UTC

from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.text.format import document


class EmptyComment(PlaintrackError):
    """A comment has a text."""

    slug = "empty-comment"

    def __init__(self) -> None:
        super().__init__("the comment is empty; nothing was written", "write a text")


class NotReadBack(PlaintrackError):
    """The file of a comment would not say what was written."""

    slug = "not-read-back"

    def __init__(self, why: str = "") -> None:
        cause = f": {why}" if why else ""
        super().__init__(
            f"the comment's file would not read back as written{cause}", "change its text"
        )


def comments(workspace: Workspace, item: str) -> list[str]:
    """The paths of an item's comments."""
    folder = f"comments/{item}"
    return [f"{folder}/{name}" for name in workspace.entries(folder) if name.endswith(".md")]


def comment(workspace: Workspace, name: str, text: str, dry: bool = False) -> Done:
    """Comment on the item that ``name`` names; raises EmptyComment, NotReadBack."""
    item = find.resolve(workspace, name)
    if not text.strip():
        raise EmptyComment
    with verb(workspace, f"comment {item}", dry) as work:
        path = say(workspace, work.writer, item, text)
        work.item(item, path, (Change(item, path, "commented", new=text),))
    return work.done()


def say(workspace: Workspace, writer: Writer, item: str, text: str) -> str:
    """Write a comment by the user, as a part of a command; its path."""
    stamp = workspace.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    author = (me(workspace) or ("",))[0]
    fields = [("author", author)] if author else []
    fields.append(("date", workspace.now.isoformat()))
    whole = document(fields, text.rstrip("\n") + "\n", workspace.schema)
    path = f"comments/{item}/{stamp}-{os.urandom(3).hex()}.md"
    writer.create(path, comment_bytes(workspace, path, whole, text))
    return path


def comment_bytes(workspace: Workspace, path: str, document: str, text: str) -> bytes:
    """The bytes of a new comment, read again before they are written; raises NotReadBack if they
    do not say ``text``.
    """
    from plaintrack.app.snapshot.spoken import comment as read

    data = document.encode("utf-8", "replace")
    again = read(path, data, workspace.schema)
    if again.problem is not None:
        raise NotReadBack(again.problem.message)
    if again.body.strip() != text.encode("utf-8", "replace").decode().strip():
        raise NotReadBack
    return data
