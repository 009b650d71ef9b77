"""A folder of generated pages: only what differs is written, and what is no longer made is removed,
but nothing that others put there.
"""

import os
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.store import files
from plaintrack.store.digest import digest
from plaintrack.store.remember import forget, recall, remember, slot

MANIFEST = ".plaintrack-site"
"""The list of what was written, a path a line: a folder without it is not ours."""


KEPT = 8
"""Folders whose pages are remembered."""


class Note(NamedTuple):
    """Of a page: the digest of what it was made from, and that of its bytes."""

    key: str
    mark: str


class NotOurFolder(PlaintrackError):
    """The folder holds something that plaintrack did not write."""

    slug = "not-our-folder"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"{folder} is not empty and was not made by plaintrack",
            "name a new or empty folder",
        )


class PageNotWritable(PlaintrackError):
    """The folder or a file in it cannot be written."""

    slug = "site-not-writable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"cannot write {path}: {why}", "check the permissions and the disk")


class Pages:
    """Pages below ``folder``. Raises NotOurFolder, PageNotWritable.

    ``cache`` is a folder in which the Notes of pages are remembered: not beside the pages, which
    are published, for what a page is made from may be more than it tells.
    """

    def __init__(self, folder: str, cache: str | None = None) -> None:
        self.folder, self._cache = folder, cache
        self._source = os.path.realpath(folder).encode("utf-8", "surrogateescape")
        self._notes: dict[str, Note] = {}
        self._noted = {
            path: Note(*note)
            for path, note in (
                recall(cache, slot("site", self._source), self._source) or {}
            ).items()
        }
        self.written = self.same = self.removed = 0
        self._made: dict[str, None] = {}
        self._known: set[str] = set()
        self._folders: set[str] = set()
        try:
            there = os.listdir(folder)
        except FileNotFoundError:
            there = []
        except OSError as error:
            raise PageNotWritable(folder, error.strerror or "") from error
        manifest = os.path.join(folder, MANIFEST)
        if os.path.isfile(manifest):
            with open(manifest, encoding="utf-8") as handle:
                self._known = set(handle.read().split("\n")) - {""}
        elif there:
            raise NotOurFolder(folder)
        else:
            self._write(MANIFEST, b"")

    def stays(self, path: str, key: str) -> bool:
        """Whether a page was made from what has this digest, and still holds what was written; then
        it stays.
        """
        note = self._noted.get(path)
        if note is None or note.key != key:
            return False
        try:
            with open(os.path.join(self.folder, path), "rb") as handle:
                if digest(handle.read()).hex() != note.mark:
                    return False
        except OSError:
            return False
        self._made[path] = None
        self._notes[path] = note
        self.same += 1
        return True

    def put(self, path: str, text: str, key: str = "") -> None:
        """Have a page hold ``text``; ``key`` is the digest of what it is made from."""
        self._made[path] = None
        data = text.encode("utf-8", "replace")
        if key:
            self._notes[path] = Note(key, digest(data).hex())
        try:
            with open(os.path.join(self.folder, path), "rb") as handle:
                if handle.read() == data:
                    self.same += 1
                    return
        except OSError:
            pass
        self._write(path, data)
        self.written += 1

    def finish(self) -> None:
        """Remove the pages that were not made this time, and note down the others."""
        for path in sorted(self._known - set(self._made)):
            if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/"):
                continue
            try:
                os.unlink(os.path.join(self.folder, path))
                self.removed += 1
            except OSError:
                continue
        text = "".join(f"{path}\n" for path in sorted(self._made))
        if self._known != set(self._made):
            self._write(MANIFEST, text.encode())
        if self._notes != self._noted:
            remember(self._cache, slot("site", self._source), self._source, self._notes)
            forget(self._cache, "site-", KEPT)

    def _write(self, path: str, data: bytes) -> None:
        """Write a file as a whole: a reader sees the old one or the new one."""
        target = os.path.join(self.folder, path)
        folder = os.path.dirname(target)
        temporary = files.temporary_name(target)
        try:
            if folder not in self._folders:
                os.makedirs(folder, exist_ok=True)
                self._folders.add(folder)
            with open(temporary, "wb") as handle:
                handle.write(data)
            os.replace(temporary, target)
        except OSError as error:
            raise PageNotWritable(target, error.strerror or "") from error
