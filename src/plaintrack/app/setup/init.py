"""Makes a workspace."""

import os
from collections.abc import Callable
from pathlib import Path

from plaintrack.app.follow import opened
from plaintrack.app.snapshot.documents import index_path
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.config.settings import read as read_settings
from plaintrack.store import replace
from plaintrack.store.place import SETTINGS
from plaintrack.store.place import root as workspace_root
from plaintrack.store.shipped import shipped

STARTERS = ("bug", "feature", "task")


def init(folder: str, prefix: str) -> list[str]:
    """Make what is missing of a workspace in ``folder``; the paths made, relative to it. Overwrites
    nothing.

    The folders are those of the settings that are there; templates to start from are written where
    there are none.
    """
    read_settings({"ids": {"prefix": prefix}})
    root = os.path.abspath(folder)
    if os.path.lexists(os.path.join(root, SETTINGS)):
        with writing(opened(root), "init") as writer:  # what is added to a workspace can be undone
            return _fill(root, writer.create)
    return _made(root, prefix)


def _made(root: str, prefix: str) -> list[str]:
    """Make a workspace where there is none."""
    with open(shipped("plaintrack.yml"), encoding="utf-8") as handle:
        text = handle.read()
    text = text.replace("prefix: PT", f"prefix: {prefix}").replace(
        "timezone: UTC", f"timezone: {timezone()}"
    )
    replace.create(os.path.join(root, SETTINGS), text.encode())
    return [
        SETTINGS,
        *_fill(root, lambda path, data: replace.create(os.path.join(root, path), data)),
    ]


def _fill(root: str, create: Callable[[str, bytes], object]) -> list[str]:
    """Make the folders and templates that are missing; the paths made."""
    made = []
    for name in Workspace(root).settings.folders:
        if not os.path.lexists(os.path.join(root, name)):
            create(f"{name}/.gitkeep", b"")
            made.append(f"{name}/")
    templates = Path(root, "templates")
    # a link may lead to anybody's folder
    empty = templates.is_dir() and not templates.is_symlink() and not any(templates.glob("*.md"))
    if empty or not os.path.lexists(templates):
        for name in STARTERS:
            with open(shipped("items", f"{name}.md"), "rb") as source:
                create(f"templates/{name}.md", source.read())
            made.append(f"templates/{name}.md")
    return made


def enclosing(folder: str) -> str | None:
    """The workspace that ``folder`` lies in, other than one of its own."""
    return workspace_root(os.path.dirname(os.path.abspath(folder)))


def timezone() -> str:
    """The machine's IANA time zone; UTC where it does not say."""
    name = os.environ.get("TZ", "")
    if not name:
        link = Path("/etc/localtime")
        name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name if name and name[0].isalpha() and " " not in name else "UTC"


def dashboard(workspace: Workspace) -> str | None:
    """Make the index of the first item folder, a live document; its path, or None if there is one
    already.
    """
    path = index_path(workspace)
    if os.path.lexists(workspace.path(path)):
        return None
    from plaintrack.app.documents import make

    with open(shipped("dashboard.md"), "rb") as source:
        make(workspace, path, source.read(), "init --live")
    return path
