"""What goes with an item when it is deleted."""

import os

from plaintrack.app.workspace import Workspace


def comments(workspace: Workspace, item: str) -> list[str]:
    """The paths of an item's comments."""
    try:
        names = os.listdir(workspace.path(f"comments/{item}"))
    except FileNotFoundError:
        return []
    return [f"comments/{item}/{name}" for name in sorted(names) if name.endswith(".md")]
