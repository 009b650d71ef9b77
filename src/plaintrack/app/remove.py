"""What goes with an item when it is deleted."""


from plaintrack.app.workspace import Workspace


def comments(workspace: Workspace, item: str) -> list[str]:
    """The paths of an item's comments."""
    folder = f"comments/{item}"
    return [f"{folder}/{name}" for name in workspace.entries(folder) if name.endswith(".md")]
