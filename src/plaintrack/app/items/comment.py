"""What goes with an item when it is deleted."""

import os

from plaintrack.app.items.add import comment_bytes
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.text.format import document


def comments(workspace: Workspace, item: str) -> list[str]:
    """The paths of an item's comments."""
    folder = f"comments/{item}"
    return [f"{folder}/{name}" for name in workspace.entries(folder) if name.endswith(".md")]


def comment(workspace: Workspace, writer: Writer, item: str, text: str) -> str:
    """A comment on an item, as a file of its own, so that two branches that both comment never
    conflict; its path.
    """
    from datetime import UTC

    stamp = workspace.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    author = (me(workspace) or ("",))[0]
    fields = [("author", author)] if author else []
    head = document(
        [*fields, ("date", workspace.now.isoformat())], text.rstrip("\n") + "\n", workspace.schema
    )
    path = f"comments/{item}/{stamp}-{os.urandom(3).hex()}.md"
    writer.create(path, comment_bytes(workspace, path, head, text))
    return path
