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
from plaintrack.store.place import SETTINGS, repository
from plaintrack.store.place import root as workspace_root
from plaintrack.store.refusals import NoRepository
from plaintrack.store.shipped import shipped
from plaintrack.text.nodes import mapping

STARTERS = ("bug", "feature", "task")


def init(folder: str, prefix: str, dry: bool = False) -> list[str]:
    """Make what is missing of a workspace in ``folder``; the paths made, relative to it. Overwrites
    nothing; ``dry``: writes nothing.

    The folders are those of the settings that are there; templates to start from are written where
    there are none.
    """
    read_settings({"ids": {"prefix": prefix}})
    root = os.path.abspath(folder)
    if dry:
        there = os.path.lexists(os.path.join(root, SETTINGS))
        workspace = opened(root) if there else to_be(root, starting_text(prefix))
        return [*([] if there else [SETTINGS]), *_fill(workspace, lambda *_: None)]
    if os.path.lexists(os.path.join(root, SETTINGS)):
        with writing(opened(root), "init") as writer:  # what is added to a workspace can be undone
            return _fill(Workspace(root), writer.create)
    return _made(root, prefix)


def _made(root: str, prefix: str) -> list[str]:
    """Make a workspace where there is none."""
    replace.create(os.path.join(root, SETTINGS), starting_text(prefix).encode())
    return [
        SETTINGS,
        *_fill(Workspace(root), lambda path, data: replace.create(os.path.join(root, path), data)),
    ]


def starting_text(prefix: str) -> str:
    """The settings of a new workspace."""
    with open(shipped("plaintrack.yml"), encoding="utf-8") as handle:
        text = handle.read()
    return text.replace("prefix: PT", f"prefix: {prefix}").replace(
        "timezone: UTC", f"timezone: {timezone()}"
    )


def to_be(root: str, text: str) -> Workspace:
    """The workspace that ``root`` would be with these settings."""
    return Workspace(root, to_be=read_settings(mapping(text, SETTINGS)))


def _fill(workspace: Workspace, create: Callable[[str, bytes], object]) -> list[str]:
    """Make the folders and templates that are missing; the paths made."""
    made, root = [], workspace.root
    for name in workspace.settings.folders:
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


def is_workspace(folder: str) -> bool:
    """Whether the folder has settings of its own."""
    return os.path.lexists(os.path.join(folder, SETTINGS))


def demand_git(folder: str) -> None:
    """Raise NoRepository if the folder, which need not be there yet, lies in none: better before
    anything is written than after the half of it.
    """
    there = os.path.abspath(folder)
    while not os.path.isdir(there):
        there = os.path.dirname(there)
    if repository(there) is None:
        raise NoRepository


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


def dashboard(workspace: Workspace, dry: bool = False) -> str | None:
    """Make (``dry``: not) the index of the first item folder, a live document; its path, or None if
    there is one already.
    """
    path = index_path(workspace)
    if os.path.lexists(workspace.path(path)):
        return None
    if dry:
        return path
    from plaintrack.app.documents import make

    with open(shipped("dashboard.md"), "rb") as source:
        make(workspace, path, source.read(), "init --live")
    return path
