"""Files: scan folders, read without being led astray, replace atomically."""

import os
import stat
import time
from typing import NamedTuple

from plaintrack.errors import PlaintrackError

LARGEST = 1_000_000
TEMPORARY = ".plaintrack-"


class Entry(NamedTuple):
    """One file as a scan saw it; ``stamp`` is (mtime ns, ctime ns, size, inode)."""

    name: str
    stamp: tuple[int, int, int, int]


class Oddity(PlaintrackError):
    """Something that is not an ordinary readable file stands where an item should be."""

    slug = "not-a-file"


class Changed(PlaintrackError):
    """The file is not what it was when it was read."""

    slug = "changed-meanwhile"


class Folder(NamedTuple):
    """One folder of a scan: its Markdown files, and names that look like items but are not ordinary files."""

    path: str
    files: list[tuple[str, int, int, int, int]]
    odd: list[tuple[str, str]]


def scan(root: str, folders: tuple[str, ...]) -> list[Folder]:
    """Every folder below ``folders`` with its ``*.md`` files; nothing is followed or opened. Names that start with ``.`` are not items."""
    found: list[Folder] = []
    waiting = [folder for folder in reversed(folders) if not os.path.islink(os.path.join(root, folder))]
    while waiting:
        path = waiting.pop()
        folder = Folder(path, [], [])
        try:
            entries = os.scandir(os.path.join(root, path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            found.append(Folder(path, [], [("", f"cannot be listed: {error.strerror}")]))
            continue
        below = []
        with entries:
            add = folder.files.append
            for entry in entries:
                name = entry.name
                if name.endswith(".md") and name[0] != ".":
                    if entry.is_file(follow_symlinks=False):
                        try:
                            info = entry.stat(follow_symlinks=False)
                        except FileNotFoundError:
                            continue
                        add((name, info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino))
                    else:
                        folder.odd.append((name, _kind(entry)))
                elif name[0] != "." and entry.is_dir(follow_symlinks=False):
                    below.append(f"{path}/{name}")
                elif entry.is_symlink() and entry.is_dir():
                    folder.odd.append((name, "is a symbolic link to a folder; it is not followed"))
        found.append(folder)
        waiting += sorted(below, reverse=True)
    return found


def _kind(entry: "os.DirEntry[str]") -> str:
    if entry.is_symlink():
        return "is a symbolic link; it is not followed"
    return "is a folder, not a file" if entry.is_dir(follow_symlinks=False) else "is not an ordinary file"


def read(path: str) -> bytes:
    """The bytes of an ordinary file; never blocks, never follows a link; one byte more than ``LARGEST`` at most. Raises Oddity, OSError."""
    return read_stamped(path)[0]


def read_stamped(path: str) -> tuple[bytes, tuple[int, int, int, int]]:
    """The bytes and the stamp (mtime ns, ctime ns, size, inode) that was true when reading began."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(path):
            raise Oddity(f"{path} is a symbolic link", "replace it by the file itself") from error
        raise
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise Oddity(f"{path} is not an ordinary file", "move it away")
        data = os.read(handle, LARGEST + 1)
        if len(data) == info.st_size or len(data) > LARGEST:
            return data, (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
        parts = [data]
        while data and sum(map(len, parts)) <= LARGEST:
            data = os.read(handle, LARGEST)
            parts.append(data)
        return b"".join(parts), (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
    finally:
        os.close(handle)


def racy(stamp: tuple[int, int, int, int], clock: int) -> bool:
    """Whether a later write could leave the same stamp: the file changed within its clock's grain before ``clock`` (ns), or in the future."""
    newest = max(stamp[0], stamp[1])
    grain = 50_000_000 if stamp[1] % 1_000_000 else 2_500_000_000
    return newest > clock - grain


def clock() -> int:
    """The wall clock in ns, for comparing with stamps only."""
    return time.time_ns()


def write_temporary(path: str, data: bytes, like: str | None = None) -> str:
    """A synced file with ``data`` beside ``path``; its mode is that of ``like``. Returns its path."""
    folder = os.path.dirname(path)
    temporary = os.path.join(folder, f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        if like is not None:
            os.fchmod(handle, stat.S_IMODE(os.stat(like, follow_symlinks=False).st_mode))
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except BaseException:
        os.unlink(temporary)
        raise
    finally:
        os.close(handle)
    return temporary


def sync_folder(path: str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def create(path: str, data: bytes) -> None:
    """A new file with ``data``; raises FileExistsError rather than replace anything."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = write_temporary(path, data)
    try:
        os.link(temporary, path, follow_symlinks=False)
    finally:
        os.unlink(temporary)
    sync_folder(os.path.dirname(path))


def move(old: str, new: str) -> None:
    """Move a file; raises FileExistsError rather than replace anything."""
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.link(old, new, follow_symlinks=False)
    os.unlink(old)
    sync_folder(os.path.dirname(new))
