"""Items of earlier imports that git tracks, and that are not checked out here."""

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.text.parse import parse


def apart(workspace: Workspace, name: str) -> frozenset[str]:
    """The keys there of the items that an import of that name made, and that a sparse checkout
    leaves out. Each file that is left out is read: ask where items are missing.
    """
    if workspace.worktree is None:
        return frozenset()
    start = f"{name}:"
    found = set()
    try:
        files, _ = workspace.repo.skipped(workspace.tops)
        paths = {blob: path for path, blob in files if workspace.is_item(path)}
        for blob, data in workspace.repo.blobs(sorted(paths)):
            source = parse(paths[blob], data, workspace.schema).text("source")
            if source.startswith(start):
                found.add(source[len(start) :])
    except PlaintrackError:  # without git, or where it refuses, nothing is known
        return frozenset()
    return frozenset(found)
