"""What is there now, against what automations have seen: which files differ, and which of them git brought."""

import os
from collections.abc import Sequence
from contextlib import suppress

from plaintrack.app.workspace import Workspace
from plaintrack.app.write import Written
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.digest import digest
from plaintrack.store.index.seen import Seen

COMMENTS = "comments"
State = dict[str, tuple[bytes, bytes] | None]
_UNREADABLE = (b"", b"")


def watched(workspace: Workspace, path: str) -> bool:
    """Whether rules look at a file: an item or a comment."""
    tops = (*workspace.settings.folders, workspace.settings.archive, COMMENTS)
    return path.startswith(tuple(f"{each}/" for each in tops)) and workspace.followed(path)


def state(workspace: Workspace, path: str) -> tuple[bytes, bytes] | None:
    """Digest and bytes of a file; None if it is not there."""
    try:
        data = files.read(workspace.path(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return digest(data), data


class Present:
    """The files of items and comments as they are now."""

    def __init__(self, workspace: Workspace, seen: Seen) -> None:
        """``seen`` is what they are held against."""
        self.workspace, self.seen = workspace, seen

    def begin(self, written: Sequence[Written]) -> None:
        """The present, without what this command wrote, is what was seen."""
        now: State = {path: state(self.workspace, path) for folder in self._folders() for path in self._files(folder, {})}
        for each in reversed(written):
            if watched(self.workspace, each.path):
                now[each.path] = None if each.before is None else (digest(each.before), each.before)
        self.seen.move_on({path: each for path, each in now.items() if each}, [], baseline="1", head=self.head())

    def head(self) -> str:
        """The present commit; empty without git, or before the first one."""
        if place.git_folder(self.workspace.root) is None:
            return ""
        with suppress(PlaintrackError):
            self.workspace.__dict__.pop("repo", None)
            return self.workspace.repo.head or ""
        return ""

    def changed(self) -> State:
        """What differs from what was seen; a file that cannot be read now is left for later."""
        then, now = self.seen.folders(), self._folders()
        found: State = {}
        known: dict[str, bytes | None] = {}
        for folder in sorted(path for path in then.keys() | now.keys() if not now.get(path) or then.get(path) != now[path]):
            differ = self._differing(folder)
            found |= {path: each for path, each in differ.items() if each is not _UNREADABLE}
            if folder not in now and not differ:
                known[folder] = None
            elif (signature := b"" if differ else now.get(folder) or b"") != then.get(folder):
                known[folder] = signature
        if known:
            self.seen.note(known)
        return found

    def _differing(self, folder: str) -> "dict[str, tuple[bytes, bytes] | None]":
        """What differs right in a folder; what cannot be read as an item now is unreadable."""
        before = self.seen.contents(folder)
        now = self._files(folder, before)
        found: State = {path: None for path in before if path not in now}
        for path, known in now.items():
            if before.get(path) != known:
                each = state(self.workspace, path)
                if each is None or (not path.startswith(COMMENTS + "/") and not self.task(path, each[1])):
                    found[path] = _UNREADABLE
                elif before.get(path) != each[0]:
                    found[path] = each
        return found

    def pulled(self, changed: State, before: str, head: str) -> set[str]:
        """The changed files that git brought: HEAD moved, they are as it has them, and no commit made here did it."""
        from plaintrack.store.digest import is_blob

        repo = self.workspace.repo
        paths = list(changed)
        blobs = dict(zip(paths, repo.blob_ids([(head, path) for path in paths]), strict=True)) if head else {}
        mine = repo.made_here(before, head)
        return {
            path
            for path, each in changed.items()
            if path not in mine and path in blobs and (is_blob(each[1], blobs[path]) if each and blobs[path] else not each and not blobs[path])
        }

    def task(self, path: str, data: bytes | None) -> Task | None:
        """The item that a file with these bytes is; None if it is none, or has no id."""
        from plaintrack.text.parse import parse

        found = parse(path, data, self.workspace.schema) if data is not None else None
        return found if found and found.fields and found.id else None

    def _files(self, folder: str, known: dict[str, bytes]) -> dict[str, bytes]:
        """Path → digest of every item or comment right in a folder; a comment that is ``known`` is not read again, since only new ones count."""
        if not folder.startswith(f"{COMMENTS}/"):
            rows = self.workspace.index.connection.execute("SELECT name, digest FROM file WHERE folder = ?", (folder,))
            return {f"{folder}/{name}": bytes(each or b"") for name, each in rows}
        found = {}
        for path in [f"{folder}/{name}" for name in self.workspace.names(folder)]:
            with suppress(OSError, files.Oddity):
                found[path] = known.get(path) or digest(files.read(self.workspace.path(path)))
        return found

    def _folders(self) -> dict[str, bytes | None]:
        """Every folder of items or comments, and what tells that the files in it are the same; None while that cannot be told."""
        found = dict(self.workspace.index.connection.execute("SELECT path, signature FROM folder"))
        top = self.workspace.path(COMMENTS)
        for owner in os.listdir(top) if os.path.isdir(top) else []:
            with suppress(OSError):
                info = os.stat(os.path.join(top, owner))
                racy = files.racy((info.st_mtime_ns, info.st_ctime_ns, 0, 0), files.clock())
                found[f"{COMMENTS}/{owner}"] = None if racy else f"{info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}".encode()
        return found
