"""The folders that items were in before: those that earlier revisions of the settings name."""

from collections.abc import Sequence

from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.store import place
from plaintrack.store.remember import recall, remember

_CACHE = "folders.cache"


def former(workspace: Workspace, tip: str | None = None) -> tuple[str, ...]:
    """The folders that the settings name in some commit of ``tip`` (the present commit without one), and do not name now.

    Each commit is asked once; without git there are none.
    """
    try:
        repo = workspace.repo
        wanted = tip or repo.head
        if wanted is None:
            return ()
        known = recall(workspace.cache, _CACHE, b"") or ("", ())
        if known[0] != wanted:
            since = known[0] if known[0] and repo.contains(wanted, known[0]) else ""
            folders = dict.fromkeys(known[1] if since else ())
            for blob in repo.versions(place.SETTINGS, wanted, since):
                for _, data in repo.blobs([blob]):
                    folders |= dict.fromkeys(named(data))
            known = (wanted, tuple(folders))
            if tip is None:
                remember(workspace.cache, _CACHE, b"", known)
    except PlaintrackError:
        return ()
    return tuple(each for each in known[1] if each not in workspace.tops)


def named(data: bytes) -> tuple[str, ...]:
    """The folders of items that settings name, the archive too; none if they cannot be used."""
    from plaintrack.app.sides import understood

    settings = understood(data)[0]
    return (*settings.folders, settings.archive) if settings else ()


def at(workspace: Workspace, commit: str) -> tuple[str, ...]:
    """The folders of items as the settings of a commit name them; the present ones where it has none that can be used."""
    data = workspace.repo.blob(commit, place.SETTINGS)
    return (data is not None and named(data)) or workspace.tops


def was_item(workspace: Workspace, folders: Sequence[str], path: str) -> bool:
    """Whether a file is taken for an item or a comment by its path, or was when ``folders`` (see ``former``) held items."""
    return workspace.followed(path) or (place.holds(folders, path) and path.rpartition("/")[2] not in workspace.settings.ignore)
