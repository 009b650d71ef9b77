"""A folder of generated pages: only what differs is written, and what is no longer made is removed,
but nothing that others put there.
"""

import os

from plaintrack.errors import PlaintrackError
from plaintrack.store import files

MANIFEST = ".plaintrack-site"
"""The list of what was written, a path a line: a folder without it is not ours."""


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
    """Pages below ``folder``. Raises NotOurFolder, PageNotWritable."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
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

    def put(self, path: str, text: str) -> None:
        """Have a page hold ``text``."""
        self._made[path] = None
        data = text.encode("utf-8", "replace")
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
