"""Items that git tracks and that are not checked out: of a sparse checkout, or of a submodule that
is not there.

Whatever asks whether an id exists has to ask here too before it says no.
"""

import os
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plaintrack.app.snapshot.snapshot import Snapshot, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.store import place
from plaintrack.store.files import LARGEST
from plaintrack.store.remember import KEPT, forget, recall, remember, slot

_ABSENT, _SKIPPED = "absent", "skipped"


class Absent(NamedTuple):
    """What is tracked and not here: folded id → (id, status), names of files that cannot be read,
    and submodules that are not there.
    """

    items: Mapping[str, tuple[str, str]] = {}
    unread: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The ids as they are written."""
        return [item for item, _ in self.items.values()]

    def __bool__(self) -> bool:
        """Whether anything is not here."""
        return bool(self.items or self.unread or self.submodules)

    def has(self, item: str) -> bool:
        """Whether there is, or by the name of a file may be, an item of that id which is not
        here.
        """
        wanted = fold(item)
        return wanted in self.items or any(
            re.match(rf"{re.escape(wanted)}(?![a-z0-9])", name) for name in self.unread
        )


def absent(snapshot: Snapshot, thorough: bool = False) -> Absent:
    """The items of git's index that are not checked out.

    Without ``thorough`` git is asked only in a sparse checkout, which costs a look for one file;
    with it also about files that were marked by hand (`git update-index --skip-worktree`) and about
    submodules. Ask so where an id was not found.
    """
    git = place.git_folder(snapshot.root)
    here = snapshot.worktree
    if git is None or here is None or not (thorough or place.sparse(git)):
        return Absent()
    try:
        return _absent(here, git)
    except PlaintrackError:  # git is not installed, or refuses: then nothing is known
        return Absent()


def _absent(workspace: Workspace, git: str) -> Absent:
    state = f"{_stamp(os.path.join(git, 'index'))} {key(workspace.settings)}".encode()
    name = slot(_ABSENT, key(workspace.settings).encode())
    known = recall(workspace.cache, name, state)
    if known is not None:
        return Absent(*known)
    repo = workspace.repo
    skipped, submodules = repo.skipped(workspace.tops)
    files = [(path, blob) for path, blob in skipped if workspace.is_item(path)]
    items, unread = _read(workspace, files)
    gone = tuple(path for path in submodules if not os.path.lexists(workspace.path(f"{path}/.git")))
    found = Absent(items, unread, gone)
    remember(workspace.cache, name, state, tuple(found))
    forget(workspace.cache, f"{_ABSENT}-", KEPT)
    return found


def _read(
    snapshot: Snapshot, files: list[tuple[str, str]]
) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
    """The ids and status of these files, each content parsed once, and the names of those whose
    content is not in this clone.
    """
    from plaintrack.text.parse import parse

    if not files:
        return {}, ()
    settings = key(snapshot.settings).encode()
    name = slot(_SKIPPED, settings)
    told = recall(snapshot.cache, name, settings) or ()
    known = {(path, blob): (item, status) for path, blob, item, status in told}
    fresh = dict(
        snapshot.repo.blobs(
            (blob for path, blob in files if (path, blob) not in known), LARGEST + 1
        )
    )
    seen = {each: known[each] for each in files if each in known}
    for path, blob in files:
        if blob in fresh:
            task = parse(path, fresh[blob], snapshot.schema)
            seen[path, blob] = (task.id, task.text("status"))
    if fresh or len(seen) != len(known):
        told = tuple((*each, *said) for each, said in seen.items())
        remember(snapshot.cache, name, settings, told)
        forget(snapshot.cache, f"{_SKIPPED}-", KEPT)
    items = {fold(seen[each][0]): seen[each] for each in files if each in seen and seen[each][0]}
    # one that says no id may be stored in another form than a checkout would have it
    unread = tuple(
        path.rpartition("/")[2].lower()
        for path, blob in files
        if not seen.get((path, blob), ("",))[0]
    )
    return items, unread


def _stamp(path: str) -> tuple[int, ...]:
    try:
        info = os.stat(path)
    except OSError:
        return ()
    return (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)


def settle(snapshot: Snapshot) -> None:
    """Tell the index which items are not here, so that what depends on an open one of them is
    blocked.
    """
    from plaintrack.store.index.elsewhere import keep

    closed = snapshot.schema.closed
    keep(
        snapshot.index,
        {item: int(not closed(status)) for item, (_, status) in absent(snapshot).items.items()},
    )


def told(found: Absent, wanted: Iterable[str]) -> str:
    """What to say of references that lead to nothing here, where they may lead to what is not here;
    empty if they cannot.
    """
    names = list(dict.fromkeys(wanted))
    if not found.submodules or not names:
        return ""
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    where = ", ".join(found.submodules)
    return (
        f"not known whether there is {shown}: the submodule {where} is not checked out; run `git"
        " submodule update --init`"
    )
