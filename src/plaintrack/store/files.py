"""Files: scan folders, read without being led astray, replace atomically."""

import errno
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError

LARGEST = 1_000_000
TEMPORARY = ".plaintrack-"
UNNAMED = ".new.tmp"
"""The end of the temporary name of a file that is new: nothing was displaced for it."""


class Entry(NamedTuple):
    """One file as a scan saw it; ``stamp`` is (mtime ns, ctime ns, size, inode)."""

    name: str
    stamp: tuple[int, int, int, int]


class Oddity(PlaintrackError):
    """Something that is not an ordinary readable file stands where an item should be."""

    slug = "not-a-file"


class NotOrdinary(Oddity):
    """A folder, a pipe or a device stands where a file should be."""

    slug = "not-ordinary"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not a regular file", "move it away")


class SymbolicLink(Oddity):
    """A symbolic link is not followed."""

    slug = "symbolic-link"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is a symbolic link", "replace it with the file itself")


class LinkedOutput(Oddity):
    """A file that is to be written is, or lies behind, a symbolic link."""

    slug = "linked-output"

    def __init__(self, link: str) -> None:
        super().__init__(
            f"{link} is a symbolic link; plaintrack does not write through links",
            "name another file, or remove the link",
        )


class Changed(PlaintrackError):
    """The file is not what it was when it was read."""

    slug = "changed-meanwhile"


class ChangedMeanwhile(Changed):
    """Another program saved the file at the same moment."""

    slug = "changed-by-another"

    def __init__(self, path: str) -> None:
        super().__init__(f"another program changed {path} in the meantime", "try again")


class Folder(NamedTuple):
    """One folder of a scan: its Markdown files, names that look like items but are not ordinary
    files, and files with a second name (link).
    """

    path: str
    files: list[tuple[str, int, int, int, int]]
    odd: list[tuple[str, str]]
    linked: list[str]


def scan(  # noqa: C901
    root: str, folders: tuple[str, ...], ignore: frozenset[str] = frozenset(), deep: bool = True
) -> list[Folder]:
    """Every folder below ``folders`` (not ``deep``: only these) with its ``*.md`` files; nothing is
    followed or opened.

    Names that start with ``.`` and those in ``ignore`` are not items.
    """
    found: list[Folder] = []
    above = tuple(f"{folder}/" for folder in folders)
    tops = [folder for folder in dict.fromkeys(folders) if not deep or not folder.startswith(above)]
    waiting = list(reversed(tops))
    for folder_name in tops:
        if linked(root, folder_name):
            waiting.remove(folder_name)
            found.append(Folder(folder_name, [], [("", NOT_FOLLOWED)], []))
    while waiting:
        path = waiting.pop()
        folder = Folder(path, [], [], [])
        try:
            entries = os.scandir(os.path.join(root, path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            found.append(Folder(path, [], [("", f"cannot be listed: {error.strerror}")], []))
            continue
        below = []
        with entries:
            add = folder.files.append
            for entry in entries:
                name = entry.name
                if not name.isascii() and (shown := _unencodable(name)):
                    if name.endswith(".md") or entry.is_dir(follow_symlinks=False):
                        folder.odd.append((shown, UNREAD))
                elif name.endswith(".md") and name[0] != "." and name not in ignore:
                    if entry.is_file(follow_symlinks=False):
                        try:
                            info = entry.stat(follow_symlinks=False)
                        except FileNotFoundError:
                            continue
                        add((name, info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino))
                        if info.st_nlink > 1:
                            folder.linked.append(name)
                    else:
                        folder.odd.append((name, _kind(entry)))
                elif name[0] != "." and entry.is_dir(follow_symlinks=False):
                    below.append(f"{path}/{name}")
                elif entry.is_symlink() and entry.is_dir():
                    folder.odd.append((name, "is a symbolic link to a folder; it is not followed"))
        found.append(folder)
        if deep:
            waiting += sorted(below, reverse=True)
    return found


NOT_FOLLOWED = "is a symbolic link; it is not followed"
UNREAD = "is not read: its name is not UTF-8"


_READ = ("", ".md", ".yml", ".yaml", ".timeclock")


def wanted(path: str) -> bool:
    """Whether a file or folder of that name would be read in a room."""
    return os.path.splitext(path)[1] in _READ


def legible(path: str) -> bool:
    """Whether a path is UTF-8; no other is read."""
    return path.isascii() or not _unencodable(path)


def _unencodable(name: str) -> str:
    """A printable form of a name whose bytes are not UTF-8; empty if they are."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return ""


def _kind(entry: "os.DirEntry[str]") -> str:
    if entry.is_symlink():
        return "is a symbolic link; it is not followed"
    return (
        "is a folder, not a file"
        if entry.is_dir(follow_symlinks=False)
        else "is not a regular file"
    )


def linked(root: str, folder: str) -> str:
    """The first part of a folder's path below ``root`` that is a symbolic link; empty if none
    is.
    """
    path = root
    for part in folder.split("/") if folder else ():
        path = os.path.join(path, part)
        if os.path.islink(path):
            return path
    return ""


def read(path: str) -> bytes:
    """The bytes of an ordinary file; never blocks, never follows a link; one byte more than
    ``LARGEST`` at most. Raises Oddity, OSError.
    """
    return read_stamped(path)[0]


def read_stamped(path: str) -> tuple[bytes, tuple[int, int, int, int]]:
    """The bytes and the stamp (mtime ns, ctime ns, size, inode) that was true when reading
    began.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(path):
            raise SymbolicLink(path) from error
        raise
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise NotOrdinary(path)
        # no room for the largest file, which the system would map and unmap for each
        data = os.read(handle, min(info.st_size, LARGEST) + 1)
        if len(data) == info.st_size or len(data) > LARGEST:
            return data, (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
        parts = [data]
        while data and sum(map(len, parts)) <= LARGEST:
            data = os.read(handle, LARGEST)
            parts.append(data)
        return b"".join(parts), (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
    finally:
        os.close(handle)


def read_whole(path: str) -> bytes:
    """The bytes of an ordinary file of any size. Raises Oddity, OSError."""
    data = read(path)
    if len(data) <= LARGEST:
        return data
    with open(
        path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)
    ) as handle:
        return handle.read()


def racy(stamp: tuple[int, int, int, int], clock: int) -> bool:
    """Whether a later write could leave the same stamp: the file changed within its clock's grain
    before ``clock`` (ns), or in the future.

    A fine ctime decides alone, since no one can set it; where times are whole seconds it may be the
    time of creation.
    """
    if stamp[1] % 1_000_000:
        return stamp[1] > clock - 50_000_000
    return max(stamp[0], stamp[1]) > clock - 2_500_000_000


def clock() -> int:
    """The wall clock in ns, for comparing with stamps only."""
    return time.time_ns()


def temporary_name(path: str, end: str = ".tmp") -> str:
    """A name beside ``path`` that no scan takes for an item, with the process in it."""
    name = f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}{end}"
    return os.path.join(os.path.dirname(path), name)


def is_temporary(path: str) -> bool:
    """Whether a path could come from ``temporary_name``."""
    name = os.path.basename(path)
    return name.startswith(TEMPORARY) and name.endswith(".tmp")


def write_temporary(path: str, data: bytes, like: str | None = None) -> str:
    """A synced file with ``data`` beside ``path``; its mode and owner are those of ``like``, which
    must be writable. Returns its path.
    """
    return _written(temporary_name(path), data, like, True)


def write_unnamed(path: str, data: bytes) -> str:
    """The same for a file that is new, but not synced yet."""
    return _written(temporary_name(path, UNNAMED), data, None, False)


def _written(temporary: str, data: bytes, like: str | None, durable: bool) -> str:
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666
    )
    try:
        if like is not None:
            _imitate(handle, like)
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if durable:
            os.fsync(handle)
    except BaseException:
        os.unlink(temporary)
        raise
    finally:
        os.close(handle)
    return temporary


def _imitate(handle: int, like: str) -> None:
    info = os.stat(like, follow_symlinks=False)
    if not os.access(like, os.W_OK) and os.stat(like) and not os.access(like, os.W_OK):
        # it may have vanished and come back
        raise PermissionError(errno.EACCES, "the file is read-only", like)
    mine = os.fstat(handle)
    if (mine.st_uid, mine.st_gid) != (info.st_uid, info.st_gid):
        with suppress(PermissionError):
            os.fchown(handle, info.st_uid, info.st_gid)
    os.fchmod(handle, stat.S_IMODE(info.st_mode))


def strays(folder: str, now: int) -> list[str]:
    """Temporary files in ``folder`` that a dead process left more than an hour before ``now``
    (ns), or has never named.
    """
    found = []
    try:
        names = [
            name
            for name in os.listdir(folder)
            if name.startswith(TEMPORARY) and name.endswith(".tmp")
        ]
    except OSError:
        return []
    for name in names:
        path = os.path.join(folder, name)
        try:
            changed = os.stat(path, follow_symlinks=False).st_ctime_ns
            old = changed < now - 3600 * 10**9 or name.endswith(UNNAMED)
            if old and not _alive(name):
                found.append(path)
        except OSError:
            continue
    return found


def _alive(name: str) -> bool:
    process = name[len(TEMPORARY) :].partition("-")[0]
    if not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def write_out(folders: Iterable[str]) -> bool:
    """Make all that stands in these folders durable, in one go for each file system; False where
    the system cannot.
    """
    devices: set[int] = set()
    for folder in folders:
        device = os.stat(folder).st_dev
        if device not in devices:
            if not _written_out(folder):
                return False
            devices.add(device)
    return True


def _written_out(folder: str) -> bool:
    import ctypes

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if library().syncfs(handle) == 0:
            return True
        number = ctypes.get_errno()
    except AttributeError:
        return False
    finally:
        os.close(handle)
    if number == errno.ENOSYS:
        return False
    raise OSError(number, os.strerror(number), folder)


def sync(path: str) -> None:
    """Make a file's bytes, or the names in a folder, durable."""
    handle = os.open(path or ".", os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def library() -> Any:
    """The C library; to look it up takes as long as to write a file."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
